//! For the tests of words: observations made by hand, and whether an `expect` array holds on them.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Check, Context, Scene, read};
use crate::{
    diagnose::SourceFile,
    digest::DigestKey,
    judge::{Outcome, judge},
    matrix::shapes::Shapes,
    observe::{AnswerSeen, CallSeen, Ending, ErrorSeen, Exchange, Observation},
    template::{Scope, Slot, Unfilled},
    toml_read::Reader,
};

const REQUEST_ID: &str = "6fa459ea-ee8a-4ca4-894e-db77e160355e";

/// A call that went over the wire.
fn call(name: &str, status: u16, content_type: &str, body: &[u8], ending: Ending) -> CallSeen {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let answer = AnswerSeen {
        status,
        headers: vec![
            header("x-request-id", REQUEST_ID),
            header("content-type", content_type),
        ],
        body: body.to_vec(),
        arrivals: Vec::new(),
        whole: true,
    };
    CallSeen {
        name: name.to_owned(),
        asked: json!({}),
        ending,
        text: None,
        document: None,
        events: Vec::new(),
        media: Vec::new(),
        request_id: Some(REQUEST_ID.to_owned()),
        replayed: None,
        exchanges: vec![Exchange {
            method: "POST".to_owned(),
            path: "/v1".to_owned(),
            headers: Vec::new(),
            at: Duration::ZERO,
            answer: Some(answer),
            broken: None,
        }],
        took: Duration::ZERO,
    }
}

/// A call that was answered with JSON.
pub(super) fn answered(name: &str, document: &Value) -> CallSeen {
    let body = document.to_string();
    let mut seen = call(
        name,
        200,
        "application/json",
        body.as_bytes(),
        Ending::Answered,
    );
    seen.text = document
        .get("text")
        .and_then(Value::as_str)
        .map(str::to_owned);
    seen.document = Some(document.clone());
    seen
}

/// A call that was answered with bytes.
pub(super) fn delivered(name: &str, content_type: &str, bytes: &[u8]) -> CallSeen {
    let mut seen = call(name, 200, content_type, bytes, Ending::Answered);
    seen.media.push(crate::observe::MediaSeen {
        bytes: bytes.to_vec(),
        content_type: Some(content_type.to_owned()),
    });
    seen
}

/// A call that ended in an error.
pub(super) fn failed(name: &str, status: u16, envelope: &Value) -> CallSeen {
    let text = |key: &str| envelope["error"][key].as_str().map(str::to_owned);
    let error = ErrorSeen {
        kind: "api".to_owned(),
        status: Some(status),
        error_type: text("type"),
        code: text("code"),
        param: text("param"),
        ..ErrorSeen::default()
    };
    let body = envelope.to_string();
    call(
        name,
        status,
        "application/json",
        body.as_bytes(),
        Ending::Failed(error),
    )
}

struct Filled;

impl Scope for Filled {
    fn value(&self, slot: &Slot) -> Result<Option<Value>, Unfilled> {
        Ok(match slot {
            Slot::Input { optional: true, .. } => None,
            other => Some(json!(format!("{other:?}"))),
        })
    }
}

/// Whether every check of an `expect` array holds on these calls.
pub(super) fn held(expect: &str, calls: &[CallSeen]) -> bool {
    let seen = Observation {
        calls: calls.to_vec(),
        ..Observation::default()
    };
    held_on(expect, &seen)
}

/// The checks of an `expect` array over these calls. There is one shape, `thing`: it has an `id`.
pub(super) fn checks(expect: &str, calls: &[&str]) -> Vec<Check> {
    let names: Vec<String> = calls.iter().map(|name| (*name).to_owned()).collect();
    let source = SourceFile::new("r.toml", format!("expect = {expect}\n"));
    let thing = SourceFile::new("shapes/thing.json", r#"{"required": ["id"]}"#);
    let mut problems = Vec::new();
    let shapes = Shapes::load(&[thing], &mut problems);
    let (checks, found) = Reader::read(&source, |reader, table| {
        let node = table.optional("expect").unwrap();
        let context = Context {
            calls: &names,
            shapes: &shapes,
        };
        read(reader, &node, context)
    });
    problems.extend(found);
    assert!(problems.is_empty(), "{problems:?}");
    checks
}

/// Whether every check of an `expect` array holds on what was seen. Optional inputs are missing.
pub(super) fn held_on(expect: &str, seen: &Observation) -> bool {
    let names: Vec<&str> = seen.calls.iter().map(|call| call.name.as_str()).collect();
    let key = DigestKey::new([7; 32]);
    let scene = Scene {
        seen,
        scope: &Filled,
        key: &key,
    };
    let checks = checks(expect, &names);
    assert!(!checks.is_empty(), "{expect} demands nothing");
    checks
        .iter()
        .all(|check| judge(&check.rule, &check.measure(&scene)) == Outcome::Held)
}

/// The problems of an `expect` array over one call named `call`.
pub(super) fn problems(expect: &str) -> Vec<String> {
    let names = ["call".to_owned()];
    let source = SourceFile::new("r.toml", format!("expect = {expect}\n"));
    let shapes = Shapes::default();
    let (_, problems) = Reader::read(&source, |reader, table| {
        let node = table.optional("expect").unwrap();
        let context = Context {
            calls: &names,
            shapes: &shapes,
        };
        read(reader, &node, context)
    });
    let line = |problem: &crate::diagnose::Problem| problem.one_line(std::slice::from_ref(&source));
    problems.iter().map(line).collect()
}
