//! What excuses a row, and what does not.

use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::{
    diagnose::SourceFile,
    digest::DigestKey,
    matrix::Matrix,
    observe::{AnswerSeen, Ending, ErrorSeen, Exchange, Observation},
    template::{Scope, Slot, Unfilled},
};

struct Nothing;

impl Scope for Nothing {
    fn value(&self, _: &Slot) -> Result<Option<Value>, Unfilled> {
        Ok(None)
    }
}

const ID: &str = "6fa459ea-ee8a-4ca4-894e-db77e160355e";

fn matrix(expect: &str) -> Matrix {
    let rows = format!(
        "[[row]]\nname = \"models.list\"\nproves = \"Lists.\"\ntier = \"ga\"\nvenue = \"live\"\nsurfaces = [\"models.list\"]\n\
         call = {{ operation = \"models.list\" }}\nexpect = {expect}\nsabotage = [\"x\"]\n"
    );
    let inputs = "[[input]]\nname = \"RUNINFRA_API_KEY\"\nkind = \"key\"\nabout = \"Key.\"\n";
    Matrix::load(
        vec![
            SourceFile::new("rows.toml", rows),
            SourceFile::new("inputs.toml", inputs),
        ],
        None,
    )
    .unwrap()
}

fn call(answer: Option<AnswerSeen>, broken: Option<Broken>) -> CallSeen {
    CallSeen {
        name: "call".to_owned(),
        asked: Value::Null,
        ending: Ending::Failed(ErrorSeen {
            kind: "rate_limit".to_owned(),
            ..ErrorSeen::default()
        }),
        text: None,
        document: None,
        events: Vec::new(),
        media: Vec::new(),
        request_id: None,
        replayed: None,
        exchanges: vec![Exchange {
            method: "GET".to_owned(),
            path: "/v1/models".to_owned(),
            headers: Vec::new(),
            at: Duration::ZERO,
            answer,
            broken,
        }],
        took: Duration::from_millis(7),
    }
}

