//! Every staged `.crate` is a plain file and opens as what cargo packs: plain files in one folder,
//! within the limits, and nothing beside them or after the end.

use super::{Applies, Check, Rule};
use crate::{
    Context,
    case::StagedState,
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "artifact_is_a_package",
    demands: "Every staged `.crate` is a plain file and opens as what cargo packs: plain files in one folder, within the limits, and nothing beside them or after the end.",
    because: "A reader that unpacks it must not be led outside, nor be shown what nobody has looked at.",
    next: "pack it again with `cargo package`",
    scope: Applies::WithArtifacts,
    check: Check::Context(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            good.package_trailing = b"\0more".to_vec();
            good.restage();
        },
        also: &[],
    },
};

fn check(context: &Context, out: &mut Findings) {
    for file in context.staged.iter().flat_map(|staged| &staged.files) {
        match &file.state {
            StagedState::Read { package: Ok(_), .. } => {}
            StagedState::Read {
                package: Err(error),
                ..
            } => out.add(
                Subject::Artifacts,
                &file.name,
                error,
                "a package as cargo packs it",
            ),
            StagedState::NotAFile => {
                out.add(
                    Subject::Artifacts,
                    &file.name,
                    "a link or a folder",
                    "a plain file",
                );
            }
        }
    }
}
