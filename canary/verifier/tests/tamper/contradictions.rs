//! Evidence of which every part could have been measured, and the whole could not; and words where only
//! names of the matrix belong.

use canary_core::{
    evidence::{Measured, Scalar, Word},
    judge::{Outcome, Rule},
    report::v1::{Diagnostic, RowError, RowStatus},
};

use crate::{
    change::{Change, all_are_refused},
    schemes::{each, measured},
    support::Good,
};

const CHAT: &str = "chat.completions.create";
const LIST: &str = "models.list";
const ROW: &str = "preview.row";
const AGREE: &str = "calls_agree_with_their_checks";
const ERRORS: &str = "errors_are_about_their_row";
const CHECKS: &str = "checks_are_the_matrixs";
const NONE: [&str; 0] = [];

fn answers(good: &mut Good, row: &str, id: &str, seen: u64) {
    measured(
        good,
        row,
        id,
        "row",
        Rule::Always { at_least: 1 },
        each(seen),
    );
}

/// The preview row, stopped before it had seen anything.
fn stopped(good: &mut Good) -> &mut RowError {
    good.fail(ROW);
    let row = good.result(ROW);
    row.evidence = None;
    let error = row.error.as_mut().unwrap();
    error.diagnostic = Diagnostic::Deadline;
    "row".clone_into(&mut error.name);
    (error.status, error.request_id) = (None, None);
    error
}

fn envelope(good: &mut Good, status: Option<u16>) {
    let yes = Scalar::Truth(true);
    let found = Measured::Found { found: Some(yes) };
    let rule = Rule::OneOf(vec![yes]);
    measured(good, CHAT, "error.envelope", "second", rule, found);
    good.evidence(CHAT).calls[1].status = status;
}

const WHOLES: &[Change] = &[
    (
        "two checks of every answer that saw two numbers of them",
        |g| {
            g.evidence(CHAT).calls[0].exchanges = 3;
            answers(g, CHAT, "each_envelope", 2);
            answers(g, CHAT, "each_date", 3);
        },
        &[AGREE],
    ),
    (
        "a check of each call's answer that saw those before it",
        |g| {
            g.evidence(CHAT).calls[0].exchanges = 3;
            answers(g, CHAT, "each_created", 4);
        },
        &[AGREE],
    ),
    (
        "a check of each call's answer that saw one only",
        |g| answers(g, CHAT, "each_answer_id", 1),
        &[AGREE],
    ),
    (
        "more answers of a call than it made exchanges",
        |g| g.evidence(LIST).checks[1].measured = each(2),
        &[AGREE],
    ),
    (
        "a call with a status of whose answers none was seen",
        |g| {
            let rule = Rule::Always { at_least: 1 };
            measured(g, ROW, "error.request_id", "call", rule, each(0));
        },
        &[AGREE],
    ),
    (
        "an error in the envelope with a status of none",
        |g| envelope(g, Some(200)),
        &[AGREE],
    ),
    (
        "an error in the envelope of no answer",
        |g| envelope(g, None),
        &[AGREE],
    ),
    (
        "a row that was stopped and nevertheless could not tell",
        |g| {
            stopped(g);
            g.result(ROW).status = RowStatus::Inconclusive;
            g.recount();
        },
        &["statuses_are_rederived"],
    ),
];

/// Words of anybody's choice where a row did not pass, and so nothing else was looked at.
const WORDS: &[Change] = &[
    (
        "a text for the name of a check that stopped the row",
        |g| "a prompt of somebody".clone_into(&mut stopped(g).name),
        &[ERRORS],
    ),
    (
        "a text for the request id of a row that saw none",
        |g| stopped(g).request_id = Some("a prompt of somebody".to_owned()),
        &[ERRORS],
    ),
    (
        "a status that nobody gave",
        |g| stopped(g).status = Some(500),
        &[ERRORS],
    ),
    (
        "an error of a gateway that was not asked to the end",
        |g| stopped(g).error_type = Some(Word::of("server_error")),
        &[ERRORS],
    ),
    (
        "a text for the name of a call of a row that failed",
        |g| {
            g.fail(ROW);
            let mut call = g.evidence(ROW).calls[0].clone();
            "a prompt of somebody".clone_into(&mut call.name);
            call.request_id = None;
            g.evidence(ROW).calls.insert(0, call);
        },
        &[CHECKS],
    ),
    (
        "a call of a row that failed, twice",
        |g| {
            g.fail(ROW);
            let mut call = g.evidence(ROW).calls[0].clone();
            call.request_id = None;
            g.evidence(ROW).calls.push(call);
        },
        &[CHECKS],
    ),
];

#[test]
fn evidence_that_contradicts_itself_is_refused() {
    all_are_refused(WHOLES);
}

#[test]
fn words_of_anybodys_choice_are_refused() {
    all_are_refused(WORDS);
}

