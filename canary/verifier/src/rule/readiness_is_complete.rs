//! Readiness is `ready`, no input is missing, coverage has no errors, and every row is ready.

use canary_core::report::v1::ReadyStatus;

use super::{Applies, Check, Rule, word};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "readiness_is_complete",
    demands: "Readiness is `ready`, no input is missing, coverage has no errors, and every row is ready.",
    because: "A blocked row is a promise that nobody looked at.",
    next: "set what is missing (`canary-verify missing-env` writes a template) and run both steps again",
    scope: Applies::Always,
    check: Check::Each(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            for report in [&mut good.readiness, &mut good.live] {
                report
                    .readiness
                    .row_coverage_errors
                    .push("chat.completions.create".to_owned());
            }
            good.bind();
        },
        also: &[],
    },
};

fn check(document: &Document, _: &Context, out: &mut Findings) {
    let (subject, readiness) = (document.subject, &document.report.readiness);
    if readiness.status != ReadyStatus::Ready {
        let found = word(&readiness.status);
        out.add(
            subject,
            "$.readiness.status",
            found,
            word(&ReadyStatus::Ready),
        );
    }
    for (index, name) in readiness.missing.iter().enumerate() {
        let at = format!("$.readiness.missing[{index}]");
        out.add(
            subject,
            at,
            format!("`{name}` is missing"),
            "nothing missing",
        );
    }
    for (index, error) in readiness.row_coverage_errors.iter().enumerate() {
        let at = format!("$.readiness.rowCoverageErrors[{index}]");
        out.add(subject, at, error, "no coverage error");
    }
    for (index, row) in readiness.rows.iter().enumerate() {
        let at = format!("$.readiness.rows[{index}]");
        if row.status != ReadyStatus::Ready {
            let found = format!("`{}` is {}", row.name, word(&row.status));
            out.add(subject, format!("{at}.status"), found, "ready");
        }
        if !row.missing.is_empty() {
            let found = format!("`{}` lacks {}", row.name, row.missing.join(", "));
            out.add(subject, format!("{at}.missing"), found, "nothing lacking");
        }
    }
}
