//! In a rehearsal, the purpose of both reports is `rehearsal`.

use canary_core::report::v1::Purpose;

use super::{Applies, Check, Rule, word};
use crate::{Context, Scope, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "rehearsal_says_so",
    demands: "In a rehearsal, the purpose of both reports is `rehearsal`.",
    because: "What is verified as a rehearsal must not lie about as evidence.",
    next: "verify evidence with `canary-verify promotion`, and rehearsals with `canary rehearse`",
    scope: Applies::To(Scope::Rehearsal),
    check: Check::Each(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            good.rehearse();
            good.live.purpose = Purpose::Evidence;
        },
        also: &[],
    },
};

fn check(document: &Document, _: &Context, out: &mut Findings) {
    if document.report.purpose != Purpose::Rehearsal {
        let (found, expected) = (word(&document.report.purpose), word(&Purpose::Rehearsal));
        out.add(document.subject, "$.purpose", found, expected);
    }
}
