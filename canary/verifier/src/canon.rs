//! What the matrix in force demands of a pair of reports, and nothing else of it.

use std::collections::{BTreeMap, BTreeSet};

use canary_core::{
    digest::Digest,
    evidence::Measured,
    input::{Declared, Need},
    judge::{Outcome, Rule, judge},
    matrix::{Call, Matrix, Row, Tier, Venue},
    report::v1::{RowEvidence, RowResult, RowStatus},
    template::Slot,
    verdict::row_status,
};

/// The demands of a matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canon {
    /// Digest of its files.
    pub digest: Digest,
    /// How many files that is.
    pub file_count: u64,
    /// Its rows, in its order.
    pub rows: Vec<CanonRow>,
    /// Canonical input name → the other variables that may set it.
    pub inputs: BTreeMap<String, Vec<String>>,
    /// SDK operation → names of the rows that prove it, sorted.
    pub operations: BTreeMap<String, Vec<String>>,
}

/// The demands of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CanonRow {
    /// Its name.
    pub name: String,
    /// Whether a promotion depends on it. Rows that do not are run and reported.
    pub gates: bool,
    /// Whether it talks to the gateway; if not, to a scripted server of the executor's own.
    pub live: bool,
    /// What it needs: each need can be met in one of several ways, each way by inputs that go
    /// together.
    pub needs: Vec<Vec<Vec<String>>>,
    /// Names of its calls, in order.
    pub calls: Vec<String>,
    /// Names of those of them that are made at the same time as the one before.
    pub together: Vec<String>,
    /// Of which earlier calls a call takes something, by its name. It is not made where they brought nothing back.
    pub takes: BTreeMap<String, BTreeSet<String>>,
    /// Whether its calls carry idempotency keys, so that an answer may be a replay: the stored one, with its request id.
    pub replays: bool,
    /// Its checks, in order.
    pub checks: Vec<CanonCheck>,
}

/// The demand of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CanonCheck {
    /// Name in the vocabulary.
    pub id: String,
    /// The call or calls it looks at.
    pub of: String,
    /// What the measurement has to be.
    pub rule: Rule,
    /// Whether it looks for a nonce, so that no other row can have measured the same.
    pub fresh: bool,
}

impl Canon {
    /// What a checked matrix demands.
    pub fn of(matrix: &Matrix) -> Self {
        let declared = matrix.inputs();
        let inputs = declared.inputs().iter().map(|input| {
            let others = input.variables().filter(|name| **name != input.name);
            (input.name.clone(), others.cloned().collect())
        });
        let operations = matrix.surface_rows().into_iter().map(|(operation, rows)| {
            let rows = rows.into_iter().map(str::to_owned);
            (operation.to_owned(), rows.collect())
        });
        Self {
            digest: matrix.digest(),
            file_count: matrix.files().len() as u64,
            rows: matrix
                .rows()
                .iter()
                .map(|row| CanonRow::of(row, declared))
                .collect(),
            inputs: inputs.collect(),
            operations: operations.collect(),
        }
    }

    /// Names of all rows, in order.
    pub fn row_names(&self) -> Vec<&str> {
        self.rows.iter().map(|row| row.name.as_str()).collect()
    }

    /// The row of a name.
    pub fn row(&self, name: &str) -> Option<&CanonRow> {
        self.rows.iter().find(|row| row.name == name)
    }
}

fn carries_key(call: &Call) -> bool {
    let by_hand = call.request.get("headers");
    call.options.contains_key("idempotency_key")
        || by_hand.is_some_and(|headers| headers.get("idempotency-key").is_some())
}

/// A call that takes something of earlier ones, and which those are.
fn takes(call: &Call) -> Option<(String, BTreeSet<String>)> {
    let slots = call.slots().into_iter();
    let taken: BTreeSet<String> = slots
        .filter_map(|slot| match slot {
            Slot::Artifact { call, .. } => Some(call),
            _ => None,
        })
        .collect();
    (!taken.is_empty()).then(|| (call.name.clone(), taken))
}

impl CanonRow {
    fn of(row: &Row, declared: &Declared) -> Self {
        let checks = row.checks.iter().map(|check| CanonCheck {
            id: check.id.clone(),
            of: check.of.clone(),
            rule: check.rule.clone(),
            fresh: check.fresh,
        });
        let ways = |need: &Need| match need {
            Need::Input(name) => vec![vec![name.clone()]],
            Need::Choice(name) => declared
                .choice(name)
                .map(|choice| choice.any_of.clone())
                .unwrap_or_default(),
        };
        let together = row.calls.iter().filter(|call| call.parallel);
        Self {
            name: row.name.clone(),
            gates: row.tier == Tier::Ga,
            live: row.venue == Venue::Live,
            needs: row.needs.iter().map(ways).collect(),
            calls: row.calls.iter().map(|call| call.name.clone()).collect(),
            together: together.map(|call| call.name.clone()).collect(),
            takes: row.calls.iter().filter_map(takes).collect(),
            replays: row.calls.iter().any(carries_key),
            checks: checks.collect(),
        }
    }

    /// The judge's answer for each check of the row. A measurement that the evidence does not have
    /// under the check's name and place counts as broken.
    pub fn outcomes(&self, evidence: Option<&RowEvidence>) -> Vec<Outcome> {
        let checks = evidence.map_or(&[][..], |evidence| &evidence.checks);
        let decide = |(index, demand): (usize, &CanonCheck)| {
            let recorded = checks
                .get(index)
                .filter(|recorded| recorded.check == demand.id && recorded.of == demand.of);
            let nothing = Measured::Found { found: None };
            judge(
                &demand.rule,
                recorded.map_or(&nothing, |recorded| &recorded.measured),
            )
        };
        self.checks.iter().enumerate().map(decide).collect()
    }

    /// The row's status as it follows from what was measured. The claimed status is believed in one
    /// direction only: a row that says it did not pass has not passed.
    pub fn status(&self, result: &RowResult) -> RowStatus {
        let derived = match (&result.evidence, result.status) {
            (Some(evidence), _) => {
                let standings: Vec<_> = evidence.calls.iter().map(|call| call.standing).collect();
                row_status(&self.outcomes(Some(evidence)), &standings).0
            }
            (None, RowStatus::Passed) => RowStatus::Failed,
            (None, claimed) => claimed,
        };
        if derived == RowStatus::Passed {
            result.status
        } else {
            derived
        }
    }
}

#[cfg(test)]
mod tests;
