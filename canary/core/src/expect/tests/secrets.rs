//! Words about what must not be shown.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use super::super::trial::{answered, failed, held, held_on};
use crate::{
    input::Secret,
    observe::{CallSeen, Ending, Observation},
};

const KEY: &str = "rp_live_Zq8marker-one-two";

/// An answer with this status and body.
fn answer(status: u16, body: &str) -> CallSeen {
    let mut call = answered("call", &json!({}));
    let answer = call.exchanges[0].answer.as_mut().unwrap();
    answer.status = status;
    answer.body = body.into();
    call
}

#[test]
fn no_rendering_of_an_error_shows_the_text() {
    let shown = |renderings: &[&str], expect: &str| {
        let mut call = failed(
            "call",
            400,
            &json!({"error": {"message": "m", "type": "t"}}),
        );
        if let Ending::Failed(error) = &mut call.ending {
            error.renderings = renderings.iter().map(|&text| text.to_owned()).collect();
        }
        held(expect, &[call])
    };
    let hides = format!(r#"[{{ hides = ["{KEY}", "another-secret-text"] }}]"#);
    assert!(shown(&["bad request", "Api { status: 400 }"], &hides));
    assert!(!shown(&["bad request", KEY], &hides));
    assert!(!shown(&["another-secret-text"], &hides));
    assert!(!shown(&[&STANDARD.encode(KEY)], &hides));
    assert!(!shown(&[], &hides), "nothing was rendered");
    assert!(
        !shown(&["bad request"], r#"[{ hides = "${X?}" }]"#),
        "nothing to look for"
    );
    assert!(!held(&hides, &[answered("call", &json!({}))]), "no error");
}

#[test]
fn no_answer_shows_the_text() {
    let lacks = format!(r#"[{{ answer_lacks = ["{KEY}", "another-secret-text"] }}]"#);
    assert!(held(&lacks, &[answer(200, "{}")]));
    assert!(
        !held(&lacks, &[answer(200, KEY)]) && !held(&lacks, &[answer(200, "another-secret-text")])
    );
    assert!(
        !held(r#"[{ answer_lacks = "${X?}" }]"#, &[answer(200, "{}")]),
        "nothing to look for"
    );
    // Of long bodies the middle is not searched; what two ends cover is not long.
    let middle = |around: usize| {
        let filler = " ".repeat(around);
        held(&lacks, &[answer(200, &format!("{filler}{KEY}{filler}"))])
    };
    assert!(!middle(50_000) && middle(100_000));
}

#[test]
fn no_answer_of_the_row_shows_a_key() {
    let row = |secrets: &[&str], body: &str| {
        let seen = Observation {
            calls: vec![answer(200, "{}"), answer(200, body)],
            secrets: secrets.iter().map(|&secret| Secret::new(secret)).collect(),
            ..Observation::default()
        };
        held_on(r#"["each_hides_keys"]"#, &seen)
    };
    assert!(row(&[KEY], "{}") && row(&[], KEY));
    assert!(!row(&[KEY], KEY) && !row(&["another-secret-text", KEY], KEY));
}

#[test]
fn a_key_without_its_prefix_is_a_key() {
    let shows = |secret: &str, body: &str| {
        let seen = Observation {
            calls: vec![answer(200, body)],
            secrets: vec![Secret::new(secret)],
            ..Observation::default()
        };
        !held_on(r#"["each_hides_keys"]"#, &seen)
    };
    let (rest, short) = ("Zq8abcdefghijklmnop", "Zq8abcdefgh");
    for prefix in ["rp_live_", "sk-ri-"] {
        let key = format!("{prefix}{rest}");
        assert!(shows(&key, &key) && shows(&key, rest), "{prefix}");
        assert!(
            !shows(&key, prefix) && !shows(&key, &rest[..15]),
            "{prefix}"
        );
        let key = format!("{prefix}{short}");
        assert!(shows(&key, &key) && !shows(&key, short), "{prefix}");
    }
}

#[test]
fn an_error_shows_no_internals() {
    let shown = |status: u16, body: &str| {
        !held(r#"["each_error_hides_internals"]"#, &[answer(status, body)])
    };
    for internal in [
        "at 10.3.4.5:8000",
        "Bearer rp_live_Zq8abcdefghijklmnop",
        "/home/runner/work/gateway/main.rs",
    ] {
        for status in [400, 500] {
            assert!(shown(status, internal), "{status}: {internal}");
        }
        assert!(!shown(200, internal), "{internal} is an answer's own text");
    }
    assert!(!shown(400, "the model is not available") && !shown(500, "try again"));
}
