//! What a call says of itself is what the checks on it measured: its status, its request id, its
//! times and how many exchanges it made; and no check saw more answers than the row's calls made
//! exchanges.

use canary_core::{
    evidence::{Measured, Scalar, WHOLE_ROW},
    report::v1::{CallEvidence, CheckEvidence, RowEvidence},
};

use super::{Applies, Check, Rule};
use crate::{
    Context,
    case::Document,
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "calls_agree_with_their_checks",
    demands: "What a call says of itself is what the checks on it measured: its status, its request id, its times and how many exchanges it made; and a check of every answer saw at least one for each call that has a status, and no more than the calls made exchanges.",
    because: "Both were taken from one observation.",
    next: "make the report again; never edit one by hand",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.evidence("models.list").calls[0].status = Some(201),
        also: &[],
    },
};

fn check(live: &Document, context: &Context, out: &mut Findings) {
    for (_, _, result, at) in live.results(&context.canon) {
        let Some(evidence) = &result.evidence else {
            continue;
        };
        for (index, check) in evidence.checks.iter().enumerate() {
            let mut calls = evidence.calls.iter().enumerate();
            if let Some((which, call)) = calls.find(|(_, call)| call.name == check.of) {
                let (check_at, call_at) = (
                    format!("{at}.evidence.checks[{index}].measured"),
                    format!("{at}.evidence.calls[{which}]"),
                );
                if let Some((field, says, measured)) = disagreement(call, check) {
                    let expected = format!("{measured}, as {check_at}");
                    out.add(live.subject, format!("{call_at}.{field}"), says, expected);
                }
            }
            answers_seen(
                evidence,
                check,
                &format!("{at}.evidence.checks[{index}]"),
                out,
            );
        }
    }
}

/// What every answer of a row is asked, from its name in the vocabulary.
const EVERY_ANSWER: &str = "each_";

/// A check of every answer saw as many as there can have been.
fn answers_seen(evidence: &RowEvidence, check: &CheckEvidence, at: &str, out: &mut Findings) {
    let Measured::Each { evaluated, .. } = check.measured else {
        return;
    };
    if check.of != WHOLE_ROW || !check.check.starts_with(EVERY_ANSWER) {
        return;
    }
    let answered = evidence.calls.iter().filter(|call| call.status.is_some());
    let least = answered.count() as u64;
    let exchanges = evidence.calls.iter().map(|call| call.exchanges);
    let most = exchanges.fold(0, u64::saturating_add);
    if !(least..=most).contains(&evaluated) {
        let expected = format!("between {least} and {most}");
        out.add(
            Subject::Live,
            format!("{at}.measured.evaluated"),
            evaluated,
            expected,
        );
    }
}

/// The field that disagrees, what the call says, and what the check measured.
fn disagreement(
    call: &CallEvidence,
    check: &CheckEvidence,
) -> Option<(&'static str, String, String)> {
    let status = |status: Option<u16>| status.map_or("nothing".to_owned(), |s| s.to_string());
    match (&check.measured, check.check.as_str()) {
        (
            Measured::Found {
                found: Some(Scalar::Status(measured)),
            },
            _,
        ) if call.status != Some(*measured) => {
            Some(("status", status(call.status), measured.to_string()))
        }
        (
            Measured::Found {
                found: Some(Scalar::Count(measured)),
            },
            "attempts",
        ) if call.exchanges != *measured => Some((
            "exchanges",
            call.exchanges.to_string(),
            measured.to_string(),
        )),
        (
            Measured::Found {
                found: Some(Scalar::Millis(measured)),
            },
            time @ ("ttft_ms" | "max_gap_ms" | "total_ms"),
        ) => {
            let (field, says) = match time {
                "ttft_ms" => ("ttftMs", call.ttft_ms),
                "max_gap_ms" => ("maxGapMs", call.max_gap_ms),
                _ => ("totalMs", Some(call.total_ms)),
            };
            let shown = || says.map_or("nothing".to_owned(), |says| says.to_string());
            (says != Some(*measured)).then(|| (field, shown(), measured.to_string()))
        }
        // Every answer was seen to carry an id, so the last one did.
        (
            Measured::Each {
                evaluated: 1..,
                violations: 0,
                ..
            },
            id,
        ) if (id == "request_id.uuid" || id.ends_with(".request_id"))
            && call.status.is_some()
            && call.request_id.is_none() =>
        {
            Some(("requestId", "nothing".to_owned(), "a UUID".to_owned()))
        }
        _ => None,
    }
}
