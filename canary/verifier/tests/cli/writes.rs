//! What is written: templates and challenges, private and sparing.

use std::os::unix::fs::PermissionsExt as _;

use canary_core::report::v1::ReadyStatus;

use crate::bench::{Bench, Ended};

fn refused(ended: &Ended, code: i32, says: &str) {
    assert_eq!(ended.code, code, "{}{}", ended.out, ended.err);
    assert!(ended.err.contains(says), "{}", ended.err);
    assert!(ended.out.is_empty(), "{}", ended.out);
}

#[test]
fn templates_are_private_and_never_overwrite_unasked() {
    let bench = Bench::with(|good| {
        let readiness = &mut good.readiness.readiness;
        readiness.status = ReadyStatus::Blocked;
        readiness.missing = vec!["RUNINFRA_API_KEY".to_owned()];
    });
    for words in [
        "env-template --write new.env",
        "missing-env --readiness-report readiness.json --write new.env",
        "challenge --write new.env",
    ] {
        bench.put("new.env", b"mine");
        refused(
            &bench.run(words),
            2,
            "a file is there already; remove it, or pass --force",
        );
        assert_eq!(bench.text("new.env"), "mine");
        let ended = bench.run(&format!("{words} --force"));
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{words}");
        assert_ne!(bench.text("new.env"), "mine");
        let mode = bench
            .path("new.env")
            .metadata()
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{words}");
    }
}

#[test]
fn a_template_shows_no_value_that_is_set() {
    let bench = Bench::good();
    let mut command = bench.command();
    command
        .args(["env-template", "--write", "new.env"])
        .env("RUNINFRA_API_KEY", "the value of somebody");
    assert!(command.output().unwrap().status.success());
    let text = bench.text("new.env");
    assert!(text.contains("RUNINFRA_API_KEY=\n"), "{text}");
    assert!(!text.contains("the value of somebody"));
}

#[test]
fn only_what_is_missing_is_asked_for() {
    let bench = Bench::with(|good| {
        let readiness = &mut good.readiness.readiness;
        readiness.status = ReadyStatus::Blocked;
        readiness.missing = vec![
            "RUNINFRA_API_KEY".to_owned(),
            "RUNINFRA_LLM_MODEL".to_owned(),
        ];
    });
    let words = "missing-env --readiness-report readiness.json --write new.env";
    assert_eq!(bench.run(words).code, 0);
    let text = bench.text("new.env");
    let set: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .collect();
    assert_eq!(set, ["RUNINFRA_API_KEY=", "RUNINFRA_LLM_MODEL="]);
}

#[test]
fn a_report_that_found_nothing_missing_makes_no_template() {
    let bench = Bench::good();
    let ask = |report: &str| {
        bench.run(&format!(
            "missing-env --readiness-report {report} --write n.env"
        ))
    };
    let ready = ask("readiness.json");
    assert_eq!(ready.code, 0, "{}", ready.err);
    assert!(ready.out.contains("nothing is missing"), "{}", ready.err);
    refused(&ask("live.json"), 1, "it is not a readiness report");
    refused(&ask("matrix/rows.toml"), 1, "is not JSON");
    refused(&ask("none.json"), 2, "nothing is there");
    let foreign = Bench::with(|good| {
        good.readiness.readiness.status = ReadyStatus::Blocked;
        good.readiness.readiness.missing = vec!["PATH".to_owned()];
    });
    let words = "missing-env --readiness-report readiness.json --write n.env";
    refused(&foreign.run(words), 1, "`PATH` is not an input");
    assert!(!foreign.path("n.env").exists());
}

#[test]
fn a_challenge_is_new_each_time_and_ends() {
    let bench = Bench::empty();
    assert_eq!(bench.run("challenge --write a.json").code, 0);
    assert_eq!(
        bench.run("challenge --write b.json --expires-in 1h").code,
        0
    );
    let read =
        |name: &str| canary_core::challenge::Challenge::read(bench.text(name).as_bytes()).unwrap();
    let (a, b) = (read("a.json"), read("b.json"));
    assert_ne!(a.nonce, b.nonce);
    assert_eq!((a.expires_at - a.issued_at).num_hours(), 24);
    assert_eq!((b.expires_at - b.issued_at).num_minutes(), 60);
    refused(
        &bench.run("challenge --write c.json --expires-in 8d"),
        2,
        "at most 7 days",
    );
    refused(
        &bench.run("challenge --write c.json --expires-in soon"),
        2,
        "--expires-in",
    );
    refused(
        &bench.run("challenge --write none/c.json"),
        2,
        "make the folder first",
    );
    refused(
        &bench.run("challenge --write ."),
        2,
        "a folder is there; name a file",
    );
}

#[test]
fn a_template_is_not_written_over_the_report_that_it_is_made_from() {
    let bench = Bench::with(|good| {
        let readiness = &mut good.readiness.readiness;
        readiness.status = ReadyStatus::Blocked;
        readiness.missing = vec!["RUNINFRA_API_KEY".to_owned()];
    });
    let before = bench.text("readiness.json");
    refused(
        &bench
            .run("missing-env --readiness-report readiness.json --write ./readiness.json --force"),
        2,
        "it is read by this command; name another file",
    );
    assert_eq!(bench.text("readiness.json"), before);
}
