//! Words about work that runs once under a key.

use serde_json::{Value, json};

use super::super::trial::{answered, delivered, failed, held, held_on, problems};
use crate::observe::{CallSeen, Ending, MediaSeen, Observation};

/// An answer, and whether header and SDK say that it was replayed.
fn run(name: &str, document: &Value, replayed: bool) -> CallSeen {
    let mut call = answered(name, document);
    call.replayed = Some(replayed);
    if replayed {
        let answer = call.exchanges[0].answer.as_mut().unwrap();
        answer
            .headers
            .push(("x-runinfra-idempotent-replay".to_owned(), "true".to_owned()));
    }
    call
}

fn refusal(name: &str, status: u16, code: &str) -> CallSeen {
    failed(
        name,
        status,
        &json!({"error": {"message": "m", "type": "invalid_request_error", "code": code}}),
    )
}

#[test]
fn a_replay_says_so_and_the_sdk_repeats_it() {
    let (evident, none) = (r#"["replay_evidence"]"#, r#"["no_replay_evidence"]"#);
    let (again, first) = (
        run("call", &json!({}), true),
        run("call", &json!({}), false),
    );
    assert!(
        held(evident, std::slice::from_ref(&again)) && !held(none, std::slice::from_ref(&again))
    );
    assert!(
        !held(evident, std::slice::from_ref(&first)) && held(none, std::slice::from_ref(&first))
    );
    let mut silent = again;
    silent.replayed = Some(false);
    assert!(!held(evident, &[silent]), "the SDK says something else");
    let mut raw = first;
    raw.replayed = None;
    assert!(held(none, &[raw]), "a raw request has no SDK to say it");
}

#[test]
fn a_key_is_not_run_again() {
    let first = run("first", &json!({"id": "x"}), false);
    let holds = |refusal: &str, first: &CallSeen, again: CallSeen| {
        let expect = format!(
            r#"[{{ not_run_again = {{ first = "first", again = "again", refusal = "{refusal}" }} }}]"#
        );
        held(&expect, &[first.clone(), again])
    };
    let replay = run("again", &json!({"id": "x"}), true);
    assert!(holds("none", &first, replay.clone()));
    assert!(
        !holds("any", &first, run("again", &json!({"id": "x"}), false)),
        "it is not evident"
    );
    assert!(
        !holds("any", &first, run("again", &json!({"id": "y"}), true)),
        "another answer"
    );
    let told = refusal("again", 409, "idempotency_replay_unavailable");
    assert!(holds("any", &first, told.clone()) && holds("unavailable", &first, told.clone()));
    assert!(!holds("none", &first, told.clone()));
    let other = refusal("again", 409, "conflict");
    assert!(holds("any", &first, other.clone()) && !holds("unavailable", &first, other));
    assert!(
        !holds("any", &first, refusal("again", 401, "c"))
            && !holds("any", &first, refusal("again", 500, "c"))
    );
    let mut broken = first.clone();
    broken.ending = Ending::Failed(crate::observe::ErrorSeen::default());
    assert!(
        !holds("any", &broken, replay.clone()),
        "the first did not succeed for the SDK"
    );
    let mut created = first.clone();
    created.exchanges[0].answer.as_mut().unwrap().status = 201;
    assert!(!holds("any", &created, replay), "nor with another status");
    for (expect, problem) in [
        (
            r#"[{ not_run_again = { first = "call", again = "cal", refusal = "any" } }]"#,
            "unknown call `cal`",
        ),
        (
            r#"[{ not_run_again = { first = "call", again = "call", refusal = "all" } }]"#,
            "unknown refusal `all`",
        ),
        (r#"[{ ran_once = ["call", "cal"] }]"#, "unknown call `cal`"),
        (r#"[{ ran_once = ["call"] }]"#, "has the wrong form"),
    ] {
        assert!(problems(expect)[0].contains(problem), "{expect}");
    }
}

#[test]
fn calls_that_share_a_key_share_a_run() {
    let holds = |calls: &[CallSeen]| {
        let names: Vec<String> = calls
            .iter()
            .map(|call| format!("\"{}\"", call.name))
            .collect();
        held(&format!("[{{ ran_once = [{}] }}]", names.join(", ")), calls)
    };
    let (x, y) = (json!({"id": "x"}), json!({"id": "y"}));
    assert!(holds(&[run("a", &x, false), run("b", &x, true)]));
    assert!(holds(&[
        run("a", &x, false),
        refusal("b", 409, "busy"),
        run("c", &x, true)
    ]));
    assert!(
        !holds(&[run("a", &x, false), run("b", &x, false)]),
        "two runs"
    );
    assert!(
        !holds(&[run("a", &x, false), run("b", &y, true)]),
        "two answers"
    );
    assert!(
        !holds(&[refusal("a", 409, "busy"), refusal("b", 409, "busy")]),
        "no run"
    );
    assert!(
        !holds(&[run("a", &x, false), refusal("b", 500, "oops")]),
        "no refusal"
    );
    // Without an id the content tells one run from another.
    let sound = |name: &str, bytes: &[u8], replayed| {
        let mut call = delivered(name, "audio/wav", bytes);
        call.media.push(MediaSeen {
            bytes: vec![7],
            content_type: None,
        });
        let head = run(name, &json!({}), replayed);
        call.exchanges[0]
            .answer
            .as_mut()
            .unwrap()
            .headers
            .clone_from(&head.exchanges[0].answer.as_ref().unwrap().headers);
        call
    };
    assert!(holds(&[
        sound("a", b"one", false),
        sound("b", b"one", true)
    ]));
    assert!(
        !holds(&[sound("a", b"one", false), sound("b", b"two", true)]),
        "another recording"
    );
    let text = |name: &str, text: &str, replayed| run(name, &json!({"text": text}), replayed);
    assert!(holds(&[text("a", "one", false), text("b", "one", true)]));
    assert!(
        !holds(&[text("a", "one", false), text("b", "two", true)]),
        "another text"
    );
    assert!(
        !holds(&[run("a", &json!({}), false), run("b", &json!({}), true)]),
        "nothing to compare"
    );
}

#[test]
fn the_gateways_books_say_how_often_work_ran() {
    let ran = |books: Option<&[(&str, u64)]>| {
        let books = books.map(|books| {
            books
                .iter()
                .map(|(key, times)| ((*key).to_owned(), *times))
                .collect()
        });
        let seen = Observation {
            books,
            ..Observation::default()
        };
        held_on(r#"[{ charged = { key = "k1", times = 1 } }]"#, &seen)
    };
    assert!(
        ran(Some(&[("k1", 1), ("k2", 3)])) && ran(None),
        "closed books say nothing"
    );
    assert!(!ran(Some(&[("k1", 2)])) && !ran(Some(&[("k2", 1)])));
    let never = Observation {
        books: Some([].into()),
        ..Observation::default()
    };
    assert!(held_on(
        r#"[{ charged = { key = "k1", times = 0 } }]"#,
        &never
    ));
}
