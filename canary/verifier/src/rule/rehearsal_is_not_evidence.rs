//! The purpose of both reports is `evidence`.

use canary_core::report::v1::Purpose;

use super::{Applies, Check, Rule, word};
use crate::{Context, Scope, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "rehearsal_is_not_evidence",
    demands: "The purpose of both reports is `evidence`.",
    because: "A rehearsal shows that the tools work. It was never near the gateway that the release would meet.",
    next: "run `canary preflight --strict` and `canary run --strict` against the production gateway",
    scope: Applies::To(Scope::Promotion),
    check: Check::Each(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            good.readiness.purpose = Purpose::Rehearsal;
            good.live.purpose = Purpose::Rehearsal;
            good.bind();
        },
        also: &[],
    },
};

fn check(document: &Document, _: &Context, out: &mut Findings) {
    if document.report.purpose != Purpose::Evidence {
        let (found, expected) = (word(&document.report.purpose), word(&Purpose::Evidence));
        out.add(document.subject, "$.purpose", found, expected);
    }
}
