//! Every row that ran recorded exactly the matrix's checks, in its order, each on the call it is
//! about; a row that passed recorded exactly the matrix's calls, and one that did not recorded none but those.

use canary_core::report::v1::RowStatus;

use super::{Applies, Check, Rule};
use crate::{
    Context,
    case::Document,
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "checks_are_the_matrixs",
    demands: "Every row that ran recorded exactly the matrix's checks, in its order, each on the call it is about; a row that passed recorded exactly the matrix's calls, and one that did not recorded none but those.",
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
        if result.status == RowStatus::Passed {
            in_order(&at, &found, &row.calls, out);
        } else {
            among(&at, &found, &row.calls, out);
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

/// A row that did not pass may have come to some of its calls only: those that need something of an
/// earlier one are left out when that brought nothing back.
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
