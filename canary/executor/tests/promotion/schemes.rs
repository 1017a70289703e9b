//! Forgeries of a real pair, each with a rule that refuses it.

use canary_core::{
    evidence::{Measured, Scalar},
    judge::{Outcome, Rule},
    report::v1::{CUSTOM_BASE_URL, Diagnostic, Redacted, RowError, RowResult, RowStatus, Standing},
};
use canary_verifier::canon::{CanonCheck, CanonRow};
use uuid::Uuid;

use crate::pair::Forged;

/// What it is, how it is done, and a rule that refuses it.
pub(crate) type Scheme = (&'static str, fn(&mut Forged), &'static str);

fn results(forged: &mut Forged) -> &mut Vec<RowResult> {
    &mut forged.live.reports[0].results
}

/// Where the first row stands that is of a kind.
fn position(forged: &Forged, wanted: impl Fn(&CanonRow) -> bool) -> usize {
    forged.canon.rows.iter().position(wanted).unwrap()
}

fn live_ga(row: &CanonRow) -> bool {
    row.live && row.gates
}

fn fail(forged: &mut Forged, at: usize) {
    let result = &mut results(forged)[at];
    let evidence = result.evidence.as_mut().unwrap();
    evidence.checks[0].measured = Measured::Found { found: None };
    evidence.checks[0].outcome = Outcome::Broken;
    result.error = Some(RowError {
        name: evidence.checks[0].check.clone(),
        error_type: None,
        diagnostic: Diagnostic::CheckBroken,
        status: evidence.calls[0].status,
        request_id: evidence.calls[0].request_id.clone(),
        message: Redacted::Redacted,
    });
    result.status = RowStatus::Failed;
    let summary = &mut forged.live.reports[0].summary;
    (summary.passed, summary.failed) = (summary.passed - 1, summary.failed + 1);
}

/// Two rows that demand the same, one of which looks for a nonce.
fn twins(forged: &Forged) -> (usize, usize) {
    let rows = &forged.canon.rows;
    for (one, row) in rows.iter().enumerate() {
        let echoes = |check: &CanonCheck| check.fresh && check.rule == Rule::Echoed;
        let fresh = row.checks.iter().any(echoes);
        let same = |other: &CanonRow| other.checks == row.checks && other.calls == row.calls;
        let after = rows.iter().skip(one + 1).position(same);
        if let (true, true, Some(distance)) = (row.live, fresh, after) {
            return (one, one + 1 + distance);
        }
    }
    panic!("no two rows demand the same");
}

pub(crate) const ALL: &[Scheme] = &[
    (
        "a gating row that failed",
        |forged| {
            let at = position(forged, live_ga);
            fail(forged, at);
        },
        "every_gating_row_passed",
    ),
    (
        "a gating row that failed and says it passed",
        |forged| {
            let at = position(forged, live_ga);
            fail(forged, at);
            let result = &mut results(forged)[at];
            (result.status, result.error) = (RowStatus::Passed, None);
        },
        "statuses_are_rederived",
    ),
    (
        "a row whose failure is the network's",
        |forged| {
            let at = position(forged, live_ga);
            fail(forged, at);
            let result = &mut results(forged)[at];
            result.status = RowStatus::Inconclusive;
            result.evidence.as_mut().unwrap().calls[0].standing = Standing::Unreachable;
        },
        "calls_are_possible",
    ),
    (
        "a row that was taken from its twin, with ids of its own",
        |forged| {
            let (from, to) = twins(forged);
            let mut evidence = results(forged)[from].evidence.clone().unwrap();
            for call in &mut evidence.calls {
                call.request_id = Some(Uuid::new_v4().to_string());
            }
            results(forged)[to].evidence = Some(evidence);
        },
        "nonces_are_fresh",
    ),
    (
        "a row that was taken from its twin as it is",
        |forged| {
            let (from, to) = twins(forged);
            results(forged)[to].evidence = results(forged)[from].evidence.clone();
        },
        "request_ids_never_repeat",
    ),
    (
        "a row of a gateway that nobody asked",
        |forged| {
            let at = position(forged, live_ga);
            let evidence = results(forged)[at].evidence.as_mut().unwrap();
            for call in &mut evidence.calls {
                (call.status, call.request_id, call.exchanges) = (None, None, 0);
            }
        },
        "live_rows_reached_the_gateway",
    ),
    (
        "answers that nobody gave, looked at all the same",
        |forged| {
            let every = |row: &CanonRow| row.checks.iter().any(|check| check.id == "each_envelope");
            let at = position(forged, every);
            let evidence = results(forged)[at].evidence.as_mut().unwrap();
            for check in &mut evidence.checks {
                if let ("each_envelope", Measured::Each { evaluated, .. }) =
                    (check.check.as_str(), &mut check.measured)
                {
                    *evaluated += 1;
                }
            }
        },
        "calls_agree_with_their_checks",
    ),
    (
        "a stream that was quick only in words",
        |forged| {
            let timed =
                |row: &CanonRow| row.live && row.checks.iter().any(|check| check.id == "ttft_ms");
            let at = position(forged, timed);
            let evidence = results(forged)[at].evidence.as_mut().unwrap();
            for check in &mut evidence.checks {
                if let ("ttft_ms", Measured::Found { found }) =
                    (check.check.as_str(), &mut check.measured)
                {
                    *found = found.map(|_| Scalar::Millis(1_234));
                }
            }
        },
        "calls_agree_with_their_checks",
    ),
    (
        "every preview row left out",
        |forged| {
            let preview: Vec<bool> = forged.canon.rows.iter().map(|row| !row.gates).collect();
            for (result, _) in results(forged)
                .iter_mut()
                .zip(preview)
                .filter(|(_, is)| *is)
            {
                (result.status, result.evidence) = (RowStatus::Skipped, None);
            }
            let lane = &mut forged.live.reports[0];
            let passed = |row: &&RowResult| row.status == RowStatus::Passed;
            lane.summary.passed = lane.results.iter().filter(passed).count() as u64;
            lane.summary.skipped = lane.results.len() as u64 - lane.summary.passed;
        },
        "ready_rows_had_their_turn",
    ),
    (
        "a gateway of one's own",
        |forged| CUSTOM_BASE_URL.clone_into(&mut forged.live.reports[0].base_url),
        "gateway_is_production",
    ),
    (
        "the last row taken out of both reports",
        |forged| {
            for report in [&mut forged.readiness, &mut forged.live] {
                report.expected_rows.pop();
                report.readiness.rows.pop();
                report.readiness.summary.ready -= 1;
                report.matrix.row_count -= 1;
            }
            let lane = &mut forged.live.reports[0];
            lane.results.pop();
            lane.summary.passed -= 1;
        },
        "rows_are_the_matrixs",
    ),
    (
        "another SDK's sources",
        |forged| {
            for report in [&mut forged.readiness, &mut forged.live] {
                report.candidate.source_digest_sha256 = canary_core::digest::Digest::of("another");
            }
        },
        "sources_are_the_artifacts",
    ),
];
