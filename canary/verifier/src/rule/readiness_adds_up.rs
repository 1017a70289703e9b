//! The numbers of ready and blocked rows are those of the rows listed.

use canary_core::report::v1::ReadyStatus;

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "readiness_adds_up",
    demands: "The numbers of ready and blocked rows are those of the rows listed.",
    because: "A summary that does not follow from its rows was written by something else.",
    next: "make the report again; never edit one by hand",
    scope: Applies::Always,
    check: Check::Each(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            good.readiness.readiness.summary.blocked = 1;
            good.live.readiness.summary.blocked = 1;
            good.bind();
        },
        also: &[],
    },
};

fn check(document: &Document, _: &Context, out: &mut Findings) {
    let readiness = &document.report.readiness;
    let count = |status| {
        readiness
            .rows
            .iter()
            .filter(|row| row.status == status)
            .count() as u64
    };
    let at = |field: &str| format!("$.readiness.summary.{field}");
    let (subject, found) = (document.subject, readiness.summary);
    out.equal(subject, at("ready"), found.ready, count(ReadyStatus::Ready));
    out.equal(
        subject,
        at("blocked"),
        found.blocked,
        count(ReadyStatus::Blocked),
    );
}
