//! One table of exit codes: found a problem ≠ could not check ≠ asked wrongly.

use canary_core::exit::Exit;

use crate::support::{Place, Served, nobody};

#[test]
fn help_and_version_are_answers() {
    let place = Place::without_matrix();
    for arguments in [["--help"], ["--version"], ["help"]] {
        let ended = place.run(&arguments).expect(0);
        assert!(!ended.out.is_empty() && ended.err.is_empty(), "{ended:?}");
    }
    let help = place.run(&["--help"]).expect(0).out;
    let same = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(same(&help).contains(&same(&Exit::table())), "{help}");
}

#[test]
fn what_cannot_be_asked_ends_with_2_and_says_what_to_do() {
    let place = Place::new();
    place.write("bad.env", "RUNINFRA_API_KEY=a b\n");
    let table: &[(&[&str], &str)] = &[
        (&[], "Usage: canary"),
        (&["rehears"], "rehearse"),
        (&["run", "--stric"], "--strict"),
        (&["run", "--gate", "some"], "ga, all"),
        (&["run", "--jobs", "many"], "--jobs"),
        (&["matrix", "docs"], "--write"),
        (
            &["matrix", "explain", "models.lst"],
            "did you mean `models.list`?",
        ),
        (&["matrix", "check", "--matrix", "nowhere"], "nowhere"),
        (&["preflight", "--env-file", "none.env"], "none.env"),
        (&["preflight", "--env-file", "bad.env"], "line 1"),
        (&["run", "--readiness", "none.json"], "none.json"),
        (&["run", "--challenge", "none.json"], "none.json"),
        (&["run", "--package-source", "artifact"], "cargo package"),
        (&["discover"], "RUNINFRA_API_KEY is missing"),
        (
            &["rehearse", "--fault", "chat.usage_sum_rong"],
            "did you mean `chat.usage_sum_wrong`?",
        ),
        (
            &["selftest", "--fault", "chat.usage_sum_rong"],
            "did you mean `chat.usage_sum_wrong`?",
        ),
    ];
    for (arguments, said) in table {
        let before = place.files();
        let ended = place.run(arguments).expect(2);
        assert!(ended.err.contains(said), "{arguments:?}: {}", ended.err);
        assert!(ended.out.is_empty(), "{arguments:?}: {}", ended.out);
        assert_eq!(place.files(), before, "{arguments:?} wrote something");
    }
}

#[test]
fn yes_no_and_could_not_tell_are_told_apart() {
    let place = Place::new();
    let served = Served::whole();
    place.write_env("env", &served.few_variables());
    let mut elsewhere = served.few_variables();
    elsewhere.insert("RUNINFRA_BASE_URL".to_owned(), nobody());
    place.write_env("elsewhere", &elsewhere);
    place.write("file", "");
    let table: &[(&[&str], Exit)] = &[
        (&["matrix", "check"], Exit::Yes),
        (&["preflight", "--env-file", "env"], Exit::Yes),
        (&["preflight", "--strict"], Exit::No),
        // The small matrix has rows for three operations of many.
        (&["coverage"], Exit::No),
        (
            &["preflight", "--report", "file/report.json"],
            Exit::CouldNotTell,
        ),
        (&["run", "--env-file", "env"], Exit::Yes),
        (&["run", "--env-file", "elsewhere"], Exit::CouldNotTell),
        (&["discover", "--env-file", "elsewhere"], Exit::CouldNotTell),
        (&["discover", "--env-file", "env"], Exit::Yes),
        (&["selftest", "--fault", "chat.usage_sum_wrong"], Exit::Yes),
    ];
    for (arguments, exit) in table {
        let ended = place.run(arguments);
        assert_eq!(
            ended.code,
            Some(i32::from(exit.code())),
            "{arguments:?}\n{}",
            ended.both()
        );
    }
}

#[test]
fn a_sabotage_that_nobody_notices_makes_a_selftest_fail() {
    let place = Place::new();
    let ended = place
        .run(&["selftest", "--fault", "chat.max_tokens_ignored"])
        .expect(1);
    assert!(ended.out.contains("SURVIVED"), "{}", ended.out);
    assert!(ended.out.contains("models.list"), "{}", ended.out);
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_reason_to_fail() {
    use std::process::Stdio;

    let place = Place::without_matrix();
    for arguments in [
        &["matrix", "list", "--format", "json"][..],
        &["matrix", "schema"],
        &["preflight"],
        &["--help"],
    ] {
        let mut child = place
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        crate::support::Ended::of(output).expect(0);
    }
}
