//! The run names the digest of the readiness report's bytes.

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "run_is_bound_to_its_readiness",
    demands: "The run names the digest of the readiness report's bytes.",
    because: "Otherwise any readiness report could be shown with any run.",
    next: "hand in the readiness report that the run was started with",
    scope: Applies::Always,
    check: Check::Pair(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.run().readiness_digest_sha256 = None,
        also: &[],
    },
};

fn check(readiness: &Document, live: &Document, _: &Context, out: &mut Findings) {
    let Some(run) = &live.report.run else { return };
    let at = "$.run.readinessDigestSha256";
    match run.readiness_digest_sha256 {
        Some(found) => out.equal(live.subject, at, found, readiness.digest),
        None => out.add(live.subject, at, "nothing", readiness.digest),
    }
}
