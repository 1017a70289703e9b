//! Files and values that a command was given: what it cannot use or read, and what it would destroy.
#![cfg(unix)]

use std::net::TcpListener;

use crate::support::{Ended, Place};

/// A listener that must never be asked, and the variables that name it.
fn unasked(place: &Place) -> TcpListener {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let at = listener.local_addr().unwrap();
    place.write(
        "env",
        &format!(
            "RUNINFRA_API_KEY=rp_live_x\nRUNINFRA_LLM_MODEL=m\nRUNINFRA_BASE_URL=http://{at}/v1\n"
        ),
    );
    listener
}

/// Else the default would be taken in its place, and a key would go to another gateway.
#[test]
fn a_value_that_is_no_unicode_is_not_called_missing() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};

    let value = OsStr::from_bytes(b"http://127.0.0.1:9/\xff");
    for name in ["RUNINFRA_BASE_URL", "RUNINFRA_API_KEY", "TEST_MODEL"] {
        for command in ["preflight", "run", "discover"] {
            let place = Place::new();
            let told = place.command([command]).env(name, value).output();
            let ended = Ended::of(told.unwrap()).expect(2);
            for said in [name, "cannot be used", "UTF-8", "unset it"] {
                assert!(ended.err.contains(said), "{command} {said}: {}", ended.err);
            }
            assert!(!ended.err.contains("127.0.0.1"), "{}", ended.err);
        }
    }
    let place = Place::new();
    let told = place.command(["preflight"]).env("NO_INPUT", value).output();
    Ended::of(told.unwrap()).expect(0);
}

/// Commands, and the options that name the same file; `link` is one to `env`, `also` one to `folder`.
const OVERWRITING: &[(&str, &str, &str)] = &[
    ("run --env-file env --report env", "--env-file", "--report"),
    (
        "run --env-file ./folder/../env --html HERE/env",
        "--env-file",
        "--html",
    ),
    ("run --report new/x --junit ./new//x", "--report", "--junit"),
    ("run --html x --summary folder/../x", "--html", "--summary"),
    (
        "run --html also/new --junit folder/new",
        "--html",
        "--junit",
    ),
    ("run --env-file link --report env", "--env-file", "--report"),
    (
        "run --readiness mine --report mine",
        "--readiness",
        "--report",
    ),
    (
        "run --challenge mine --report mine",
        "--challenge",
        "--report",
    ),
    ("run --report matrix/rows.toml", "--matrix", "--report"),
    ("run --report matrix/new.json", "--matrix", "--report"),
    (
        "run --matrix matrix --report also/../matrix/shapes/x.json",
        "--matrix",
        "--report",
    ),
    (
        "preflight --env-file env --report env",
        "--env-file",
        "--report",
    ),
    (
        "discover --env-file env --report env",
        "--env-file",
        "--report",
    ),
    ("rehearse --out o --junit o/live.json", "--out", "--junit"),
    ("rehearse --junit x --html x", "--junit", "--html"),
    ("selftest --out matrix/rows.toml", "--matrix", "--out"),
    ("merge mine env --report mine", "share", "--report"),
    ("merge also/x --report folder/x", "share", "--report"),
];

#[test]
fn no_output_takes_the_place_of_an_input_or_of_another_output() {
    let place = Place::new();
    let listener = unasked(&place);
    for name in ["mine", "folder/x"] {
        place.write(name, "mine");
    }
    std::os::unix::fs::symlink("env", place.path("link")).unwrap();
    std::os::unix::fs::symlink("folder", place.path("also")).unwrap();
    let before = place.files();
    let here = place.path("").display().to_string();
    for (command, one, other) in OVERWRITING {
        let command = command.replace("HERE/", &here);
        let words: Vec<&str> = command.split(' ').collect();
        let ended = place.run(&words).expect(2);
        for said in [one, other, &"name another file"] {
            assert!(ended.err.contains(said), "{command}: {}", ended.err);
        }
        assert_eq!(place.files(), before, "{command}");
    }
    assert!(listener.accept().is_err());
}

/// The recording of an input is one, too.
#[test]
fn no_output_takes_the_place_of_a_recording() {
    let place = Place::without_matrix();
    place.write("voice.wav", "mine");
    let told = place
        .command(["run", "--report", "voice.wav"])
        .env("TEST_ASR_FILE", "voice.wav")
        .output();
    let ended = Ended::of(told.unwrap()).expect(2);
    for said in ["RUNINFRA_ASR_FIXTURE_PATH", "--report"] {
        assert!(ended.err.contains(said), "{}", ended.err);
    }
    assert_eq!(place.read("voice.wav"), "mine");
}

