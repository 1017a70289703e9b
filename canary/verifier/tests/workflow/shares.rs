//! The gate in shares that RELEASING.md shows keeps what every workflow has to keep.

use std::fs;

use canary_core::diagnose::SourceFile;
use canary_verifier::workflow::inspect;

use super::{repository, support::repository::root};

const HEAD: &str =
    "on: { workflow_dispatch: {} }\npermissions: {}\ndefaults: { run: { shell: bash } }\n";

fn shown() -> String {
    let page = fs::read_to_string(root().join("RELEASING.md")).unwrap();
    let (_, block) = page.split_once("```yaml\n").unwrap();
    block.split_once("```").unwrap().0.to_owned()
}

/// Rule and what was found, but for what only a gate may have.
fn found(jobs: &str) -> Vec<String> {
    // Its gate stands in the release's place, so it has the release's name.
    let jobs = jobs.replace("\n  promotion-gate:\n", "\n  gate-in-shares:\n");
    let mut all = repository();
    let file = SourceFile::new(".github/workflows/shares.yml", format!("{HEAD}{jobs}"));
    all.files.push(file);
    let mut found = inspect(&all);
    let of_a_gate = ["secrets_stay_in_the_gate", "environments_protect"];
    found.retain(|finding| !of_a_gate.contains(&finding.rule.as_str()));
    let line =
        |finding: canary_verifier::finding::Finding| format!("{} {}", finding.rule, finding.found);
    found.into_iter().map(line).collect()
}

#[test]
fn the_gate_in_shares_is_right() {
    let allowed = [
        "variables_are_known RUNINFRA_API_KEY",
        "variables_are_known SHARE",
    ];
    let mut found = found(&shown());
    found.retain(|line| !allowed.contains(&line.as_str()));
    assert_eq!(found, [""; 0]);
}

#[test]
fn it_would_be_noticed_if_it_were_not() {
    for (from, to, rule) in [
        (", '3/3'", "", "shares_are_whole"),
        (
            "SHARE: ${{ matrix.share }}",
            "SHARE: 1/3",
            "shares_are_whole",
        ),
        (
            "@11bd71901bbe5b1630ceea73d27597364c9af683",
            "@v4",
            "actions_are_pinned",
        ),
        (
            "persist-credentials: false",
            "persist-credentials: true",
            "checkouts_are_plain",
        ),
        (
            "\"$SHARE\"",
            "${{ matrix.share }}",
            "scripts_hold_no_expression",
        ),
    ] {
        let text = shown();
        assert!(text.contains(from), "{from}");
        let found = found(&text.replacen(from, to, 1));
        assert!(
            found.iter().any(|line| line.starts_with(rule)),
            "{from}: {found:?}"
        );
    }
}
