//! Every file of the packed SDK lies in the tree with the same bytes, except those that cargo makes
//! itself, and cargo's note on the commit does not call the tree dirty.

use canary_core::candidate::source::{GENERATED, MANIFEST, PACKED_MANIFEST, VCS_INFO};

use super::{Applies, Check, Rule};
use crate::{
    Context, Staged,
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "artifact_is_packed_from_the_tree",
    demands: "Every file of the packed SDK lies in the tree with the same bytes, except those that cargo makes itself, and cargo's note on the commit does not call the tree dirty.",
    because: "A file that slipped into the archive is published, whether or not it was compiled.",
    next: "pack again from a clean checkout of the commit that is to be released",
    scope: Applies::WithArtifacts,
    check: Check::Context(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            good.package_text("notes.txt", "to do");
            good.restage();
        },
        also: &[],
    },
};

fn check(context: &Context, out: &mut Findings) {
    let staged = context.staged.as_ref().and_then(Staged::sdk);
    let (Some((name, package)), Some(tree)) = (staged, &context.tree) else {
        return;
    };
    for file in &package.files {
        let path = match file.path.as_str() {
            PACKED_MANIFEST => MANIFEST,
            MANIFEST => continue,
            generated if GENERATED.contains(&generated) => continue,
            other => other,
        };
        let at = format!("{name}:{}", file.path);
        match tree.files.get(path) {
            Some(bytes) if *bytes == file.bytes => {}
            Some(_) => out.add(
                Subject::Artifacts,
                at,
                "other bytes",
                "the bytes in the tree",
            ),
            None => out.add(
                Subject::Artifacts,
                at,
                "a file",
                "no file, as the tree has none",
            ),
        }
    }
    let note = package.file(VCS_INFO).unwrap_or_default();
    let note: serde_json::Value = serde_json::from_slice(note).unwrap_or_default();
    if note.pointer("/git/dirty") == Some(&serde_json::Value::Bool(true)) {
        let at = format!("{name}:{VCS_INFO}");
        out.add(
            Subject::Artifacts,
            at,
            "packed from a dirty tree",
            "a clean tree",
        );
    }
}
