use serde_json::json;

use super::*;
use crate::{
    expect::{build::sample, trial::held_on},
    observe::Observation,
};

const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const THEN: u64 = 784_111_777;
const ID: &str = "6FA459EA-ee8a-4ca4-894e-db77e160355e";

/// An answer to a `POST`, with these headers, that took so many seconds.
fn call(path: &str, headers: &[(&str, &str)], took: u64, document: Value) -> CallSeen {
    let mut call = sample::call();
    let mut exchange = sample::answered(&document.to_string());
    path.clone_into(&mut exchange.path);
    if let Some(answer) = &mut exchange.answer {
        let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        answer.headers = headers.iter().map(text).collect();
        answer.arrivals = vec![(Duration::from_secs(took), 1)];
    }
    call.exchanges = vec![exchange];
    call.document = Some(document);
    call
}

fn chat(headers: &[(&str, &str)], took: u64, created: &Value) -> CallSeen {
    call(
        "/v1/chat/completions",
        headers,
        took,
        json!({ "created": created }),
    )
}

fn holds(call: CallSeen, stale: &[&str]) -> bool {
    let seen = Observation {
        stale: stale.iter().map(|id| (*id).to_owned()).collect(),
        ..sample::row(vec![call])
    };
    held_on(r#"["each_created"]"#, &seen)
}

#[test]
fn an_answer_was_made_when_its_date_says() {
    let dated = [("date", DATE)];
    for (took, created, of_its_time) in [
        (0, json!(THEN), true),
        (0, json!(THEN - 10), true),
        (0, json!(THEN + 10), true),
        (0, json!(THEN - 11), false),
        (0, json!(THEN + 11), false),
        (30, json!(THEN - 40), true),
        (30, json!(THEN - 41), false),
        (0, json!(784_111_777.9), true),
        (0, json!(784_111_700.5), false),
        (0, json!("soon"), true),
    ] {
        let said = created.to_string();
        assert_eq!(
            holds(chat(&dated, took, &created), &[]),
            of_its_time,
            "{took} {said}"
        );
    }
    assert!(
        holds(chat(&[], 0, &json!(1)), &[]),
        "no date to hold it against"
    );
    let catalog = call("/v1/models", &dated, 0, json!({ "created": 1 }));
    assert!(holds(catalog, &[]), "that is when the model was made");
    let mut failed = chat(&dated, 0, &json!(1));
    if let Some(answer) = &mut failed.exchanges[0].answer {
        answer.status = 400;
    }
    assert!(holds(failed, &[]));
    assert!(
        !held_on(r#"["each_created"]"#, &Observation::default()),
        "nothing to look at"
    );
}

#[test]
fn an_answer_that_stands_still_is_told_unless_it_is_a_replay() {
    let id = ("x-request-id", ID);
    let stale = [ID.to_ascii_lowercase()];
    let stale: Vec<&str> = stale.iter().map(String::as_str).collect();
    assert!(holds(chat(&[id], 0, &json!(THEN)), &[]));
    assert!(!holds(chat(&[id], 0, &json!(THEN)), &stale));
    let replay = ("x-runinfra-idempotent-replay", "true");
    assert!(holds(chat(&[id, replay], 0, &json!(THEN)), &stale));
    assert!(holds(
        chat(&[("date", DATE), replay], 0, &json!(THEN - 600)),
        &[]
    ));
}

#[test]
fn a_stream_says_it_in_its_first_event() {
    let streamed = |path: &str, first: Value| {
        let mut call = call(path, &[("date", DATE)], 0, Value::Null);
        call.document = None;
        call.events = vec![sample::event(first), sample::event(json!({}))];
        created(&call)
    };
    assert_eq!(
        streamed("/v1/p/chat/completions", json!({ "created": 7 })),
        Some(7)
    );
    let response = json!({ "type": "response.created", "response": { "created_at": 8.0 } });
    assert_eq!(streamed("/v1/responses", response), Some(8));
    assert_eq!(streamed("/v1/responses", json!({})), None);
}
