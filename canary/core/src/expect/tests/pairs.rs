//! Words that hold two calls of a row against each other.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::trial::{answered, checks, delivered, held, problems};
use super::super::{known_call, times};
use crate::{
    expect::build::sample,
    observe::{CallSeen, EventSeen, Observation},
};

fn two(left: &Value, right: &Value) -> [CallSeen; 2] {
    [answered("a", left), answered("b", right)]
}

#[test]
fn a_part_of_a_call_is_compared_with_that_of_another() {
    let parts = [
        ("text", json!({"text": "A b."}), json!({"text": "A c."})),
        ("words", json!({"text": "A b."}), json!({"text": "A c."})),
        ("id", json!({"id": "x"}), json!({"id": "y"})),
        ("created", json!({"created": 1}), json!({"created": 2})),
        (
            "created",
            json!({"created_at": 1}),
            json!({"created_at": 2}),
        ),
        (
            "metadata",
            json!({"metadata": {"a": "1"}}),
            json!({"metadata": {}}),
        ),
        (
            "item",
            json!({"output": [{"id": "x"}]}),
            json!({"output": [{"id": "y"}]}),
        ),
        (
            "tool_call",
            json!({"choices": [{"message": {"tool_calls": [{"id": "x"}]}}]}),
            json!({"choices": [{"message": {"tool_calls": [{"id": "y"}]}}]}),
        ),
        (
            "tool_call",
            json!({"output": [{"call_id": "x"}]}),
            json!({"output": [{"call_id": "y"}]}),
        ),
        ("model", json!({"model": "m"}), json!({"model": "n"})),
        (
            "usage",
            json!({"usage": {"total_tokens": 1}}),
            json!({"usage": {"total_tokens": 2}}),
        ),
        (
            "finish_reason",
            json!({"status": "completed"}),
            json!({"status": "failed"}),
        ),
        ("body", json!({"x": 1}), json!({"x": 2})),
        (
            "transcript",
            json!({"transcript": "a", "text": "r"}),
            json!({"transcript": "b", "text": "r"}),
        ),
        (
            "response",
            json!({"transcript": "a", "text": "r"}),
            json!({"transcript": "a", "text": "s"}),
        ),
        (
            "vector.1",
            json!({"data": [{"embedding": [1.0]}, {"embedding": [2.0]}]}),
            json!({"data": [{"embedding": [1.0]}, {"embedding": [3.0]}]}),
        ),
        (
            "vector",
            json!({"data": [{"embedding": [1.0]}]}),
            json!({"data": [{"embedding": [2.0]}]}),
        ),
    ];
    for (part, document, other) in parts {
        let same = format!(r#"[{{ same = ["a.{part}", "b.{part}"] }}]"#);
        let differ = format!(r#"[{{ differ = ["a.{part}", "b.{part}"] }}]"#);
        assert!(
            held(&same, &two(&document, &document)),
            "{part} of {document}"
        );
        assert!(!held(&same, &two(&document, &other)), "{part} of {other}");
        assert!(held(&differ, &two(&document, &other)), "{part} of {other}");
        assert!(
            !held(&differ, &two(&document, &document)),
            "{part} of {document}"
        );
        if part == "body" {
            continue;
        }
        let nothing = json!({"id": null, "output": [{"id": null, "call_id": null}]});
        assert!(!held(&same, &two(&nothing, &nothing)), "{part} of nothing");
        assert!(
            !held(&differ, &two(&document, &nothing)),
            "{part} and nothing"
        );
    }
}

#[test]
fn what_the_wire_brought_is_compared_too() {
    let sound = |bytes: &[u8]| {
        [
            delivered("a", "audio/wav", b"RIFF"),
            delivered("b", "audio/wav", bytes),
        ]
    };
    let same = r#"[{ same = ["a.media", "b.media"] }]"#;
    assert!(held(same, &sound(b"RIFF")) && !held(same, &sound(b"RIFX")));
    let ids = r#"[{ same = ["a.request_id", "b.request_id"] }]"#;
    assert!(held(ids, &two(&json!({}), &json!({}))));
    let limited = |limit: &str, tier: &str| {
        let mut calls = two(&json!({}), &json!({}));
        for (call, (limit, tier)) in calls.iter_mut().zip([("10", "Pro"), (limit, tier)]) {
            let answer = call.exchanges[0].answer.as_mut().unwrap();
            for (name, value) in [("x-ratelimit-limit", limit), ("x-ratelimit-tier", tier)] {
                answer.headers.push((name.to_owned(), value.to_owned()));
            }
        }
        held(r#"[{ same = ["a.rate_limit", "b.rate_limit"] }]"#, &calls)
    };
    assert!(limited("10", "Pro"));
    assert!(!limited("11", "Pro") && !limited("10", "Team"));
    let mut cut = two(&json!({}), &json!({}));
    let ends = r#"[{ body_ends = true, of = "b" }]"#;
    assert!(held(ends, &cut));
    cut[1].exchanges[0].answer.as_mut().unwrap().whole = false;
    assert!(!held(ends, &cut));
    assert!(
        !held(r#"[{ same = ["a.body", "b.body"] }]"#, &cut),
        "half a body"
    );
}

#[test]
fn a_comparison_names_two_parts_that_there_are() {
    for (expect, problem) in [
        (
            r#"[{ same = ["call.text"] }]"#,
            "a comparison has two sides",
        ),
        (
            r#"[{ same = ["call.text", "cal.text"] }]"#,
            "unknown call `cal`",
        ),
        (
            r#"[{ same = ["call.text", "call.txt"] }]"#,
            "unknown part of a call `txt`",
        ),
        (
            r#"[{ more = ["call.text_length"] }]"#,
            "a comparison has two sides",
        ),
        (
            r#"[{ more = ["call.text_length", "call.length"] }]"#,
            "unknown quantity `length`",
        ),
        (
            r#"[{ catalog_agrees = ["call", "cal"] }]"#,
            "unknown call `cal`",
        ),
    ] {
        let told = problems(expect);
        assert!(told[0].contains(problem), "{expect}: {told:?}");
    }
    let of = checks(r#"[{ same = ["a.id", "b.id"] }]"#, &["a", "b"]);
    assert_eq!(of[0].of, "a.id / b.id");
    let of = checks(
        r#"[{ more = ["a.input_tokens", "b.output_tokens"] }]"#,
        &["a", "b"],
    );
    assert_eq!(of[0].of, "a.input_tokens / b.output_tokens");
    let names = ["a".to_owned(), "b".to_owned()];
    assert_eq!(known_call("b", &names), Some(&names[1]));
    assert_eq!(known_call("c", &names), None);
}

#[test]
fn quantities_of_two_calls_are_compared() {
    let usage = |input: u64, output: u64| json!({"usage": {"prompt_tokens": input, "completion_tokens": output}});
    let more = r#"[{ more = ["a.input_tokens", "b.input_tokens"] }]"#;
    let as_many = r#"[{ as_many = ["a.input_tokens", "b.input_tokens"] }]"#;
    for (left, right, greater, equal) in [
        (usage(5, 1), usage(3, 2), true, false),
        (usage(3, 1), usage(3, 2), false, true),
        (usage(2, 3), usage(3, 2), false, false),
        (usage(3, 3), json!({}), false, false),
        (json!({}), json!({}), false, false),
    ] {
        assert_eq!(held(more, &two(&left, &right)), greater, "{left} {right}");
        assert_eq!(held(as_many, &two(&left, &right)), equal, "{left} {right}");
    }
}

#[test]
fn vectors_are_as_near_as_is_said() {
    let vectors = |x: f64, y: f64| {
        two(
            &json!({"data": [{"embedding": [2.0, 0.0]}]}),
            &json!({"data": [{"embedding": [x, y]}]}),
        )
    };
    let alike = |bound: f64, calls: &[CallSeen]| {
        held(
            &format!(
                r#"[{{ alike = {{ sides = ["a.vector", "b.vector"], at_least = {bound:?} }} }}]"#
            ),
            calls,
        )
    };
    let unlike = |bound: f64, calls: &[CallSeen]| {
        held(
            &format!(
                r#"[{{ unlike = {{ sides = ["a.vector", "b.vector"], at_most = {bound:?} }} }}]"#
            ),
            calls,
        )
    };
    let slanted = vectors(3.0, 3.0);
    assert!(alike(0.7, &slanted) && !alike(0.72, &slanted));
    assert!(unlike(0.72, &slanted) && !unlike(0.7, &slanted));
    let opposite = vectors(-1.0, 0.0);
    assert!(unlike(0.0, &opposite) && !alike(0.0, &opposite));
    let nothing = vectors(0.0, 0.0);
    assert!(
        !unlike(1.0, &nothing) && !alike(-1.0, &nothing),
        "a vector without length"
    );
    let sized = |expect: &str| {
        held(
            expect,
            &[answered(
                "call",
                &json!({"data": [{"index": 0, "embedding": [1.0, 2.0]}]}),
            )],
        )
    };
    assert!(sized("[{ vectors = { count = 1, dimensions = 2 } }]"));
    assert!(!sized("[{ vectors = { count = 1, dimensions = 3 } }]"));
}

#[test]
fn an_entry_is_looked_up_in_the_list_that_is_named() {
    let entry = json!({"id": "m", "object": "model", "owned_by": "a"});
    let expect = r#"[{ catalog_agrees = ["a", "b"] }]"#;
    assert!(held(expect, &two(&json!({"data": [entry]}), &entry)));
    assert!(!held(expect, &two(&entry, &json!({"data": [entry]}))));
    assert!(!held(expect, &two(&json!({"data": []}), &entry)));
}

#[test]
fn a_calls_times_are_those_of_its_deltas_and_its_end() {
    let ms = Duration::from_millis;
    let delta = |at: u64, text: &str| EventSeen {
        at: ms(at),
        data: json!({"choices": [{"delta": {"content": text}}]}),
    };
    let mut call = sample::call();
    call.took = ms(1_234);
    let seen = Observation::default();
    assert_eq!(times(&call, &seen), (None, None, 1_234));
    call.events = vec![
        delta(100, ""),
        delta(120, "a"),
        delta(150, "b"),
        delta(700, "c"),
    ];
    assert_eq!(times(&call, &seen), (Some(120), Some(550), 1_234));
    let within = |expect: &str| held(expect, std::slice::from_ref(&call));
    assert!(within(
        "[{ ttft_ms = 120 }, { max_gap_ms = 550 }, { total_ms = 1234 }]"
    ));
    for late in [
        "[{ ttft_ms = 119 }]",
        "[{ max_gap_ms = 549 }]",
        "[{ total_ms = 1233 }]",
    ] {
        assert!(!within(late), "{late}");
    }
}
