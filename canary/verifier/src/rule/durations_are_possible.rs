//! No row took longer than the run (or the share of it) that had it, no call and no calls one after another longer than their row,
//! and no part of a stream longer than its call, give or take a second; and not every call took no
//! time at all.

use std::collections::BTreeMap;

use canary_core::report::v1::{CallEvidence, Run, Standing};
use chrono::{DateTime, Utc};

use super::{Applies, Check, Rule};
use crate::{
    Context, Scope,
    canon::CanonRow,
    case::Document,
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "durations_are_possible",
    demands: "No row took longer than the run, or the share of it, that had it, no call and no calls one after another longer than their row, and no part of a stream longer than its call, give or take a second; and some call to the gateway took time.",
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
    let spans = spans(run, &context.canon.row_names());
    for (_, demand, row, at) in live.results(&context.canon) {
        let whole = spans.get(demand.name.as_str()).copied();
        let whole = whole.unwrap_or_else(|| between(run.started_at, run.finished_at));
        longer(
            &format!("{at}.durationMs"),
            Some(row.duration_ms),
            whole,
            out,
        );
        let calls = || row.evidence.iter().flat_map(|evidence| &evidence.calls);
        longer(
            &format!("{at}.evidence.calls"),
            Some(one_after_another(demand, calls())),
            row.duration_ms,
            out,
        );
        for (index, call) in calls().enumerate() {
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
    if context.scope == Scope::Promotion {
        took_time(live, context, out);
    }
}

/// How long each row may have taken, in milliseconds: as long as the share that had it. Nothing of
/// the rows that no share had.
fn spans<'n>(run: &Run, names: &[&'n str]) -> BTreeMap<&'n str, u64> {
    let shards = run.shards.iter().flatten();
    shards
        .flat_map(|shard| {
            let span = between(shard.started_at, shard.finished_at);
            let own = shard.partition.share(names.iter().copied());
            own.map(move |name| (name, span))
        })
        .collect()
}

/// How long a row's calls took together, in milliseconds: of those made at the same time, the longest.
fn one_after_another<'c>(row: &CanonRow, calls: impl IntoIterator<Item = &'c CallEvidence>) -> u64 {
    let (mut before, mut now) = (0_u64, 0_u64);
    for call in calls {
        if !row.together.contains(&call.name) {
            before = before.saturating_add(now);
            now = 0;
        }
        now = now.max(call.total_ms);
    }
    before.saturating_add(now)
}

fn between(began: DateTime<Utc>, ended: DateTime<Utc>) -> u64 {
    u64::try_from((ended - began).num_milliseconds()).unwrap_or_default()
}

/// The production gateway is far away: an answer from there within a millisecond is one that nobody
/// waited for. One may be rounded to nothing; all of them are not.
fn took_time(live: &Document, context: &Context, out: &mut Findings) {
    let rows = live.results(&context.canon).filter(|(_, row, ..)| row.live);
    let evidence = rows.filter_map(|(_, _, result, _)| result.evidence.as_ref());
    let mut answered = evidence
        .flat_map(|evidence| &evidence.calls)
        .filter(|call| call.standing == Standing::Answered && call.status.is_some())
        .peekable();
    if answered.peek().is_some() && answered.all(|call| call.total_ms == 0) {
        let expected = "some call that took a millisecond";
        out.add(Subject::Live, "$.reports", "every answer at once", expected);
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
