//! The file handed in as readiness is a readiness report, and the file handed in as live is a live
//! report.

use canary_core::report::v1::Kind;

use super::{Applies, Check, Rule, word};
use crate::{
    Context,
    case::Document,
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "kind_is_right",
    demands: "The file handed in as readiness is a readiness report, and the file handed in as live is a live report.",
    because: "A pair of two readiness reports proves nothing about a gateway.",
    next: "check which file was passed to --readiness and which to --live",
    scope: Applies::Always,
    check: Check::Each(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            good.readiness.kind = Kind::Live;
            good.bind();
        },
        also: &[],
    },
};

fn check(document: &Document, _: &Context, out: &mut Findings) {
    let expected = match document.subject {
        Subject::Live => Kind::Live,
        _ => Kind::Readiness,
    };
    if document.report.kind != expected {
        out.add(
            document.subject,
            "$.kind",
            word(&document.report.kind),
            word(&expected),
        );
    }
}
