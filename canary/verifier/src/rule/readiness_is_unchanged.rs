//! The live report repeats the readiness of the report it is bound to, and every lane ran with the
//! same inputs set.

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "readiness_is_unchanged",
    demands: "The live report repeats the readiness of the report it is bound to, and every lane ran with the same inputs set.",
    because: "A run with other inputs is not the run that was found ready.",
    next: "run again right after preflight, with the same inputs",
    scope: Applies::Always,
    check: Check::Pair(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            let env = &mut good.live.reports[0].env;
            env.insert(
                "RUNINFRA_BASE_URL".to_owned(),
                canary_core::report::v1::EnvState::SetRedacted,
            );
        },
        also: &[],
    },
};

fn check(readiness: &Document, live: &Document, _: &Context, out: &mut Findings) {
    let (before, after) = (&readiness.report.readiness, &live.report.readiness);
    if before != after {
        let expected = "what the readiness report says";
        out.add(live.subject, "$.readiness", "another readiness", expected);
    }
    for (index, lane) in live.report.reports.iter().enumerate() {
        if lane.env != before.env {
            let at = format!("$.reports[{index}].env");
            out.add(
                live.subject,
                at,
                "other inputs",
                "the inputs of the readiness report",
            );
        }
    }
}
