//! Both reports, and every lane, were made with `--strict`.

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "report_is_strict",
    demands: "Both reports, and every lane, were made with `--strict`.",
    because: "Without it a blocked row is left out in silence.",
    next: "run both steps again with --strict",
    scope: Applies::Always,
    check: Check::Each(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.live.reports[0].strict = false,
        also: &[],
    },
};

fn check(document: &Document, _: &Context, out: &mut Findings) {
    let (subject, report) = (document.subject, &document.report);
    out.equal(subject, "$.strict", report.strict, true);
    for (index, lane) in report.reports.iter().enumerate() {
        out.equal(
            subject,
            format!("$.reports[{index}].strict"),
            lane.strict,
            true,
        );
    }
}
