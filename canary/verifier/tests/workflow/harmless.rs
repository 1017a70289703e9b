//! What a person may write otherwise, or put beside a release, without changing what it proves. A check that
//! refuses these is one that people learn to pass by.

use std::fmt::Write as _;

use super::{PUBLISH, changed, edit};

const CI: &str = ".github/workflows/ci.yml";
const NIGHTLY: &str = ".github/workflows/nightly.yml";
const GATE: &str = "promotion-gate";
const BUILD: &str = "build-artifacts";

/// The workflow, the part of it, what stands there, and how else it may be put.
type Harmless = (&'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const TABLE: &[Harmless] = &[
    // Other YAML for the same.
    (PUBLISH, "", "name: publish\n", "---\nname: publish\n"),
    (PUBLISH, "", "on:\n", "\"on\":\n"),
    (PUBLISH, "", "permissions: {}", "permissions: {   }"),
    (PUBLISH, "", "    shell: bash", "    shell: 'bash'"),
    (PUBLISH, "", "defaults:\n  run:\n    shell: bash", "defaults: { run: { shell: bash } }"),
    (PUBLISH, BUILD, "timeout-minutes: 45", "timeout-minutes: '45'"),
    (PUBLISH, BUILD, "runs-on: ubuntu-24.04", "runs-on: [ubuntu-24.04]"),
    (PUBLISH, GATE, "environment: live-canaries", "environment:\n      name: live-canaries"),
    (PUBLISH, "publish", "environment: crates-io", "environment: { name: crates-io }"),
    (PUBLISH, "verify", "    steps:\n", "    steps: &steps\n"),
    (PUBLISH, "verify", "    permissions:\n      contents: read\n", "    permissions: &read\n      contents: read\n"),
    (PUBLISH, "security-status", "needs: build-artifacts", "needs: [build-artifacts]"),
    (PUBLISH, "attest", "    needs: [verify, publish]", "    \"needs\": [\"verify\", 'publish']"),
    (PUBLISH, "verify", "        id: verdict\n        run: |\n          scripts/verify.sh artifacts evidence \"$PACKED\"\n", "        id: verdict\n        run: |\n          # The verdict is asked for here.\n          scripts/verify.sh \\\n            artifacts evidence \"$PACKED\" # by digest\n"),
    (PUBLISH, GATE, "run: scripts/gate.sh artifacts evidence", "run: >-\n          scripts/gate.sh\n          artifacts evidence"),
    (PUBLISH, GATE, "scripts/gate.sh artifacts evidence", "scripts/gate.sh  artifacts  evidence"),
    (PUBLISH, "publish", "        run: scripts/publish.sh \"$VERIFIED\"\n", "        shell: bash\n        run: scripts/publish.sh \"$VERIFIED\"\n"),
    (PUBLISH, "verify", "    steps:\n", "    defaults: { run: { shell: bash } }\n    steps:\n"),
    // The same conditions.
    (PUBLISH, GATE, "if: ${{ !inputs.dry_run }}", "if: ${{ ! inputs.dry_run }}"),
    (PUBLISH, GATE, "if: ${{ !inputs.dry_run }}", "if: inputs.dry_run == false"),
    (PUBLISH, GATE, "if: ${{ !inputs.dry_run }}", "if: ${{ inputs.dry_run != true }}"),
    (PUBLISH, GATE, "if: ${{ !inputs.dry_run }}", "if: ${{ success() && !inputs.dry_run }}"),
    (PUBLISH, GATE, "if: ${{ !inputs.dry_run }}", "if: ${{ (!inputs.dry_run) }}"),
    (PUBLISH, "dry-run", "if: ${{ inputs.dry_run }}", "if: inputs.dry_run == true"),
    (PUBLISH, BUILD, "github.ref == 'refs/heads/main'", "github.ref=='refs/heads/main'"),
    (PUBLISH, GATE, "if: ${{ always() }}", "if: always()"),
    // What only shows something.
    (PUBLISH, "", "name: publish\n", "name: publish\nrun-name: Release ${{ inputs.confirm_version }}\n"),
    (PUBLISH, "", "jobs:\n", "env:\n  CARGO_TERM_COLOR: always\njobs:\n"),
    (PUBLISH, BUILD, "    steps:\n", "    env: { RUST_BACKTRACE: '1' }\n    steps:\n"),
    (PUBLISH, BUILD, "          CONFIRMED:", "          CARGO_TERM_COLOR: never\n          CONFIRMED:"),
    (PUBLISH, BUILD, "    steps:\n", "    steps:\n      - name: Hello\n        run: echo \"A release begins.\"\n"),
    (PUBLISH, "verify", "    steps:\n", "    steps:\n      - run: |\n          rustc --version\n          cargo --version\n"),
    (PUBLISH, GATE, "      - name: Build the canary", "      - run: df -h\n        if: always()\n      - name: Build the canary"),
    // Limits, and options that change no bytes.
    (PUBLISH, BUILD, "        id: pack\n", "        id: pack\n        timeout-minutes: 10\n"),
    (PUBLISH, GATE, "timeout-minutes: 60", "timeout-minutes: 90"),
    (PUBLISH, BUILD, "          persist-credentials: false", "          persist-credentials: false\n          fetch-depth: 0"),
    (PUBLISH, BUILD, "          if-no-files-found: error", "          if-no-files-found: error\n          retention-days: 30"),
    (PUBLISH, GATE, "          if-no-files-found: warn", "          compression-level: 9\n          if-no-files-found: warn"),
    // Another job beside the release's.
    (PUBLISH, "", "jobs:\n", "jobs:\n  docs:\n    name: documents\n    runs-on: ubuntu-24.04\n    timeout-minutes: 20\n    permissions:\n      contents: read\n    steps:\n      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2\n        with:\n          persist-credentials: false\n      - name: Documents\n        run: cargo doc --locked --no-deps\n        env:\n          RUSTDOCFLAGS: -D warnings\n      - uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2\n        with:\n          name: docs\n          path: target/doc\n"),
    (PUBLISH, "", "jobs:\n", "jobs:\n  hello: { needs: build-artifacts, if: '${{ github.ref_type == ''branch'' }}', runs-on: ubuntu-24.04, timeout-minutes: 1, permissions: {}, steps: [{ run: echo hello }] }\n"),
    // CI and the nights.
    (CI, "", "  pull_request:\n", "  pull_request:\n  merge_group:\n"),
    (CI, "", "  pull_request:\n", "  workflow_dispatch:\n  pull_request:\n"),
    (CI, "", "concurrency:\n  group: ci-${{ github.ref }}\n  cancel-in-progress: ${{ github.event_name == 'pull_request' }}\n", "concurrency: ci-${{ github.ref }}\n"),
    (CI, "", "cancel-in-progress: ${{ github.event_name == 'pull_request' }}", "cancel-in-progress: true"),
    (CI, "", "jobs:\n", "env: { CARGO_TERM_COLOR: always }\njobs:\n"),
    (CI, "checks", "    steps:\n", "    steps:\n      - run: rustup show\n"),
    (CI, "", "jobs:\n", "jobs:\n  docs:\n    if: ${{ github.event_name == 'push' }}\n    runs-on: ubuntu-24.04\n    timeout-minutes: 20\n    permissions: { contents: read }\n    env: { RUSTDOCFLAGS: -D warnings }\n    steps:\n      - run: cargo doc\n        if: ${{ success() }}\n"),
    (NIGHTLY, "", "concurrency:\n  group: nightly\n  cancel-in-progress: false\n", ""),
    (NIGHTLY, "fuzz", "timeout-minutes: 240", "timeout-minutes: 200"),
    (NIGHTLY, "fuzz", "retention-days: 14", "retention-days: 30"),
    (NIGHTLY, "fuzz", "          retention-days: 14\n", ""),
    (NIGHTLY, "mutants", "      fail-fast: false\n", ""),
    (NIGHTLY, "advisories", "name: advisories and licences", "name: deny"),
];

