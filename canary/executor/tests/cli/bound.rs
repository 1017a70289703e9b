//! What a strict run is bound to, before it costs anything: no verifier would take the run afterwards.

use std::net::TcpListener;

use canary_core::challenge::Challenge;
use chrono::{Duration, Utc};

use crate::support::{Ended, Place};

/// A place with the inputs of a gateway that must not be asked.
fn place() -> (Place, TcpListener) {
    let place = Place::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let at = listener.local_addr().unwrap();
    place.write(
        "env",
        &format!(
            "RUNINFRA_API_KEY=rp_live_x\nRUNINFRA_LLM_MODEL=m\nRUNINFRA_BASE_URL=http://{at}/v1\n"
        ),
    );
    (place, listener)
}

fn run(place: &Place, more: &[&str]) -> Ended {
    let words = [
        "run",
        "--strict",
        "--package-source",
        "source",
        "--env-file",
        "env",
    ];
    let words: Vec<&str> = words.iter().chain(more).copied().collect();
    place.run(&words)
}

#[test]
fn a_strict_run_follows_readiness_of_the_same_candidate_matrix_and_inputs() {
    let (place, listener) = place();
    let strict = ["preflight", "--strict", "--package-source", "source"];
    let preflight = |more: &[&str]| {
        let words: Vec<&str> = strict.iter().chain(more).copied().collect();
        place.run(&words)
    };
    // The small matrix leaves operations uncovered, so that its readiness is blocked anyway.
    preflight(&["--report", "blocked.json"]).expect(1);
    preflight(&["--env-file", "env", "--report", "good.json"]);
    place
        .run(&["preflight", "--env-file", "env", "--report", "lenient.json"])
        .expect(0);
    let good = place.read("good.json");
    let other = |name: &str, from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        place.write(name, &good.replacen(from, to, 1));
    };
    let version = format!("\"sdkVersion\": \"{}\"", env!("CARGO_PKG_VERSION"));
    other("candidate.json", &version, "\"sdkVersion\": \"9.9.9\"");
    other("matrix.json", "\"rowCount\": 3", "\"rowCount\": 4");
    for (name, why) in [
        ("blocked.json", "blocked"),
        ("lenient.json", "--strict"),
        ("candidate.json", "candidate"),
        ("matrix.json", "matrix"),
    ] {
        let ended = run(&place, &["--readiness", name]).expect(2);
        for said in [name, why, "canary preflight --strict"] {
            assert!(ended.err.contains(said), "{name} {said}: {}", ended.err);
        }
    }
    assert!(listener.accept().is_err());
}

#[test]
fn a_run_answers_a_challenge_that_is_good() {
    let (place, listener) = place();
    let now = Utc::now();
    for (name, issued, why) in [
        ("old.json", now - Duration::hours(2), "expired"),
        ("new.json", now + Duration::hours(2), "issued later"),
    ] {
        let challenge = Challenge::new([7; 32], issued, Duration::hours(1)).unwrap();
        std::fs::write(place.path(name), challenge.bytes().unwrap()).unwrap();
        let ended = run(&place, &["--challenge", name]).expect(2);
        for said in [name, why, "canary-verify challenge"] {
            assert!(ended.err.contains(said), "{name} {said}: {}", ended.err);
        }
    }
    assert!(listener.accept().is_err());
}
