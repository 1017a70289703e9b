//! Words about an answer's document: each holds on an answer as promised, and not on one that is
//! nearly so.

use serde_json::{Value, json};

use super::super::trial::{answered, checks, failed, held, held_on, problems};
use crate::{
    evidence::Scalar,
    expect::build::{millionths, sample},
    observe::{CallSeen, Ending, Observation},
};

/// Tries one expectation on documents, and tells for which it holds.
fn table(expect: &str, cases: &[(Value, bool)]) {
    for (document, holds) in cases {
        let found = held(expect, &[answered("call", document)]);
        assert_eq!(found, *holds, "{expect} on {document}");
    }
}

#[test]
fn usage_counts_its_input_and_sums_its_parts() {
    let usage = |input: u64, output: u64, total: u64| json!({"usage": {"prompt_tokens": input, "completion_tokens": output, "total_tokens": total}, "text": "a"});
    table(
        r#"["usage_adds_up"]"#,
        &[
            (usage(3, 2, 5), true),
            (usage(1, 1, 2), true),
            (
                json!({"usage": {"input_tokens": 3, "output_tokens": 2, "total_tokens": 5}}),
                true,
            ),
            (usage(3, 2, 6), false),
            (usage(0, 2, 2), false),
            (usage(3, 0, 3), false),
            (
                json!({"usage": {"prompt_tokens": 3, "completion_tokens": 2}}),
                false,
            ),
            (
                json!({"usage": {"prompt_tokens": 3, "total_tokens": 3}}),
                true,
            ),
            (
                json!({"usage": {"prompt_tokens": 3, "total_tokens": 3}, "text": ""}),
                true,
            ),
            (
                json!({"usage": {"prompt_tokens": 3, "total_tokens": 3}, "text": "a"}),
                false,
            ),
            (json!({"text": "a"}), false),
        ],
    );
}

