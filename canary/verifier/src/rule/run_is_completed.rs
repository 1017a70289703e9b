//! The run reached its end.

use canary_core::report::v1::Ended;
use uuid::Uuid;

use super::{Applies, Check, Rule, word};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "run_is_completed",
    demands: "The run reached its end.",
    because: "The rows that an interrupted run did not come to may be the ones that fail.",
    next: "run again and let it finish",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.run().ended = Ended::Aborted,
        also: &[],
    },
};

fn check(live: &Document, _: &Context, out: &mut Findings) {
    let Some(run) = &live.report.run else { return };
    if run.ended != Ended::Completed {
        out.add(
            live.subject,
            "$.run.ended",
            word(&run.ended),
            word(&Ended::Completed),
        );
    }
    if Uuid::try_parse(&run.id).is_err() || run.id.len() != 36 {
        out.add(live.subject, "$.run.id", "no UUID", "the UUID of the run");
    }
}
