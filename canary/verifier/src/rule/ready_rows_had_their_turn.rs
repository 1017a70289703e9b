//! In a completed run every row that was ready ran, and only a row that was not was skipped, for
//! the inputs that its readiness says it lacks.

use canary_core::report::v1::{Diagnostic, Ended, ReadyStatus, RowStatus};

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "ready_rows_had_their_turn",
    demands: "In a completed run every row that was ready ran to its end, and a row that was not ready was skipped, for the inputs that its readiness says it lacks.",
    because: "A row that could have run and did not would have failed.",
    next: "run again and let it finish",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            let row = good.result("preview.row");
            row.status = RowStatus::Skipped;
            row.evidence = None;
            good.recount();
        },
        also: &[],
    },
};

fn check(live: &Document, context: &Context, out: &mut Findings) {
    let aborted = live.report.run.as_ref().map(|run| run.ended) == Some(Ended::Aborted);
    let rows = &live.report.readiness.rows;
    for (_, row, result, at) in live.results(&context.canon) {
        let Some(before) = rows.iter().find(|before| before.name == row.name) else {
            continue;
        };
        let at = |field: &str| format!("{at}.{field}");
        let skipped = result.status == RowStatus::Skipped;
        let ready = before.status == ReadyStatus::Ready;
        if ready && skipped && !aborted {
            out.add(
                live.subject,
                at("status"),
                "skipped",
                "a row that ran, as it was ready",
            );
        }
        if !ready && !skipped {
            out.add(
                live.subject,
                at("status"),
                "a row that ran",
                "skipped, as it was not ready",
            );
        }
        let missing = result.missing.as_deref().unwrap_or_default();
        if missing != before.missing {
            let expected = "the inputs that its readiness says it lacks";
            out.add(live.subject, at("missing"), "other inputs", expected);
        }
        let why = result.error.as_ref().map(|error| error.diagnostic);
        if why == Some(Diagnostic::Aborted) && !aborted {
            out.add(
                live.subject,
                at("error.diagnostic"),
                "aborted",
                "a run that was aborted",
            );
        }
    }
}
