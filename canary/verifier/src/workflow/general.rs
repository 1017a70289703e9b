//! What holds of every workflow.

use std::collections::BTreeMap;

use super::{
    around, expressions,
    log::Log,
    model::{Job, Pair, Permissions, Step, Work, Workflow},
    plan::{self, actions::ACTIONS},
    rule,
    yaml::{At, Node},
};

/// Machines that GitHub keeps.
const HOSTED: [&str; 4] = [
    "ubuntu-24.04",
    "ubuntu-24.04-arm",
    "macos-15",
    "windows-2025",
];
/// The longest that a job of a release may take, and any other, in minutes.
const LONGEST: [u32; 2] = [120, 300];

/// Checks one workflow.
pub(super) fn check(
    file: &str,
    root: &Node,
    workflow: &Workflow,
    scripts: &BTreeMap<String, String>,
    log: &mut Log<'_>,
) {
    match &workflow.shell {
        None => log.add(&rule::SHELL, 1, "a shell without pipefail", "`shell: bash`"),
        Some(at) if at.text != "bash" => log.add(&rule::SHELL, at.line, &at.text, "bash"),
        Some(_) => {}
    }
    let top = workflow.permissions.as_ref();
    match top {
        Some(top) => none_granted(top, log),
        None => log.add(
            &rule::PERMISSIONS,
            1,
            "GitHub's default",
            "`permissions: {}`",
        ),
    }
    for (key, _) in &workflow.concurrency {
        if !["group", "cancel-in-progress"].contains(&key.text.as_str()) {
            log.add(&rule::KNOWN, key.line, &key.text, "no such key");
        }
    }
    variables(&workflow.env, log);
    expressions::check(root, log);
    let is_release = file == plan::FILE;
    for job in &workflow.jobs {
        check_job(job, LONGEST[usize::from(!is_release)], log);
        for step in &job.steps {
            check_step(step, scripts, log);
            if let Some(at) = &step.timeout {
                limited(at, LONGEST[usize::from(!is_release)], log);
            }
        }
    }
}

fn limited(at: &At, longest: u32, log: &mut Log<'_>) {
    if !(1..=longest).contains(&at.text.parse().unwrap_or(0)) {
        log.add(&rule::END, at.line, &at.text, format!("1 to {longest}"));
    }
}

fn none_granted(top: &Permissions, log: &mut Log<'_>) {
    for (name, value) in &top.grants {
        let found = format!("{}: {}", name.text, value.text);
        log.add(
            &rule::PERMISSIONS,
            name.line,
            found,
            "no permission for all jobs",
        );
    }
}

fn check_job(job: &Job, longest: u32, log: &mut Log<'_>) {
    let id = &job.id;
    match &job.runs_on {
        Some(at) if HOSTED.contains(&at.text.as_str()) => {}
        Some(at) => log.add(&rule::MACHINES, at.line, &at.text, HOSTED.join(", ")),
        None => log.add(&rule::MACHINES, id.line, "no machine", HOSTED.join(", ")),
    }
    match &job.timeout {
        Some(at) => limited(at, longest, log),
        None => log.add(&rule::END, id.line, "no limit", "`timeout-minutes`"),
    }
    if job.permissions.is_none() {
        log.add(
            &rule::PERMISSIONS,
            id.line,
            "none named",
            "the job's permissions",
        );
    }
    if job.steps.is_empty() {
        log.add(
            &rule::KNOWN,
            id.line,
            "no steps",
            "a job that does something",
        );
    }
    variables(&job.env, log);
}

fn check_step(step: &Step, scripts: &BTreeMap<String, String>, log: &mut Log<'_>) {
    variables(&step.env, log);
    match &step.work {
        Work::Run(run) => {
            untrusted(run, log);
            swallowed(run, log);
            hands_on(run, log);
            called(run, scripts, log);
        }
        Work::Uses(action, with) => {
            pinned(action, log);
            if repository(action) == "actions/checkout" {
                checkout(action, with, log);
            }
        }
        Work::Unclear => {}
    }
}

fn untrusted(run: &At, log: &mut Log<'_>) {
    if run.text.contains("${{") {
        log.add(&rule::UNTRUSTED, run.line, &run.text, "a quoted variable");
    }
}

/// Ways to go on after a failure. The shell's `-e` is no help against them.
const SWALLOWS: [&str; 6] = ["||", "set+e", "set+o", ";true", ";:", "exit0"];

fn swallowed(run: &At, log: &mut Log<'_>) {
    for line in run.text.lines() {
        let dense: String = line.split_whitespace().collect();
        let background = dense.ends_with('&') && !dense.ends_with("&&");
        let goes_on = SWALLOWS.iter().any(|swallow| dense.contains(swallow));
        if background || goes_on || only_asks(line) {
            let expected = "a failure that ends the job";
            log.add(&rule::FAILURES, run.line, line, expected);
        }
    }
}

