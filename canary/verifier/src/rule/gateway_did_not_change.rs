//! The gateway's fingerprint was taken when the run began and when it ended, and is the same.

use canary_core::report::v1::Ended;

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "gateway_did_not_change",
    demands: "The gateway's fingerprint was taken when the run began and when it ended, and is the same.",
    because: "Rows on both sides of a deployment are evidence about no gateway at all.",
    next: "run again while the gateway answers and no deployment is under way",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.run().gateway_at_end = Some(canary_core::digest::Digest::of("deployed")),
        also: &[],
    },
};

fn check(live: &Document, _: &Context, out: &mut Findings) {
    let Some(run) = &live.report.run else { return };
    let ends = [
        ("$.run.gatewayAtStart", run.gateway_at_start),
        ("$.run.gatewayAtEnd", run.gateway_at_end),
    ];
    for (at, fingerprint) in ends {
        // An interrupt may come before either was taken, and is refused for itself.
        if fingerprint.is_none() && run.ended == Ended::Completed {
            out.add(live.subject, at, "nothing", "the gateway's fingerprint");
        }
    }
    if let (Some(start), Some(end)) = (run.gateway_at_start, run.gateway_at_end) {
        out.equal(live.subject, "$.run.gatewayAtEnd", end, start);
    }
}
