//! Words about headers and request ids.

use serde_json::json;

use super::super::trial::{answered, held, problems};
use crate::observe::CallSeen;

/// An answer with these headers and no others.
fn with(headers: &[(&str, &str)]) -> CallSeen {
    let mut call = answered("call", &json!({}));
    let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    call.exchanges[0].answer.as_mut().unwrap().headers = headers.iter().map(text).collect();
    call
}

#[test]
fn a_header_is_as_said() {
    let uuid = "6fa459ea-ee8a-4ca4-894e-db77e160355e";
    let table: [(&str, Option<&str>, bool); 15] = [
        (r#""present""#, Some("x"), true),
        (r#""present""#, Some(" "), false),
        (r#""present""#, None, false),
        (r#""absent""#, None, true),
        (r#""absent""#, Some(""), false),
        (r#""integer""#, Some("12"), true),
        (r#""integer""#, Some("1.5"), false),
        (r#""integer""#, None, false),
        (r#""uuid""#, Some(uuid), true),
        (r#""uuid""#, Some("x"), false),
        (r#"{ equals = "ab" }"#, Some("ab"), true),
        (r#"{ equals = "ab" }"#, Some("abc"), false),
        (r#"{ contains = "ab" }"#, Some("cabs"), true),
        (r#"{ contains = "ab" }"#, Some("a b"), false),
        (r#"{ contains = "ab" }"#, None, false),
    ];
    for (is, value, holds) in table {
        let expect = format!(r#"[{{ header = {{ name = "X-Thing", is = {is} }} }}]"#);
        let headers: Vec<(&str, &str)> =
            value.map(|value| ("x-thing", value)).into_iter().collect();
        assert_eq!(held(&expect, &[with(&headers)]), holds, "{is} of {value:?}");
    }
    let told = problems(r#"[{ header = { name = "x", is = { equals = "a", contains = "b" } } }]"#);
    assert!(
        told[0].contains("write either `equals` or `contains`"),
        "{told:?}"
    );
}

#[test]
fn adjusted_parameters_are_named_as_words() {
    let adjusted = |value: &str| {
        held(
            r#"[{ adjusted = ["top_p", "n"] }]"#,
            &[with(&[("x-param-adjustments", value)])],
        )
    };
    assert!(adjusted("top_p=1.5->1.0, n=2->1"));
    assert!(!adjusted("top_p=1.5->1.0") && !adjusted("min_top_p=1, n=2") && !adjusted(""));
    assert!(problems("[{ adjusted = [] }]")[0].contains("has the wrong form"));
}

#[test]
fn a_limit_is_stated_with_its_rest_and_its_tier() {
    let stated = |limit: &str, remaining: &str, tier: &str| {
        held(
            r#"["rate_limit_headers"]"#,
            &[with(&[
                ("x-ratelimit-limit", limit),
                ("x-ratelimit-remaining", remaining),
                ("x-ratelimit-tier", tier),
            ])],
        )
    };
    assert!(stated("10", "9", "pro") && stated("1", "0", "pro") && stated("10", "10", "pro"));
    assert!(!stated("0", "0", "pro") && !stated("ten", "9", "pro"));
    assert!(!stated("10", "11", "pro") && !stated("10", "-1", "pro"));
    assert!(!stated("10", "9", " "));
    assert!(!held(r#"["rate_limit_headers"]"#, &[with(&[])]));
}

#[test]
fn every_answer_has_a_request_id_of_its_own() {
    let expect = r#"["request_id"]"#;
    assert!(held(expect, &[answered("call", &json!({}))]));
    let mut unlike = answered("call", &json!({}));
    unlike.request_id = Some("other".to_owned());
    assert!(!held(expect, &[unlike]), "the SDK exposes another");
    let mut hidden = answered("call", &json!({}));
    hidden.request_id = None;
    assert!(!held(expect, &[hidden]), "the SDK exposes none");
    let mut plain = with(&[("x-request-id", "r1")]);
    plain.request_id = Some("r1".to_owned());
    assert!(!held(expect, &[plain]), "an id that is no UUID");
    let mut repeated = answered("call", &json!({}));
    let again = repeated.exchanges[0].clone();
    repeated.exchanges.push(again);
    assert!(!held(expect, &[repeated]), "two answers with one id");
}
