//! No row took longer than the run, no call longer than its row, and no part of a stream longer
//! than its call, give or take a second.

use super::{Applies, Check, Rule};
use crate::{
    Context,
    case::Document,
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "durations_are_possible",
    demands: "No row took longer than the run, no call longer than its row, and no part of a stream longer than its call, give or take a second.",
    because: "Times that cannot be were not measured.",
    next: "make the report again; never edit one by hand",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.result("models.list").duration_ms = 1 << 50,
        also: &[],
    },
};

fn check(live: &Document, context: &Context, out: &mut Findings) {
    let Some(run) = &live.report.run else { return };
    let whole = u64::try_from((run.finished_at - run.started_at).num_milliseconds());
    let whole = whole.unwrap_or_default();
    for (_, _, row, at) in live.results(&context.canon) {
        longer(
            &format!("{at}.durationMs"),
            Some(row.duration_ms),
            whole,
            out,
        );
        let calls = row.evidence.iter().flat_map(|evidence| &evidence.calls);
        for (index, call) in calls.enumerate() {
            let at = format!("{at}.evidence.calls[{index}]");
            longer(
                &format!("{at}.totalMs"),
                Some(call.total_ms),
                row.duration_ms,
                out,
            );
            longer(&format!("{at}.ttftMs"), call.ttft_ms, call.total_ms, out);
            longer(
                &format!("{at}.maxGapMs"),
                call.max_gap_ms,
                call.total_ms,
                out,
            );
        }
    }
}

/// Clocks are read one after the other, and rounded.
const SLACK_MS: u64 = 1_000;

fn longer(at: &str, part: Option<u64>, whole: u64, out: &mut Findings) {
    let Some(part) = part else { return };
    let most = whole.saturating_add(SLACK_MS);
    if part > most {
        out.add(
            Subject::Live,
            at,
            format!("{part} ms"),
            format!("at most {most} ms"),
        );
    }
}
