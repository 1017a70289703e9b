//! The digest and the number of the candidate's sources are those inside the staged `.crate`.

use super::{Applies, Check, Rule};
use crate::{Context, Staged, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "sources_are_the_artifacts",
    demands: "The digest and the number of the candidate's sources are those inside the staged `.crate`.",
    because: "What was compiled into the binary that ran has to be what would be published.",
    next: "pack again, and run with the executor built from that `.crate`",
    scope: Applies::WithArtifacts,
    check: Check::Each(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            good.package_text("src/lib.rs", "//! Changed in the archive only.");
            good.restage();
        },
        also: &["artifact_is_packed_from_the_tree"],
    },
};

fn check(document: &Document, context: &Context, out: &mut Findings) {
    let staged = context.staged.as_ref().and_then(Staged::sdk);
    if let Some((_, package)) = staged {
        let candidate = &document.report.candidate;
        super::sources(document.subject, candidate, &package.sources, out);
    }
}
