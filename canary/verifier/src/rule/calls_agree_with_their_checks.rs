//! What a call says of itself is what the checks on it measured: its status, its request id, its
//! times and how many exchanges it made; and the checks saw as many answers as there were.

use canary_core::{
    evidence::{Measured, Scalar, WHOLE_ROW},
    report::v1::{CallEvidence, CheckEvidence},
};

use super::{Applies, Check, Rule};
use crate::{
    Context,
    case::Document,
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "calls_agree_with_their_checks",
    demands: "What a call says of itself is what the checks on it measured: its status, its request id, its times and how many exchanges it made; and a check of every answer, of a call or of the row, saw at least one for each call that has a status, no more than there were exchanges, and as many as the others that look at the same.",
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
    for (_, row, result, at) in live.results(&context.canon) {
        let Some(evidence) = &result.evidence else {
            continue;
        };
        // No more are looked at than there may be: another rule tells of those that are too many.
        let calls = &evidence.calls[..evidence.calls.len().min(row.calls.len())];
        let mut first = None;
        for (index, check) in evidence.checks.iter().take(row.checks.len()).enumerate() {
            let mut named = calls.iter().enumerate();
            if let Some((which, call)) = named.find(|(_, call)| call.name == check.of) {
                let (check_at, call_at) = (
                    format!("{at}.evidence.checks[{index}].measured"),
                    format!("{at}.evidence.calls[{which}]"),
                );
                if let Some((field, says, measured)) = disagreement(call, check) {
                    let expected = format!("{measured}, as {check_at}");
                    out.add(live.subject, format!("{call_at}.{field}"), says, expected);
                }
            }
            let Some(evaluated) = of_every_answer(check) else {
                continue;
            };
            let at = format!("{at}.evidence.checks[{index}].measured.evaluated");
            if OF_LAST_ANSWERS.contains(&check.check.as_str()) {
                out.equal(live.subject, at, evaluated, answered(calls));
                continue;
            }
            // All the others went over the same answers.
            let seen = *first.get_or_insert(evaluated);
            out.equal(live.subject, &at, evaluated, seen);
            answers_seen(calls, evaluated, at, out);
        }
    }
}

/// What every answer of a row is asked, from its name in the vocabulary.
const EVERY_ANSWER: &str = "each_";

/// Of these, the ones that look at the last answer of each call only.
const OF_LAST_ANSWERS: [&str; 2] = ["each_answer_id", "each_created"];

/// How many calls have an answer.
fn answered(calls: &[CallEvidence]) -> u64 {
    calls.iter().filter(|call| call.status.is_some()).count() as u64
}

/// How many answers a check saw that looks at every answer of its row.
fn of_every_answer(check: &CheckEvidence) -> Option<u64> {
    match check.measured {
        Measured::Each { evaluated, .. }
            if check.of == WHOLE_ROW && check.check.starts_with(EVERY_ANSWER) =>
        {
            Some(evaluated)
        }
        _ => None,
    }
}

/// A check of every answer saw as many as there can have been.
fn answers_seen(calls: &[CallEvidence], evaluated: u64, at: String, out: &mut Findings) {
    let least = answered(calls);
    let exchanges = calls.iter().map(|call| call.exchanges);
    let most = exchanges.fold(0, u64::saturating_add);
    if !(least..=most).contains(&evaluated) {
        let expected = format!("between {least} and {most}");
        out.add(Subject::Live, at, evaluated, expected);
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
        (
            Measured::Found {
                found: Some(Scalar::Truth(true)),
            },
            id,
        ) if id.ends_with(".envelope") && call.status.is_none_or(|status| status < 400) => {
            Some(("status", status(call.status), "an error".to_owned()))
        }
        (Measured::Each { evaluated, .. }, id) if is_of_ids(id) && *evaluated > call.exchanges => {
            let measured = format!("at least {evaluated}");
            Some(("exchanges", call.exchanges.to_string(), measured))
        }
        (Measured::Each { evaluated: 0, .. }, id) if is_of_ids(id) && call.status.is_some() => {
            Some(("status", status(call.status), "no answer".to_owned()))
        }
        // Every answer was seen to carry an id, so the last one did.
        (
            Measured::Each {
                evaluated: 1..,
                violations: 0,
                ..
            },
            id,
        ) if is_of_ids(id) && call.status.is_some() && call.request_id.is_none() => {
            Some(("requestId", "nothing".to_owned(), "a UUID".to_owned()))
        }
        _ => None,
    }
}

/// Whether a check of a call looked at the request id of each of its answers.
fn is_of_ids(check: &str) -> bool {
    check == "request_id.uuid" || check.ends_with(".request_id")
}
