//! The judge says of every recorded measurement what the report says of it.

use super::{Applies, Check, Rule, word};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "outcomes_are_rederived",
    demands: "The judge says of every recorded measurement what the report says of it.",
    because: "The claim is worth nothing; the measurement is what counts.",
    next: "make the report again; never edit one by hand",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            // The row stays what the judge makes of it: failed. Only the check's own claim is false.
            good.fail("preview.row");
            good.evidence("preview.row").checks[0].outcome = canary_core::judge::Outcome::Held;
        },
        also: &[],
    },
};

fn check(live: &Document, context: &Context, out: &mut Findings) {
    for (_, row, result, at) in live.results(&context.canon) {
        let Some(evidence) = &result.evidence else {
            continue;
        };
        let derived = row.outcomes(Some(evidence));
        for (index, (recorded, derived)) in evidence.checks.iter().zip(derived).enumerate() {
            if recorded.outcome != derived {
                let at = format!("{at}.evidence.checks[{index}].outcome");
                out.add(live.subject, at, word(&recorded.outcome), word(&derived));
            }
        }
    }
}
