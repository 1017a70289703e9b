//! Neither report is older than `--max-age`, nor made more than 60 s in the future.

use chrono::Duration;

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "evidence_is_fresh",
    demands: "Neither report is older than `--max-age`, nor made more than 60 s in the future.",
    because: "A gateway changes; what it did last week says little about today.",
    next: "run both steps again",
    scope: Applies::Always,
    check: Check::Each(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.now += Duration::hours(25),
        also: &[],
    },
};

fn check(document: &Document, context: &Context, out: &mut Findings) {
    let mut times = vec![("$.generatedAt", document.report.generated_at)];
    if let Some(run) = &document.report.run {
        times.push(("$.run.startedAt", run.started_at));
    }
    for (at, made) in times {
        let age = context.now - made;
        if age > context.max_age {
            let expected = format!("at most {} s old", seconds(context.max_age));
            let found = format!("{} s old", seconds(age));
            out.add(document.subject, at, found, expected);
        }
        if age < -SKEW {
            let found = format!("{} s in the future", seconds(-age));
            let expected = format!("at most {} s", seconds(SKEW));
            out.add(document.subject, at, found, expected);
        }
    }
}

/// Seconds to the last digit: rounded, what is too old would be as old as it may be.
fn seconds(span: Duration) -> String {
    let (whole, parts) = (span.num_seconds(), span.subsec_nanos());
    if parts == 0 {
        return whole.to_string();
    }
    let exact = format!("{whole}.{parts:09}");
    exact.trim_end_matches('0').to_owned()
}

/// How far the clocks of two machines may be apart.
const SKEW: Duration = Duration::seconds(60);
