//! What a call says of itself is what the checks on it measured: its status, its request id and
//! how many exchanges it made.

use canary_core::{
    evidence::{Measured, Scalar},
    report::v1::{CallEvidence, CheckEvidence},
};

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "calls_agree_with_their_checks",
    demands: "What a call says of itself is what the checks on it measured: its status, its request id and how many exchanges it made.",
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
        }
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