/// Whether a line looks at how something ended, where `-e` does not: after `if` and the like, in a
/// trap, or within a text that is printed.
fn only_asks(line: &str) -> bool {
    let does = |word: &str| {
        let word = word.trim_start_matches(['"', '\'', '$', '(', '`']);
        ["cargo", "scripts/", ".ci/"]
            .iter()
            .any(|name| word.starts_with(name))
    };
    let words: Vec<&str> = line.split_whitespace().collect();
    let asked = words
        .windows(2)
        .any(|pair| ["if", "elif", "while", "until", "!"].contains(&pair[0]) && does(pair[1]));
    let first = words.first().copied().unwrap_or_default();
    let printed = ["echo", "printf", ":", "true"].contains(&first)
        && words[1..]
            .iter()
            .any(|word| (word.contains("$(") || word.contains('`')) && does(word));
    asked || printed || words.contains(&"trap")
}

/// What a script hands on to the steps after it changes them without being seen in them.
fn hands_on(run: &At, log: &mut Log<'_>) {
    for name in ["GITHUB_ENV", "GITHUB_PATH"] {
        if run.text.contains(name) {
            let expected = "variables that stand in the step that needs them";
            log.add(&rule::VARIABLES, run.line, name, expected);
        }
    }
}

/// Scripts that a workflow calls exist, and stop at a failure too.
fn called(run: &At, scripts: &BTreeMap<String, String>, log: &mut Log<'_>) {
    for word in around::called(&run.text) {
        let Some(script) = scripts.get(&word) else {
            log.add(
                &rule::SHELL,
                run.line,
                format!("no file {word}"),
                "a script",
            );
            continue;
        };
        let mut lines = script.lines();
        let interpreter = lines.next().unwrap_or_default();
        let first = lines.find(|line| !line.trim().is_empty() && !line.starts_with('#'));
        if interpreter != "#!/usr/bin/env bash" || first != Some("set -euo pipefail") {
            let found = format!("{word} begins with `{}`", first.unwrap_or_default());
            log.add(&rule::SHELL, run.line, found, "`set -euo pipefail` in bash");
        }
    }
}

fn checkout(action: &At, with: &[Pair], log: &mut Log<'_>) {
    let keeps = with
        .iter()
        .find(|(key, _)| key.text == "persist-credentials");
    if keeps.is_none_or(|(_, value)| value.text != "false") {
        let found = "a checkout that leaves credentials behind";
        log.add(
            &rule::CHECKOUT,
            action.line,
            found,
            "`persist-credentials: false`",
        );
    }
    let known = ["persist-credentials", "fetch-depth"];
    for (key, value) in with
        .iter()
        .filter(|(key, _)| !known.contains(&key.text.as_str()))
    {
        let found = format!("{}: {}", key.text, value.text);
        log.add(&rule::CHECKOUT, key.line, found, "the commit at hand");
    }
}

/// No variable may bring code, or a registry's token.
fn variables(env: &[Pair], log: &mut Log<'_>) {
    const PUBLISHING: &str = "${{ steps.auth.outputs.token }}";
    for (key, value) in env {
        let name = key.text.to_ascii_uppercase();
        let token = name.contains("REGISTR") || name.contains("PUBLISH_TOKEN");
        if token && value.text != PUBLISHING {
            log.add(&rule::TOKENS, key.line, &key.text, PUBLISHING);
        }
        let loads = name == "PATH"
            || ["BASH_ENV", "ENV", "SHELLOPTS", "NODE_OPTIONS", "IFS"].contains(&name.as_str())
            || [
                "LD_",
                "DYLD_",
                "GIT_",
                "CARGO_",
                "RUSTC",
                "RUSTUP_",
                "RUSTFLAGS",
                "CANARY",
            ]
            .iter()
            .any(|prefix| name.starts_with(prefix));
        if loads && !token && !["CARGO_TERM_COLOR", "CARGO_INCREMENTAL"].contains(&name.as_str()) {
            log.add(
                &rule::VARIABLES,
                key.line,
                &key.text,
                "no variable that brings code",
            );
        }
    }
}

/// `owner/name` of `owner/name/path@commit`.
pub(super) fn repository(action: &At) -> &str {
    action.text.split('@').next().unwrap_or_default()
}

/// Every action is one of the list, by its commit.
fn pinned(action: &At, log: &mut Log<'_>) {
    let (name, commit) = action.text.split_once('@').unwrap_or((&action.text, ""));
    let known = ACTIONS.iter().find(|(known, _)| *known == name);
    if known.is_none_or(|(_, known)| *known != commit) {
        let expected = match known {
            Some((name, commit)) => format!("{name}@{commit}"),
            None => "an action of the list in plan/actions.rs".to_owned(),
        };
        log.add(&rule::PINNED, action.line, &action.text, expected);
    }
}
