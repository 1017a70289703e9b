//! Every operation of the matrix stands in the report with exactly the rows that prove it, and none
//! is uncovered.

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "surfaces_are_covered",
    demands: "Every operation of the matrix stands in the report with exactly the rows that prove it, and none is uncovered.",
    because: "An operation without a row can break unseen.",
    next: "add a row for the operation, and run again",
    scope: Applies::Always,
    check: Check::Each(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            good.live
                .surface_coverage
                .uncovered
                .push("models.list".to_owned());
        },
        also: &[],
    },
};

fn check(document: &Document, context: &Context, out: &mut Findings) {
    let (subject, found) = (document.subject, &document.report.surface_coverage);
    let expected = &context.canon.operations;
    let names: Vec<&String> = found.operations.keys().collect();
    let known: Vec<&String> = expected.keys().collect();
    out.same_names(subject, "$.surfaceCoverage.operations", &names, &known);
    for (operation, rows) in &found.operations {
        let at = format!("$.surfaceCoverage.operations.{operation}");
        if let Some(proving) = expected.get(operation) {
            out.same_names(subject, &at, rows, proving);
        }
    }
    for (operation, _) in expected.iter().filter(|(_, rows)| rows.is_empty()) {
        let at = "$.surfaceCoverage.uncovered";
        out.add(
            subject,
            at,
            format!("`{operation}` has no row"),
            "a row for it",
        );
    }
    let told = |operation: &&String| expected.get(*operation).is_some_and(Vec::is_empty);
    for operation in found.uncovered.iter().filter(|operation| !told(operation)) {
        let at = "$.surfaceCoverage.uncovered";
        out.add(subject, at, format!("`{operation}`"), "nothing uncovered");
    }
}
