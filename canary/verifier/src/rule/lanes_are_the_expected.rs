//! Exactly the expected lanes ran, each once: `rust`.

use canary_core::candidate::LANES;

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "lanes_are_the_expected",
    demands: "Exactly the expected lanes ran, each once: `rust`.",
    because: "A lane that did not run did not pass.",
    next: "run every lane",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.live.reports[0].language = "python".to_owned(),
        also: &[],
    },
};

fn check(live: &Document, _: &Context, out: &mut Findings) {
    let found: Vec<&str> = live
        .report
        .reports
        .iter()
        .map(|lane| lane.language.as_str())
        .collect();
    out.same_names(live.subject, "$.reports", &found, &LANES);
}
