//! The SDK's version is the same in the candidate, in every lane, in the tree's manifest, and in
//! the manifest and file name of the packed artifact.

use canary_core::candidate::{PACKAGE, crate_file_name, manifest, source::MANIFEST};

use super::{Applies, Check, Rule};
use crate::{
    Context, Staged,
    case::Document,
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "versions_agree",
    demands: "The SDK's version is the same in the candidate, in every lane, in the tree's manifest, and in the manifest and file name of the packed artifact.",
    because: "The version is what the registry will show to users.",
    next: "pack and run again after the version was changed",
    scope: Applies::Always,
    check: Check::Each(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.live.reports[0].sdk_version = "0.2.0".to_owned(),
        also: &[],
    },
};

fn check(document: &Document, context: &Context, out: &mut Findings) {
    let (subject, report) = (document.subject, &document.report);
    let version = report.candidate.sdk_version.as_str();
    for (index, lane) in report.reports.iter().enumerate() {
        let at = format!("$.reports[{index}].sdkVersion");
        out.equal(subject, at, lane.sdk_version.as_str(), version);
    }
    if let Some(tree) = &context.tree {
        match &tree.identity {
            Ok(identity) => {
                out.equal(Subject::Tree, "Cargo.toml", identity.name.as_str(), PACKAGE);
                out.equal(
                    Subject::Tree,
                    "Cargo.toml",
                    identity.version.as_str(),
                    version,
                );
            }
            Err(error) => out.add(Subject::Tree, "Cargo.toml", error, version),
        }
    }
    let Some((name, package)) = context.staged.as_ref().and_then(Staged::sdk) else {
        return;
    };
    out.equal(
        Subject::Artifacts,
        name,
        name,
        crate_file_name(version).as_str(),
    );
    let at = format!("{name}:{MANIFEST}");
    match manifest::identity(package.file(MANIFEST).unwrap_or_default(), None) {
        Ok(identity) => {
            out.equal(Subject::Artifacts, &at, identity.name.as_str(), PACKAGE);
            out.equal(Subject::Artifacts, &at, identity.version.as_str(), version);
        }
        Err(error) => out.add(Subject::Artifacts, at, error, version),
    }
}
