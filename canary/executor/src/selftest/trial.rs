//! One gateway or scripted server, and the rows that are tried against it.

use std::{collections::BTreeSet, sync::Arc, time::Instant};

use canary_core::{
    judge::Outcome,
    matrix::{Matrix, Row},
    report::v1::{Diagnostic, RowResult, RowStatus},
};
use runinfra_gateway::{Config, Gateway, fault::Setting};

use super::{
    SelftestError, Subject, Tried, Verdict,
    plan::{Owners, Stop, Trial, What},
};
use crate::{
    load::{self, PrivateFiles},
    probe::World,
    rehearsal,
    run::run_row,
    world,
};

impl Trial<'_> {
    /// Tries the rows, one after the other, until enough were tried.
    pub(super) async fn run(&self, matrix: &Matrix, stop: Stop) -> Result<Tried, SelftestError> {
        let began = Instant::now();
        let (fault, counter) = match self.what {
            What::Conforming(_) => (None, None),
            What::Broken(fault) => (Some(fault), None),
            What::Script(counter) => (None, Some(counter)),
        };
        let gateway = Gateway::start(Config {
            fault,
            ..self.what.setting().config()
        })
        .await?;
        let inputs = load::inputs(matrix.inputs(), &rehearsal::environment(&gateway), None);
        let files = PrivateFiles::decode(matrix.inputs(), &inputs)?;
        let mut world: World = world::world(&inputs, &files)?;
        world.books = Some(Arc::new(gateway.journal()));
        if self.what.setting() != Setting::Usual {
            // What ran out stays so: waiting for it helps nobody here.
            world.most_retries = Some(0);
        }
        let mut noticed = Noticed::default();
        for row in &self.rows {
            noticed.add(row, &run_row(row, counter, &world).await);
            if noticed.enough(&self.owners, self.rows.len(), stop) {
                break;
            }
        }
        gateway.shutdown().await;
        let millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(self.tried(matrix, noticed, stop, millis))
    }

    fn tried(&self, matrix: &Matrix, noticed: Noticed, stop: Stop, millis: u64) -> Tried {
        let subject = self.what.subject();
        let (verdict, missed) = if subject == Subject::Conforming {
            (noticed.of_conforming(self.what.setting()), Vec::new())
        } else {
            noticed.of_broken(&self.owners, stop)
        };
        let order = matrix.invariants().iter().map(|one| &one.word);
        let failed = if subject == Subject::Conforming && self.what.setting() == Setting::Usual {
            noticed.not_passed
        } else {
            noticed.failed
        };
        Tried {
            name: self.what.name(),
            subject,
            verdict,
            failed,
            broken: order
                .filter(|word| noticed.broken.contains(*word))
                .cloned()
                .collect(),
            missed,
            rows: noticed.tried.len() as u64,
            millis,
        }
    }
}

/// What the rows came to so far.
#[derive(Debug, Default)]
pub(super) struct Noticed {
    tried: BTreeSet<String>,
    failed: Vec<String>,
    /// Among them those that failed.
    not_passed: Vec<String>,
    broken: BTreeSet<String>,
}

impl Noticed {
    /// Takes in how a row came out.
    pub(super) fn add(&mut self, row: &Row, result: &RowResult) {
        self.tried.insert(row.name.clone());
        // What the harness could not try noticed nothing.
        let harness =
            |error: &canary_core::report::v1::RowError| error.diagnostic == Diagnostic::Harness;
        if result.status != RowStatus::Passed {
            self.not_passed.push(row.name.clone());
        }
        if result.status != RowStatus::Failed || result.error.as_ref().is_some_and(harness) {
            return;
        }
        self.failed.push(row.name.clone());
        let checks = result.evidence.iter().flat_map(|seen| &seen.checks);
        let broken = checks.filter(|check| check.of == "row" && check.outcome == Outcome::Broken);
        self.broken.extend(broken.map(|check| check.check.clone()));
    }

    fn has_failed(&self, row: &str) -> bool {
        self.failed.iter().any(|failed| failed == row)
    }

    fn enough(&self, owners: &Owners<'_>, rows: usize, stop: Stop) -> bool {
        let any_row = owners.rows.iter().any(|row| self.has_failed(row));
        let any_invariant = owners
            .invariants
            .iter()
            .any(|one| self.broken.contains(*one));
        match stop {
            Stop::Never => self.tried.len() == rows,
            Stop::FirstKill if owners.is_empty() => !self.failed.is_empty(),
            Stop::FirstKill => any_row || any_invariant,
            Stop::Owners => {
                let had_turns = owners.rows.iter().all(|row| self.tried.contains(*row));
                let mut invariants = owners.invariants.iter();
                had_turns && invariants.all(|one| self.broken.contains(*one))
            }
        }
    }

    fn of_conforming(&self, setting: Setting) -> Verdict {
        let quiet = match setting {
            Setting::Usual | Setting::SmallStore => self.not_passed.is_empty(),
            // What ran out must have been felt, or this shows nothing; and nothing may have failed.
            _ => self.failed.is_empty() && !self.not_passed.is_empty(),
        };
        if quiet && !self.tried.is_empty() {
            Verdict::Quiet
        } else {
            Verdict::FalseAlarm
        }
    }

