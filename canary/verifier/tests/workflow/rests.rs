//! Sabotage that is not one line of the release: several at once, in CI and in the nights, in the scripts,
//! and in what stands around them all. And changes of the same places that mean nothing.

use canary_core::diagnose::SourceFile;
use canary_verifier::workflow::{Workflows, inspect};

use super::repository;

const PUBLISH: &str = super::PUBLISH;
const CI: &str = ".github/workflows/ci.yml";
const NIGHTLY: &str = ".github/workflows/nightly.yml";
const OWNERS: &str = ".github/CODEOWNERS";
const CONFIG: &str = ".cargo/config.toml";

const CHECKOUT: &str = "@11bd71901bbe5b1630ceea73d27597364c9af683";

/// One change of the repository.
enum Edit {
    /// What stands in a file, from the line `  WITHIN:` on, and what is put in its place.
    Put(&'static str, &'static str, &'static str, &'static str),
    /// The same, everywhere in the file.
    All(&'static str, &'static str, &'static str),
    /// A file with this text, new or in place of another.
    File(&'static str, &'static str),
    /// A line at the end of a file.
    Last(&'static str, &'static str),
    /// A file has another name.
    Move(&'static str, &'static str),
    /// A file is gone.
    Gone(&'static str),
}
use Edit::{All, File, Gone, Last, Move, Put};

fn put(all: &mut Workflows, name: &str, text: String) {
    if name.starts_with(".github/workflows/") {
        all.files.retain(|file| file.name != name);
        all.files.push(SourceFile::new(name, text));
        all.files.sort_by(|a, b| a.name.cmp(&b.name));
    } else if name.starts_with("scripts/") || name.starts_with(".ci/") {
        all.scripts.insert(name.to_owned(), text);
    } else {
        all.settings.insert(name.to_owned(), text);
    }
}

fn take(all: &mut Workflows, name: &str) -> String {
    let at = all.files.iter().position(|file| file.name == name);
    let file = at.map(|at| all.files.remove(at).text);
    file.or_else(|| all.scripts.remove(name))
        .or_else(|| all.settings.remove(name))
        .unwrap()
}

fn apply(all: &mut Workflows, edit: &Edit) {
    match *edit {
        Put(file, within, from, to) => {
            let text = take(all, file);
            put(all, file, super::edit(&text, within, from, to));
        }
        All(file, from, to) => {
            let text = take(all, file);
            assert!(text.contains(from), "{file}: {from}");
            put(all, file, text.replace(from, to));
        }
        File(file, text) => put(all, file, text.to_owned()),
        Last(file, line) => {
            let text = take(all, file);
            put(all, file, format!("{text}{line}\n"));
        }
        Move(from, to) => {
            let text = take(all, from);
            put(all, to, text);
        }
        Gone(file) => {
            take(all, file);
        }
    }
}

fn found(edits: &[Edit]) -> Vec<String> {
    let mut all = repository();
    for edit in edits {
        apply(&mut all, edit);
    }
    let line = |finding: canary_verifier::finding::Finding| {
        format!("{} {}: {}", finding.rule, finding.at, finding.found)
    };
    inspect(&all).into_iter().map(line).collect()
}

const JOB: &str = "\n  other:\n    name: other\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    permissions: {}\n    steps:\n      - run: exit 1\n";

const OTHER: &str = ".github/workflows/other.yml";

/// A workflow with a job that has a name.
macro_rules! named {
    ($name:literal) => {
        concat!(
            "on: { pull_request: {} }\npermissions: {}\ndefaults: { run: { shell: bash } }\njobs:\n",
            "  checks: { name: '", $name, "', strategy: { matrix: { name: [checks] } }, runs-on: ubuntu-24.04, ",
            "timeout-minutes: 5, permissions: {}, steps: [{ run: date }] }\n",
        )
    };
}

/// A workflow in a group.
macro_rules! grouped {
    ($said:literal) => {
        concat!(
            "on: { schedule: [{ cron: '0 0 * * *' }] }\npermissions: {}\ndefaults: { run: { shell: bash } }\n",
            "concurrency: { ", $said, " }\njobs:\n",
            "  other: { runs-on: ubuntu-24.04, timeout-minutes: 5, permissions: {}, steps: [{ run: date }] }\n",
        )
    };
}

#[rustfmt::skip]
const SABOTAGE: &[(&[Edit], &str)] = &[
    // The release, in several lines at once.
    (&[All(PUBLISH, CHECKOUT, HEX_AT), All(CI, CHECKOUT, HEX_AT), All(NIGHTLY, CHECKOUT, HEX_AT)], "actions_are_pinned"),
    (&[Put(PUBLISH, "attest", "@e8998f949152b193b063cb0ec769d69d929409be", HEX_AT)], "actions_are_pinned"),
    (&[Put(PUBLISH, "publish", "@c6f97d42243bad5fab37ca0427f495c86d5b1a18", HEX_AT)], "actions_are_pinned"),
    (&[Put(NIGHTLY, "fuzz", "actions/upload-artifact@", "someone/upload-artifact@")], "actions_are_pinned"),
    (&[Put(PUBLISH, "publish", "needs: [promotion-gate, verify]", "needs: verify"), Put(PUBLISH, "publish", "if: ${{ !inputs.dry_run }}", "if: ${{ always() }}")], "jobs_need_what_they_rest_on"),
    (&[Put(PUBLISH, "", "  promotion-gate:\n", "  old-gate:\n"), Put(PUBLISH, "", "jobs:\n", "jobs:\n  promotion-gate: { runs-on: ubuntu-24.04, timeout-minutes: 1, permissions: {}, steps: [{ run: 'true' }] }\n")], "gate_is_whole"),
    (&[Put(PUBLISH, "verify", "        id: verdict\n        run: |\n", "        id: verdict\n        run: >\n")], "verdict_is_the_verifiers"),
    (&[Put(PUBLISH, "verify", "PACKED: ${{ needs.build-artifacts.outputs.sha256 }}", "PACKED: '${{ needs.build-artifacts.outputs.sha256 }} '")], "verdict_is_the_verifiers"),
    (&[Put(PUBLISH, "promotion-gate", "      - name: Build the canary", "      - run: echo CANARY=/bin/true >>\"$GITHUB_ENV\"\n      - name: Build the canary")], "variables_are_known"),
    (&[Put(PUBLISH, "verify", "      - name: Verdict", "      - run: echo \"$PWD/evidence\" >>\"$GITHUB_PATH\"\n      - name: Verdict")], "variables_are_known"),
    (&[Put(PUBLISH, "promotion-gate", "          name: evidence\n          path: evidence\n", "          name: artifacts\n          path: evidence\n          overwrite: true\n")], "evidence_is_kept"),
    (&[Put(PUBLISH, "verify", "          name: artifacts\n          path: artifacts\n", "          name: artifacts\n          path: artifacts\n          merge-multiple: true\n")], "bytes_are_the_packed"),
    (&[Put(PUBLISH, "dry-run", "    steps:\n", "    steps:\n      - run: echo \"$KEY\"\n        env: { KEY: '${{ SECRETS.RUNINFRA_API_KEY }}' }\n")], "expressions_are_known"),
    (&[Put(PUBLISH, "promotion-gate", "    steps:\n", "    outputs: { key: '${{ secrets.RUNINFRA_API_KEY }}' }\n    steps:\n")], "secrets_stay_in_the_gate"),
    (&[Put(PUBLISH, "verify", "runs-on: ubuntu-24.04", "runs-on: ubuntu-latest")], "machines_are_hosted"),
    (&[Put(PUBLISH, "promotion-gate", "          if-no-files-found: warn", "          compression-level: 10\n          if-no-files-found: warn")], "evidence_is_kept"),
    // As long as a step of the nights may take, but none of a release.
    (&[Put(PUBLISH, "verify", "        id: verdict\n", "        id: verdict\n        timeout-minutes: 121\n")], "jobs_end"),
    (&[Put(PUBLISH, "verify", "    steps:\n", "    strategy: { matrix: { again: ['1', '2'] } }\n    steps:\n")], "jobs_run_once"),
    (&[Move(PUBLISH, ".github/workflows/old/publish.yml")], "jobs_are_the_releases"),
    (&[Move(PUBLISH, ".github/workflows/publish.yaml")], "jobs_are_the_releases"),
    (&[File(".github/workflows/quick.yml", "on: workflow_dispatch\npermissions: {}\ndefaults: { run: { shell: bash } }\njobs:\n  publish-quickly:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    permissions: { id-token: write }\n    steps: [{ run: scripts/publish.sh x }]\n")], "identity_is_for_publishing"),
    // What looks at changes.
    (&[Put(CI, "checks", "run: .ci/run", "run: 'true'")], "changes_are_checked"),
    (&[Put(CI, "checks", "run: .ci/run", "run: scripts/version.sh")], "changes_are_checked"),
    (&[Put(CI, "", "branches: [main]", "branches: [release]")], "changes_are_checked"),
    (&[Put(CI, "", "branches: [main]", "branches: [main, '!main']")], "changes_are_checked"),
    (&[Put(CI, "", "branches: [main]", "branches: [main]\n    paths: [docs/**]")], "changes_are_checked"),
    (&[Put(CI, "", "  pull_request:\n", "  pull_request:\n    paths-ignore: ['**']\n")], "changes_are_checked"),
    (&[Put(CI, "", "  pull_request:\n", "  pull_request:\n    types: [labeled]\n")], "changes_are_checked"),
    (&[Put(CI, "", "  pull_request:\n", "  pull_request: never\n")], "changes_are_checked"),
    (&[Put(CI, "", "  pull_request:\n", "")], "changes_are_checked"),
    (&[Put(CI, "checks", "    steps:\n", "    steps:\n      - run: cp /bin/true .ci/run\n")], "steps_are_the_releases"),
    (&[Put(CI, "", "  checks:\n", "  other-checks:\n")], "changes_are_checked"),
    // Always true, and still a door: a job of CI has no condition.
    (&[Put(CI, "checks", "    runs-on:", "    if: ${{ success() }}\n    runs-on:")], "conditions_are_known"),
    (&[Last(CI, JOB), Put(CI, "checks", "    runs-on:", "    needs: other\n    runs-on:")], "jobs_need_what_they_rest_on"),
    (&[Put(CI, "workflows", "cargo run --locked --bin canary-verify -- workflow", "cargo run --locked --bin canary-verify -- rules")], "changes_are_checked"),
    (&[Put(CI, "workflows", " --strict", "")], "changes_are_checked"),
    (&[Put(NIGHTLY, "fuzz", "    name: fuzz targets, ten minutes each", "    name: checks")], "changes_are_checked"),
    (&[File(".github/workflows/alike.yml", "on: pull_request\npermissions: {}\ndefaults: { run: { shell: bash } }\njobs:\n  checks:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    permissions: {}\n    steps: [{ run: 'true' }]\n")], "changes_are_checked"),
    (&[Put(CI, "", "\njobs:\n", "\nenv: { INSTA_UPDATE: always }\n\njobs:\n")], "variables_are_known"),
    (&[Put(CI, "checks", "run: .ci/run", "run: if .ci/run; then date; fi")], "failures_are_failures"),
    (&[Put(CI, "checks", "run: .ci/run", "run: '! .ci/run'")], "failures_are_failures"),
    (&[Put(CI, "checks", "run: .ci/run", "run: echo \"$(.ci/run)\"")], "failures_are_failures"),
    (&[Put(CI, "checks", "run: .ci/run", "run: |\n          trap 'exit' EXIT\n          .ci/run")], "failures_are_failures"),
    (&[Put(CI, "checks", "run: .ci/run", "run: .ci/run || printf failed")], "failures_are_failures"),
    (&[Put(CI, "checks", "    steps:\n", "    strategy: { matrix: { none: [] } }\n    steps:\n")], "jobs_run_once"),
    (&[Gone(CI)], "changes_are_checked"),
    // What looks at night.
    (&[Put(NIGHTLY, "", "'17 3 * * *'", "'0 0 30 2 *'")], "nights_are_whole"),
    (&[Put(NIGHTLY, "", "'17 3 * * *'", "'60 3 * * *'")], "nights_are_whole"),
    (&[Put(NIGHTLY, "", "'17 3 * * *'", "'17 24 * * *'")], "nights_are_whole"),
    (&[Put(NIGHTLY, "", "  schedule:\n    - cron: '17 3 * * *'\n", "")], "nights_are_whole"),
    (&[Put(NIGHTLY, "every-row-against-every-fault", " --full", " --fault speech.silent")], "nights_are_whole"),
    (&[Put(NIGHTLY, "fuzz", "--seconds 600", "--seconds 1")], "nights_are_whole"),
    (&[Put(NIGHTLY, "foreign-clients", "scripts/compat.sh", "scripts/compat.sh --available")], "nights_are_whole"),
    (&[Put(NIGHTLY, "public-api", "        run: cargo semver-checks --package runinfra --all-features", "        run: cargo semver-checks --version")], "nights_are_whole"),
    (&[Put(NIGHTLY, "advisories", "run: cargo deny check", "run: cargo deny check; exit 0")], "failures_are_failures"),
    (&[Put(NIGHTLY, "advisories", "run: cargo deny check", "run: cargo deny check\n        if: steps.never.outputs.set == 'yes'")], "conditions_are_known"),
    (&[Put(NIGHTLY, "mutants", ", '19/20'", "")], "shares_are_whole"),
    (&[Put(NIGHTLY, "mutants", "'19/20'", "'18/20'")], "shares_are_whole"),
    (&[Put(NIGHTLY, "mutants", "'19/20'", "'19/21'")], "shares_are_whole"),
    (&[Put(NIGHTLY, "mutants", "SHARD: ${{ matrix.shard }}", "SHARD: 0/20")], "shares_are_whole"),
    (&[Put(NIGHTLY, "every-row-against-every-fault", ", '6']", "]")], "shares_are_whole"),
    (&[Put(NIGHTLY, "every-row-against-every-fault", "'5', '6']", "'5', '5']")], "shares_are_whole"),
    (&[Put(NIGHTLY, "every-row-against-every-fault", "'5', '6']", "'5', 'six']")], "shares_are_whole"),
    (&[Put(NIGHTLY, "every-row-against-every-fault", "$SHARD/6", "$SHARD/12")], "shares_are_whole"),
    (&[Put(NIGHTLY, "no-false-alarm", "run: scripts/soak.sh 20", "run: scripts/soak.sh 1")], "nights_are_whole"),
    (&[Put(NIGHTLY, "mutants", "      SHARD:", "      HTTPS_PROXY: http://proxy.example\n      SHARD:")], "variables_are_known"),
    (&[Gone(NIGHTLY)], "nights_are_whole"),
    (&[Put(NIGHTLY, "", "  oldest-rust:\n", "  newest-rust:\n")], "nights_are_whole"),
    (&[Put(NIGHTLY, "oldest-rust", "cargo +1.88.0", "cargo")], "nights_are_whole"),
    (&[Put(NIGHTLY, "hostile-reports", "    runs-on:", "    needs: fuzz\n    runs-on:")], "jobs_need_what_they_rest_on"),
    (&[Put(NIGHTLY, "no-false-alarm", "    steps:\n", "    steps:\n      - run: cp /bin/true scripts/soak.sh\n")], "steps_are_the_releases"),
    (&[Put(NIGHTLY, "fuzz", "path: fuzz/artifacts", "path: fuzz/nothing")], "evidence_is_kept"),
    (&[Put(NIGHTLY, "every-row-against-every-fault", "        shard: ['1', '2', '3', '4', '5', '6']\n", "")], "shares_are_whole"),
    (&[Put(NIGHTLY, "every-row-against-every-fault", "    strategy:\n      fail-fast: false\n      matrix:\n        shard: ['1', '2', '3', '4', '5', '6']\n    env:\n      SHARD: ${{ matrix.shard }}\n", "    env:\n      SHARD: '1'\n")], "shares_are_whole"),
    (&[Put(NIGHTLY, "every-row-against-every-fault", "SHARD: ${{ matrix.shard }}", "SHARD: '1'")], "variables_are_known"),
    (&[Put(NIGHTLY, "every-row-against-every-fault", "'5', '6']", "'5', '5']"), Put(NIGHTLY, "every-row-against-every-fault", "SHARD: ${{ matrix.shard }}", "SHARD: '1'")], "shares_are_whole"),
    (&[Put(NIGHTLY, "", "  group: nightly\n  cancel-in-progress: false", "  group: ${{ secrets.RUNINFRA_API_KEY }}")], "secrets_stay_in_the_gate"),
    (&[Put(CI, "", "  group: ci-${{ github.ref }}", "  group: ci")], "changes_are_checked"),
    (&[Put(CI, "", "  group: ci-", "  groups: ci-")], "nothing_is_unknown"),
    (&[Put(CI, "", "cancel-in-progress: ${{ github.event_name == 'pull_request' }}", "cancel-in-progress: ${{ github.ref }}")], "changes_are_checked"),
    // The scripts that only CI and the nights come to.
    (&[Put("scripts/check-edges.sh", "", "broken=1", "broken=0")], "scripts_are_the_reviewed"),
    (&[Put("scripts/soak.sh", "", "bad=$((bad + 1))", "bad=0")], "scripts_are_the_reviewed"),
    (&[Put("scripts/mutants.sh", "", "exec cargo mutants", "exec cargo version; cargo mutants")], "scripts_are_the_reviewed"),
    (&[Put("scripts/compat/openai_python.py", "", "import", "import sys; sys.exit(0)\nimport")], "scripts_are_the_reviewed"),
    (&[Put("scripts/local-registry.sh", "", "exit 1; }", "exit 0; }")], "scripts_are_the_reviewed"),
    (&[Last("scripts/fuzz.sh", "date")], "scripts_are_the_reviewed"),
    // A line that looks like a remark, and takes the rest of a command away.
    (&[Put("scripts/gate.sh", "", "\"${inputs[@]}\" \\\n  --readiness", "\"${inputs[@]}\" \\\n  # Bound.\n  --readiness")], "scripts_are_the_reviewed"),
    (&[Put("scripts/job-summary.sh", "", "### Dry run: nothing was published", "### A release")], "scripts_are_the_reviewed"),
    (&[Put("scripts/gate.sh", "", "#!/usr/bin/env bash", "#!/bin/true")], "scripts_are_the_reviewed"),
    // The scripts.
    (&[Put("scripts/gate.sh", "", "mkdir -p \"$evidence\"", "exit 0\nmkdir -p \"$evidence\"")], "scripts_are_the_reviewed"),
    (&[Put("scripts/gate.sh", "", "run --strict", "run")], "scripts_are_the_reviewed"),
    (&[Put("scripts/gate.sh", "", "summary.md\"", "summary.md\" || true")], "scripts_are_the_reviewed"),
    (&[Put("scripts/gate.sh", "", "--package-source artifact", "--package-source source")], "scripts_are_the_reviewed"),
    (&[Put("scripts/verify.sh", "", "exit \"$verdict\"", "exit 0")], "scripts_are_the_reviewed"),
    (&[Put("scripts/verify.sh", "", "\"$verifier\" promotion", "\"$verifier\" rehearsal")], "scripts_are_the_reviewed"),
    (&[Put("scripts/verify.sh", "", "sha256sum --check --strict", "cat")], "scripts_are_the_reviewed"),
    (&[Put("scripts/publish.sh", "", "\nsame\ncargo publish", "\ncargo publish")], "scripts_are_the_reviewed"),
    (&[Put("scripts/package.sh", "", "${ALLOW_DIRTY:+--allow-dirty}", "--allow-dirty")], "scripts_are_the_reviewed"),
    (&[Put("scripts/sbom.sh", "", "cargo install cargo-cyclonedx", "cargo install cargo-cyclone")], "scripts_are_the_reviewed"),
    (&[Put("scripts/promote-local.sh", "", "broken != gateway_is_production", "broken == never")], "scripts_are_the_reviewed"),
    (&[Put("scripts/job-summary.sh", "", "nothing was published", "everything is well")], "scripts_are_the_reviewed"),
    (&[Last("scripts/version.sh", "true")], "scripts_are_the_reviewed"),
    (&[Put(".ci/run", "", "began=$SECONDS", "exit 0")], "scripts_are_the_reviewed"),
    (&[Put("scripts/lint-workflows.sh", "", "exit 3", "exit 0")], "scripts_are_the_reviewed"),
    (&[File("scripts/extra.sh", "#!/usr/bin/env bash\nset -euo pipefail\nexit 0\n"), Last("scripts/gate.sh", "scripts/extra.sh")], "scripts_are_the_reviewed"),
    (&[Gone("scripts/verify.sh")], "scripts_stop_at_failure"),
    (&[Put("scripts/fuzz.sh", "", "set -euo pipefail", "set -uo pipefail")], "scripts_stop_at_failure"),
    // Other programs in the place of those that decide.
    (&[File(CONFIG, "[target.'cfg(all())']\nrunner = 'true'\n")], "tools_are_their_own"),
    (&[File(CONFIG, "[build]\nrustc-wrapper = 'scripts/wrap.sh'\n")], "tools_are_their_own"),
    (&[File(CONFIG, "[source.crates-io]\nreplace-with = 'elsewhere'\n")], "tools_are_their_own"),
    (&[File(CONFIG, "[alias]\nr = 'run'\n")], "tools_are_their_own"),
    (&[File(CONFIG, "no toml")], "tools_are_their_own"),
    (&[File(".cargo/config", "[env]\nPATH = '/tmp'\n")], "tools_are_their_own"),
    (&[File("rust-toolchain.toml", "[toolchain]\npath = 'bin'\n")], "tools_are_their_own"),
    (&[File("rust-toolchain", "nightly-2020-01-01\n")], "tools_are_their_own"),
    // Who has to look.
    (&[Put(OWNERS, "", "/canary/verifier/    @RightNow-AI/release\n", "")], "owners_guard_what_decides"),
    (&[Put(OWNERS, "", "/scripts/            @RightNow-AI/release", "/scripts/")], "owners_guard_what_decides"),
    (&[Put(OWNERS, "", "\n/.github/ ", "\n/.gitlab/ ")], "owners_guard_what_decides"),
    (&[Put(OWNERS, "", "/Cargo.lock ", "/Cargo.lock/ ")], "owners_guard_what_decides"),
    (&[Last(OWNERS, "* @RightNow-AI/sdk")], "owners_guard_what_decides"),
    (&[Last(OWNERS, "/canary/verifier/src/workflow/")], "owners_guard_what_decides"),
    (&[Last(OWNERS, "**/*.rs @RightNow-AI/sdk")], "owners_guard_what_decides"),
    (&[Last(OWNERS, "/.ci/ # @RightNow-AI/release")], "owners_guard_what_decides"),
    (&[Gone(OWNERS)], "owners_guard_what_decides"),
    // A name is no place: what is called like a script, or like a condition, is looked at all the same.
    (&[File(OTHER, "on: { push: { branches: [main] } }\npermissions: {}\ndefaults: { run: { shell: bash } }\njobs:\n  run: { runs-on: ubuntu-24.04, timeout-minutes: 5, permissions: {}, steps: [{ run: 'echo \"$KEY\" | rev', env: { KEY: '${{ Secrets.RUNINFRA_API_KEY }}' } }] }\n")], "expressions_are_known"),
    (&[Last(CI, "  other: { runs-on: ubuntu-24.04, timeout-minutes: 5, permissions: {}, steps: [{ run: 'echo \"$run\" | rev', env: { run: '${{ SECRETS.RUNINFRA_API_KEY }}' } }] }")], "secrets_stay_in_the_gate"),
    (&[Last(CI, "  other: { runs-on: ubuntu-24.04, timeout-minutes: 5, permissions: {}, steps: [{ run: 'echo \"$if\" | rev', env: { if: \"${{ github['token'] }}\" } }] }")], "expressions_are_known"),
    (&[Last(CI, "  other: { runs-on: ubuntu-24.04, timeout-minutes: 5, permissions: {}, strategy: { matrix: { run: ['${{ github.token }}'] } }, steps: [{ run: 'echo \"$KEY\" | rev', env: { KEY: '${{ matrix.run }}' } }] }")], "secrets_stay_in_the_gate"),
    (&[Last(CI, "  if: { runs-on: ubuntu-24.04, timeout-minutes: 5, permissions: {}, env: { KEY: '${{ github.event.head_commit.message }}' }, steps: [{ run: date }] }")], "expressions_are_known"),
    (&[Last(CI, "  other: { runs-on: ubuntu-24.04, timeout-minutes: 5, permissions: {}, env: { '${{ insert }}': x }, steps: [{ run: date }] }")], "expressions_are_known"),
    (&[Last(CI, "  other: { runs-on: ubuntu-24.04, timeout-minutes: 5, permissions: {}, steps: [{ run: date, if: '${{ secrets.KEY }}' }] }")], "secrets_stay_in_the_gate"),
    // A job that may show as the one that has to pass.
    (&[File(OTHER, named!("${{ matrix.name }}"))], "changes_are_checked"),
    (&[File(OTHER, named!("checks${{ vars.NONE }}"))], "changes_are_checked"),
    (&[File(OTHER, named!(" Checks "))], "changes_are_checked"),
    (&[File(OTHER, named!(""))], "changes_are_checked"),
    // A workflow that cuts a release short, or what has to run whole.
    (&[File(OTHER, grouped!("group: publish, cancel-in-progress: true"))], "releases_wait_for_each_other"),
    (&[File(OTHER, grouped!("group: Publish"))], "releases_wait_for_each_other"),
    (&[File(OTHER, grouped!("group: '${{ vars.GROUP }}'"))], "releases_wait_for_each_other"),
    (&[Put(NIGHTLY, "", "  group: nightly", "  group: publish")], "releases_wait_for_each_other"),
    (&[File(OTHER, grouped!("group: 'ci-${{ github.ref }}', cancel-in-progress: true"))], "changes_are_checked"),
    (&[File(OTHER, grouped!("group: nightly, cancel-in-progress: true"))], "nights_are_whole"),
    // What only seems to say something.
    (&[Put(PUBLISH, "verify", "    steps:\n", "    steps:\n      - run: bash evil --version\n")], "steps_are_the_releases"),
    (&[Put(PUBLISH, "verify", "    steps:\n", "    steps:\n      - run: echo ':'':add-matcher:'':evil.json'\n")], "steps_are_the_releases"),
    (&[Put(PUBLISH, "verify", "    steps:\n", "    steps:\n      - run: date -s20200101\n")], "steps_are_the_releases"),
    // A remark that stands between quotes is none.
    (&[Put("scripts/readme-commands.sh", "", "  inside && NF", "  #' /dev/null; exit 0; '\n  inside && NF")], "scripts_are_the_reviewed"),
    // Names of what is handed on, in other letters.
    (&[Put(PUBLISH, "", "jobs:\n", "jobs:\n  docs: { runs-on: ubuntu-24.04, timeout-minutes: 5, permissions: {}, steps: [{ uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02, with: { name: Evidence, path: x } }] }\n")], "jobs_are_the_releases"),
    // Who has to look at a part.
    (&[Last(OWNERS, "/canary/verifier/src/rule/")], "owners_guard_what_decides"),
    (&[Last(OWNERS, "/scripts/publish.sh")], "owners_guard_what_decides"),
    (&[Last(OWNERS, "/scripts")], "owners_guard_what_decides"),
    (&[Last(OWNERS, "/canary")], "owners_guard_what_decides"),
    (&[Last(OWNERS, "/canary/")], "owners_guard_what_decides"),
    (&[Last(OWNERS, "/Cargo.lock")], "owners_guard_what_decides"),
    (&[Last(OWNERS, "/matrix/ @")], "owners_guard_what_decides"),
    (&[Put(OWNERS, "", "/matrix/             @RightNow-AI/release", "/matrix/inputs.toml @RightNow-AI/release")], "owners_guard_what_decides"),
    (&[Put(OWNERS, "", "/canary/verifier/    @RightNow-AI/release", "/canary/verifier/src/workflow/plan.rs @RightNow-AI/release")], "owners_guard_what_decides"),
    (&[Put(PUBLISH, "verify", "actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093", "actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02")], "steps_are_the_releases"),
    (&[Put(PUBLISH, "verify", "runs-on: ubuntu-24.04", "runs-on: [ubuntu-24.04, self-hosted]")], "machines_are_hosted"),
    (&[Put(PUBLISH, "publish", "environment: crates-io", "environment: { url: crates-io }")], "environments_protect"),
    (&[Put(PUBLISH, "publish", "environment: crates-io", "environment: { name: crates-io, url: 'https://crates.io' }")], "environments_protect"),
    (&[Put(CI, "", "jobs:\n", "env: { GREETING: x }\njobs:\n")], "variables_are_known"),
    (&[Put(NIGHTLY, "", "jobs:\n", "env: { GREETING: x }\njobs:\n")], "variables_are_known"),
    (&[Put(CI, "checks", "    steps:\n", "    env: { GREETING: x }\n    steps:\n")], "variables_are_known"),
    (&[Put(NIGHTLY, "fuzz", "        run: scripts/fuzz.sh", "        env: { GREETING: x }\n        run: scripts/fuzz.sh")], "variables_are_known"),
    // What a runner takes for something else than it looks like.
    (&[Put(CI, "checks", "    steps:\n", "    if: ${{ github.ref }} && ${{ false }}\n    steps:\n")], "conditions_are_known"),
    (&[Last(CI, "  more: { if: \"always() && ${{ false }}\", runs-on: ubuntu-24.04, timeout-minutes: 5, permissions: {}, steps: [{ run: date }] }")], "conditions_are_known"),
    (&[Last(CI, "  more: { if: \"${{ false }} or }}\", runs-on: ubuntu-24.04, timeout-minutes: 5, permissions: {}, steps: [{ run: date }] }")], "conditions_are_known"),
    (&[Last(CI, "  more: { if: \"${{ false\", runs-on: ubuntu-24.04, timeout-minutes: 5, permissions: {}, steps: [{ run: date }] }")], "conditions_are_known"),
    (&[Last(CI, "  more: { runs-on: ubuntu-24.04, timeout-minutes: 5, permissions: {}, env: none, steps: [{ run: date }] }")], "nothing_is_unknown"),
    (&[Last(CI, "  more: { runs-on: ubuntu-24.04, timeout-minutes: 5, permissions: {}, steps: [{ run: date, with: { a: b } }] }")], "nothing_is_unknown"),
];

const HEX_AT: &str = "@0123456789012345678901234567890123456789";

/// Whether a rule has a sabotage here.
pub(super) fn tries(rule: &str) -> bool {
    SABOTAGE.iter().any(|(_, name)| *name == rule)
}

#[test]
fn each_is_refused_by_the_rule_that_is_there_for_it() {
    assert!(SABOTAGE.len() >= 40);
    let mut missed = Vec::new();
    for (index, (edits, rule)) in SABOTAGE.iter().enumerate() {
        let found = found(edits);
        if !found
            .iter()
            .any(|line| line.starts_with(&format!("{rule} ")))
        {
            missed.push(format!("{index}: {rule}, but {found:#?}"));
        }
    }
    assert!(missed.is_empty(), "\n{}", missed.join("\n"));
}

const STALE: &str = "# A workflow that nobody here knows.\nname: stale\non:\n  schedule:\n    - cron: '0 0 1 * *'\npermissions: {}\ndefaults: { run: { shell: bash } }\njobs:\n  stale:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    permissions: { issues: read }\n    steps: [{ run: date }]\n";

#[rustfmt::skip]
const HARMLESS: &[&[Edit]] = &[
    &[File(OTHER, named!("documents on ${{ matrix.name }}"))],
    &[File(OTHER, grouped!("group: 'docs-${{ github.ref }}', cancel-in-progress: true"))],
    &[File(OTHER, grouped!("group: '${{ github.ref }}'"))],
    &[File(OTHER, grouped!("group: 'ci-${{ github.ref }}'"))],
    &[File(OTHER, grouped!("group: nightly, cancel-in-progress: false"))],
    &[Put(CI, "checks", "    steps:\n", "    env:\n    steps:\n")],
    &[Last(OWNERS, "/Cargo.lock.old\n/scr")],
    &[Put(OWNERS, "", "* ", "/matrix/\n* ")],
    &[Last(CI, "  run: { runs-on: ubuntu-24.04, timeout-minutes: 5, permissions: {}, env: { run: '${{ vars.A }}', if: '${{ github.ref }}' }, steps: [{ run: date }] }")],
    &[Last(OWNERS, "/matrix/inputs.toml docs@example.com\n/docs/")],
    &[Put(PUBLISH, "verify", "          scripts/verify.sh", "          # The verdict.\n          scripts/verify.sh")],
    &[Put(PUBLISH, "verify", "        run: |\n", "        run: |-\n")],
    &[Put(PUBLISH, "", "description: Build, scan and rehearse", "description: Only rehearse")],
    &[Put(PUBLISH, "promotion-gate", "[build-artifacts, security-status]", "['security-status', \"build-artifacts\"]")],
    &[Put(PUBLISH, "attest", "timeout-minutes: 15", "timeout-minutes: 10")],
    &[Put(CI, "", "branches: [main]", "branches: main")],
    &[Put(CI, "", "branches: [main]", "branches:\n      - main")],
    &[Put(CI, "", "  pull_request:\n", "  pull_request: {}\n")],
    &[Last(CI, JOB)],
    &[Put(CI, "", "group: ci-${{ github.ref }}", "group: changes-${{ github.ref }}")],
    &[Put(CI, "checks", "timeout-minutes: 60", "timeout-minutes: 90")],
    &[Put(CI, "checks", "name: Run every check", "name: Everything")],
    &[Put(CI, "checks", "name: Run every check", "name: Run every check\n        timeout-minutes: 121")],
    &[Put(NIGHTLY, "", "'17 3 * * *'", "'59 23 * * *'")],
    &[Put(NIGHTLY, "", "    - cron: '17 3 * * *'\n", "    - cron: '17 3 * * *'\n    - cron: '0 0 1 1 *'\n")],
    &[Put(NIGHTLY, "mutants", "['0/20', '1/20',", "['1/20', '0/20',")],
    &[Put(NIGHTLY, "advisories", "      - name: Check advisories", "      - run: cargo deny --version\n      - name: Check advisories")],
    &[Last(NIGHTLY, JOB)],
    &[File(".github/workflows/stale.yml", STALE)],
    &[Last("scripts/fuzz.sh", "\n# Nothing after this.")],
    &[Put("scripts/gate.sh", "", "mkdir -p", "# Here the reports go.\nmkdir -p")],
    &[Put(".ci/run", "", "step 'format'", "    # Looks.\nstep 'format'")],
    &[File("scripts/new.sh", "#!/usr/bin/env bash\n")],
    &[File(CONFIG, "[term]\ncolor = 'always'\n")],
    &[Last(OWNERS, "\n# Documents.\n/README.md docs@example.com")],
    &[Put(OWNERS, "", "/matrix/             @RightNow-AI/release", "/matrix/ @RightNow-AI/release @someone")],
];

#[test]
fn what_means_nothing_is_accepted() {
    for (index, edits) in HARMLESS.iter().enumerate() {
        assert_eq!(found(edits), [""; 0], "{index}");
    }
}

#[test]
fn a_changed_script_is_told_with_both_digests_and_the_way_to_accept_it() {
    let mut all = repository();
    apply(&mut all, &Last("scripts/gate.sh", "exit 0"));
    let found = inspect(&all);
    let [finding] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(finding.at, "scripts/gate.sh:1");
    assert!(finding.found.len() == 64 && finding.expected.len() == 64);
    assert!(
        finding.next.contains("UPDATE_DOCUMENTS=1"),
        "{}",
        finding.next
    );
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (edit, rule, at) in [
        (
            File(OWNERS, "# Owners.\n\n* @someone\nscripts/ @someone\n"),
            "owners_guard_what_decides",
            ".github/CODEOWNERS:4",
        ),
        (
            File(OTHER, "name: other\n\n# Turned\u{202e} round.\non: push\n"),
            "workflow_is_readable",
            ".github/workflows/other.yml:3",
        ),
    ] {
        let found = found(&[edit]);
        let line = format!("{rule} {at}: ");
        assert!(
            found.iter().any(|found| found.starts_with(&line)),
            "{found:#?}"
        );
    }
}
