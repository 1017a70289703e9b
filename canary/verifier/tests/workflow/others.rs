//! What the other workflows may not do either, and the scripts behind them all.

use super::{changed, edit, inspect, repository};

const CI: &str = ".github/workflows/ci.yml";
const NIGHTLY: &str = ".github/workflows/nightly.yml";

/// The workflow, its job, what stands there, what is put in its place, and the rule that notices.
const TABLE: &[(&str, &str, &str, &str, &str)] = &[
    (
        CI,
        "",
        "  pull_request:\n",
        "  pull_request_target:\n",
        "triggers_are_known",
    ),
    (
        CI,
        "",
        "  pull_request:\n",
        "  issue_comment:\n",
        "triggers_are_known",
    ),
    (
        CI,
        "",
        "permissions: {}",
        "permissions: read-all",
        "permissions_are_least",
    ),
    (
        CI,
        "checks",
        "contents: read",
        "contents: write",
        "permissions_are_least",
    ),
    (
        CI,
        "checks",
        "contents: read",
        "id-token: write",
        "identity_is_for_publishing",
    ),
    (
        CI,
        "checks",
        "    permissions:\n      contents: read\n",
        "",
        "permissions_are_least",
    ),
    (
        CI,
        "checks",
        "runs-on: ubuntu-24.04",
        "runs-on: self-hosted",
        "machines_are_hosted",
    ),
    (
        CI,
        "checks",
        "runs-on: ubuntu-24.04",
        "environment: crates-io\n    runs-on: ubuntu-24.04",
        "environments_protect",
    ),
    (
        CI,
        "checks",
        "run: .ci/run",
        "run: .ci/run || true",
        "failures_are_failures",
    ),
    (
        CI,
        "checks",
        "run: .ci/run",
        "run: .ci/none",
        "scripts_stop_at_failure",
    ),
    (
        CI,
        "checks",
        "run: .ci/run",
        "run: echo ${{ github.head_ref }}",
        "scripts_hold_no_expression",
    ),
    (
        CI,
        "checks",
        "run: .ci/run",
        "run: .ci/run\n        if: ${{ always() }}",
        "conditions_are_known",
    ),
    (
        CI,
        "checks",
        "run: .ci/run",
        "run: cargo publish",
        "published_is_the_verified",
    ),
    (
        CI,
        "checks",
        "run: .ci/run",
        "run: .ci/run\n        env: { KEY: '${{ secrets.RUNINFRA_API_KEY }}' }",
        "secrets_stay_in_the_gate",
    ),
    (
        CI,
        "checks",
        "run: .ci/run",
        "run: .ci/run\n        env: { KEY: '${{ github.head_ref }}' }",
        "expressions_are_known",
    ),
    (
        CI,
        "checks",
        "persist-credentials: false",
        "persist-credentials: true",
        "checkouts_are_plain",
    ),
    (
        CI,
        "",
        "    shell: bash",
        "    shell: sh",
        "scripts_stop_at_failure",
    ),
    (
        NIGHTLY,
        "oldest-rust",
        "    runs-on:",
        "    if: ${{ always() }}\n    runs-on:",
        "conditions_are_known",
    ),
    (
        NIGHTLY,
        "oldest-rust",
        "timeout-minutes: 60",
        "timeout-minutes: 0",
        "jobs_end",
    ),
    (
        CI,
        "checks",
        "run: .ci/run",
        "run: .ci/run\n        if: steps.found.outputs.yes == 'true'",
        "conditions_are_known",
    ),
    (
        NIGHTLY,
        "oldest-rust",
        "        run: rustup",
        "        if: inputs.skip == 'true'\n        run: rustup",
        "conditions_are_known",
    ),
    (
        NIGHTLY,
        "oldest-rust",
        "        run: rustup",
        "        if: steps.a.outputs.b == 'c' || always()\n        run: rustup",
        "conditions_are_known",
    ),
    (
        NIGHTLY,
        "oldest-rust",
        "timeout-minutes: 60",
        "timeout-minutes: 301",
        "jobs_end",
    ),
];

#[test]
fn no_other_workflow_has_the_rights_of_a_release() {
    for (file, job, from, to, rule) in TABLE {
        let found = changed(file, |text| edit(text, job, from, to));
        let named: Vec<&str> = found.iter().map(|finding| finding.rule.as_str()).collect();
        assert!(
            named.contains(rule),
            "{from:?} -> {to:?}: {rule}, but {named:?}"
        );
    }
}

#[test]
fn a_script_that_goes_on_after_a_failure_is_refused() {
    let mut all = repository();
    let gate = all.scripts.get_mut("scripts/gate.sh").unwrap();
    *gate = gate.replace("set -euo pipefail\n", "");
    let found = inspect(&all);
    let named: Vec<&str> = found.iter().map(|finding| finding.rule.as_str()).collect();
    assert_eq!(
        named,
        ["scripts_stop_at_failure", "scripts_are_the_reviewed"]
    );
    assert!(found[0].at.starts_with(super::PUBLISH), "{}", found[0].at);
}

#[test]
fn without_a_release_there_is_none() {
    let mut all = repository();
    all.files.retain(|file| file.name != super::PUBLISH);
    let found = inspect(&all);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].rule, "jobs_are_the_releases");
}
