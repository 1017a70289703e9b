//! The numbers of every lane's summary are those of its results.

use canary_core::report::v1::RowStatus;

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "summary_adds_up",
    demands: "The numbers of every lane's summary are those of its results.",
    because: "A summary that does not follow from its rows was written by something else.",
    next: "make the report again; never edit one by hand",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.live.reports[0].summary.passed += 1,
        also: &[],
    },
};

fn check(live: &Document, _: &Context, out: &mut Findings) {
    for (index, lane) in live.report.reports.iter().enumerate() {
        let results = || lane.results.iter();
        let count = |status| results().filter(|row| row.status == status).count() as u64;
        let numbers = [
            ("passed", lane.summary.passed, RowStatus::Passed),
            ("failed", lane.summary.failed, RowStatus::Failed),
            (
                "inconclusive",
                lane.summary.inconclusive,
                RowStatus::Inconclusive,
            ),
            ("skipped", lane.summary.skipped, RowStatus::Skipped),
        ];
        for (name, found, status) in numbers {
            let at = format!("$.reports[{index}].summary.{name}");
            out.equal(live.subject, at, found, count(status));
        }
    }
}