    /// The verdict on something broken, and which of its owners did not notice.
    fn of_broken(&self, owners: &Owners<'_>, stop: Stop) -> (Verdict, Vec<String>) {
        if owners.is_empty() {
            let verdict = if self.failed.is_empty() {
                Verdict::Survived
            } else {
                Verdict::Unowned
            };
            return (verdict, Vec::new());
        }
        // After a first kill, owners that had no turn missed nothing.
        let turn = |row: &str| stop != Stop::FirstKill || self.tried.contains(row);
        let rows = owners.rows.iter();
        let rows = rows.filter(|row| turn(row) && !self.has_failed(row));
        let killed = self.enough(owners, usize::MAX, Stop::FirstKill);
        let invariants = owners.invariants.iter();
        let invariants = invariants
            .filter(|one| !self.broken.contains(**one) && (stop != Stop::FirstKill || !killed));
        let missed: Vec<String> = rows
            .chain(invariants)
            .map(|&name| name.to_owned())
            .collect();
        let verdict = if killed && missed.is_empty() {
            Verdict::Killed
        } else {
            Verdict::Survived
        };
        (verdict, missed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noticed(tried: &[&str], failed: &[&str], broken: &[&str]) -> Noticed {
        let owned =
            |names: &[&str]| -> Vec<String> { names.iter().map(|&name| name.to_owned()).collect() };
        Noticed {
            tried: owned(tried).into_iter().collect(),
            failed: owned(failed),
            not_passed: owned(failed),
            broken: owned(broken).into_iter().collect(),
        }
    }

    /// Verdict, who missed it, and whether more rows would have been tried.
    fn judged(
        seen: &Noticed,
        rows: &[&'static str],
        invariants: &[&'static str],
        stop: Stop,
    ) -> (Verdict, Vec<String>, bool) {
        let owners = Owners {
            rows: rows.iter().copied().collect(),
            invariants: invariants.iter().copied().collect(),
        };
        let (verdict, missed) = seen.of_broken(&owners, stop);
        (verdict, missed, seen.enough(&owners, 9, stop))
    }

    #[test]
    fn only_an_owner_kills() {
        use Stop::{FirstKill, Never, Owners};
        use Verdict::{Killed, Survived, Unowned};
        let check = |case, seen: &Noticed, owners: [&[&'static str]; 2], stop, expected| {
            let (verdict, missed, enough) = judged(seen, owners[0], owners[1], stop);
            let missed: Vec<&str> = missed.iter().map(String::as_str).collect();
            assert_eq!((verdict, &missed[..], enough), expected, "{case}");
        };
        let none: &[&str] = &[];
        let all_tried = |failed| noticed(&["a", "b"], failed, &[]);

        let seen = all_tried(&["a"]);
        check(
            "an owner",
            &seen,
            [&["a"], &[]],
            Owners,
            (Killed, none, true),
        );
        check(
            "one of two",
            &seen,
            [&["a", "b"], &[]],
            Owners,
            (Survived, &["b"], true),
        );
        let seen = all_tried(&["b"]);
        check(
            "a stranger",
            &seen,
            [&["a"], &[]],
            Never,
            (Survived, &["a"], false),
        );
        check(
            "the first missed it",
            &seen,
            [&["a", "b"], &[]],
            FirstKill,
            (Survived, &["a"], true),
        );

        let seen = noticed(&["a"], &["a"], &[]);
        check(
            "one is enough",
            &seen,
            [&["a", "b"], &[]],
            FirstKill,
            (Killed, none, true),
        );
        check(
            "not the invariant",
            &seen,
            [&["a"], &["i"]],
            Owners,
            (Survived, &["i"], false),
        );
        check(
            "nobody owns it",
            &seen,
            [&[], &[]],
            FirstKill,
            (Unowned, none, true),
        );
        let seen = noticed(&["a"], &["a"], &["i"]);
        check(
            "an invariant",
            &seen,
            [&[], &["i"]],
            FirstKill,
            (Killed, none, true),
        );
        check(
            "another one",
            &seen,
            [&[], &["j"]],
            FirstKill,
            (Survived, &["j"], false),
        );
        let seen = noticed(&["a"], &[], &[]);
        check(
            "nobody noticed",
            &seen,
            [&[], &[]],
            FirstKill,
            (Survived, none, false),
        );
    }

    #[test]
    fn a_conforming_gateway_that_runs_out_may_leave_rows_undecided_and_must() {
        let undecided = Noticed {
            not_passed: vec!["a".to_owned()],
            ..noticed(&["a", "b"], &[], &[])
        };
        let failed = noticed(&["a", "b"], &["a"], &[]);
        let passed = noticed(&["a", "b"], &[], &[]);
        let table = [
            (&passed, Setting::Usual, Verdict::Quiet),
            (&undecided, Setting::Usual, Verdict::FalseAlarm),
            (&undecided, Setting::SmallBudget, Verdict::Quiet),
            (&passed, Setting::LowBalance, Verdict::FalseAlarm),
            (&failed, Setting::SmallBudget, Verdict::FalseAlarm),
            (&undecided, Setting::SmallStore, Verdict::FalseAlarm),
        ];
        for (seen, setting, verdict) in table {
            assert_eq!(seen.of_conforming(setting), verdict, "{setting:?} {seen:?}");
        }
        let nothing = Noticed::default();
        assert_eq!(nothing.of_conforming(Setting::Usual), Verdict::FalseAlarm);
    }
}