/// A refusal in the envelope, with the headers that every answer has and these.
fn answer(status: u16, kind: &str, headers: &[(&str, &str)]) -> AnswerSeen {
    const ALWAYS: [(&str, &str); 4] = [
        ("content-type", "application/json"),
        ("x-ratelimit-limit", "500"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-tier", "pro"),
    ];
    AnswerSeen {
        status,
        headers: ALWAYS
            .iter()
            .chain(headers)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: json!({"error": {"message": "no", "type": kind, "code": null}})
            .to_string()
            .into_bytes(),
        arrivals: Vec::new(),
        whole: true,
    }
}

fn without_limits(mut answer: AnswerSeen) -> AnswerSeen {
    let limits = |name: &str| name.starts_with("x-ratelimit");
    answer.headers.retain(|(name, _)| !limits(name));
    answer
}

fn status_of(expect: &str, seen: CallSeen) -> (RowStatus, Option<Diagnostic>, Standing) {
    let matrix = matrix(expect);
    let seen = Observation {
        calls: vec![seen],
        ..Observation::default()
    };
    let key = DigestKey::new([7; 32]);
    let assessed = assess(
        &matrix.rows()[0],
        &Scene {
            seen: &seen,
            scope: &Nothing,
            key: &key,
        },
    );
    (
        assessed.status,
        assessed.error.map(|error| error.diagnostic),
        assessed.evidence.calls[0].standing,
    )
}

#[test]
fn a_proper_refusal_to_serve_leaves_the_row_undecided() {
    let (id, wait) = (("x-request-id", ID), ("retry-after", "3"));
    let table = [
        (
            answer(429, "rate_limit_error", &[id, wait]),
            Diagnostic::RateLimited,
            Standing::RateLimited,
        ),
        (
            answer(402, "insufficient_credits", &[id]),
            Diagnostic::OutOfCredits,
            Standing::OutOfCredits,
        ),
        (
            answer(503, "server_error", &[id, wait]),
            Diagnostic::Unavailable,
            Standing::Unavailable,
        ),
    ];
    for (answer, diagnostic, standing) in table {
        let seen = status_of("[\"answered\"]", call(Some(answer.clone()), None));
        assert_eq!(
            seen,
            (RowStatus::Inconclusive, Some(diagnostic), standing),
            "{answer:?}"
        );
    }
    let unreachable = status_of("[\"answered\"]", call(None, Some(Broken::Connect)));
    assert_eq!(
        unreachable,
        (
            RowStatus::Inconclusive,
            Some(Diagnostic::Unreachable),
            Standing::Unreachable
        )
    );
}

#[test]
fn an_improper_refusal_excuses_nothing() {
    let (id, wait) = (("x-request-id", ID), ("retry-after", "3"));
    let table = [
        answer(429, "rate_limit_error", &[id]),
        answer(429, "rate_limit_error", &[id, ("retry-after", "-1")]),
        answer(429, "rate_limit_error", &[id, ("retry-after", "soon")]),
        without_limits(answer(429, "rate_limit_error", &[id, wait])),
        answer(402, "insufficient_credits", &[id, wait]),
        answer(429, "rate_limit_error", &[wait]),
        answer(429, "rate_limit_error", &[("x-request-id", "7"), wait]),
        answer(429, "server_error", &[id, wait]),
        answer(402, "invalid_request_error", &[id]),
        answer(503, "oops", &[id, wait]),
        answer(500, "server_error", &[id]),
        answer(404, "not_found_error", &[id]),
    ];
    for answer in table {
        let seen = status_of("[\"answered\"]", call(Some(answer.clone()), None));
        let failed = (
            RowStatus::Failed,
            Some(Diagnostic::CheckBroken),
            Standing::Answered,
        );
        assert_eq!(seen, failed, "{answer:?}");
    }
    let reset = status_of("[\"answered\"]", call(None, Some(Broken::Connection)));
    assert_eq!(reset.0, RowStatus::Failed);
}

#[test]
fn a_refusal_that_the_row_asks_for_is_judged_like_any_answer() {
    let limited = answer(
        429,
        "rate_limit_error",
        &[("x-request-id", ID), ("retry-after", "3")],
    );
    let wrong_kind = "[{ status = 429 }, { refused = \"timeout\" }]";
    assert_eq!(
        status_of(wrong_kind, call(Some(limited.clone()), None)).0,
        RowStatus::Failed
    );
    let right = "[{ status = 429 }, { refused = \"rate_limit\" }]";
    assert_eq!(
        status_of(right, call(Some(limited), None)).0,
        RowStatus::Passed
    );
}

#[test]
fn a_call_that_was_never_made_breaks_its_checks() {
    let matrix = matrix("[\"answered\"]");
    let seen = Observation::default();
    let key = DigestKey::new([7; 32]);
    let assessed = assess(
        &matrix.rows()[0],
        &Scene {
            seen: &seen,
            scope: &Nothing,
            key: &key,
        },
    );
    assert_eq!(assessed.status, RowStatus::Failed);
}

/// The error of a row is about the first check that is broken, and the call that this one looks at.
#[test]
fn an_error_names_the_first_broken_check_and_its_call() {
    let check = |check: &str, of: &str, outcome| CheckEvidence {
        check: check.to_owned(),
        of: of.to_owned(),
        measured: crate::evidence::Measured::Found { found: None },
        outcome,
    };
    let evidence = |name: &str, status| CallEvidence {
        name: name.to_owned(),
        standing: Standing::Answered,
        status: Some(status),
        request_id: None,
        exchanges: 1,
        ttft_ms: None,
        max_gap_ms: None,
        total_ms: 1,
    };
    let seen = Observation {
        calls: Vec::new(),
        ..Observation::default()
    };
    let scene = Scene {
        seen: &seen,
        scope: &Nothing,
        key: &DigestKey::new([1; 32]),
    };
    let calls = [
        evidence("first", 200),
        evidence("second", 201),
        evidence("third", 202),
    ];
    let error = |checks: &[CheckEvidence]| {
        let error = row_error(Diagnostic::CheckBroken, checks, &calls, &scene);
        (error.name, error.status)
    };
    let (held, broken) = (Outcome::Held, Outcome::Broken);
    let checks = [
        check("a", "first", held),
        check("b", "second", broken),
        check("c", "third", broken),
    ];
    assert_eq!(error(&checks), ("b".to_owned(), Some(201)));
    // Where the check is about no one call, the last one tells.
    assert_eq!(
        error(&[check("d", "row", broken)]),
        ("d".to_owned(), Some(202))
    );
    assert_eq!(
        error(&[check("e", "first", held)]),
        ("row".to_owned(), Some(202))
    );
}
