//! What is missing is said once, by name, with what to do; no value is ever shown.

use canary_core::report::v1::{EnvState, Kind, Purpose, ReadyStatus};

use crate::support::Place;

#[test]
fn without_inputs_every_live_row_is_blocked_by_name() {
    let place = Place::new();
    let ended = place
        .run(&["preflight", "--report", "readiness.json"])
        .expect(0);
    insta::assert_snapshot!(ended.out);
    let report = place.report("readiness.json");
    assert_eq!(report.kind, Kind::Readiness);
    assert_eq!(report.purpose, Purpose::Evidence);
    assert_eq!(report.readiness.status, ReadyStatus::Blocked);
    assert_eq!(
        report.readiness.missing,
        ["RUNINFRA_API_KEY", "RUNINFRA_LLM_MODEL"]
    );
    assert_eq!(report.readiness.summary.ready, 1);
    assert_eq!(report.readiness.summary.blocked, 2);
    assert!(report.reports.is_empty() && report.run.is_none());
}

#[test]
fn strict_makes_a_blocked_row_a_no() {
    let place = Place::new();
    let ended = place
        .run(&["preflight", "--strict", "--report", "readiness.json"])
        .expect(1);
    assert!(ended.err.contains("no packed artifact"), "{}", ended.err);
    assert!(place.report("readiness.json").strict);
}

#[test]
fn a_variable_of_the_shell_wins_for_its_whole_alias_group() {
    let place = Place::new();
    place.write(
        "env",
        "RUNINFRA_API_KEY=rp_live_of_the_file\nRUNINFRA_LLM_MODEL=model-of-the-file\n",
    );
    let output = place
        .command([
            "preflight",
            "--env-file",
            "env",
            "--report",
            "readiness.json",
        ])
        .env("TEST_MODEL", "model-of-the-shell")
        .output()
        .unwrap();
    let ended = crate::support::Ended::of(output).expect(0);
    assert!(ended.out.starts_with("3 ready, 0 blocked"), "{}", ended.out);
    let report = place.report("readiness.json");
    assert_eq!(report.readiness.aliases["RUNINFRA_LLM_MODEL"], "TEST_MODEL");
    assert_eq!(
        report.readiness.env["RUNINFRA_LLM_MODEL"],
        EnvState::SetRedacted
    );
    assert_eq!(
        report.readiness.env["RUNINFRA_TTS_VOICE"],
        EnvState::Missing
    );
    let shown = place.read("readiness.json") + &ended.both();
    for value in [
        "rp_live_of_the_file",
        "model-of-the-file",
        "model-of-the-shell",
    ] {
        assert!(!shown.contains(value), "{value} is shown");
    }
}

#[test]
fn a_value_that_cannot_be_used_is_not_the_same_as_a_missing_one() {
    let place = Place::new();
    place.write(
        "env",
        "RUNINFRA_API_KEY=rp_live_x\nTEST_MODEL=\"two\\nlines\"\n",
    );
    let ended = place.run(&["preflight", "--env-file", "env"]).expect(0);
    insta::assert_snapshot!(ended.out);
}

#[test]
fn a_mistyped_variable_is_noticed() {
    let place = Place::new();
    place.write("env", "RUNINFRA_API_KEI=rp_live_x\nRUNINFRA_LLM_MODEL=m\n");
    let ended = place.run(&["preflight", "--env-file", "env"]).expect(0);
    assert!(
        ended.err.contains(
            "RUNINFRA_API_KEI is set and is not an input; did you mean RUNINFRA_API_KEY?"
        ),
        "{}",
        ended.err
    );
    assert!(!ended.both().contains("rp_live_x"));
}
