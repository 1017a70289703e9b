//! A run that comes to a sudden end: killed, aborted, told to end, or with nobody left to read what
//! it says. No marker shows anywhere, no report is there in part, and no image of the memory is left.
#![cfg(unix)]

use std::{
    os::unix::process::ExitStatusExt as _,
    process::{Command, Output, Stdio},
};

use base64::Engine as _;
use canary_core::report::read;

use crate::{
    interrupt::{Silent, signal},
    support::{Place, Served},
};

/// Two secrets: one in every slot that an input has, and one in a variable that is no input.
const KEY: &str = "rp_live_markerMarkerMARKER0123456789";
const OTHER: &str = "other-marker-Other-Marker-42";

/// Every spelling in which a secret may show.
fn spellings(secret: &str) -> Vec<String> {
    let hex = hex::encode(secret);
    let percent = secret.bytes().map(|byte| format!("%{byte:02X}"));
    let percent: Vec<String> = percent.collect();
    vec![
        secret.to_owned(),
        hex.to_uppercase(),
        hex,
        base64::engine::general_purpose::STANDARD_NO_PAD.encode(secret),
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(secret),
        secret.chars().rev().collect(),
        percent.concat(),
    ]
}

fn assert_clean(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for secret in [KEY, OTHER] {
        for spelling in spellings(secret) {
            assert!(!text.contains(&spelling), "{what} shows a marker");
        }
    }
}

/// The run in a shell that lets core dumps of any size be written, with everything as talkative as
/// it can be made.
fn talkative(place: &Place, base_url: &str) -> Command {
    let mut command = Command::new("sh");
    let run = format!(
        "ulimit -c unlimited 2>/dev/null; exec '{}' run --report live.json --junit junit.xml \
         --html page.html --summary summary.md --annotations",
        env!("CARGO_BIN_EXE_canary")
    );
    std::fs::create_dir_all(place.path("tmp")).unwrap();
    command
        .args(["-c", &run])
        .current_dir(place.path("."))
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .envs([
            ("RUNINFRA_API_KEY", KEY),
            ("RUNINFRA_LLM_MODEL", "some-model"),
            ("RUNINFRA_BASE_URL", base_url),
            ("SOME_SECRET_TOKEN", OTHER),
            ("RUST_BACKTRACE", "full"),
            ("RUST_LIB_BACKTRACE", "full"),
            ("RUST_LOG", "trace"),
            ("CANARY_LOG", "trace"),
        ])
        .env("TMPDIR", place.path("tmp"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What ended suddenly left nothing behind that it should not.
fn assert_nothing_told(name: &str, place: &Place, output: &Output) {
    assert!(
        !output.status.core_dumped(),
        "{name}: a core dump was written"
    );
    assert_clean(&format!("{name}: standard output"), &output.stdout);
    assert_clean(&format!("{name}: standard error"), &output.stderr);
    for (path, bytes) in place.files() {
        assert_clean(&format!("{name}: {path}"), &bytes);
    }
}

#[test]
fn a_run_that_is_ended_by_force_tells_nothing() {
    // Signals that a shell or `nohup` lets be ignored are left out: whoever runs the tests may have.
    for name in ["ABRT", "ILL", "KILL", "PIPE", "TERM"] {
        let place = Place::new();
        let server = Silent::listen();
        let child = talkative(&place, &server.base_url()).spawn().unwrap();
        let unanswered = server.request();
        signal(&child, name);
        // A signal that is ignored leaves the run going: it ends when its server does.
        drop((unanswered, server));
        let output = child.wait_with_output().unwrap();
        assert_nothing_told(name, &place, &output);
        // A report that is there is whole.
        let reports = place.files();
        if let Some(bytes) = reports.get("live.json") {
            assert!(read::read(bytes).is_ok(), "{name}: half a report");
        }
        let forced = ["ABRT", "ILL", "KILL"].contains(&name);
        assert_eq!(reports.contains_key("live.json"), !forced, "{name}");
        assert_eq!(output.status.code().is_none(), forced, "{name}");
    }
}

#[test]
fn a_run_that_nobody_listens_to_finishes_and_tells_nothing() {
    let place = Place::new();
    let served = Served::whole();
    let variables = served.few_variables();
    let mut child = talkative(&place, &variables["RUNINFRA_BASE_URL"])
        .envs(&variables)
        .spawn()
        .unwrap();
    drop((child.stdout.take(), child.stderr.take()));
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let key = &variables["RUNINFRA_API_KEY"];
    for (path, bytes) in place.files() {
        assert_clean(&path, &bytes);
        assert!(!String::from_utf8_lossy(&bytes).contains(key), "{path}");
    }
    for name in ["live.json", "junit.xml", "page.html", "summary.md"] {
        assert!(!place.read(name).is_empty(), "{name}");
    }
    place.report("live.json");
}
