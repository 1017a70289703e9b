//! The run reached its end, and has the id that such a run draws.

use canary_core::report::v1::Ended;

use super::{Applies, Check, Rule, is_drawn, word};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "run_is_completed",
    demands: "The run reached its end, and has the id that such a run draws.",
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
    if !is_drawn(&run.id) {
        let expected = "the UUID of the run: version 4, in lower case";
        out.add(live.subject, "$.run.id", "another id", expected);
    }
}
