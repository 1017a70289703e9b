//! What would go wrong in the end is refused at the beginning, before anybody is called.

use std::net::TcpListener;

use crate::support::{Place, Served};

/// Whoever is called instead of the gateway that was named would get its key.
#[test]
fn a_setting_that_cannot_be_used_is_not_replaced_by_its_default() {
    for (name, value) in [
        ("RUNINFRA_BASE_URL", "http://example.com/v1"),
        ("RUNINFRA_BASE_URL", "not-a-url"),
        ("RUNINFRA_CANARY_TIMEOUT_SECONDS", "9999"),
        ("RUNINFRA_CANARY_TIMEOUT_SECONDS", "soon"),
        ("RUNINFRA_CANARY_STREAM_SLOW_CONSUMER_DELAY_MS", "99999"),
    ] {
        for command in [
            &["preflight", "--report", "r.json"][..],
            &["run", "--report", "r.json"],
            &["discover", "--report", "r.json"],
        ] {
            let place = Place::without_matrix();
            let told = place
                .command(command)
                .env("RUNINFRA_API_KEY", "rp_live_of_staging")
                .env(name, value)
                .output()
                .unwrap();
            let ended = crate::support::Ended::of(told).expect(2);
            for said in [name, "cannot be used", "unset it to use its default"] {
                assert!(
                    ended.err.contains(said),
                    "{command:?} {said}: {}",
                    ended.err
                );
            }
            assert!(
                ended.out.is_empty() && !ended.err.contains(value),
                "{ended:?}"
            );
            assert!(place.files().is_empty(), "{command:?}");
        }
    }
}

#[test]
fn a_key_that_cannot_be_used_is_not_called_missing() {
    let place = Place::new();
    place.write("env", "RUNINFRA_API_KEY=\"rp live é\"\n");
    let ended = place.run(&["discover", "--env-file", "env"]).expect(2);
    assert!(
        ended.err.contains("RUNINFRA_API_KEY cannot be used"),
        "{}",
        ended.err
    );
    assert!(!ended.err.contains("rp live"), "{}", ended.err);
}

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

fn nobody_called(listener: &TcpListener) -> bool {
    listener.accept().is_err()
}

#[test]
fn a_run_follows_a_readiness_report_and_nothing_else() {
    let place = Place::new();
    let served = Served::whole();
    place.write_env("served", &served.few_variables());
    let with = |rest: &[&str], code| {
        let words = ["run", "--env-file"]
            .iter()
            .chain(rest)
            .copied()
            .collect::<Vec<_>>();
        place.run(&words).expect(code)
    };
    place
        .run(&[
            "preflight",
            "--env-file",
            "served",
            "--report",
            "ready.json",
        ])
        .expect(0);
    with(
        &[
            "served",
            "--readiness",
            "ready.json",
            "--report",
            "live.json",
        ],
        0,
    );

    let whole = place.read("ready.json");
    place.write("cut.json", &whole[..whole.len() / 2]);
    place.write("garbage.json", "{}");
    let listener = unasked(&place);
    for (name, why) in [
        ("cut.json", "cut.json"),
        ("garbage.json", "garbage.json"),
        ("live.json", "it is the report of a run"),
        ("none.json", "canary preflight --report"),
    ] {
        let ended = with(&["env", "--readiness", name], 2);
        assert!(ended.err.contains(why), "{name}: {}", ended.err);
    }
    assert!(nobody_called(&listener));
}

#[test]
fn what_cannot_be_written_is_known_before_the_first_row() {
    let place = Place::new();
    let listener = unasked(&place);
    place.write("file", "in the way");
    for flag in ["--report", "--junit", "--html", "--summary"] {
        for path in ["file/out", "matrix"] {
            let ended = place
                .run(&["run", "--env-file", "env", flag, path])
                .expect(3);
            assert!(ended.err.contains("could not write"), "{}", ended.err);
            assert!(ended.err.contains(path), "{}", ended.err);
        }
    }
    assert!(nobody_called(&listener));
}

#[test]
fn no_rows_at_a_time_is_no_number_of_rows() {
    let place = Place::new();
    for command in ["run", "rehearse", "selftest"] {
        let ended = place.run(&[command, "--jobs", "0"]).expect(2);
        assert!(ended.err.contains("--jobs"), "{}", ended.err);
    }
}