#[test]
fn what_is_nearly_a_contradiction_is_none() {
    let mut good = Good::new();
    good.evidence(CHAT).calls[0].exchanges = 3;
    answers(&mut good, CHAT, "each_envelope", 3);
    answers(&mut good, CHAT, "each_date", 3);
    answers(&mut good, CHAT, "each_created", 2);
    answers(&mut good, CHAT, "each_answer_id", 2);
    // Other conditions see as many things as they like.
    answers(&mut good, CHAT, "rate_limit_counts", 2);
    envelope(&mut good, Some(400));
    let rule = Rule::Always { at_least: 1 };
    measured(&mut good, CHAT, "error.request_id", "first", rule, each(3));
    assert_eq!(good.broken(), NONE);
    stopped(&mut good);
    good.recount();
    assert_eq!(good.broken(), NONE);
}

/// An error that was not in the envelope may have any status.
#[test]
fn an_envelope_that_is_missing_says_nothing_of_the_status() {
    let mut good = Good::new();
    good.fail(ROW);
    let (yes, no) = (Scalar::Truth(true), Scalar::Truth(false));
    let (rule, found) = (Rule::OneOf(vec![yes]), Measured::Found { found: Some(no) });
    measured(&mut good, ROW, "error.envelope", "call", rule, found);
    good.evidence(ROW).checks[1].outcome = Outcome::Broken;
    assert_eq!(good.broken(), NONE);
}

/// Where no answer came, none was seen to carry an id; and other conditions may find nothing to look at.
#[test]
fn nothing_may_have_been_seen_where_there_was_nothing() {
    let unseen = |id: &str, status: Option<u16>| {
        let mut good = Good::new();
        good.fail(ROW);
        let rule = Rule::Always { at_least: 1 };
        measured(&mut good, ROW, id, "call", rule, each(0));
        good.evidence(ROW).checks[1].outcome = Outcome::Broken;
        good.evidence(ROW).calls[0].status = status;
        good.result(ROW).error.as_mut().unwrap().status = status;
        good.broken()
    };
    assert_eq!(unseen("error.request_id", None), NONE);
    assert_eq!(unseen("request_id.uuid", None), NONE);
    assert_eq!(unseen("shape", Some(200)), NONE);
    assert_eq!(unseen("error.request_id", Some(200)), [AGREE]);
}

/// A row that did not pass may have made fewer calls than it has.
#[test]
fn a_failed_row_may_have_left_out_calls() {
    let failed = |calls: &[usize]| {
        let mut good = Good::new();
        good.fail(CHAT);
        let all = good.evidence(CHAT).calls.clone();
        good.evidence(CHAT).calls = calls.iter().map(|at| all[*at].clone()).collect();
        let error = good.result(CHAT).error.as_mut().unwrap();
        let about = calls.iter().find(|at| **at == 0).or(calls.last());
        error.status = about.and_then(|at| all[*at].status);
        error.request_id = about.and_then(|at| all[*at].request_id.clone());
        good.broken()
    };
    for calls in [&[][..], &[0], &[1], &[0, 1]] {
        assert_eq!(failed(calls), ["every_gating_row_passed"], "{calls:?}");
    }
    assert!(failed(&[1, 0]).contains(&CHECKS.to_owned()));
}

/// A report with as many calls and checks as it can hold is looked at once, and not once for each pair.
#[test]
fn calls_and_checks_that_are_too_many_are_not_compared() {
    let mut good = Good::new();
    let check = good.evidence(LIST).checks[1].clone();
    let call = good.evidence(LIST).calls[0].clone();
    let many = 20_000;
    let evidence = good.evidence(LIST);
    evidence.checks.extend(std::iter::repeat_n(check, many));
    evidence.calls.extend(std::iter::repeat_n(call, many));
    let evidence = good.evidence(LIST);
    for call in &mut evidence.calls[1..] {
        (call.exchanges, call.request_id) = (9, None);
    }
    let broken = good.broken();
    assert!(broken.contains(&CHECKS.to_owned()), "{broken:?}");
    assert!(!broken.contains(&AGREE.to_owned()), "{broken:?}");
    // Nor do calls that nobody asked for stand up for what a check says it saw.
    answers(&mut good, LIST, "each_date", 9);
    good.evidence(LIST).checks.swap(2, many + 2);
    assert!(good.broken().contains(&AGREE.to_owned()));
}

/// Calls that follow each other take their times together, and calls at the same time the longest of theirs.
#[test]
fn calls_one_after_another_fit_into_their_row() {
    let took = |together: &[&str], first: u64, second: u64| {
        let mut good = Good::new();
        let row = good.canon.rows.iter_mut().find(|row| row.name == CHAT);
        row.unwrap().together = together.iter().map(|&name| name.to_owned()).collect();
        good.result(CHAT).duration_ms = 20_000;
        let calls = &mut good.evidence(CHAT).calls;
        (calls[0].total_ms, calls[1].total_ms) = (first, second);
        good.broken()
    };
    let refused = ["durations_are_possible"];
    assert_eq!(took(&[], 1_000, 20_000), NONE);
    assert_eq!(took(&[], 20_000, 1_000), NONE);
    assert_eq!(took(&[], 1_001, 20_000), refused);
    assert_eq!(took(&[], 20_000, 1_001), refused);
    assert_eq!(took(&["second"], 21_000, 20_999), NONE);
    assert_eq!(took(&["second"], 20_999, 21_000), NONE);
    assert_eq!(took(&["first"], 11_000, 10_001), refused);
    assert_eq!(took(&["second"], 21_001, 5), refused);
}
