//! Both reports are about the same candidate, field by field.

use super::{Applies, Check, Rule, word};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "candidate_is_the_same",
    demands: "Both reports are about the same candidate, field by field.",
    because: "Readiness of one build says nothing about a run of another.",
    next: "run both steps again on the candidate that is to be released",
    scope: Applies::Always,
    check: Check::Pair(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.live.candidate.artifact_digests_checked = false,
        also: &["artifact_digests_were_checked"],
    },
};

fn check(readiness: &Document, live: &Document, _: &Context, out: &mut Findings) {
    let (before, after) = (&readiness.report.candidate, &live.report.candidate);
    let at = |field: &str| format!("$.candidate.{field}");
    let subject = live.subject;
    out.equal(
        subject,
        at("sdkVersion"),
        &after.sdk_version,
        &before.sdk_version,
    );
    out.equal(
        subject,
        at("packageSource"),
        word(&after.package_source),
        word(&before.package_source),
    );
    out.equal(
        subject,
        at("sourceDigestSha256"),
        after.source_digest_sha256,
        before.source_digest_sha256,
    );
    out.equal(
        subject,
        at("sourceFileCount"),
        after.source_file_count,
        before.source_file_count,
    );
    out.equal(
        subject,
        at("artifactDigestsChecked"),
        after.artifact_digests_checked,
        before.artifact_digests_checked,
    );
    if after.artifacts != before.artifacts {
        out.add(
            subject,
            at("artifacts"),
            "other artifacts",
            "those of the readiness report",
        );
    }
}