#[test]
fn what_changes_nothing_is_accepted() {
    assert!(TABLE.len() >= 40);
    let mut refused = Vec::new();
    for (file, within, from, to) in TABLE {
        let found = changed(file, |text| edit(text, within, from, to));
        if !found.is_empty() {
            let table = canary_verifier::table::list(&found);
            refused.push(format!("{file} {within}: {from:?} -> {to:?}\n{table}"));
        }
    }
    assert!(refused.is_empty(), "\n{}", refused.join("\n"));
}

#[test]
fn an_alias_is_what_it_stands_for() {
    const READ: &str = "    permissions:\n      contents: read\n";
    let named = |to: &str| {
        changed(PUBLISH, |text| {
            let first = "    permissions: &rights\n      contents: read\n";
            let text = edit(text, "build-artifacts", READ, first);
            edit(&text, "verify", READ, to)
        })
    };
    assert_eq!(named("    permissions: *rights\n"), []);
    // What it stands for is held against the plan, too.
    let found = changed(PUBLISH, |text| {
        let write = "      contents: read\n      id-token: write";
        let text = edit(
            text,
            "publish",
            write,
            "&rights-of-publishing\n      contents: read\n      id-token: write",
        );
        let text = text.replacen("permissions:\n&rights", "permissions: &rights", 1);
        text.replacen("\n  registry-install:\n", "\n  more:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 1\n    permissions: *rights-of-publishing\n    steps: [{ run: date }]\n\n  registry-install:\n", 1)
    });
    assert!(
        found
            .iter()
            .any(|one| one.rule == "identity_is_for_publishing"),
        "{found:?}"
    );
}

#[test]
fn aliases_that_stand_for_very_much_are_refused_at_once() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..20 {
        let of = format!("*a{}", level - 1);
        let list = vec![of; 10].join(", ");
        writeln!(text, "a{level}: &a{level} [{list}]").unwrap();
    }
    let found = changed(PUBLISH, |release| format!("{release}\n{text}"));
    assert!(
        found.iter().any(|one| one.rule == "workflow_is_readable"),
        "{found:?}"
    );
}
