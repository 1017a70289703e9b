//! `promotion` and `rehearsal`, end to end.

use canary_core::report::v1::{Ended as RunEnded, Purpose};
use serde_json::Value;

use crate::bench::Bench;

#[test]
fn a_good_pair_is_promoted() {
    let ended = Bench::good().promotion("");
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    assert!(ended.out.contains("PROMOTE: all"), "{}", ended.out);
    assert!(
        ended
            .out
            .contains("rows: 1 of 1 gating passed, 1 of 1 preview passed")
    );
}

#[test]
fn a_challenge_that_is_demanded_is_met() {
    let bench = Bench::good();
    assert_eq!(bench.promotion("--challenge challenge.json").code, 0);
    assert_eq!(bench.run("challenge --write other.json").code, 0);
    let ended = bench.promotion("--challenge other.json");
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("challenge_is_met"), "{}", ended.out);
    bench.put("broken.json", b"{}");
    let ended = bench.promotion("--challenge broken.json");
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("missing field"), "{}", ended.out);
}

#[test]
fn a_rehearsal_is_refused_by_name_and_sound_as_a_rehearsal() {
    let bench = Bench::with(crate::support::Good::rehearse);
    bench.put("artifacts/sbom.json", b"{}");
    let ended = bench.promotion("");
    assert_eq!(ended.code, 1);
    assert!(
        ended
            .out
            .contains("rehearsal_is_not_evidence         BROKEN"),
        "{}",
        ended.out
    );
    let ended = bench.run("rehearsal --readiness readiness.json --live live.json");
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    assert!(ended.out.contains("SOUND"), "{}", ended.out);
    let evidence = Bench::good().run("rehearsal --readiness readiness.json --live live.json");
    assert_eq!(evidence.code, 1);
    assert!(
        evidence.out.contains("rehearsal_says_so"),
        "{}",
        evidence.out
    );
}

#[test]
fn a_rehearsal_is_held_against_the_files_that_it_staged_and_the_tree_that_it_is_in() {
    const PAIR: &str = "rehearsal --readiness readiness.json --live live.json";
    let refused = |bench: &Bench, more: &str, rule: &str| {
        let ended = bench.run(&format!("{PAIR} {more}"));
        assert_eq!(ended.code, 1, "{more}: {}{}", ended.out, ended.err);
        assert!(ended.out.contains(rule), "{more}: {}", ended.out);
    };
    let bench = Bench::with(|good| {
        good.rehearse();
        good.restage();
    });
    let ended = bench.run(&format!("{PAIR} --artifacts-root artifacts"));
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    bench.put("artifacts/runinfra-9.9.9.crate", b"x");
    let staged = "artifacts_are_the_staged_files";
    refused(&bench, "--artifacts-root artifacts", staged);
    // Nobody asked about what lies there.
    assert_eq!(bench.run(PAIR).code, 0);

    let bench = Bench::with(crate::support::Good::rehearse);
    bench.put("elsewhere/src/lib.rs", b"//! Another client.");
    let tree = "sources_are_the_trees";
    refused(&bench, "--source-tree elsewhere", tree);
    // The tree around is looked at without being named.
    bench.put("sdk/src/lib.rs", b"//! Changed after the rehearsal.");
    refused(&bench, "", tree);
}

#[test]
fn every_finding_is_listed_at_once() {
    let bench = Bench::with(|good| {
        good.run().ended = RunEnded::Aborted;
        good.live.purpose = Purpose::Rehearsal;
        good.fail("models.list");
        good.stage("runinfra-9.9.9.crate", b"");
    });
    bench.put("sdk/src/added.rs", b"");
    let ended = bench.promotion("--format json");
    assert_eq!(ended.code, 1);
    let verdict: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(verdict["answer"], "refused");
    let findings = verdict["findings"].as_array().unwrap();
    for rule in [
        "run_is_completed",
        "rehearsal_is_not_evidence",
        "every_gating_row_passed",
        "artifacts_are_the_staged_files",
        "artifact_is_a_package",
        "sources_are_the_trees",
    ] {
        let finding = findings.iter().find(|finding| finding["rule"] == rule);
        let finding = finding.unwrap_or_else(|| panic!("{rule} is not in {}", ended.out));
        for field in ["subject", "at", "found", "expected", "next"] {
            let text = finding[field].as_str().unwrap();
            assert!(!text.is_empty(), "{rule}: {field}");
        }
    }
}

