//! What every workflow has to keep, looked at by itself: in the repository's own workflows the plan
//! refuses most of it a second time.

use std::collections::BTreeMap;

use super::{around, general, log::Log, model, plan, release, yaml};

const GOOD: &str = "\
name: other
on:
  schedule:
    - cron: '0 3 * * *'
permissions: {}
defaults:
  run:
    shell: bash
env:
  CARGO_TERM_COLOR: always
jobs:
  one:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read
    steps:
      - name: Work
        run: echo done
";

/// The rules that a change of the good workflow breaks.
fn broken(from: &str, to: &str, check: impl Fn(&str, &mut Log<'_>)) -> Vec<String> {
    assert!(GOOD.contains(from), "{from:?}");
    let mut log = Log::new("other.yml");
    check(&GOOD.replacen(from, to, 1), &mut log);
    let found = log.into_list().into_iter();
    found.map(|(_, finding)| finding.rule).collect()
}

fn in_general(from: &str, to: &str, is_release: bool) -> Vec<String> {
    broken(from, to, |text, log| {
        let root = yaml::read(text, log).unwrap();
        let workflow = model::read(&root, log);
        let file = if is_release {
            plan::FILE
        } else {
            plan::changes::NIGHTLY
        };
        general::check(file, &root, &workflow, &BTreeMap::new(), log);
    })
}

fn kept_out(from: &str, to: &str) -> Vec<String> {
    broken(from, to, |text, log| {
        let root = yaml::read(text, log).unwrap();
        let workflow = model::read(&root, log);
        release::keep_out(&workflow, log);
    })
}

const NONE: [&str; 0] = [];

#[test]
fn no_variable_of_any_workflow_may_bring_code() {
    let with = |name: &str, is_release| {
        in_general(
            "CARGO_TERM_COLOR: always",
            &format!("{name}: x"),
            is_release,
        )
    };
    for name in [
        "PATH",
        "path",
        "BASH_ENV",
        "IFS",
        "NODE_OPTIONS",
        "LD_PRELOAD",
        "GIT_SSH",
        "CARGO_HOME",
        "RUSTC_WRAPPER",
        "RUSTFLAGS",
        "CANARY_X",
    ] {
        assert_eq!(with(name, true), ["variables_are_known"], "{name}");
    }
    for name in ["CARGO_TERM_COLOR", "CARGO_INCREMENTAL", "GREETING"] {
        assert_eq!(
            with(name, true),
            NONE,
            "{name}: a release's plan says which"
        );
    }
    for name in ["CARGO_TERM_COLOR", "GREETING"] {
        assert_eq!(
            with(name, false),
            NONE,
            "{name}: the plans of CI and of the nights say which"
        );
    }
}

#[test]
fn jobs_run_on_machines_that_github_keeps() {
    let on = |machine: &str| in_general("ubuntu-24.04", machine, false);
    assert_eq!(on("macos-15"), NONE);
    assert_eq!(on("self-hosted"), ["machines_are_hosted"]);
    assert_eq!(on("ubuntu-latest"), ["machines_are_hosted"]);
}

#[test]
fn no_other_workflow_sees_a_secret_or_publishes() {
    const SECRETS: [&str; 1] = ["secrets_stay_in_the_gate"];
    assert_eq!(kept_out("name: other", "name: other"), NONE);
    let secret = "${{ secrets.RUNINFRA_API_KEY }}";
    let env = format!("env:\n  KEY: {secret}");
    assert_eq!(kept_out("env:\n  CARGO_TERM_COLOR: always", &env), SECRETS);
    let job = format!("permissions:\n      contents: read\n    env:\n      KEY: {secret}");
    assert_eq!(
        kept_out("permissions:\n      contents: read", &job),
        SECRETS
    );
    let step = format!("run: echo done\n        env:\n          KEY: {secret}");
    assert_eq!(kept_out("run: echo done", &step), SECRETS);
    let with = format!("uses: actions/checkout@v4\n        with:\n          token: {secret}");
    assert_eq!(kept_out("run: echo done", &with), SECRETS);
    for publishes in ["cargo publish", "scripts/publish.sh", "cargo login"] {
        let run = format!("run: {publishes}");
        assert_eq!(
            kept_out("run: echo done", &run),
            ["published_is_the_verified"],
            "{publishes}"
        );
    }
    let auth = "uses: rust-lang/crates-io-auth-action@v1";
    assert_eq!(
        kept_out("run: echo done", auth),
        ["published_is_the_verified"]
    );
    assert_eq!(
        kept_out("schedule:\n    - cron: '0 3 * * *'", "issue_comment:"),
        ["triggers_are_known"]
    );
}

#[test]
fn an_owner_of_a_file_does_not_own_what_begins_like_it() {
    let covers = |pattern: &str, path: &str| around::covers(pattern, path);
    assert_eq!(covers("*", "scripts/gate.sh"), Some(true));
    assert_eq!(covers("/scripts/", "scripts/gate.sh"), Some(true));
    assert_eq!(covers("/scripts/gate.sh", "scripts/gate.sh"), Some(true));
    assert_eq!(covers("/scripts", "scripts/gate.sh"), Some(false));
    assert_eq!(covers("/scripts/gate", "scripts/gate.sh"), Some(false));
    for unclear in [
        "/",
        "/scripts/*",
        "scripts/",
        "/[s]cripts/",
        "!/scripts/",
        "",
    ] {
        assert_eq!(covers(unclear, "scripts/gate.sh"), None, "{unclear:?}");
    }
}

#[test]
fn a_script_is_called_however_it_is_given_to_the_shell() {
    for text in [
        "scripts/a.sh b",
        "./scripts/a.sh",
        "bash <scripts/a.sh",
        "b >c<\"scripts/a.sh\"",
        "b=`scripts/a.sh`",
        "b=$(scripts/a.sh c)",
        "{ scripts/a.sh; }",
        "b && scripts/a.sh|c",
    ] {
        let called: Vec<String> = around::called(text).collect();
        assert_eq!(called, ["scripts/a.sh"], "{text}");
    }
    assert_eq!(around::called("# scripts/a.sh\nmy-scripts/a.sh").count(), 0);
}
