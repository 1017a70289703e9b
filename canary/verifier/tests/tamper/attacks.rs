//! Attacks by somebody who binds everything again and changes only what no other suite has tried:
//! operands from elsewhere, expectations left out, shares that were never run, times that cannot be.

use canary_core::{
    digest::Digest,
    evidence::{Measured, Scalar, Word},
    judge::Outcome,
    report::v1::{Diagnostic, Partition, Redacted, RowError, RowStatus},
};
use chrono::{DateTime, Duration, NaiveDate, Utc};

use crate::{
    change::{Change, all_are_refused},
    support::Good,
};

const CHAT: &str = "chat.completions.create";
const OUTCOMES: &str = "outcomes_are_rederived";
const CHECKS: &str = "checks_are_the_matrixs";
const SHARDS: &str = "shards_are_the_matrix";
const DURATIONS: &str = "durations_are_possible";

fn measured<'g>(good: &'g mut Good, row: &str, check: usize) -> &'g mut Measured {
    &mut good.evidence(row).checks[check].measured
}

fn found(scalar: Scalar) -> Measured {
    Measured::Found {
        found: Some(scalar),
    }
}

const OPERANDS: &[Change] = &[
    (
        "the operand of another row",
        |g| *measured(g, CHAT, 1) = measured(g, "error.rate_limit.local", 0).clone(),
        &[OUTCOMES],
    ),
    (
        "what came back for another row's nonce",
        |g| {
            if let Measured::Echo { found, .. } = measured(g, CHAT, 3) {
                *found = Some(Digest::of("another row"));
            }
        },
        &[OUTCOMES],
    ),
    (
        "a nonce that did not come back",
        |g| {
            if let Measured::Echo { found, .. } = measured(g, CHAT, 3) {
                *found = None;
            }
        },
        &[OUTCOMES],
    ),
    (
        "two answers that had to differ and are one",
        |g| {
            if let Measured::Pair { left, right } = measured(g, CHAT, 5) {
                *left = *right;
            }
        },
        &[OUTCOMES],
    ),
    (
        "two answers that had to differ and are none",
        |g| {
            *measured(g, CHAT, 5) = Measured::Pair {
                left: None,
                right: None,
            };
        },
        &[OUTCOMES],
    ),
    (
        "a count in the place of a status",
        |g| *measured(g, "models.list", 0) = found(Scalar::Count(200)),
        &[OUTCOMES],
    ),
    (
        "milliseconds in the place of a count",
        |g| *measured(g, CHAT, 4) = found(Scalar::Millis(2)),
        &[OUTCOMES],
    ),
    (
        "a word for every word",
        |g| *measured(g, CHAT, 1) = found(Scalar::Word(Word::of("anything"))),
        &[OUTCOMES],
    ),
    (
        "a truth in the place of a condition that was tried",
        |g| *measured(g, CHAT, 2) = found(Scalar::Truth(true)),
        &[OUTCOMES],
    ),
    (
        "a condition that was never tried",
        |g| {
            *measured(g, CHAT, 2) = Measured::Each {
                evaluated: 0,
                violations: 0,
                at: None,
            };
        },
        &[OUTCOMES],
    ),
    (
        "another form for every operand",
        |g| {
            for check in &mut g.evidence(CHAT).checks {
                check.measured = Measured::Found { found: None };
            }
        },
        &[OUTCOMES, "every_gating_row_passed"],
    ),
    (
        "an expectation skipped",
        |g| drop(g.evidence(CHAT).checks.pop()),
        &[CHECKS, "every_gating_row_passed"],
    ),
    (
        "an expectation skipped in the middle",
        |g| drop(g.evidence(CHAT).checks.remove(2)),
        &[CHECKS],
    ),
    (
        "an expectation answered twice in the place of another",
        |g| {
            let first = g.evidence(CHAT).checks[0].clone();
            g.evidence(CHAT).checks[2] = first;
        },
        &[CHECKS],
    ),
    (
        "an expectation more than the matrix has",
        |g| {
            let last = g.evidence(CHAT).checks[5].clone();
            g.evidence(CHAT).checks.push(last);
        },
        &[CHECKS],
    ),
    (
        "expectations in another order",
        |g| g.evidence(CHAT).checks.swap(0, 1),
        &[CHECKS],
    ),
    (
        "an expectation on another call",
        |g| "second".clone_into(&mut g.evidence(CHAT).checks[0].of),
        &[CHECKS],
    ),
    (
        "two calls with their names changed about",
        |g| {
            let calls = &mut g.evidence(CHAT).calls;
            let first = std::mem::take(&mut calls[0].name);
            let second = std::mem::replace(&mut calls[1].name, first);
            calls[0].name = second;
        },
        &[CHECKS],
    ),
    (
        "a call left out",
        |g| drop(g.evidence(CHAT).calls.pop()),
        &[CHECKS],
    ),
    (
        "a call that nobody asked for",
        |g| {
            let mut call = g.evidence("models.list").calls[0].clone();
            "more".clone_into(&mut call.name);
            call.request_id = Some("00000000-0000-4000-8000-0000000abcde".to_owned());
            g.evidence("models.list").calls.push(call);
        },
        &[CHECKS],
    ),
    (
        "a check that held called broken",
        |g| g.evidence(CHAT).checks[0].outcome = Outcome::Broken,
        &[OUTCOMES],
    ),
    (
        "a row that passed called inconclusive",
        |g| {
            let row = g.result(CHAT);
            row.status = RowStatus::Inconclusive;
            row.error = Some(RowError {
                name: "row".to_owned(),
                error_type: None,
                diagnostic: Diagnostic::RateLimited,
                status: None,
                request_id: None,
                message: Redacted::Redacted,
            });
            g.recount();
        },
        &["statuses_are_rederived", "every_gating_row_passed"],
    ),
];

