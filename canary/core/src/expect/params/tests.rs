//! Headers, refusals and choices, and what is said of them.

use super::*;
use crate::expect::build::sample;
use serde_json::json;

fn with_header(value: &str) -> CallSeen {
    let mut call = sample::call();
    let mut exchange = sample::answered("{}");
    if let Some(answer) = &mut exchange.answer {
        answer
            .headers
            .push(("x-param-adjustments".to_owned(), value.to_owned()));
    }
    call.exchanges = vec![exchange];
    call
}

#[test]
fn a_blank_name_blames_nobody() {
    use super::super::trial::{failed, held};
    let expect = r#"[{ blames = "top_p" }, { error = { status = 400 } }]"#;
    for (param, holds) in [
        (json!("top_p"), true),
        (json!(""), true),
        (json!(null), true),
        (json!("n"), false),
        (json!(3), false),
    ] {
        let blank = param == "";
        let mut call = failed(
            "call",
            400,
            &json!({"error": {
                "message": "m", "type": "invalid_request_error", "code": "c", "param": param,
            }}),
        );
        // The SDK hands on no blank text.
        if let crate::observe::Ending::Failed(error) = &mut call.ending
            && blank
        {
            error.param = None;
        }
        assert_eq!(held(expect, &[call]), holds, "{param}");
    }
}

#[test]
fn several_choices_come_or_their_lack_is_said() {
    let mut two = sample::call();
    let choice = |index: u64, text: &str| json!({"index": index, "message": {"content": text}});
    two.document = Some(json!({"choices": [choice(0, "a"), choice(1, "b")]}));
    assert!(has_choices(&two, 2));
    assert!(!has_choices(&two, 1));
    two.document = Some(json!({"choices": [choice(0, "a"), choice(0, "b")]}));
    assert!(!has_choices(&two, 2));
    two.document = Some(json!({"choices": [choice(0, "a"), choice(1, " ")]}));
    assert!(!has_choices(&two, 2), "the second says nothing");

    let delta = |index: u64, text: &str, end: Option<&str>| {
        let delta = json!({"index": index, "delta": {"content": text}, "finish_reason": end});
        sample::event(json!({"choices": [delta]}))
    };
    let end = |index: u64| delta(index, "", Some("stop"));
    let mut streamed = sample::call();
    streamed.events = vec![delta(0, "a", None), delta(1, "b", None), end(1), end(0)];
    assert!(has_choices(&streamed, 2) && !has_choices(&streamed, 3));
    streamed.events.remove(1);
    assert!(!has_choices(&streamed, 2), "the second says nothing");
    streamed.events = vec![delta(0, "a", None), delta(1, "b", None), end(0), end(0)];
    assert!(!has_choices(&streamed, 2));

    assert!(says(&with_header("n=2->1"), "n"));
    assert!(!says(&with_header("min_p=dropped"), "n"));
    let refused = |body: &str| {
        let mut call = sample::call();
        let mut exchange = sample::answered(body);
        if let Some(answer) = &mut exchange.answer {
            answer.status = 400;
        }
        call.exchanges = vec![exchange];
        call
    };
    let error = r#"{"error":{"message":"`n` must be 1","type":"invalid_request_error"}}"#;
    assert!(says(&refused(error), "n"));
    let other = r#"{"error":{"message":"not now","type":"invalid_request_error"}}"#;
    assert!(!says(&refused(other), "n"));
}

#[test]
fn the_header_may_come_in_several_lines() {
    let mut call = with_header("top_p=1.5->1.0");
    if let Some(answer) = &mut call.exchanges[0].answer {
        let second = ("X-Param-Adjustments".to_owned(), "min_p=dropped".to_owned());
        answer.headers.push(second);
    }
    let names = named(call.answer().unwrap());
    assert!(names.contains(&"top_p".to_owned()) && names.contains(&"min_p".to_owned()));
}

#[test]
fn a_header_that_names_a_parameter_is_told_from_one_that_does_not() {
    let adjusted = |value: &str| {
        let call = with_header(value);
        !adjusts_at_most(call.answer().unwrap(), &[])
    };
    for parameter in ["temperature=1.0->0.7", "voice=dropped", "encoding_format"] {
        assert!(adjusted(parameter), "{parameter}");
    }
    assert!(!adjusted("nothing was changed"));
    for nothing in ["", "none", "None", "n/a", "N/A", " - ", "[]", "{}"] {
        assert!(!adjusted(nothing), "{nothing}");
    }
    assert!(adjusted("n/a=2"), "it says something of `n`");
}

#[test]
fn what_may_be_adjusted_is_told_from_what_may_not() {
    let known = ["task_type".to_owned()];
    let at_most = |value: &str| adjusts_at_most(with_header(value).answer().unwrap(), &known);
    assert!(at_most("none") && at_most("task_type=dropped"));
    assert!(!at_most("voice=dropped") && !at_most("task_type=dropped; voice=dropped"));
}

#[test]
fn choices_that_repeat_are_counted() {
    let mut call = sample::call();
    let choice = |text: &str| json!({"message": {"content": text}});
    call.document = Some(json!({"choices": [choice("a"), choice("b"), choice("a")]}));
    let mut tally = Tally::default();
    choices_differ(&call, &mut tally);
    assert_eq!(sample::violations(tally), (3, 1));
}

#[test]
fn a_path_is_about_its_parameter() {
    for path in ["tools", "tools[0].type", "body.tools.0", "/tools/0"] {
        assert!(is_of(path, "tools"), "{path}");
    }
    assert!(!is_of("tool_choice", "tools"));
}
