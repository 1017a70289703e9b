//! The digest and the number of the candidate's sources are those of the tree.

use super::{Applies, Check, Rule};
use crate::{
    Context,
    case::Document,
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "sources_are_the_trees",
    demands: "The digest and the number of the candidate's sources are those of the tree.",
    because: "The release is tagged in the tree; it has to be the code that ran.",
    next: "check out the commit that was packed, or pack and run again from this tree",
    scope: Applies::WithTree,
    check: Check::Each(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.tree_text("src/lib.rs", "//! Changed after packing."),
        also: &["artifact_is_packed_from_the_tree"],
    },
};

fn check(document: &Document, context: &Context, out: &mut Findings) {
    let candidate = &document.report.candidate;
    match context.tree.as_ref().map(|tree| &tree.sources) {
        Some(Ok(sources)) => super::sources(document.subject, candidate, sources, out),
        Some(Err(error)) => out.add(Subject::Tree, ".", error, "the SDK's sources"),
        None => out.add(Subject::Tree, ".", "nothing", "the SDK's tree"),
    }
}
