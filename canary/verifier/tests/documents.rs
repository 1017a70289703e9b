//! Documents that are made from the code stay as the code is: schemas, samples, the page of rules.
//! `UPDATE_DOCUMENTS=1 cargo test -p canary-verifier --test documents` makes them again.

#![expect(
    clippy::disallowed_methods,
    reason = "a variable says whether to write documents anew"
)]
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is a failed test"
)]

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
};

use canary_core::report::v1::{Diagnostic, Ended, ReadyStatus, Redacted, RowError};
use canary_verifier::{rule, schema::Document, statement::Statement, verdict::Answer};
use serde_json::Value;
use support::Good;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Compares a document with the one that is committed, or makes it again.
fn is_committed(name: &str, made: &str) {
    let path = root().join(name);
    if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, made).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == made,
        "{name} is not as the code makes it: run this test with UPDATE_DOCUMENTS=1"
    );
}

fn pretty(value: &Value) -> String {
    format!("{}\n", serde_json::to_string_pretty(value).unwrap())
}

fn schema(document: Document) -> String {
    format!("reports/{}.schema.json", document.name())
}

fn valid(document: Document, text: &str) -> bool {
    let validator = jsonschema::validator_for(&document.schema()).unwrap();
    validator.is_valid(&serde_json::from_str(text).unwrap())
}

/// The samples: a folder each, with the verdict on it.
fn samples() -> [(&'static str, Good); 5] {
    let promoted = Good::new();
    let mut rehearsal = Good::new();
    rehearsal.rehearse();
    rehearsal.scope = canary_verifier::Scope::Promotion;
    let mut aborted = Good::new();
    aborted.run().ended = Ended::Aborted;
    aborted.run().gateway_at_end = None;
    let row = aborted.result("preview.row");
    row.status = canary_core::report::v1::RowStatus::Skipped;
    row.evidence = None;
    row.duration_ms = 0;
    row.error = Some(RowError {
        name: "row".to_owned(),
        error_type: None,
        diagnostic: Diagnostic::Aborted,
        status: None,
        request_id: None,
        message: Redacted::Redacted,
    });
    aborted.recount();
    let mut sharded = Good::new();
    sharded.shard(2);
    let mut failed = Good::new();
    failed.fail("chat.completions.create");
    [
        ("promoted", promoted),
        ("rehearsal", rehearsal),
        ("aborted", aborted),
        ("failed", failed),
        ("sharded", sharded),
    ]
}

#[test]
fn the_page_of_rules_is_committed() {
    is_committed("canary/verifier/RULES.md", &rule::page());
}

#[test]
fn the_page_of_what_workflows_keep_is_committed() {
    is_committed(
        "canary/verifier/WORKFLOWS.md",
        &canary_verifier::workflow::page(),
    );
}

/// A script that a release or CI calls was changed where this fails: look at the change first.
#[test]
fn the_digests_of_the_scripts_are_committed() {
    is_committed(
        "canary/verifier/src/workflow/scripts.sha256",
        &canary_verifier::workflow::digests(&support::repository::workflows()),
    );
}

#[test]
fn the_schemas_are_committed() {
    for document in Document::ALL {
        is_committed(&schema(document), &pretty(&document.schema()));
    }
}

#[test]
fn the_samples_are_committed_valid_and_verify_as_their_folder_says() {
    for (name, good) in samples() {
        let verdict = good.verify();
        let json = String::from_utf8(verdict.to_json().unwrap()).unwrap();
        let folder = format!("reports/samples/{name}");
        is_committed(&format!("{folder}/readiness.json"), &good.readiness_json());
        is_committed(&format!("{folder}/live.json"), &good.live_json());
        is_committed(&format!("{folder}/verdict.json"), &json);
        assert!(valid(Document::Readiness, &good.readiness_json()), "{name}");
        assert!(valid(Document::Live, &good.live_json()), "{name}");
        assert!(valid(Document::Verdict, &json), "{name}");
        let promoted = verdict.answer == Answer::Promote;
        let good = ["promoted", "sharded"].contains(&name);
        assert_eq!(promoted, good, "{name}");
    }
    let [(_, good), ..] = samples();
    let statement = Statement::new(&good.verify()).unwrap().to_json().unwrap();
    let statement = String::from_utf8(statement).unwrap();
    is_committed("reports/samples/promoted/statement.json", &statement);
    let challenge = good.challenge.unwrap().bytes().unwrap();
    let challenge = String::from_utf8(challenge).unwrap();
    is_committed("reports/samples/promoted/challenge.json", &challenge);
    assert!(valid(Document::Challenge, &challenge));
}

#[test]
fn a_blocked_readiness_report_is_committed_and_valid() {
    let mut good = Good::new();
    let report = &mut good.readiness.readiness;
    report.status = ReadyStatus::Blocked;
    report.missing = vec!["RUNINFRA_LLM_MODEL".to_owned()];
    report.env.insert(
        "RUNINFRA_LLM_MODEL".to_owned(),
        canary_core::report::v1::EnvState::Missing,
    );
    report.aliases.clear();
    report.rows[1].status = ReadyStatus::Blocked;
    report.rows[1].missing.clone_from(&report.missing);
    report.summary.ready -= 1;
    report.summary.blocked += 1;
    is_committed(
        "reports/samples/blocked/readiness.json",
        &good.readiness_json(),
    );
    assert!(valid(Document::Readiness, &good.readiness_json()));
}

#[test]
fn a_schema_refuses_the_other_report_and_what_no_report_has() {
    let good = Good::new();
    assert!(!valid(Document::Readiness, &good.live_json()));
    assert!(!valid(Document::Live, &good.readiness_json()));
    for (from, to) in [
        ("\"strict\": true", "\"strict\": 1"),
        ("\"strict\": true,", ""),
        ("\"strict\": true", "\"strict\": true, \"note\": 1"),
        ("\"schemaVersion\": 1", "\"schemaVersion\": 2"),
        ("\"word\": \"length\"", "\"word\": \"anything\""),
        ("\"status\": \"passed\"", "\"status\": \"Passed\""),
        ("\"digestSha256\": \"", "\"digestSha256\": \"x"),
    ] {
        let spoiled = good.live_json().replacen(from, to, 1);
        assert_ne!(spoiled, good.live_json(), "{from}");
        assert!(!valid(Document::Live, &spoiled), "{to}");
    }
}
