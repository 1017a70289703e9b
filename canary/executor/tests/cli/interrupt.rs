//! Ctrl-C in the middle of a run.
#![cfg(unix)]

use std::{
    collections::BTreeSet,
    io::Read as _,
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use canary_core::{
    exit::Exit,
    leak::Scanner,
    matrix::Matrix,
    report::v1::{Diagnostic, Ended as RunEnded, RowStatus},
};
use canary_executor::load;
use canary_verifier::{Context, Scope, canon::Canon, verdict::Answer, verify};

use crate::support::{Ended, Place};

/// Longest that an interrupted run may go on.
pub(crate) const AT_ONCE: Duration = Duration::from_secs(1);

/// A server that takes requests and never answers.
pub(crate) struct Silent {
    listener: TcpListener,
}

impl Silent {
    pub(crate) fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self { listener }
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/v1", self.listener.local_addr().unwrap())
    }

    /// Waits for a request, and keeps it waiting.
    pub(crate) fn request(&self) -> TcpStream {
        let (mut stream, _) = self.listener.accept().unwrap();
        let read = stream.read(&mut [0; 1024]).unwrap();
        assert!(read > 0, "a connection without a request");
        stream
    }
}

pub(crate) fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([&format!("-{name}"), &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

/// Starts a run, sends the signals once a request is under way, and tells how it ended and how long
/// that took.
fn interrupted(place: &Place, server: &Silent, signals: &[&str]) -> (Ended, Duration) {
    let child = place
        .command([
            "run",
            "--readiness",
            "readiness.json",
            "--report",
            "live.json",
        ])
        .env("RUNINFRA_API_KEY", "rp_live_interrupted")
        .env("RUNINFRA_LLM_MODEL", "some-model")
        .env("RUNINFRA_BASE_URL", server.base_url())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _unanswered = server.request();
    let since = Instant::now();
    for name in signals {
        signal(&child, name);
    }
    let ended = Ended::of(child.wait_with_output().unwrap());
    (ended, since.elapsed())
}

fn readiness(place: &Place, server: &Silent) {
    place.write(
        "env",
        &format!(
            "RUNINFRA_API_KEY=rp_live_interrupted\nRUNINFRA_LLM_MODEL=some-model\nRUNINFRA_BASE_URL={}\n",
            server.base_url()
        ),
    );
    place
        .run(&[
            "preflight",
            "--env-file",
            "env",
            "--report",
            "readiness.json",
        ])
        .expect(0);
}

#[test]
fn an_interrupted_run_ends_at_once_with_a_whole_report_that_says_so() {
    for name in ["INT", "TERM"] {
        let place = Place::new();
        let server = Silent::listen();
        readiness(&place, &server);
        let (ended, took) = interrupted(&place, &server, &[name]);
        let ended = ended.expect(i32::from(Exit::Interrupted.code()));
        assert!(took < AT_ONCE, "took {took:?}");
        assert!(ended.out.contains("skipped"), "{}", ended.out);

        let live = place.report("live.json");
        assert_eq!(live.run.as_ref().unwrap().ended, RunEnded::Aborted);
        let results = &live.reports[0].results;
        assert_eq!(results.len(), 3);
        assert!(
            results
                .iter()
                .all(|result| result.status == RowStatus::Skipped)
        );
        let told = |result: &canary_core::report::v1::RowResult| {
            result.error.as_ref().map(|error| error.diagnostic) == Some(Diagnostic::Aborted)
        };
        assert!(results.iter().all(told), "{results:?}");
        let left: Vec<String> = place
            .files()
            .into_keys()
            .filter(|name| !name.starts_with("matrix/"))
            .collect();
        assert_eq!(left, ["env", "live.json", "readiness.json"]);
    }
}

#[test]
fn the_verifier_refuses_the_report_of_an_interrupted_run() {
    let place = Place::new();
    let server = Silent::listen();
    readiness(&place, &server);
    interrupted(&place, &server, &["INT"]).0.expect(130);

    let matrix: Matrix = load::matrix(
        Some(&place.path("matrix")),
        &["chat.max_tokens_ignored", "chat.usage_sum_wrong"],
    )
    .unwrap();
    for scope in [Scope::Promotion, Scope::Rehearsal] {
        let context = Context {
            scope,
            canon: Canon::of(&matrix),
            executor_version: canary_executor::report::EXECUTOR_VERSION.to_owned(),
            staged: None,
            tree: None,
            challenge: None,
            scanner: Scanner::new(&[]).unwrap(),
            now: chrono::Utc::now(),
            max_age: chrono::Duration::hours(1),
        };
        let (readiness, live) = (place.read("readiness.json"), place.read("live.json"));
        let verdict = verify(readiness.as_bytes(), live.as_bytes(), &context);
        assert_eq!(verdict.answer, Answer::Refused);
        let rules = verdict.findings.iter().map(|found| found.rule.as_str());
        let broken: BTreeSet<&str> = rules.collect();
        assert!(broken.contains("run_is_completed"), "{broken:?}");
        // Nothing accuses whoever pressed Ctrl-C of having edited the report.
        for edited in ["statuses_are_rederived", "errors_are_about_their_row"] {
            assert!(!broken.contains(edited), "{:?}", verdict.findings);
        }
        assert!(!broken.contains("gateway_did_not_change"), "{broken:?}");
    }
}

#[test]
fn whoever_interrupts_twice_does_not_wait() {
    let place = Place::new();
    let server = Silent::listen();
    readiness(&place, &server);
    let (ended, took) = interrupted(&place, &server, &["INT", "INT"]);
    ended.expect(130);
    assert!(took < AT_ONCE, "took {took:?}");
}

#[test]
fn a_selftest_can_be_interrupted() {
    let place = Place::without_matrix();
    let mut child = place
        .command(["selftest"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The first line of progress says that it is under way.
    let mut first = [0; 1];
    child
        .stderr
        .as_mut()
        .unwrap()
        .read_exact(&mut first)
        .unwrap();
    let since = Instant::now();
    signal(&child, "INT");
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(130));
    assert!(since.elapsed() < AT_ONCE, "took {:?}", since.elapsed());
}