#[test]
fn the_variables_of_an_operator_are_not_overwritten() {
    let place = Place::new();
    let mine = "RUNINFRA_API_KEY=rp_live_mine\n";
    place.write(".env", mine);
    let ended = place.run(&["serve", "--write-env", ".env"]).expect(2);
    assert!(ended.err.contains("--force"), "{}", ended.err);
    assert_eq!(place.read(".env"), mine);
}

#[cfg(unix)]
#[test]
fn a_document_stays_readable_for_whoever_read_it() {
    use std::os::unix::fs::PermissionsExt as _;

    let place = Place::new();
    place.write(
        "doc.md",
        "<!-- generated: exit-codes -->\n<!-- end of generated -->\n",
    );
    let mode = |mode: u32| std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(place.path("doc.md"), mode(0o644)).unwrap();
    place
        .run(&["matrix", "docs", "--write", "doc.md"])
        .expect(0);
    assert!(place.read("doc.md").contains("interrupted"));
    let now = std::fs::metadata(place.path("doc.md"))
        .unwrap()
        .permissions();
    assert_eq!(now.mode() & 0o777, 0o644);
}

/// Where nothing can be written, nothing was said: no answer.
#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_was_not_printed_is_none() {
    let place = Place::new();
    for command in [
        &["matrix", "check"][..],
        &["matrix", "schema"],
        &["matrix", "list", "--format", "json"],
        &["preflight"],
        &["--help"],
        &["--version"],
        &["run", "--help"],
        &["completions", "bash"],
    ] {
        let full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let told = place.command(command).stdout(full).output().unwrap();
        let ended = crate::support::Ended::of(told).expect(3);
        assert!(
            ended.err.contains("could not print"),
            "{command:?}: {}",
            ended.err
        );
    }
}

/// A pipe that never ends, or a disk image under the wrong name, must not be read to its end first.
#[cfg(unix)]
#[test]
fn what_never_ends_is_refused() {
    let place = Place::without_matrix();
    for command in [
        &["preflight", "--env-file", "/dev/zero"][..],
        &["run", "--challenge", "/dev/zero"],
        &["run", "--readiness", "/dev/zero"],
        &["merge", "/dev/zero", "--report", "live.json"],
    ] {
        let ended = place.run(command).expect(2);
        for said in ["/dev/zero", ": it is longer than"] {
            assert!(ended.err.contains(said), "{command:?} {}", ended.err);
        }
        assert!(place.files().is_empty(), "{command:?}");
    }
}

/// As a shell hands over what another command decrypts.
#[cfg(unix)]
#[test]
fn an_env_file_may_be_a_pipe() {
    use std::{io::Write, process::Stdio};

    let place = Place::without_matrix();
    let mut command = place.command(["preflight", "--env-file", "/dev/stdin"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command.stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    pipe.write_all(b"RUNINFRA_CANARY_TIMEOUT_SECONDS=9999\n")
        .unwrap();
    drop(pipe);
    let told = child.wait_with_output().unwrap();
    let ended = crate::support::Ended::of(told).expect(2);
    let said = "RUNINFRA_CANARY_TIMEOUT_SECONDS cannot be used";
    assert!(ended.err.contains(said), "{}", ended.err);
}

/// Else a strict run would test the sources with no more than a note.
#[test]
fn a_folder_of_artifacts_that_is_named_has_one() {
    let place = Place::without_matrix();
    for folder in ["nowhere", "."] {
        let command = ["preflight", "--strict", "--artifacts-root", folder];
        let ended = place.run(&command).expect(2);
        let said = format!("looked for one packed runinfra-*.crate in {folder} and found 0");
        assert!(ended.err.contains(&said), "{}", ended.err);
    }
    // Where none is named, there may be none.
    let ended = place.run(&["preflight", "--strict"]).expect(1);
    assert!(ended.err.contains("testing the sources"), "{}", ended.err);
}

#[test]
fn a_folder_of_artifacts_that_cannot_be_read_is_not_called_empty() {
    let place = Place::without_matrix();
    place.write("artifacts", "a file");
    let command = ["preflight", "--strict", "--artifacts-root", "artifacts"];
    let ended = place.run(&command).expect(3);
    let said = "could not look for the packed SDK in artifacts";
    assert!(ended.err.contains(said), "{}", ended.err);
    assert!(ended.err.contains("check the path"), "{}", ended.err);
}