const SHARES: &[Change] = &[
    (
        "a share's run under another spelling of another's id",
        |g| {
            g.shard(2);
            let shards = g.run().shards.as_mut().unwrap();
            shards[1].run_id = shards[0].run_id.to_uppercase();
        },
        &[SHARDS],
    ),
    (
        "a share's run named as the whole run, in braces",
        |g| {
            g.shard(2);
            let id = g.run().id.clone();
            g.run().shards.as_mut().unwrap()[0].run_id = format!("{{{id}}}");
        },
        &[SHARDS],
    ),
    (
        "a share's run with an id that nobody drew",
        |g| {
            g.shard(2);
            let nil = "00000000-0000-0000-0000-000000000000";
            nil.clone_into(&mut g.run().shards.as_mut().unwrap()[0].run_id);
        },
        &[SHARDS],
    ),
    (
        "more shares than there may be, none of which has a row",
        |g| {
            g.shard(2);
            let one = g.run().shards.as_ref().unwrap()[0].clone();
            let of = 65;
            let shards: Vec<_> = (1..=of)
                .map(|index| {
                    let mut shard = one.clone();
                    shard.partition = Partition { index, of };
                    let id = 0x4000_8000_0000_0000_0500 + u128::from(index);
                    shard.run_id = uuid::Uuid::from_u128(id).to_string();
                    shard.report_sha256 = Digest::of(index.to_string());
                    shard.results_sha256 =
                        canary_core::partition::digest_of_results(std::iter::empty()).unwrap();
                    let keyed = Some(Digest::of(format!("catalog {index}")));
                    (shard.gateway_at_start, shard.gateway_at_end) = (keyed, keyed);
                    shard
                })
                .collect();
            let ends: Vec<_> = shards.iter().map(|shard| shard.gateway_at_end).collect();
            let whole = canary_core::partition::fingerprint(&ends);
            let (began, ended) = (one.started_at, one.finished_at);
            let run = g.run();
            (run.gateway_at_start, run.gateway_at_end) = (whole, whole);
            (run.started_at, run.finished_at) = (began, ended);
            run.shards = Some(shards);
        },
        &[SHARDS],
    ),
    (
        "two shares under one key",
        |g| {
            g.shard(2);
            let shards = g.run().shards.as_mut().unwrap();
            let one = shards[0].gateway_at_start;
            (shards[1].gateway_at_start, shards[1].gateway_at_end) = (one, one);
            let whole = canary_core::partition::fingerprint(&[one, one]);
            let run = g.run();
            (run.gateway_at_start, run.gateway_at_end) = (whole, whole);
        },
        &[SHARDS],
    ),
    (
        "the share of all rows, which is no share",
        |g| g.run().partition = Some(Partition { index: 1, of: 1 }),
        &[SHARDS],
    ),
    (
        "a share beside shares",
        |g| {
            g.shard(2);
            g.run().partition = Some(Partition { index: 1, of: 2 });
        },
        &[SHARDS],
    ),
    (
        "a row that took longer than the share that had it",
        |g| {
            g.shard(2);
            let shards = g.run().shards.as_mut().unwrap();
            shards[0].finished_at = shards[0].started_at + Duration::seconds(1);
            g.result("models.list").duration_ms = 60_000;
        },
        &[DURATIONS],
    ),
];

fn far(year: i32) -> DateTime<Utc> {
    let day = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
    day.and_hms_opt(0, 0, 0).unwrap().and_utc()
}

const TIMES: &[Change] = &[
    (
        "answers that took no time",
        |g| {
            for result in &mut g.live.reports[0].results {
                let calls = result.evidence.iter_mut().flat_map(|seen| &mut seen.calls);
                calls.for_each(|call| call.total_ms = 0);
            }
        },
        &[DURATIONS],
    ),
    (
        "a run that ends at the end of time",
        |g| {
            g.run().finished_at = far(262_000);
            g.live.generated_at = far(262_000);
        },
        &["evidence_is_fresh"],
    ),
    (
        "a run that began before all time",
        |g| g.run().started_at = far(-262_000),
        &["evidence_is_fresh"],
    ),
    (
        "a readiness of another age",
        |g| {
            g.readiness.generated_at = far(-262_000);
            g.bind();
        },
        &["evidence_is_fresh"],
    ),
    (
        "a readiness from the end of time",
        |g| {
            g.readiness.generated_at = far(262_000);
            g.bind();
        },
        &["evidence_is_fresh", "times_are_in_order"],
    ),
    (
        "the answer to an older challenge",
        |g| {
            let (issued, valid) = (g.now - Duration::days(2), Duration::days(1));
            let old = canary_core::challenge::Challenge::new([7; 32], issued, valid).unwrap();
            g.run().challenge_sha256 = Some(old.digest());
        },
        &["challenge_is_met"],
    ),
];

#[test]
fn operands_and_expectations_that_are_not_the_row_s_are_refused() {
    all_are_refused(OPERANDS);
}

#[test]
fn shares_that_were_never_run_are_refused() {
    all_are_refused(SHARES);
}

#[test]
fn times_that_cannot_be_are_refused() {
    all_are_refused(TIMES);
}

/// One call rounded to nothing is no reason, and a rehearsal is next door.
#[test]
fn a_quick_answer_is_no_reason() {
    let mut good = Good::new();
    good.evidence("models.list").calls[0].total_ms = 0;
    assert_eq!(good.broken(), Vec::<String>::new());
    for result in &mut good.live.reports[0].results {
        let calls = result.evidence.iter_mut().flat_map(|seen| &mut seen.calls);
        calls.for_each(|call| call.total_ms = 0);
    }
    good.rehearse();
    assert_eq!(good.broken(), Vec::<String>::new());
}
