//! The rows that were expected, the rows of the readiness and the results of every lane are the
//! matrix's rows, each once and in its order.

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "rows_are_the_matrixs",
    demands: "The rows that were expected, the rows of the readiness and the results of every lane are the matrix's rows, each once and in its order.",
    because: "A row that is missing cannot fail.",
    next: "run again with the whole matrix",
    scope: Applies::Always,
    check: Check::Each(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.live.expected_rows.swap(0, 1),
        also: &[],
    },
};

fn check(document: &Document, context: &Context, out: &mut Findings) {
    let (subject, report) = (document.subject, &document.report);
    let expected = context.canon.row_names();
    out.same_names(subject, "$.expectedRows", &report.expected_rows, &expected);
    let ready: Vec<&str> = report
        .readiness
        .rows
        .iter()
        .map(|row| row.name.as_str())
        .collect();
    out.same_names(subject, "$.readiness.rows", &ready, &expected);
    for (index, lane) in document.lanes() {
        let results: Vec<&str> = lane.results.iter().map(|row| row.name.as_str()).collect();
        out.same_names(
            subject,
            &format!("$.reports[{index}].results"),
            &results,
            &expected,
        );
    }
}
