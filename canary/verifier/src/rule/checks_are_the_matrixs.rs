//! Every row that ran recorded exactly the matrix's checks, in its order, each on the call it is
//! about; a row that passed recorded exactly the matrix's calls, but for those that take something of one
//! that was refused, and one that did not recorded none but those.

use canary_core::report::v1::{CallEvidence, RowStatus};

use super::{Applies, Check, Rule};
use crate::{
    Context,
    canon::CanonRow,
    case::Document,
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "checks_are_the_matrixs",
    demands: "Every row that ran recorded exactly the matrix's checks, in its order, each on the call it is about; a row that passed recorded exactly the matrix's calls, but for those that take something of one that was refused, and one that did not recorded none but those.",
    because: "A check that is left out cannot be broken.",
    next: "run again with this repository's matrix",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.evidence("models.list").calls[0].name = "other".to_owned(),
        also: &[],
    },
};

fn check(live: &Document, context: &Context, out: &mut Findings) {
    for (_, row, result, at) in live.results(&context.canon) {
        let Some(evidence) = &result.evidence else {
            continue;
        };
        let recorded = evidence.checks.iter();
        let found: Vec<_> = recorded
            .map(|check| name(&check.check, &check.of))
            .collect();
        let demanded = row.checks.iter();
        let expected: Vec<_> = demanded.map(|check| name(&check.id, &check.of)).collect();
        in_order(&format!("{at}.evidence.checks"), &found, &expected, out);
        let calls = evidence.calls.iter();
        let found: Vec<_> = calls.map(|call| call.name.clone()).collect();
        let at = format!("{at}.evidence.calls");
        among(&at, &found, &row.calls, out);
        if result.status == RowStatus::Passed {
            all(&at, &evidence.calls, row, out);
        }
    }
}

fn name(check: &str, of: &str) -> String {
    format!("{check} of {of}")
}

/// A row may use a check twice, so places are compared, not sets.
fn in_order(at: &str, found: &[String], expected: &[String], out: &mut Findings) {
    for index in 0..found.len().max(expected.len()) {
        let or_nothing = |list: &[String]| match list.get(index) {
            Some(name) => format!("`{name}`"),
            None => "nothing".to_owned(),
        };
        let at = format!("{at}[{index}]");
        out.equal(Subject::Live, at, or_nothing(found), or_nothing(expected));
    }
}

/// A row that passed made all of its calls, but for those that take something of a call which was refused,
/// as an unknown format of speech may be.
fn all(at: &str, calls: &[CallEvidence], row: &CanonRow, out: &mut Findings) {
    // No more are looked at than there may be.
    let calls = &calls[..calls.len().min(row.calls.len())];
    let made = |name: &String| calls.iter().find(|call| call.name == *name);
    let refused = |name: &String| {
        let status = made(name).map(|call| call.status);
        status.is_none_or(|status| status.is_some_and(|status| status >= 400))
    };
    for name in row.calls.iter().filter(|name| made(name).is_none()) {
        let taken = row.takes.get(name);
        if !taken.is_some_and(|taken| taken.iter().any(refused)) {
            out.add(Subject::Live, at, "nothing", format!("`{name}`"));
        }
    }
}

/// A row that did not pass may have come to some of its calls only.
fn among(at: &str, found: &[String], expected: &[String], out: &mut Findings) {
    let mut left = expected.iter();
    for (index, name) in found.iter().enumerate() {
        if !left.any(|call| call == name) {
            let expected = "a call of the row, once and in its order";
            out.add(
                Subject::Live,
                format!("{at}[{index}]"),
                format!("`{name}`"),
                expected,
            );
        }
    }
}
