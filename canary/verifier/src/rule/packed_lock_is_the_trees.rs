//! The lock file that cargo packed names the versions, sources and checksums that the workspace's
//! lock file names, and every dependency of the SDK.

use canary_core::candidate::{
    lock::{self, CompareError},
    source::LOCK,
};

use super::{Applies, Check, Rule};
use crate::{
    Context, Staged,
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "packed_lock_is_the_trees",
    demands: "The lock file in the packed SDK names every dependency that its manifest asks for; all that it names has the version, source and checksum that the workspace's lock file names, and is needed.",
    because: "It is what the digest of the artifact says of the versions that the rows ran with.",
    next: "pack again with `cargo package --locked` from the checkout that the executor was built from",
    scope: Applies::WithArtifacts,
    check: Check::Context(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            let lock = good.lock.replace("1.12.0", "1.13.0");
            good.package_text(LOCK, &lock);
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
    let at = format!("{name}:{LOCK}");
    let Some(workspace) = &tree.lock else {
        let expected = "the lock file of the workspace";
        return out.add(Subject::Tree, LOCK, "nothing", expected);
    };
    match lock::compare(package, workspace) {
        Ok(differences) => {
            for one in differences {
                let at = format!("{at} {}", one.at);
                out.add(Subject::Artifacts, at, one.packed, one.written);
            }
        }
        Err(error @ CompareError::Workspace(_)) => {
            out.add(Subject::Tree, LOCK, error, "a lock file as cargo writes it");
        }
        Err(error) => out.add(
            Subject::Artifacts,
            at,
            error,
            "a lock file as cargo writes it",
        ),
    }
}
