use std::{collections::BTreeMap, time::Duration};

use serde_json::json;

use super::*;
use crate::{
    digest::DigestKey,
    observe::{ErrorSeen, Exchange, Observation},
    template::{Scope, Unfilled},
};

struct Inputs;

impl Scope for Inputs {
    fn value(&self, slot: &Slot) -> Result<Option<Value>, Unfilled> {
        Ok(match slot {
            Slot::Input { name, .. } if name == EVIDENCE_INPUT => {
                Some(json!(["idempotency_replayed", "replay.replayed"]))
            }
            _ => Some(json!("k1")),
        })
    }
}

fn call(name: &str, status: u16, headers: &[(&str, &str)], body: &Value) -> CallSeen {
    let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let answer = AnswerSeen {
        status,
        headers: headers.iter().map(text).collect(),
        body: body.to_string().into(),
        arrivals: Vec::new(),
        whole: true,
    };
    let ending = if status == 200 {
        Ending::Answered
    } else {
        Ending::Failed(ErrorSeen::default())
    };
    CallSeen {
        name: name.to_owned(),
        asked: json!({}),
        ending,
        text: None,
        document: None,
        events: Vec::new(),
        media: Vec::new(),
        request_id: None,
        replayed: None,
        exchanges: vec![Exchange {
            method: "POST".to_owned(),
            path: "/v1/chat/completions".to_owned(),
            headers: Vec::new(),
            at: Duration::ZERO,
            answer: Some(answer),
            broken: None,
        }],
        took: Duration::ZERO,
    }
}

fn with_scene<T>(calls: Vec<CallSeen>, look: impl FnOnce(&Scene<'_>) -> T) -> T {
    let seen = Observation {
        calls,
        ..Observation::default()
    };
    look(&Scene {
        seen: &seen,
        scope: &Inputs,
        key: &DigestKey::new([7; 32]),
    })
}

const REPLAY: (&str, &str) = (REPLAY_HEADER, "true");

fn spent(code: &str) -> Value {
    json!({"error": {"message": "m", "type": "idempotency_error", "code": code}})
}

#[test]
fn evidence_is_a_header_or_a_listed_field() {
    let table = [
        (vec![REPLAY], json!({}), true),
        (vec![(REPLAY_HEADER, "false")], json!({}), false),
        (vec![], json!({"idempotency_replayed": true}), true),
        (vec![], json!({"replay": {"replayed": "true"}}), true),
        (vec![], json!({"replay": {"replayed": false}}), false),
        (vec![], json!({"replayed": true}), false),
        (vec![], json!("text"), false),
    ];
    for (headers, body, said) in table {
        let seen = call("a", 200, &headers, &body);
        let found = with_scene(Vec::new(), |scene| {
            says_replayed(seen.answer().unwrap(), scene)
        });
        assert_eq!(found, said, "{headers:?} {body}");
    }
}

#[test]
fn a_repeat_is_a_replay_or_an_allowed_refusal() {
    let first = call("first", 200, &[], &json!({"id": "a"}));
    let table = [
        (
            call("x", 200, &[REPLAY], &json!({"id": "a"})),
            Refusal::None,
            true,
        ),
        (
            call("x", 200, &[], &json!({"id": "a"})),
            Refusal::Any,
            false,
        ),
        (
            call("x", 200, &[REPLAY], &json!({"id": "b"})),
            Refusal::Any,
            false,
        ),
        (
            call("x", 409, &[], &spent("idempotency_replay_unavailable")),
            Refusal::Unavailable,
            true,
        ),
        (
            call("x", 409, &[], &spent("idempotency_replay_unavailable")),
            Refusal::None,
            false,
        ),
        (
            call("x", 409, &[], &spent("other")),
            Refusal::Unavailable,
            false,
        ),
        (call("x", 422, &[], &spent("other")), Refusal::Any, true),
        (call("x", 500, &[], &spent("other")), Refusal::Any, false),
        (call("x", 401, &[], &spent("other")), Refusal::Any, false),
        (call("x", 409, &[], &json!({})), Refusal::Any, false),
    ];
    for (again, refusal, holds) in table {
        let found = with_scene(Vec::new(), |scene| {
            is_repeat(&first, &again, refusal, scene)
        });
        assert_eq!(found, holds, "{:?} {refusal:?}", again.answer());
    }
    let failed = call("first", 500, &[], &spent("x"));
    assert!(!with_scene(Vec::new(), |scene| {
        is_repeat(&failed, &failed, Refusal::Any, scene)
    }));
}

#[test]
fn calls_at_once_share_one_run() {
    let ran = |id: &str| call("x", 200, &[], &json!({"id": id}));
    let replayed = |id: &str| call("x", 200, &[REPLAY], &json!({"id": id}));
    let busy = || call("x", 409, &[], &spent("in_progress"));
    let table = [
        (vec![ran("a"), replayed("a"), busy()], true),
        (vec![replayed("a"), ran("a")], true),
        (vec![ran("a"), ran("a")], false),
        (vec![ran("a"), replayed("b")], false),
        (vec![ran("a"), ran("b")], false),
        (vec![busy(), busy()], false),
        (vec![ran("a"), call("x", 500, &[], &spent("x"))], false),
    ];
    for (calls, holds) in table {
        let calls: Vec<&CallSeen> = calls.iter().collect();
        let tally = with_scene(Vec::new(), |scene| share_a_run(&calls, scene));
        let Measured::Each { violations, .. } = tally.measured() else {
            panic!("a tally counts");
        };
        assert_eq!(violations == 0, holds, "{calls:?}");
    }
}

#[test]
fn open_books_are_read_and_closed_ones_said_to_be() {
    let closed = Scalar::Word(Word::of("absent"));
    let mut seen = Observation::default();
    let key = DigestKey::new([7; 32]);
    for (books, found) in [
        (None, closed),
        (Some(BTreeMap::new()), Scalar::Count(0)),
        (
            Some(BTreeMap::from([("k1".to_owned(), 2)])),
            Scalar::Count(2),
        ),
    ] {
        seen.books = books;
        let scene = Scene {
            seen: &seen,
            scope: &Inputs,
            key: &key,
        };
        assert_eq!(ran_under(&json!("${nonce}"), &scene, closed), Some(found));
    }
}

#[test]
fn a_replay_has_the_text_of_its_answer_as_far_as_both_were_read() {
    let said = |text: &str, ending: Ending, headers: &[(&str, &str)]| CallSeen {
        text: Some(text.to_owned()),
        ending,
        ..call("a", 200, headers, &json!({ "id": "chatcmpl-1" }))
    };
    let first = said("one two", Ending::Answered, &[]);
    let table = [
        ("one two", Ending::Answered, true),
        ("one", Ending::Answered, false),
        ("one", Ending::Cancelled, true),
    ];
    for (text, ending, repeats) in table {
        let again = said(text, ending.clone(), &[REPLAY]);
        let found = with_scene(Vec::new(), |scene| {
            is_repeat(&first, &again, Refusal::None, scene)
        });
        assert_eq!(found, repeats, "{text} {ending:?}");
        let tally = with_scene(Vec::new(), |scene| share_a_run(&[&first, &again], scene));
        let Measured::Each { violations, .. } = tally.measured() else {
            panic!("it counts");
        };
        assert_eq!(violations == 0, repeats, "{text} {ending:?}");
    }
}
