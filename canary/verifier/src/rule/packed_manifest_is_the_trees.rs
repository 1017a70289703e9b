//! The manifest that cargo wrote into the packed SDK says what the manifest in the tree says:
//! dependencies, features, build script, library, edition, and every other key that a user's cargo
//! or the registry reads.

use canary_core::candidate::{packed::differences, source::MANIFEST};

use super::{Applies, Check, Rule};
use crate::{
    Context, Staged,
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "packed_manifest_is_the_trees",
    demands: "The manifest that cargo wrote into the packed SDK says what the manifest in the tree says: dependencies, features, build script, library, edition, and every other key that a user's cargo or the registry reads.",
    because: "It is the one that users compile, and it stands in no digest of the sources.",
    next: "pack again with `cargo package` from a clean checkout; never edit a packed file",
    scope: Applies::WithArtifacts,
    check: Check::Context(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            let packed = "[package]\nname = \"runinfra\"\nversion = \"0.1.0\"\n\
                          [dependencies.evil]\nversion = \"1\"\n";
            good.package_text(MANIFEST, packed);
            good.restage();
        },
        // A dependency that nobody asked for is locked by nobody.
        also: &["packed_lock_is_the_trees"],
    },
};

fn check(context: &Context, out: &mut Findings) {
    let staged = context.staged.as_ref().and_then(Staged::sdk);
    let (Some((name, package)), Some(tree)) = (staged, &context.tree) else {
        return;
    };
    let Ok(sources) = &tree.sources else {
        return;
    };
    let at = format!("{name}:{MANIFEST}");
    let packed = package.file(MANIFEST).unwrap_or_default();
    match differences(packed, sources.manifest(), tree.workspace.as_deref()) {
        Ok(differences) => {
            for one in differences {
                let at = format!("{at} {}", one.at);
                out.add(Subject::Artifacts, at, one.packed, one.written);
            }
        }
        Err(error) => out.add(Subject::Artifacts, at, error, "two manifests to compare"),
    }
}
