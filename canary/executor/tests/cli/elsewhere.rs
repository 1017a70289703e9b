//! An executor that is built for an artifact: what it is told, and what it is not. Cargo is a script
//! here, which tells at once of an executor that was built before.
#![cfg(unix)]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    os::unix::{fs::PermissionsExt as _, process::CommandExt as _},
    process::{Child, Command, Stdio},
    time::Instant,
};

use canary_core::report::v1::Ended as RunEnded;

use crate::{
    artifact::{edit, pack, packed},
    interrupt::{AT_ONCE, Silent, signal},
    support::{Ended, Place},
};

/// Tells that it is there, and that it is gone: a pipe ends when the last who holds it does.
const HOLDS_THE_PIPE: &str = "exec 3>alive\necho here >&3\nexec 4<>never\n";

/// Waits for what never comes, without another process.
const WAITS: &str = "read -r line <&4\n";

/// A repository with a packed SDK that no executor was built from, and a cargo that runs a script.
fn place(cargo: &str) -> Place {
    let place = Place::new();
    let mut files = packed();
    edit(&mut files, "src/lib.rs", "//!", "//! Another.\n//!");
    pack(&place, &files);
    for name in [
        "Cargo.toml",
        "Cargo.lock",
        "canary/x",
        "gateway/x",
        "fixtures/x",
    ] {
        place.write(name, "");
    }
    program(&place, "bin/cargo", cargo);
    for pipe in ["alive", "never"] {
        let made = Command::new("mkfifo").arg(place.path(pipe)).status();
        assert!(made.unwrap().success());
    }
    place
}

fn program(place: &Place, name: &str, script: &str) {
    place.write(
        name,
        &format!("#!/bin/sh\ncd '{}'\n{script}", place.path("").display()),
    );
    let executable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(place.path(name), executable).unwrap();
}

/// A cargo that built this program long ago.
fn built(place: &Place, executor: &str) {
    program(place, "executor", executor);
    let told = place.path("executor").display().to_string();
    program(
        place,
        "bin/cargo",
        &format!("echo '{{\"executable\":\"{told}\"}}'\n"),
    );
}

fn run(place: &Place) -> Command {
    let mut command = place.command([
        "run",
        "--package-source",
        "artifact",
        "--artifacts-root",
        "artifacts",
    ]);
    let path = std::env::var("PATH").unwrap();
    command
        .env("PATH", format!("{}:{path}", place.path("bin").display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // A terminal sends Ctrl-C to a whole group.
        .process_group(0);
    command
}

/// Sends a signal to a process and to all of its group, as a terminal does.
fn signal_all(child: &Child, name: &str) {
    let group = format!("-{}", child.id());
    let mut kill = Command::new("kill");
    let sent = kill.args([&format!("-{name}"), "--", &group]).status();
    assert!(sent.unwrap().success());
}

type Send = fn(&Child, &str);

#[test]
fn an_executor_that_was_built_for_an_artifact_is_interrupted_with_whoever_started_it() {
    let place = place("");
    let canary = env!("CARGO_BIN_EXE_canary");
    built(&place, &format!("exec '{canary}' run --report live.json\n"));
    for (name, send) in [
        ("TERM", signal as Send),
        ("INT", signal),
        ("INT", signal_all),
        ("TERM", signal_all),
    ] {
        let server = Silent::listen();
        let child = run(&place)
            .env("RUNINFRA_API_KEY", "rp_live_interrupted")
            .env("RUNINFRA_LLM_MODEL", "some-model")
            .env("RUNINFRA_BASE_URL", server.base_url())
            .spawn()
            .unwrap();
        let _unanswered = server.request();
        let since = Instant::now();
        send(&child, name);
        // Its output ends when nobody is left who could write to it.
        Ended::of(child.wait_with_output().unwrap()).expect(130);
        assert!(since.elapsed() < AT_ONCE, "took {:?}", since.elapsed());
        let live = place.report("live.json");
        assert_eq!(live.run.as_ref().unwrap().ended, RunEnded::Aborted);
        fs::remove_file(place.path("live.json")).unwrap();
    }
}

/// Starts it, waits until the script holds the pipe, sends the signals, and waits until nobody holds
/// the pipe any more.
fn ended(place: &Place, signals: &[&str]) -> Ended {
    let child = run(place).spawn().unwrap();
    let mut alive = BufReader::new(fs::File::open(place.path("alive")).unwrap());
    let mut line = String::new();
    alive.read_line(&mut line).unwrap();
    assert_eq!(line, "here\n");
    let since = Instant::now();
    for name in signals {
        signal(&child, name);
    }
    let ended = Ended::of(child.wait_with_output().unwrap());
    alive.read_to_end(&mut Vec::new()).unwrap();
    assert!(since.elapsed() < AT_ONCE, "took {:?}", since.elapsed());
    ended
}

#[test]
fn an_executor_that_does_not_end_is_killed_by_the_second_interrupt() {
    let place = place("");
    built(
        &place,
        &format!("trap '' TERM INT\n{HOLDS_THE_PIPE}{WAITS}"),
    );
    ended(&place, &["TERM", "TERM"]).expect(130);
}

#[test]
fn an_interrupt_stops_the_build_and_all_that_it_started() {
    let place = place(&format!("{HOLDS_THE_PIPE}({WAITS}) &\n{WAITS}"));
    for name in ["INT", "TERM"] {
        let ended = ended(&place, &[name]).expect(130);
        assert!(!ended.err.contains("error:"), "{}", ended.err);
    }
}

/// Whoever compiles a package's dependencies runs their scripts.
#[test]
fn a_build_is_told_no_input_under_any_of_its_names() {
    let place = place("env >told\nexit 1\n");
    let mut command = run(&place);
    let withheld = [
        ("RUNINFRA_API_KEY", "marker-1"),
        ("RUNINFRA_NO_INPUT", "marker-2"),
        ("A_TOKEN", "marker-3"),
        ("TEST_MODEL", "marker-4"),
    ];
    let output = command.envs(withheld).env("PLAIN", "plain").output();
    let ended = Ended::of(output.unwrap()).expect(3);
    assert!(ended.err.contains("cargo ended with"), "{}", ended.err);
    let told = place.read("told");
    assert!(told.contains("PLAIN=plain"), "{told}");
    assert!(!told.contains("marker-"), "{told}");
}