#[test]
fn a_statement_is_written_for_a_yes_and_for_a_no() {
    let bench = Bench::good();
    assert_eq!(bench.promotion("--statement s.json").code, 0);
    let statement: Value = serde_json::from_str(&bench.text("s.json")).unwrap();
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(
        statement["predicateType"],
        "https://in-toto.io/attestation/test-result/v0.1"
    );
    assert_eq!(statement["predicate"]["result"], "PASSED");
    assert_eq!(statement["subject"][0]["name"], "runinfra-0.1.0.crate");

    let bench = Bench::with(|good| good.run().ended = RunEnded::Aborted);
    assert_eq!(bench.promotion("--statement s.json").code, 1);
    let statement: Value = serde_json::from_str(&bench.text("s.json")).unwrap();
    assert_eq!(statement["predicate"]["result"], "FAILED");
    assert_eq!(
        statement["predicate"]["failedTests"][0],
        "rule/run_is_completed"
    );

    let bench = Bench::with(|good| good.staged.clear());
    bench.put("artifacts/none", b"");
    let ended = bench.promotion("--statement s.json");
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains("none was found"), "{}", ended.err);
    assert!(!bench.path("s.json").exists());
    // All that was found is told nevertheless.
    for told in [
        "artifacts_are_the_staged_files",
        "versions_agree",
        "REFUSED",
    ] {
        assert!(ended.out.contains(told), "{told}: {}", ended.out);
    }
}

#[test]
fn a_statement_is_not_written_over_what_it_is_about() {
    let bench = Bench::good();
    std::os::unix::fs::symlink("live.json", bench.path("link.json")).unwrap();
    for over in [
        "live.json",
        "./readiness.json",
        "artifacts/../live.json",
        "link.json",
        "challenge.json",
        "artifacts/runinfra-0.1.0.crate",
    ] {
        let before = std::fs::read(bench.path(over)).unwrap();
        let ended = bench.promotion(&format!("--challenge challenge.json --statement {over}"));
        assert_eq!(ended.code, 2, "{over}: {}", ended.out);
        assert!(
            ended
                .err
                .contains("it is read by this command; name another file"),
            "{}",
            ended.err
        );
        assert_eq!(ended.out, "");
        assert_eq!(std::fs::read(bench.path(over)).unwrap(), before, "{over}");
    }
    // What no command reads is written anew each time.
    for _ in 0..2 {
        assert_eq!(
            bench.promotion("--statement artifacts/statement.json").code,
            0
        );
    }
}

#[test]
fn age_counts_from_the_present() {
    let bench = Bench::good();
    let ended = bench.promotion("--max-age 90m");
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("evidence_is_fresh"), "{}", ended.out);
    assert_eq!(bench.promotion("--max-age 3h").code, 0);
    assert_eq!(bench.promotion("--max-age 30d").code, 0);
    for none in ["0s", "2592001s"] {
        let ended = bench.promotion(&format!("--max-age {none}"));
        assert_eq!(ended.code, 2, "{none}");
        assert!(ended.err.contains("at most 30 days"), "{}", ended.err);
    }
}

#[test]
fn a_secret_that_is_set_where_the_verifier_runs_is_looked_for() {
    // The run's id stands in the report; here somebody has set it as something else.
    let bench = Bench::good();
    let live: Value = serde_json::from_str(&bench.text("live.json")).unwrap();
    let id = live["run"]["id"].as_str().unwrap();
    let words = "promotion --readiness readiness.json --live live.json --artifacts-root artifacts";
    let set_as = |name: &str| {
        let mut command = bench.command();
        command.args(words.split(' ')).env(name, id);
        crate::bench::ended(&command.output().unwrap())
    };
    // One that is declared and called a secret, one that is only declared, and one that is only called so.
    for name in [
        "RUNINFRA_API_KEY",
        "RUNINFRA_ASR_EXPECTED_TEXT",
        "SOMEBODYS_TOKEN",
    ] {
        let ended = set_as(name);
        assert_eq!(ended.code, 1, "{name}");
        let said = "value of a sensitive variable";
        assert!(ended.out.contains(said), "{name}: {}", ended.out);
        assert!(!ended.out.contains(id) && !ended.err.contains(id));
    }
    let harmless = set_as("SOMEBODYS_RUN");
    assert_eq!(harmless.code, 0, "{}", harmless.out);
}
