mod limits;

use std::time::Duration;

use super::*;
use crate::{
    expect::trial::held_on,
    observe::{CallSeen, Ending},
};

fn exchange(method: &str, path: &str, answer: AnswerSeen) -> Exchange {
    Exchange {
        method: method.to_owned(),
        path: path.to_owned(),
        headers: Vec::new(),
        at: Duration::ZERO,
        answer: Some(answer),
        broken: None,
    }
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> AnswerSeen {
    let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    AnswerSeen {
        status,
        headers: headers.iter().map(text).collect(),
        body: body.into(),
        arrivals: Vec::new(),
        whole: true,
    }
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[test]
fn what_a_route_answers_is_of_its_kind() {
    let json_text = ("content-type", "application/json; charset=utf-8");
    let html = ("content-type", "text/html");
    let events = ("content-type", "text/event-stream");
    let table = [
        ("GET", "/v1/models", 200, JSON, "{}", true),
        ("GET", "/v1/models", 200, JSON, "[]", false),
        ("GET", "/v1/models", 200, html, "<html>", false),
        ("GET", "/v1/models/a%2Fb", 200, html, "{}", false),
        ("POST", "/v1/embeddings?x=1", 200, json_text, "{}", true),
        ("POST", "/v1/embeddings", 200, JSON, "{} trailing", false),
        (
            "POST",
            "/v1/chat/completions",
            200,
            events,
            "data: {}",
            true,
        ),
        ("POST", "/v1/chat/completions", 200, html, "{}", false),
        ("POST", "/v1/p/pipeline", 302, JSON, "{}", false),
        (
            "POST",
            "/v1/audio/speech",
            200,
            ("content-type", "audio/wav"),
            "RIFF",
            true,
        ),
        ("POST", "/v1/audio/speech", 200, JSON, "{}", false),
        ("POST", "/v1/chat/completions", 400, html, "<html>", true),
        ("GET", "/v1/elsewhere", 200, JSON, "{}", true),
        ("OPTIONS", "/v1/models", 204, ("vary", "origin"), "", true),
        ("POST", "/v1/responses", 204, ("vary", "origin"), "", false),
    ];
    for (method, path, status, header, body, fits) in table {
        let answer = answer(status, &[header], body);
        let exchange = exchange(method, path, answer.clone());
        assert_eq!(
            content_fits(&exchange, &answer),
            fits,
            "{path} {status} {header:?}"
        );
    }
}

#[test]
fn rate_limits_are_there_where_promised_and_count() {
    let all = |limit, remaining, tier| {
        vec![
            ("x-ratelimit-limit", limit),
            ("x-ratelimit-remaining", remaining),
            ("x-ratelimit-tier", tier),
        ]
    };
    let unknown_model =
        r#"{"error":{"message":"m","type":"not_found_error","code":"model_not_found"}}"#;
    let table = [
        (200, all("500", "499", "pro"), "", true),
        (200, all("500", "500", "pro"), "", true),
        (200, all("500", "501", "pro"), "", false),
        (200, all("0", "0", "pro"), "", false),
        (200, all("many", "1", "pro"), "", false),
        (200, all("500", "-1", "pro"), "", false),
        (200, all("500", "1", " "), "", false),
        (200, all("500", "1", "pro")[..2].to_vec(), "", false),
        (200, vec![], "", false),
        (400, vec![], "", false),
        (429, vec![], "", false),
        (401, vec![], "", true),
        (401, all("x", "1", "pro"), "", false),
        (403, vec![], "", true),
        (404, vec![], "", true),
        (404, vec![], unknown_model, false),
        (500, vec![], "", true),
    ];
    for (status, headers, body, fits) in table {
        let answer = answer(status, &headers, body);
        let exchange = exchange("POST", "/v1/chat/completions", answer.clone());
        assert_eq!(
            rate_limit_fits(&exchange, &answer),
            fits,
            "{status} {headers:?}"
        );
    }
    let nowhere = answer(404, &[], unknown_model);
    for (path, fits) in [
        ("/v1/files", true),
        ("/v1/chat/canary/below", true),
        ("/v1/models/none-such", false),
        ("/v1/p1/embeddings", false),
    ] {
        let exchange = exchange("GET", path, nowhere.clone());
        assert_eq!(rate_limit_fits(&exchange, &nowhere), fits, "{path}");
    }
    let mut twice = all("500", "499", "pro");
    twice.push(("x-ratelimit-limit", "500"));
    let answer = answer(200, &twice, "");
    let exchange = exchange("POST", "/v1/chat/completions", answer.clone());
    assert!(!rate_limit_fits(&exchange, &answer));
}

#[test]
fn an_error_has_its_envelope_and_its_type() {
    let error = |fields: &str| format!("{{\"error\":{{{fields}}}}}");
    let whole = r#""message":"m","type":"invalid_request_error","code":"c""#;
    let table = [
        (400, error(whole), true),
        (400, error(&format!("{whole},\"param\":\"model\"")), true),
        (
            400,
            error(&format!("{whole},\"param\":null,\"hint\":1")),
            true,
        ),
        (400, error(&format!("{whole},\"param\":7")), false),
        (404, error(whole), false),
        (405, error(whole), true),
        (
            400,
            error(r#""message":"m","type":"invalid_request_error""#),
            false,
        ),
        (
            400,
            error(r#""message":"m","type":"invalid_request_error","code":null"#),
            true,
        ),
        (
            400,
            error(r#""message":"m","type":"invalid_request_error","code":400"#),
            false,
        ),
        (
            400,
            error(r#""message":"","type":"invalid_request_error","code":"c""#),
            false,
        ),
        (
            400,
            error(r#""message":"m","type":"api_error","code":"c""#),
            false,
        ),
        (
            403,
            error(r#""message":"m","type":"byoc_plan_required","code":"c""#),
            true,
        ),
        (
            403,
            error(r#""message":"m","type":"insufficient_credits","code":"c""#),
            false,
        ),
        (
            409,
            error(r#""message":"m","type":"rate_limit_error","code":"c""#),
            false,
        ),
        (
            403,
            error(r#""message":"m","type":"invalid_request_error","code":"c""#),
            false,
        ),
        (
            403,
            error(r#""message":"m","type":"authentication_error","code":"c""#),
            false,
        ),
        (
            409,
            error(r#""message":"m","type":"conflict","code":"c""#),
            true,
        ),
        (
            500,
            error(r#""message":"m","type":"server_error","code":"c""#),
            true,
        ),
        (400, format!("{{{whole}}}"), false),
        (400, String::new(), false),
    ];
    for (status, body, fits) in table {
        assert_eq!(
            envelope_fits(&answer(status, &[JSON], &body)),
            fits,
            "{status} {body}"
        );
    }
    let as_text = answer(400, &[("content-type", "text/plain")], &error(whole));
    assert!(!envelope_fits(&as_text));
}

#[test]
fn waiting_is_asked_for_where_it_helps() {
    let table = [
        (429, Some("7"), true),
        (429, Some("Sun, 06 Nov 1994 08:49:37 GMT"), true),
        (429, Some("-3"), false),
        (429, Some("soon"), false),
        (429, None, false),
        (503, None, true),
        (503, Some("1"), true),
        (200, Some("1"), false),
        (500, Some("1"), false),
        (200, None, true),
    ];
    for (status, wait, fits) in table {
        let headers: Vec<_> = wait.map(|wait| ("retry-after", wait)).into_iter().collect();
        assert_eq!(
            retry_after_fits(&answer(status, &headers, "")),
            fits,
            "{status} {wait:?}"
        );
    }
}

#[test]
fn a_date_is_the_present() {
    let now = 784_111_777;
    let table = [
        (Some("Sun, 06 Nov 1994 08:49:37 GMT"), true),
        (Some("Mon, 07 Nov 1994 08:00:00 GMT"), true),
        (Some("Sun, 06 Nov 2094 08:49:37 GMT"), false),
        (Some("yesterday"), false),
        (None, true),
    ];
    for (date, fits) in table {
        let headers: Vec<_> = date.map(|date| ("date", date)).into_iter().collect();
        assert_eq!(date_fits(&answer(200, &headers, ""), now), fits, "{date:?}");
    }
}

#[test]
fn a_tier_is_a_plan_within_its_ceiling() {
    let table = [
        ("pro", "1000", true),
        ("Team", "5000", true),
        ("pro", "1001", false),
        ("starter", "10", false),
        ("gold", "10", false),
        ("pro", "x", false),
    ];
    for (tier, limit, fits) in table {
        let headers = [("x-ratelimit-tier", tier), ("x-ratelimit-limit", limit)];
        assert_eq!(
            plan_fits(&answer(200, &headers, "")),
            fits,
            "{tier} {limit}"
        );
    }
}

/// Whether a word holds on a row with one call, which had these answers.
fn holds(word: &str, answers: Vec<AnswerSeen>, seen: Observation) -> bool {
    let to_models = |answer| exchange("GET", "/v1/models", answer);
    let seen = Observation {
        calls: vec![CallSeen {
            name: "call".to_owned(),
            asked: Value::Null,
            ending: Ending::Answered,
            text: None,
            document: None,
            events: Vec::new(),
            media: Vec::new(),
            request_id: None,
            replayed: None,
            exchanges: answers.into_iter().map(to_models).collect(),
            took: Duration::ZERO,
        }],
        ..seen
    };
    held_on(&format!("[\"{word}\"]"), &seen)
}

#[test]
fn a_replay_may_stand_before_the_answer_that_it_repeats() {
    const A: (&str, &str) = ("x-request-id", "6fa459ea-ee8a-4ca4-894e-db77e160355e");
    const B: (&str, &str) = ("x-request-id", "01a1fd60-8a27-7126-a4b7-e358972e32d5");
    const REPLAY: (&str, &str) = ("x-runinfra-idempotent-replay", "true");
    type Headers<'a> = &'a [(&'a str, &'a str)];
    let table: [(&[Headers<'_>], bool); 6] = [
        (&[&[A], &[B]], true),
        (&[&[A], &[A, REPLAY], &[A, REPLAY]], true),
        (&[&[A, REPLAY], &[A], &[A, REPLAY]], true),
        (&[&[A], &[A]], false),
        (&[&[A, REPLAY], &[A], &[A]], false),
        (&[&[("x-request-id", "again"), REPLAY]], false),
    ];
    for (headers, held) in table {
        let answers = headers.iter().map(|headers| answer(200, headers, "{}"));
        let seen = holds("each_request_id", answers.collect(), Observation::default());
        assert_eq!(seen, held, "{headers:?}");
    }
}

#[test]
fn no_work_is_done_beyond_the_budget() {
    let over = |ids: &[&str]| Observation {
        over_budget: ids.iter().map(|&id| id.to_owned()).collect(),
        ..Observation::default()
    };
    let answers = || {
        vec![
            answer(200, &[("x-request-id", "A1")], "{}"),
            answer(200, &[("x-request-id", "b2")], "{}"),
            answer(200, &[], "{}"),
        ]
    };
    let holds = |answers, seen| holds("each_within_budget", answers, seen);
    assert!(holds(answers(), over(&[])));
    assert!(holds(answers(), over(&["of another row"])));
    assert!(!holds(answers(), over(&["a1"])));
    assert!(!holds(vec![], over(&[])), "nothing to try it on");
}

#[test]
fn a_refused_key_and_a_spent_limit_have_types_of_their_own() {
    for (status, kind, fits) in [
        (401, "authentication_error", true),
        (401, "invalid_request_error", false),
        (401, "server_error", false),
        (429, "rate_limit_error", true),
        (429, "server_error", false),
    ] {
        assert_eq!(type_fits(status, Some(kind)), fits, "{status} {kind}");
    }
}
