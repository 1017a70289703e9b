//! From what was observed to what is reported: measure each check, judge it, and give the row its
//! status.

use crate::{
    evidence::{WHOLE_ROW, Word},
    expect::{Scene, excuses, is_uuid, times},
    judge::{Outcome, judge},
    matrix::{Row, Venue},
    observe::{Broken, CallSeen, Observation},
    report::v1::{
        CallEvidence, CheckEvidence, Diagnostic, Redacted, RowError, RowEvidence, RowStatus,
        Standing,
    },
    verdict::row_status,
};

/// How a row came out, with its evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// The status.
    pub status: RowStatus,
    /// What was seen.
    pub evidence: RowEvidence,
    /// Why it did not pass.
    pub error: Option<RowError>,
}

/// Measures and judges every check of a row.
pub fn assess(row: &Row, scene: &Scene<'_>) -> Assessment {
    let calls: Vec<CallEvidence> = scene
        .seen
        .calls
        .iter()
        .map(|call| call_evidence(row, call, scene.seen))
        .collect();
    let checks: Vec<CheckEvidence> = row
        .checks
        .iter()
        .map(|check| {
            let measured = check.measure(scene);
            let outcome = judge(&check.rule, &measured);
            CheckEvidence {
                check: check.id.clone(),
                of: check.of.clone(),
                measured,
                outcome,
            }
        })
        .collect();
    let outcomes: Vec<Outcome> = checks.iter().map(|check| check.outcome).collect();
    let standings: Vec<Standing> = calls.iter().map(|call| call.standing).collect();
    let (status, diagnostic) = row_status(&outcomes, &standings);
    let error = diagnostic.map(|diagnostic| row_error(diagnostic, &checks, &calls, scene));
    Assessment {
        status,
        evidence: RowEvidence { calls, checks },
        error,
    }
}

fn row_error(
    diagnostic: Diagnostic,
    checks: &[CheckEvidence],
    calls: &[CallEvidence],
    scene: &Scene<'_>,
) -> RowError {
    let broken = checks.iter().find(|check| check.outcome == Outcome::Broken);
    let of = broken.map_or("", |check| check.of.as_str());
    let call = calls.iter().find(|call| call.name == of).or(calls.last());
    let error = call
        .and_then(|call| scene.seen.call(&call.name))
        .and_then(CallSeen::error);
    RowError {
        name: broken.map_or_else(|| WHOLE_ROW.to_owned(), |check| check.check.clone()),
        error_type: error.map(|error| Word::of(&error.kind)),
        diagnostic,
        status: call.and_then(|call| call.status),
        request_id: call.and_then(|call| call.request_id.clone()),
        message: Redacted::Redacted,
    }
}

fn call_evidence(row: &Row, call: &CallSeen, seen: &Observation) -> CallEvidence {
    let answer = call.answer();
    let (ttft_ms, max_gap_ms, total_ms) = times(call, seen);
    CallEvidence {
        name: call.name.clone(),
        standing: if row.venue == Venue::Local {
            Standing::Answered
        } else {
            standing(row, call)
        },
        status: answer.map(|answer| answer.status),
        request_id: answer
            .and_then(|answer| answer.header("x-request-id"))
            .filter(|id| is_uuid(id))
            .map(str::to_ascii_lowercase),
        exchanges: call.exchanges.len() as u64,
        ttft_ms,
        max_gap_ms,
        total_ms,
    }
}

/// Whether the gateway kept a call from being judged. Only an answer that is itself as promised (a
/// proper envelope, a request id, the rate-limit headers, a `Retry-After` that says a time) excuses
/// anything: a gateway that limits wrongly has answered wrongly.
fn standing(row: &Row, call: &CallSeen) -> Standing {
    let Some(last) = call.last() else {
        return Standing::Answered;
    };
    let Some(answer) = &last.answer else {
        return if last.broken == Some(Broken::Connect) {
            Standing::Unreachable
        } else {
            Standing::Answered
        };
    };
    let wanted = row
        .checks
        .iter()
        .filter(|check| check.of == call.name)
        .flat_map(crate::expect::Check::wanted_statuses);
    if wanted.into_iter().any(|status| status == answer.status) {
        return Standing::Answered;
    }
    match answer.status {
        _ if !excuses(last, answer) => Standing::Answered,
        429 => Standing::RateLimited,
        402 => Standing::OutOfCredits,
        503 => Standing::Unavailable,
        _ => Standing::Answered,
    }
}

#[cfg(test)]
mod tests;