#[test]
fn the_model_is_the_one_that_was_asked_for() {
    let with = |document: &Value, asked: &Value| {
        let mut call = answered("call", document);
        call.asked = asked.clone();
        held(r#"["model_matches"]"#, &[call])
    };
    let asked = json!({"model": "m"});
    assert!(with(&json!({"model": "m"}), &asked));
    assert!(with(&json!({"response": {"model": "m"}}), &asked));
    assert!(!with(&json!({"model": "n"}), &asked));
    assert!(!with(&json!({"model": null}), &asked));
    assert!(!with(&json!({}), &asked));
    assert!(!with(&json!({"model": "m"}), &json!({})));
}

#[test]
fn an_answer_has_the_shape_that_is_named() {
    let expect = r#"[{ shape = "thing" }]"#;
    table(expect, &[(json!({"id": 1}), true), (json!({}), false)]);
    let told = problems(r#"[{ shape = "thing" }]"#);
    assert!(told[0].contains("unknown shape `thing`"), "{told:?}");
}

#[test]
fn a_field_is_of_the_kind_that_is_said() {
    let big = u64::MAX;
    let kinds: [(&str, &[Value]); 8] = [
        (
            "present",
            &[
                json!(0),
                json!(""),
                json!(false),
                json!(-3),
                json!(2.5),
                json!(big),
                json!([]),
                json!({}),
            ],
        ),
        ("absent", &[Value::Null]),
        ("string", &[json!("")]),
        ("integer", &[json!(0), json!(-3), json!(big)]),
        ("number", &[json!(0), json!(-3), json!(2.5), json!(big)]),
        ("boolean", &[json!(false)]),
        ("array", &[json!([])]),
        ("object", &[json!({})]),
    ];
    let all = [
        Value::Null,
        json!(0),
        json!(-3),
        json!(2.5),
        json!(big),
        json!(""),
        json!(false),
        json!([]),
        json!({}),
    ];
    for (kind, fitting) in kinds {
        let expect = format!(r#"[{{ field = {{ at = "/f", is = "{kind}" }} }}]"#);
        for value in &all {
            let document = json!({"f": value});
            assert_eq!(
                held(&expect, &[answered("call", &document)]),
                fitting.contains(value),
                "{kind} of {value}"
            );
        }
        assert_eq!(
            held(&expect, &[answered("call", &json!({}))]),
            kind == "absent",
            "{kind} of nothing"
        );
    }
}

#[test]
fn a_field_has_the_value_that_is_said() {
    table(
        r#"[{ field = { at = "/f", is = { equals = "a" } } }]"#,
        &[
            (json!({"f": "a"}), true),
            (json!({"f": "b"}), false),
            (json!({}), false),
        ],
    );
    table(
        r#"[{ field = { at = "/f", is = { count = 2 } } }]"#,
        &[
            (json!({"f": [1, 2]}), true),
            (json!({"f": [1]}), false),
            (json!({"f": 2}), false),
        ],
    );
    table(
        r#"[{ field = { at = "/f", is = { at_most = 2.5 } } }]"#,
        &[
            (json!({"f": 2.5}), true),
            (json!({"f": 2.6}), false),
            (json!({"f": "2"}), false),
        ],
    );
    table(
        r#"[{ field = { at = "/f", is = { at_least = 2.5 } } }]"#,
        &[(json!({"f": 2.5}), true), (json!({"f": 2.4}), false)],
    );
    table(
        r#"[{ echoes = { at = "/f", value = { a = [1] } } }]"#,
        &[
            (json!({"f": {"a": [1]}}), true),
            (json!({"f": {"a": [2]}}), false),
            (json!({}), false),
        ],
    );
    table(
        r#"[{ echoes_or_lacks = { at = "/f", value = { a = "1" } } }]"#,
        &[
            (json!({"f": {"a": "1"}}), true),
            (json!({"f": {}}), true),
            (json!({"f": null}), true),
            (json!({}), true),
            (json!({"f": {"a": "2"}}), false),
            (json!({"f": "x"}), false),
        ],
    );
    let told = problems(r#"[{ field = { at = "/f", is = { count = 2, at_most = 3 } } }]"#);
    assert!(told[0].contains("write one of `equals`"), "{told:?}");
}

#[test]
fn a_timestamp_is_of_the_present() {
    let at = |created: Value| {
        let seen = Observation {
            calls: vec![answered("call", &json!({"created": created}))],
            now: 1_000_000,
            ..Observation::default()
        };
        held_on(r#"["fresh_timestamp"]"#, &seen)
    };
    assert!(at(json!(1_000_600)) && at(json!(999_400)) && at(json!(1_000_000)));
    assert!(!at(json!(1_000_601)) && !at(json!(999_399)) && !at(Value::Null));
}

#[test]
fn every_choice_ended_for_the_one_reason() {
    let choice = |reason: Value| json!({"finish_reason": reason});
    let choices = |reasons: &[Value]| json!({"choices": reasons.iter().cloned().map(choice).collect::<Vec<_>>()});
    let (stop, length) = (json!("stop"), json!("length"));
    let cases = [
        (choices(std::slice::from_ref(&stop)), Some("stop")),
        (choices(&[stop.clone(), stop.clone()]), Some("stop")),
        (choices(&[stop.clone(), length.clone()]), None),
        (choices(&[stop, Value::Null]), None),
        (choices(&[]), None),
        (json!({"status": "completed"}), Some("stop")),
        (
            json!({"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}),
            Some("length"),
        ),
        (
            json!({"status": "incomplete", "incomplete_details": {"reason": "stop"}}),
            Some("stop"),
        ),
        (json!({"status": "incomplete"}), None),
        (json!({"status": "length"}), Some("length")),
    ];
    for (document, reason) in cases {
        for wanted in ["stop", "length"] {
            let expect = format!(r#"[{{ finish_reason = "{wanted}" }}]"#);
            let found = held(&expect, &[answered("call", &document)]);
            assert_eq!(found, reason == Some(wanted), "{wanted} of {document}");
        }
    }
    let streamed = |reasons: &[&str]| {
        let mut call = sample::call();
        call.events = reasons
            .iter()
            .map(|reason| sample::event(json!({"choices": [{"finish_reason": reason}]})))
            .collect();
        call
    };
    let expect = r#"[{ finish_reason = "stop" }]"#;
    assert!(held(expect, &[streamed(&["stop"])]));
    assert!(
        !held(expect, &[streamed(&["length"])]) && !held(expect, &[streamed(&["length", "stop"])])
    );
}

#[test]
fn a_text_has_or_lacks_what_is_said() {
    let says = |expect: &str, text: &str| held(expect, &[answered("call", &json!({"text": text}))]);
    let has = r#"[{ text_has = ["one", "two"] }]"#;
    assert!(says(has, "TWO and one") && !says(has, "one") && !says(has, "two"));
    let lacks = r#"[{ text_lacks = ["one", "two"] }]"#;
    assert!(
        says(lacks, "three") && !says(lacks, "ONE") && !says(lacks, "a two") && !says(lacks, " ")
    );
    let heard = r#"[{ words_heard = { text = "amber anchor apple autumn", at_least = 0.75 } }]"#;
    assert!(says(heard, "Amber, anchor. Autumn!") && !says(heard, "Amber, anchor."));
    let ids = |expect: &str| -> Vec<String> {
        checks(expect, &["call"])
            .into_iter()
            .map(|check| check.id)
            .collect()
    };
    assert_eq!(ids(r#"[{ text_has = ["one"] }]"#), ["text_has"]);
    assert_eq!(ids(has), ["text_has.1", "text_has.2"]);
    let chosen = |choices: Value| {
        held(
            "[{ choices = 2 }]",
            &[answered("call", &json!({"choices": choices}))],
        )
    };
    assert!(chosen(json!([{"index": 0}, {"index": 1}])));
    assert!(
        !chosen(json!([{"index": 0}]))
            && !chosen(json!([{"index": 1}, {"index": 0}]))
            && !chosen(json!([]))
    );
}

/// A refusal for want of credits, as the SDK has it and as the wire had it.
fn unpaid(told: (Option<i64>, Option<i64>, Option<&str>), sent: &Value) -> CallSeen {
    let mut envelope = json!({"error": {"message": "m", "type": "insufficient_credits"}});
    for (key, value) in sent.as_object().unwrap() {
        envelope["error"][key] = value.clone();
    }
    let mut call = failed("call", 402, &envelope);
    if let Ending::Failed(error) = &mut call.ending {
        error.credits = Some((told.0, told.1, told.2.map(str::to_owned)));
    }
    call
}

#[test]
fn credits_are_told_as_they_were_sent() {
    let sent =
        json!({"current_balance_cents": 3, "required_cents": 9, "topup_url": "https://x.test/t"});
    let url = Some("https://x.test/t");
    let holds = |told, sent: &Value| held(r#"["credits"]"#, &[unpaid(told, sent)]);
    assert!(holds((Some(3), Some(9), url), &sent));
    assert!(!holds((Some(4), Some(9), url), &sent));
    assert!(!holds((Some(3), Some(8), url), &sent));
    assert!(!holds((Some(3), Some(9), Some("https://x.test/")), &sent));
    for missing in ["current_balance_cents", "required_cents", "topup_url"] {
        let mut sent = sent.clone();
        sent.as_object_mut().unwrap().remove(missing);
        let told = match missing {
            "current_balance_cents" => (None, Some(9), url),
            "required_cents" => (Some(3), None, url),
            _ => (Some(3), Some(9), None),
        };
        assert!(!holds(told, &sent), "without {missing}");
    }
}

#[test]
fn an_error_is_what_the_row_says_in_an_envelope() {
    let envelope = |param: &str| json!({"error": {"message": "m", "type": "invalid_request_error", "code": "c", "param": param}});
    let expect =
        r#"[{ error = { status = 400, type = "invalid_request_error", param = "top_p" } }]"#;
    assert!(held(expect, &[failed("call", 400, &envelope("top_p"))]));
    assert!(!held(expect, &[failed("call", 400, &envelope("n"))]));
    assert!(!held(expect, &[failed("call", 422, &envelope("top_p"))]));
    let other = r#"[{ error = { type = "rate_limit_error" } }]"#;
    assert!(!held(other, &[failed("call", 400, &envelope("n"))]));
    let rejected = "[{ rejected = {} }]";
    assert!(held(rejected, &[failed("call", 400, &envelope("n"))]));
    assert!(
        !held(rejected, &[failed("call", 200, &envelope("n"))]),
        "an error with 200"
    );
    let mut page = failed("call", 400, &envelope("n"));
    page.exchanges[0].answer.as_mut().unwrap().headers[1].1 = "text/html".to_owned();
    assert!(!held(rejected, &[page]), "not as JSON");
    let blank = json!({"error": {"message": " ", "type": "invalid_request_error"}});
    assert!(
        !held(rejected, &[failed("call", 400, &blank)]),
        "without a message"
    );
    let untyped = json!({"error": {"message": "m"}});
    assert!(
        !held(rejected, &[failed("call", 400, &untyped)]),
        "without a type"
    );
}

#[test]
fn a_model_that_cannot_see_says_so() {
    let expect = r#"[{ sees_or_refuses = { word = "Red", capability = ["vision", "image"] } }]"#;
    let seen = |text: &str| held(expect, &[answered("call", &json!({"text": text}))]);
    assert!(seen("It is RED.") && !seen("It is blue."));
    let refusal =
        |message: &str| json!({"error": {"message": message, "type": "invalid_request_error"}});
    let good = failed("call", 400, &refusal("No Vision here"));
    assert!(held(expect, std::slice::from_ref(&good)));
    assert!(
        !held(expect, &[failed("call", 400, &refusal("No"))]),
        "nothing is named"
    );
    assert!(
        !held(expect, &[failed("call", 422, &refusal("No vision"))]),
        "another status"
    );
    let other = json!({"error": {"message": "no vision", "type": "server_error"}});
    assert!(
        !held(expect, &[failed("call", 400, &other)]),
        "another type"
    );
    let mut untraced = good;
    untraced.exchanges[0].answer.as_mut().unwrap().headers[0].1 = "r1".to_owned();
    assert!(!held(expect, &[untraced]), "an id that is none");
}

#[test]
fn what_is_no_number_is_below_every_bound() {
    assert_eq!(millionths(f64::NAN), Scalar::Millionths(-1_000_000_000));
    assert_eq!(millionths(0.5), Scalar::Millionths(500_000));
    assert_eq!(millionths(-2e9), Scalar::Millionths(-1_000_000_000));
}
