//! What the rows of a trial came to, and what follows from it. Pure: results in, a verdict out.

use std::collections::BTreeSet;

use canary_core::{
    evidence::{Measured, WHOLE_ROW},
    matrix::Row,
    report::v1::{Diagnostic, RowError, RowResult, RowStatus},
};
use runinfra_gateway::fault::Setting;

use super::{
    Verdict,
    plan::{Owners, Stop},
};

/// What the rows came to so far.
#[derive(Debug, Default)]
pub(super) struct Noticed {
    /// Rows that had their turn.
    pub(super) tried: BTreeSet<String>,
    /// Those that failed, in order.
    pub(super) failed: Vec<String>,
    /// Those that did not pass, in order.
    pub(super) not_passed: Vec<String>,
    /// Whether one of them could not tell.
    pub(super) undecided: bool,
    /// Invariants that an answer broke.
    pub(super) broken: BTreeSet<String>,
}

impl Noticed {
    /// Takes in how a row came out.
    pub(super) fn add(&mut self, row: &Row, result: &RowResult) {
        self.tried.insert(row.name.clone());
        // What the harness could not try noticed nothing.
        let harness = |error: &RowError| error.diagnostic == Diagnostic::Harness;
        if result.status != RowStatus::Passed {
            self.not_passed.push(row.name.clone());
        }
        self.undecided |= result.status == RowStatus::Inconclusive;
        if result.status != RowStatus::Failed || result.error.as_ref().is_some_and(harness) {
            return;
        }
        self.failed.push(row.name.clone());
        let checks = result.evidence.iter().flat_map(|seen| &seen.checks);
        let broken = checks.filter(|check| check.of == WHOLE_ROW && is_violated(&check.measured));
        self.broken.extend(broken.map(|check| check.check.clone()));
    }

    fn has_failed(&self, row: &str) -> bool {
        self.failed.iter().any(|failed| failed == row)
    }

    /// Whether enough of so many rows were tried.
    pub(super) fn enough(&self, owners: &Owners<'_>, rows: usize, stop: Stop) -> bool {
        let any_row = owners.rows.iter().any(|row| self.has_failed(row));
        let any_invariant = owners
            .invariants
            .iter()
            .any(|one| self.broken.contains(*one));
        match stop {
            Stop::FirstKill if owners.is_empty() => !self.failed.is_empty(),
            Stop::FirstKill => any_row || any_invariant,
            Stop::Owners if !owners.is_empty() => self.had_turns(owners),
            Stop::Owners | Stop::Never => self.tried.len() == rows,
        }
    }

    /// Whether every row that owns what is broken was tried, and every invariant was broken.
    fn had_turns(&self, owners: &Owners<'_>) -> bool {
        let mut invariants = owners.invariants.iter();
        owners.rows.iter().all(|row| self.tried.contains(*row))
            && invariants.all(|one| self.broken.contains(*one))
    }

    /// Whether no further row can change the verdict on something broken.
    pub(super) fn is_decided(&self, owners: &Owners<'_>) -> bool {
        if owners.is_empty() {
            !self.failed.is_empty()
        } else {
            self.had_turns(owners)
        }
    }

    /// The verdict on a gateway that keeps the contract.
    pub(super) fn of_conforming(&self, setting: Setting) -> Verdict {
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
    pub(super) fn of_broken(&self, owners: &Owners<'_>, stop: Stop) -> (Verdict, Vec<String>) {
        if owners.is_empty() {
            let verdict = if !self.failed.is_empty() {
                Verdict::Unowned
            } else if self.undecided {
                Verdict::Undecided
            } else {
                Verdict::Survived
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

/// Whether some answer broke an invariant: one that there was no answer to try on broke nothing.
fn is_violated(measured: &Measured) -> bool {
    matches!(measured, Measured::Each { violations, .. } if *violations > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invariant_is_broken_by_an_answer_and_not_by_none() {
        let each = |evaluated, violations| Measured::Each {
            evaluated,
            violations,
            at: None,
        };
        assert!(is_violated(&each(3, 1)));
        assert!(!is_violated(&each(3, 0)));
        assert!(!is_violated(&each(0, 0)));
    }

    fn noticed(tried: &[&str], failed: &[&str], broken: &[&str]) -> Noticed {
        let owned =
            |names: &[&str]| -> Vec<String> { names.iter().map(|&name| name.to_owned()).collect() };
        Noticed {
            tried: owned(tried).into_iter().collect(),
            failed: owned(failed),
            not_passed: owned(failed),
            undecided: false,
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
            "nobody to wait for",
            &seen,
            [&[], &[]],
            Owners,
            (Survived, none, false),
        );
        check(
            "nobody noticed",
            &seen,
            [&[], &[]],
            FirstKill,
            (Survived, none, false),
        );
    }

    #[test]
    fn a_gateway_that_serves_nobody_leaves_the_canary_undecided_and_no_owner_excused() {
        let undecided = Noticed {
            not_passed: vec!["a".to_owned()],
            undecided: true,
            ..noticed(&["a", "b"], &[], &[])
        };
        let (verdict, missed, _) = judged(&undecided, &[], &[], Stop::Never);
        assert_eq!((verdict, missed), (Verdict::Undecided, vec![]));
        let (verdict, missed, _) = judged(&undecided, &["a"], &[], Stop::Never);
        assert_eq!((verdict, missed), (Verdict::Survived, vec!["a".to_owned()]));
    }

    #[test]
    fn a_verdict_is_certain_once_no_further_row_can_change_it() {
        let owners = |rows: &[&'static str], invariants: &[&'static str]| Owners {
            rows: rows.iter().copied().collect(),
            invariants: invariants.iter().copied().collect(),
        };
        let seen = noticed(&["a", "b"], &["b"], &["i"]);
        for (case, owners, decided) in [
            ("the owner missed it", owners(&["a"], &[]), true),
            ("an owner had no turn", owners(&["a", "c"], &[]), false),
            ("the invariant was broken", owners(&["a"], &["i"]), true),
            ("an invariant still may be", owners(&["a"], &["j"]), false),
            (
                "nobody owns it, and some row failed",
                owners(&[], &[]),
                true,
            ),
        ] {
            assert_eq!(seen.is_decided(&owners), decided, "{case}");
        }
        let nothing = noticed(&["a"], &[], &[]);
        assert!(!nothing.is_decided(&owners(&[], &[])));
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
