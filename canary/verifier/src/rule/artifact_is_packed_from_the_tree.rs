//! Every file of the packed SDK lies in the tree with the same bytes, except those that cargo makes
//! itself, and cargo's note names a commit, does not call the tree dirty and says nothing else.

use canary_core::candidate::{
    path::PackagePath,
    source::{GENERATED, MANIFEST, PACKED_MANIFEST, VCS_INFO},
};
use serde::Deserialize;

use super::{Applies, Check, Rule};
use crate::{
    Context, Staged,
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "artifact_is_packed_from_the_tree",
    demands: "Every file of the packed SDK lies in the tree with the same bytes, except those that cargo makes itself, and cargo's note names a commit, does not call the tree dirty and says nothing else.",
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
    if let Some(note) = package.file(VCS_INFO) {
        let at = format!("{name}:{VCS_INFO}");
        match serde_json::from_slice::<Note>(note) {
            Ok(note) if note.git.dirty => {
                let found = "packed from a dirty tree";
                out.add(Subject::Artifacts, at, found, "a clean tree");
            }
            Ok(note) if !note.is_possible() => {
                out.add(Subject::Artifacts, at, "no commit", "the commit's SHA-1");
            }
            Ok(_) => {}
            Err(_) => {
                let found = "something else than cargo writes";
                out.add(Subject::Artifacts, at, found, "cargo's note on the commit");
            }
        }
    }
}

/// What cargo notes of the commit. The note is published, so it may hold nothing else.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    git: Commit,
    #[serde(default)]
    path_in_vcs: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Commit {
    sha1: String,
    #[serde(default)]
    dirty: bool,
}

impl Note {
    fn is_possible(&self) -> bool {
        let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        let path = &self.path_in_vcs;
        [40, 64].contains(&self.git.sha1.len())
            && self.git.sha1.bytes().all(hex)
            && (path.is_empty() || PackagePath::new(path.as_bytes()).is_ok())
    }
}
