//! Every `ga` row passed in every lane, as the judge sees it. A `preview` row is reported and does
//! not gate.

use canary_core::report::v1::RowStatus;

use super::{Applies, Check, Rule, word};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "every_gating_row_passed",
    demands: "Every `ga` row passed in every lane, as the judge sees it. A `preview` row is reported and does not gate.",
    because: "This is the promise that the release makes.",
    next: "read the row with `canary matrix explain ROW`, and mend the gateway or the SDK",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.fail("models.list"),
        also: &[],
    },
};

fn check(live: &Document, context: &Context, out: &mut Findings) {
    for (lane, row, result, at) in live.results(&context.canon) {
        let status = row.status(result);
        if row.gates && status != RowStatus::Passed {
            let found = format!("`{}` {} in lane {}", row.name, word(&status), lane.language);
            out.add(
                live.subject,
                format!("{at}.status"),
                found,
                word(&RowStatus::Passed),
            );
        }
    }
}
