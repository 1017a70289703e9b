//! Words about what a scripted server received.

use std::time::Duration;

use super::super::trial::{held_on, problems};
use crate::observe::{Observation, RequestSeen, ServerSeen};

fn request(headers: &[(&str, &str)], body: &str) -> RequestSeen {
    let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    RequestSeen {
        at: Duration::ZERO,
        method: "POST".to_owned(),
        path: "/v1/chat?a=1".to_owned(),
        headers: headers.iter().map(text).collect(),
        body: body.into(),
    }
}

fn received(expect: &str, requests: &[RequestSeen]) -> bool {
    let server = ServerSeen {
        connections: 2,
        requests: requests.to_vec(),
        abandoned: 1,
    };
    let seen = Observation {
        server: Some(server),
        ..Observation::default()
    };
    held_on(expect, &seen)
}

#[test]
fn requests_connections_and_breaks_are_counted() {
    let one = [request(&[], "{}")];
    assert!(received(
        "[{ server_requests = 1 }, { server_connections = 2 }, { server_abandoned = 1 }]",
        &one
    ));
    for other in [
        "[{ server_requests = 2 }]",
        "[{ server_connections = 1 }]",
        "[{ server_abandoned = 0 }]",
    ] {
        assert!(!received(other, &one), "{other}");
    }
    assert!(
        !held_on("[{ server_requests = 0 }]", &Observation::default()),
        "there was no server"
    );
}

#[test]
fn a_header_was_sent_as_said_with_every_request() {
    let uuid = "6fa459ea-ee8a-4ca4-894e-db77e160355e";
    let sent = |is: &str, values: &[Option<&str>]| {
        let requests: Vec<RequestSeen> = values
            .iter()
            .map(|value| {
                let headers: Vec<(&str, &str)> =
                    value.map(|value| ("X-Thing", value)).into_iter().collect();
                request(&headers, "{}")
            })
            .collect();
        received(
            &format!(r#"[{{ sent_header = {{ name = "x-thing", is = {is} }} }}]"#),
            &requests,
        )
    };
    for (is, values, holds) in [
        (r#""present""#, &[Some("a"), Some("b")][..], true),
        (r#""present""#, &[Some("a"), Some(" ")], false),
        (r#""present""#, &[Some("a"), None], false),
        (r#""absent""#, &[None, None], true),
        (r#""absent""#, &[None, Some("a")], false),
        (r#""uuid""#, &[Some(uuid)], true),
        (r#""uuid""#, &[Some(uuid), Some("a")], false),
        (r#""same""#, &[Some("a"), Some("a")], true),
        (r#""same""#, &[Some("a"), Some("b")], false),
        (r#""same""#, &[None, None], false),
        (r#"{ equals = "a" }"#, &[Some("a")], true),
        (r#"{ equals = "a" }"#, &[Some("a"), Some("b")], false),
        (r#"{ equals = "a" }"#, &[None], false),
        (r#"{ equals = "a" }"#, &[], false),
    ] {
        assert_eq!(sent(is, values), holds, "{is} of {values:?}");
    }
}

#[test]
fn a_body_was_sent_as_said_with_every_request() {
    let body = |expect: &str, bodies: &[&str]| {
        let requests: Vec<RequestSeen> = bodies.iter().map(|body| request(&[], body)).collect();
        received(expect, &requests)
    };
    for (expect, bodies, holds) in [
        (
            r#"[{ sent_field = { at = "/n", is = "absent" } }]"#,
            &["{}"][..],
            true,
        ),
        (
            r#"[{ sent_field = { at = "/n", is = "absent" } }]"#,
            &["{}", r#"{"n":1}"#],
            false,
        ),
        (
            r#"[{ sent_field = { at = "/n", is = "absent" } }]"#,
            &["no JSON"],
            false,
        ),
        (
            r#"[{ sent_field = { at = "/n", is = { equals = 1 } } }]"#,
            &[r#"{"n":1}"#],
            true,
        ),
        (
            r#"[{ sent_field = { at = "/n", is = { equals = 1 } } }]"#,
            &[r#"{"n":2}"#],
            false,
        ),
        (
            r#"[{ sent_field = { at = "/n", is = { equals = 1 } } }]"#,
            &["{}"],
            false,
        ),
        (
            r#"[{ sent_field = { at = "/n", is = { equals = "${X?}" } } }]"#,
            &["{}"],
            false,
        ),
        (r#"[{ sent_body_has = ["a", "b"] }]"#, &["a b"], true),
        (r#"[{ sent_body_has = ["a", "b"] }]"#, &["a b", "a"], false),
        (r#"[{ sent_body_lacks = ["x", "y"] }]"#, &["a b"], true),
        (
            r#"[{ sent_body_lacks = ["x", "y"] }]"#,
            &["a b", "a y"],
            false,
        ),
        (r#"[{ sent_body_lacks = "chat" }]"#, &["a"], false),
        (r#"[{ sent_path = "/v1/chat?a=1" }]"#, &["a"], true),
        (r#"[{ sent_path = "/v1/chat" }]"#, &["a"], false),
        (r#"[{ sent_method = "POST" }]"#, &["a"], true),
        (r#"[{ sent_method = "GET" }]"#, &["a"], false),
        (r#"["sent_alike"]"#, &["a", "a"], true),
        (r#"["sent_alike"]"#, &["a", "b"], false),
        (r#"["sent_alike"]"#, &["a"], false),
    ] {
        assert_eq!(body(expect, bodies), holds, "{expect} of {bodies:?}");
    }
    assert!(
        problems(r#"[{ sent_field = { at = "/n", is = "there" } }]"#)[0]
            .contains("unknown field test")
    );
}
