//! Both reports were made by an executor of the verifier's own version.

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "executor_is_known",
    demands: "Both reports were made by an executor of the verifier's own version.",
    because: "Another version may have measured otherwise under the same names.",
    next: "use the executor and the verifier of one checkout",
    scope: Applies::Always,
    check: Check::Each(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.live.matrix.executor_version = "9.9.9".to_owned(),
        also: &[],
    },
};

fn check(document: &Document, context: &Context, out: &mut Findings) {
    let found = document.report.matrix.executor_version.as_str();
    let expected = context.executor_version.as_str();
    out.equal(
        document.subject,
        "$.matrix.executorVersion",
        found,
        expected,
    );
}
