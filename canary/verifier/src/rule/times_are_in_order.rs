//! The readiness report was made before the run began, the run ended after it began, and the live
//! report was made after the run ended.

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "times_are_in_order",
    demands: "The readiness report was made before the run began, the run ended after it began, and the live report was made after the run ended.",
    because: "Evidence that is older than what it depends on was put together from parts.",
    next: "run both steps again, preflight first, on a machine whose clock is right",
    scope: Applies::Always,
    check: Check::Pair(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            good.live.generated_at = good
                .live
                .run
                .as_ref()
                .map_or(good.now, |run| run.started_at);
        },
        also: &[],
    },
};

fn check(readiness: &Document, live: &Document, _: &Context, out: &mut Findings) {
    let Some(run) = &live.report.run else { return };
    let steps = [
        (
            "$.run.startedAt",
            readiness.report.generated_at,
            run.started_at,
        ),
        ("$.run.finishedAt", run.started_at, run.finished_at),
        ("$.generatedAt", run.finished_at, live.report.generated_at),
    ];
    for (at, before, after) in steps {
        if after < before {
            out.add(live.subject, at, after, format!("not before {before}"));
        }
    }
}
