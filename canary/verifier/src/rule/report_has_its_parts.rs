//! A readiness report has no run, no lanes and parity `not_run`; a live report has a run and at
//! least one lane.

use canary_core::report::v1::ParityStatus;

use super::{Applies, Check, Rule, word};
use crate::{
    Context,
    case::Document,
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "report_has_its_parts",
    demands: "A readiness report has no run, no lanes and parity `not_run`; a live report has a run and at least one lane.",
    because: "Evidence has to stand in the report of the step that made it.",
    next: "make both reports again, preflight first",
    scope: Applies::Always,
    check: Check::Each(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            good.readiness.run = good.live.run.clone();
            good.bind();
        },
        also: &[],
    },
};

fn check(document: &Document, _: &Context, out: &mut Findings) {
    let (subject, report) = (document.subject, &document.report);
    let (has_run, lanes) = (report.run.is_some(), report.reports.len());
    if subject == Subject::Live {
        if !has_run {
            out.add(subject, "$.run", "nothing", "the run");
        }
        if lanes == 0 {
            out.add(subject, "$.reports", "no lane", "a lane");
        }
        return;
    }
    if has_run {
        out.add(
            subject,
            "$.run",
            "a run",
            "nothing, as preflight makes no run",
        );
    }
    out.equal(subject, "$.reports", lanes, 0);
    let parity = report.parity.status;
    if parity != ParityStatus::NotRun {
        out.add(
            subject,
            "$.parity.status",
            word(&parity),
            word(&ParityStatus::NotRun),
        );
    }
}
