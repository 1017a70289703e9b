//! The error of a row names one of the row's checks, unless the row was stopped, and tells of no
//! status or request id but those of its calls.

use canary_core::report::v1::Diagnostic;

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "errors_are_about_their_row",
    demands: "The error of a row names one of the row's checks, unless the row was stopped, and tells of no status or request id but those of its calls.",
    because: "An error that points elsewhere was taken from another row.",
    next: "make the report again; never edit one by hand",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            good.fail("preview.row");
            if let Some(error) = &mut good.result("preview.row").error {
                error.name = "another.check".to_owned();
            }
        },
        also: &[],
    },
};

fn check(live: &Document, context: &Context, out: &mut Findings) {
    for (_, row, result, at) in live.results(&context.canon) {
        let (Some(error), Some(evidence)) = (&result.error, &result.evidence) else {
            continue;
        };
        let broken = error.diagnostic == Diagnostic::CheckBroken;
        if broken && !row.checks.iter().any(|check| check.id == error.name) {
            let found = format!("`{}`", error.name);
            out.add(
                live.subject,
                format!("{at}.error.name"),
                found,
                "a check of the row",
            );
        }
        let calls = || evidence.calls.iter();
        if error.status.is_some() && !calls().any(|call| call.status == error.status) {
            let found = error.status.unwrap_or_default();
            out.add(
                live.subject,
                format!("{at}.error.status"),
                found,
                "the status of a call",
            );
        }
        let id = &error.request_id;
        if id.is_some() && !calls().any(|call| call.request_id == *id) {
            let at = format!("{at}.error.requestId");
            out.add(live.subject, at, "another id", "the request id of a call");
        }
    }
}
