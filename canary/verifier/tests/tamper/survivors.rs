//! What mutation testing showed that no other suite looks at: the other side of each condition.

use canary_core::{
    evidence::{Measured, Scalar},
    judge::Rule,
    partition::fingerprint,
    report::v1::{Diagnostic, ReadyStatus, RowError, RowStatus, Standing},
};
use chrono::Duration;

use crate::{
    schemes::{each, measured},
    support::Good,
};

const CHAT: &str = "chat.completions.create";
const ROW: &str = "preview.row";
const NONE: [&str; 0] = [];

/// The preview row, stopped by its deadline after it had seen something.
fn stopped(good: &mut Good) -> &mut RowError {
    let evidence = good.evidence(ROW).clone();
    good.fail(ROW);
    *good.evidence(ROW) = evidence;
    let error = good.result(ROW).error.as_mut().unwrap();
    error.diagnostic = Diagnostic::Deadline;
    "row".clone_into(&mut error.name);
    error
}

#[test]
fn a_row_that_was_stopped_may_have_seen_something() {
    let mut good = Good::new();
    stopped(&mut good);
    assert_eq!(good.broken(), NONE);
    stopped(&mut good).status = Some(418);
    assert_eq!(good.broken(), ["errors_are_about_their_row"]);
    let mut good = Good::new();
    stopped(&mut good).request_id = Some("00000000-0000-4000-8000-00000000beef".to_owned());
    assert_eq!(good.broken(), ["errors_are_about_their_row"]);
}

#[test]
fn a_check_of_a_row_that_is_not_about_every_answer_may_see_any_number() {
    let mut good = Good::new();
    let rule = || Rule::Always { at_least: 1 };
    measured(&mut good, CHAT, "invariant", "row", rule(), each(500));
    measured(&mut good, CHAT, "each_item", "first", rule(), each(500));
    assert_eq!(good.broken(), NONE);
}

#[test]
fn each_time_of_a_call_is_held_against_its_own() {
    let mut good = Good::new();
    let times = [("ttft_ms", 9), ("max_gap_ms", 7), ("total_ms", 50)];
    for (id, millis) in times {
        let rule = Rule::Between(Scalar::Millis(0), Scalar::Millis(60));
        let found = Some(Scalar::Millis(millis));
        measured(
            &mut good,
            CHAT,
            id,
            "second",
            rule,
            Measured::Found { found },
        );
    }
    let call = &mut good.evidence(CHAT).calls[1];
    (call.ttft_ms, call.max_gap_ms, call.total_ms) = (Some(9), Some(7), 50);
    assert_eq!(good.broken(), NONE);
}

#[test]
fn a_condition_may_be_broken_as_often_as_it_was_tried_and_no_more() {
    for (violations, possible) in [(3, true), (4, false), (5, false)] {
        let mut good = Good::new();
        good.fail(ROW);
        good.evidence(ROW).checks[0].measured = Measured::Each {
            evaluated: 3,
            violations,
            at: None,
        };
        let broken = good.broken();
        let refused = broken.contains(&"measurements_are_possible".to_owned());
        assert_eq!(refused, !possible, "{violations}: {broken:?}");
    }
}

#[test]
fn a_row_is_held_against_its_own_readiness() {
    let blocked = |skipped: bool| {
        let mut good = Good::new();
        let missing = || vec!["RUNINFRA_LLM_MODEL".to_owned()];
        for report in [&mut good.readiness, &mut good.live] {
            let readiness = &mut report.readiness;
            readiness.status = ReadyStatus::Blocked;
            readiness.missing = missing();
            readiness.rows[4].status = ReadyStatus::Blocked;
            readiness.rows[4].missing = missing();
            (readiness.summary.ready, readiness.summary.blocked) = (4, 1);
        }
        if skipped {
            let row = good.result(ROW);
            (row.status, row.evidence) = (RowStatus::Skipped, None);
            row.missing = Some(missing());
            good.recount();
        }
        good.bind();
        good.broken()
    };
    assert_eq!(blocked(true), ["readiness_is_complete"]);
    assert_eq!(
        blocked(false),
        ["readiness_is_complete", "ready_rows_had_their_turn"]
    );
}

#[test]
fn more_shares_than_rows_are_as_good_and_each_may_take_no_time() {
    let mut good = Good::new();
    good.shard(7);
    assert_eq!(good.broken(), NONE);
    let began = good.run().started_at;
    let run = good.run();
    run.finished_at = began;
    for shard in run.shards.iter_mut().flatten() {
        (shard.started_at, shard.finished_at) = (began, began);
    }
    assert_eq!(good.broken(), NONE);
    let run = good.run();
    run.shards.as_mut().unwrap()[0].finished_at = began - Duration::milliseconds(1);
    assert_eq!(good.broken(), ["shards_are_the_matrix"]);
}

#[test]
fn a_share_on_a_gateway_that_changed_is_told_of_by_itself() {
    let mut good = Good::new();
    good.shard(2);
    let run = good.run();
    let shards = run.shards.as_mut().unwrap();
    shards[0].gateway_at_end = Some(canary_core::digest::Digest::of("deployed"));
    let ends: Vec<_> = shards.iter().map(|shard| shard.gateway_at_end).collect();
    run.gateway_at_end = fingerprint(&ends);
    assert_eq!(
        good.broken(),
        ["gateway_did_not_change", "shards_are_the_matrix"]
    );
}

#[test]
fn a_promotion_without_its_files_or_its_tree_is_refused() {
    let good = Good::new();
    assert!(good.verify().holds());
    let mut context = good.context();
    context.staged = None;
    let broken = good.broken_in(&context);
    assert!(
        broken.contains(&"artifacts_are_the_staged_files".to_owned()),
        "{broken:?}"
    );
    let mut context = good.context();
    context.tree = None;
    let broken = good.broken_in(&context);
    assert!(
        broken.contains(&"sources_are_the_trees".to_owned()),
        "{broken:?}"
    );
    assert!(!good.verify_in(&context).holds());
}

#[test]
fn answers_that_took_no_time_are_not_hidden_by_a_refusal_that_took_some() {
    let mut good = Good::new();
    for result in &mut good.live.reports[0].results {
        for call in result.evidence.iter_mut().flat_map(|all| &mut all.calls) {
            call.total_ms = 0;
        }
    }
    let call = &mut good.evidence(ROW).calls[0];
    (call.standing, call.total_ms) = (Standing::RateLimited, 5);
    let broken = good.broken();
    assert!(
        broken.contains(&"durations_are_possible".to_owned()),
        "{broken:?}"
    );
}

#[test]
fn a_call_whose_id_was_seen_has_an_id() {
    const LOCAL: &str = "error.rate_limit.local";
    let forgotten = |checked: Option<&str>| {
        let mut good = Good::new();
        if let Some(id) = checked {
            let rule = Rule::Always { at_least: 1 };
            measured(&mut good, LOCAL, id, "call", rule, each(1));
        }
        let call = &mut good.evidence(LOCAL).calls[0];
        assert!(call.status.is_some());
        call.request_id = None;
        good.broken()
    };
    for id in ["request_id.uuid", "raises.request_id"] {
        assert_eq!(forgotten(Some(id)), ["calls_agree_with_their_checks"]);
    }
    for other in [None, Some("each_request_id"), Some("request_id.shape")] {
        assert_eq!(forgotten(other), NONE, "{other:?}");
    }
}