/// A file in one step takes the place of what has its name: of a device, too.
#[test]
fn what_is_no_plain_file_keeps_its_place() {
    let place = Place::new();
    let listener = unasked(&place);
    let pipe = std::process::Command::new("mkfifo")
        .arg(place.path("pipe"))
        .status();
    assert!(pipe.unwrap().success());
    place.write("plain", "mine");
    for (to, name) in [("plain", "link"), ("nothing", "loose")] {
        std::os::unix::fs::symlink(to, place.path(name)).unwrap();
    }
    place.write(
        "doc.md",
        "<!-- generated: exit-codes -->\n<!-- end of generated -->\n",
    );
    std::os::unix::fs::symlink("doc.md", place.path("doc")).unwrap();
    let refused = |command: &[&str], path: &str| {
        let ended = place.run(command).expect(2);
        for said in [path, "could not write", "name a plain file"] {
            assert!(
                ended.err.contains(said),
                "{command:?} {said}: {}",
                ended.err
            );
        }
    };
    for path in ["pipe", "link", "loose"] {
        for flag in ["--report", "--junit", "--html", "--summary"] {
            refused(&["run", "--env-file", "env", flag, path], path);
        }
        refused(&["preflight", "--report", path], path);
        refused(&["serve", "--force", "--write-env", path], path);
    }
    refused(&["matrix", "docs", "--write", "doc"], "doc");
    for name in ["link", "loose", "doc"] {
        assert!(place.path(name).is_symlink(), "{name}");
    }
    assert_eq!(place.read("plain"), "mine");
    assert!(!place.path("nothing").exists());
    assert!(listener.accept().is_err());
}

/// A file that is not there was named wrongly; one that cannot be read says nothing about anything.
#[test]
fn what_cannot_be_read_is_no_answer() {
    let place = Place::new();
    place.write("folder/x", "");
    // Nobody, root included, can read a link that leads to itself.
    std::os::unix::fs::symlink("loop", place.path("loop")).unwrap();
    for command in [
        "preflight --env-file loop",
        "preflight --matrix loop",
        "run --readiness loop",
        "run --challenge loop",
        "merge loop --report live.json",
        "matrix docs --check loop",
    ] {
        let words: Vec<&str> = command.split(' ').collect();
        let ended = place.run(&words).expect(3);
        assert!(
            ended.err.contains("could not read"),
            "{command}: {}",
            ended.err
        );
        for wrong in ["none", "folder"] {
            let command = command.replace("loop", wrong);
            let words: Vec<&str> = command.split(' ').collect();
            place.run(&words).expect(2);
        }
    }
}

/// A disk that is full, or a folder for private files that is not there, says nothing about an input.
#[test]
fn a_recording_that_cannot_be_unpacked_is_no_wrong_input() {
    let place = Place::without_matrix();
    let mut command = place.command(["run"]);
    command
        .env("RUNINFRA_ASR_FIXTURE_BASE64", "bWFya2VyLW9mLWEtdm9pY2U=")
        .env("TMPDIR", place.path("nowhere"));
    let ended = Ended::of(command.output().unwrap()).expect(3);
    for said in ["RUNINFRA_ASR_FIXTURE_PATH", "nowhere", "TMPDIR"] {
        assert!(ended.err.contains(said), "{said}: {}", ended.err);
    }
    assert!(!ended.err.contains("bWFya2"), "{}", ended.err);
}

/// Whoever is refused is told what to do about it.
#[test]
fn a_refusal_says_what_to_do() {
    let place = Place::new();
    place.write("share.json", "mine");
    place.write("one/runinfra-0.1.0.crate", "no archive");
    for name in ["two/runinfra-0.1.0.crate", "two/runinfra-0.0.9.crate"] {
        place.write(name, "no archive");
    }
    for (command, code, said) in [
        ("merge none.json --report live.json", 2, "check the path"),
        ("run --challenge none.json", 2, "canary-verify challenge"),
        ("run --challenge share.json", 2, "canary-verify challenge"),
        (
            "run --package-source artifact --artifacts-root one",
            1,
            "pack it again with `cargo package",
        ),
        (
            "run --package-source artifact --artifacts-root two",
            2,
            "leave only the one",
        ),
    ] {
        let words: Vec<&str> = command.split(' ').collect();
        let ended = place.run(&words).expect(code);
        assert!(ended.err.contains(said), "{command}: {}", ended.err);
    }
}
