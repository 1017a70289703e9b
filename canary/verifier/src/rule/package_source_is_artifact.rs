//! Both reports, and their candidates, are about the packed artifact.

use canary_core::report::v1::PackageSource;

use super::{Applies, Check, Rule, word};
use crate::{Context, Scope, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "package_source_is_artifact",
    demands: "Both reports, and their candidates, are about the packed artifact.",
    because: "A run from source says nothing about the bytes that would be published.",
    next: "run with `--package-source artifact`",
    scope: Applies::To(Scope::Promotion),
    check: Check::Each(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.live.package_source = PackageSource::Source,
        also: &[],
    },
};

fn check(document: &Document, _: &Context, out: &mut Findings) {
    let report = &document.report;
    let places = [
        ("$.packageSource", report.package_source),
        ("$.candidate.packageSource", report.candidate.package_source),
    ];
    for (at, found) in places {
        if found != PackageSource::Artifact {
            out.add(
                document.subject,
                at,
                word(&found),
                word(&PackageSource::Artifact),
            );
        }
    }
}
