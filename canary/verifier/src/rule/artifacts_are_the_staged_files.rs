//! The candidate's artifacts are exactly the staged `.crate` files, by name and digest: one, the
//! SDK's.

use canary_core::candidate::{PACKAGE, crate_file_name};

use super::{Applies, Check, Rule};
use crate::{
    Context,
    case::{Document, StagedState},
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "artifacts_are_the_staged_files",
    demands: "The candidate's artifacts are exactly the staged `.crate` files, by name and digest: one, the SDK's.",
    because: "These bytes are what is published when the answer is yes.",
    next: "stage the files that were packed for this run, and nothing else",
    scope: Applies::WithArtifacts,
    check: Check::Each(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.stage("runinfra-0.0.9.crate", b"an older one"),
        also: &["artifact_is_a_package"],
    },
};

fn check(document: &Document, context: &Context, out: &mut Findings) {
    let subject = document.subject;
    let candidate = &document.report.candidate;
    let expected = [crate_file_name(&candidate.sdk_version)];
    let named: Vec<&str> = candidate
        .artifacts
        .iter()
        .map(|a| a.file_name.as_str())
        .collect();
    out.same_names(subject, "$.candidate.artifacts", &named, &expected);
    let staged = context
        .staged
        .as_ref()
        .map_or(&[][..], |staged| &staged.files);
    let lying: Vec<&str> = staged.iter().map(|file| file.name.as_str()).collect();
    out.same_names(Subject::Artifacts, ".", &lying, &expected);
    for (index, artifact) in candidate.artifacts.iter().enumerate() {
        let at = format!("$.candidate.artifacts[{index}]");
        out.equal(
            subject,
            format!("{at}.name"),
            artifact.name.as_str(),
            PACKAGE,
        );
        let file = staged.iter().find(|file| file.name == artifact.file_name);
        if let Some(StagedState::Read { sha256, .. }) = file.map(|file| &file.state) {
            out.equal(subject, format!("{at}.sha256"), artifact.sha256, *sha256);
        }
    }
}
