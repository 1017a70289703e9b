//! The executor says that it opened the artifacts and found its own sources in them.

use super::{Applies, Check, Rule};
use crate::{Context, Scope, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "artifact_digests_were_checked",
    demands: "The executor says that it opened the artifacts and found its own sources in them.",
    because: "Otherwise nothing ties the run to the artifacts.",
    next: "run with `--package-source artifact`",
    scope: Applies::To(Scope::Promotion),
    check: Check::Each(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            good.readiness.candidate.artifact_digests_checked = false;
            good.live.candidate.artifact_digests_checked = false;
            good.bind();
        },
        also: &[],
    },
};

fn check(document: &Document, _: &Context, out: &mut Findings) {
    let found = document.report.candidate.artifact_digests_checked;
    out.equal(
        document.subject,
        "$.candidate.artifactDigestsChecked",
        found,
        true,
    );
}
