//! A report is on disk whole, or not at all.

use canary_core::{
    digest::Digest,
    leak::Scanner,
    report::v1::{Ended, Purpose, RowStatus},
};
use canary_executor::load;
use canary_verifier::{Context, Scope, canon::Canon, verdict::Answer, verify};

use crate::support::{Place, Served};

#[test]
fn a_report_that_cannot_be_written_leaves_nothing_behind() {
    let place = Place::new();
    place.write("file", "in the way");
    let before = place.files();
    for path in ["file/report.json", "matrix"] {
        let ended = place.run(&["preflight", "--report", path]).expect(3);
        assert!(
            ended
                .err
                .contains(&format!("could not write the report {path}")),
            "{}",
            ended.err
        );
        assert_eq!(place.files(), before);
    }
}

#[test]
fn a_report_that_would_leak_is_not_written_and_the_old_one_stays() {
    let place = Place::new();
    place.write("readiness.json", "the old one");
    let before = place.files();
    // The value of a variable with a secret's name stands in every report: it is a row's name.
    let output = place
        .command(["preflight", "--report", "readiness.json"])
        .env("DEPLOY_TOKEN", "chat.completions.create")
        .output()
        .unwrap();
    let ended = crate::support::Ended::of(output).expect(3);
    assert!(ended.err.contains("nothing was written"), "{}", ended.err);
    assert!(
        !ended.err.contains("chat.completions.create"),
        "{}",
        ended.err
    );
    assert_eq!(place.files(), before);
}

#[test]
fn a_run_is_bound_to_its_readiness_report() {
    let place = Place::new();
    let served = Served::whole();
    place.write_env("env", &served.few_variables());
    place
        .run(&[
            "preflight",
            "--env-file",
            "env",
            "--report",
            "new/folder/readiness.json",
        ])
        .expect(0);
    place
        .run(&[
            "run",
            "--env-file",
            "env",
            "--readiness",
            "new/folder/readiness.json",
            "--report",
            "live.json",
        ])
        .expect(0);
    let live = place.report("live.json");
    let run = live.run.unwrap();
    assert_eq!(run.ended, Ended::Completed);
    assert_eq!(
        run.readiness_digest_sha256,
        Some(Digest::of(place.read("new/folder/readiness.json")))
    );
    assert_eq!(run.gateway_at_start, run.gateway_at_end);
    assert!(run.gateway_at_start.is_some());
    let lane = &live.reports[0];
    assert_eq!(lane.base_url, "custom_set_redacted");
    assert!(
        lane.results
            .iter()
            .all(|result| result.status == RowStatus::Passed)
    );
}

#[test]
fn a_rehearsal_says_that_it_is_one_and_promotes_nothing() {
    let place = Place::new();
    // The small matrix proves few operations, so even the rehearsal is refused; by name.
    let ended = place.run(&["rehearse", "--out", "out"]).expect(1);
    assert!(ended.out.contains("3 passed, 0 failed"), "{}", ended.out);
    assert!(ended.out.contains("surfaces_are_covered"), "{}", ended.out);
    for name in ["out/readiness.json", "out/live.json"] {
        assert_eq!(place.report(name).purpose, Purpose::Rehearsal, "{name}");
    }
    let faults = ["chat.max_tokens_ignored", "chat.usage_sum_wrong"];
    let matrix = load::matrix(Some(&place.path("matrix")), &faults).unwrap();
    let context = Context {
        scope: Scope::Promotion,
        canon: Canon::of(&matrix),
        executor_version: canary_executor::report::EXECUTOR_VERSION.to_owned(),
        staged: None,
        tree: None,
        challenge: None,
        scanner: Scanner::new(&[]).unwrap(),
        now: chrono::Utc::now(),
        max_age: chrono::Duration::hours(1),
    };
    let (readiness, live) = (
        place.read("out/readiness.json"),
        place.read("out/live.json"),
    );
    let verdict = verify(readiness.as_bytes(), live.as_bytes(), &context);
    assert_eq!(verdict.answer, Answer::Refused);
    let named = |rule: &str| verdict.findings.iter().any(|finding| finding.rule == rule);
    assert!(named("rehearsal_is_not_evidence") && named("gateway_is_production"));
}
