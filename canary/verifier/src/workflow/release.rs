//! What holds of the release: it is what the plan says, job by job.

use super::{
    compare::{check_job, grant, is_secret, same_pairs, seen, variable},
    general::repository,
    log::Log,
    model::{Job, Pair, Work, Workflow},
    plan, rule,
    yaml::{At, Node, Value},
};

/// Checks the release.
pub(super) fn check(workflow: &Workflow, log: &mut Log<'_>) {
    begun_by_hand(workflow, log);
    same_pairs(
        &workflow.concurrency,
        plan::CONCURRENCY,
        1,
        |_| &rule::CONCURRENCY,
        log,
    );
    same_pairs(&seen(&workflow.env), &[], 1, variable, log);
    for job in &workflow.jobs {
        if let Some(planned) = plan::JOBS.iter().find(|plan| plan.id == job.id.text) {
            check_job(job, planned, log);
        } else {
            strangers(job, log);
            bystander(job, log);
        }
    }
    for planned in plan::JOBS {
        if !workflow.jobs.iter().any(|job| job.id.text == planned.id) {
            log.add(
                &rule::JOBS,
                1,
                "nothing",
                format!("the job `{}`", planned.id),
            );
        }
    }
}

/// A job that is none of the release's may stand beside it as long as it hands nothing to it: no job of
/// the release waits for it or reads from it, so what is left are the names of what jobs hand on.
fn bystander(job: &Job, log: &mut Log<'_>) {
    for (name, value) in job.permissions.iter().flat_map(|all| &all.grants) {
        if name.text != "contents" {
            let found = format!("{}: {}", name.text, value.text);
            log.add(grant(name), name.line, found, "`contents: read` at most");
        }
    }
    for step in &job.steps {
        let Work::Uses(action, with) = &step.work else {
            continue;
        };
        if repository(action) != "actions/upload-artifact" {
            continue;
        }
        let name = with.iter().find(|(key, _)| key.text == "name");
        let name = name.map(|(_, at)| at.text.as_str());
        let is_free = name.is_none_or(|name| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            let taken = |known: &&str| known.eq_ignore_ascii_case(name);
            name.chars().all(plain) && !plan::HANDED_ON.iter().any(taken)
        });
        if !is_free {
            let found = name.unwrap_or_default();
            let expected = "a name that no job of the release hands anything on under";
            log.add(&rule::JOBS, action.line, found, expected);
        }
    }
}

/// What no other workflow may do: publish, prove who it is, or enter a guarded environment.
pub(super) fn keep_out(workflow: &Workflow, log: &mut Log<'_>) {
    for (event, _) in &workflow.on {
        let known = [
            "pull_request",
            "push",
            "merge_group",
            "schedule",
            "workflow_dispatch",
        ];
        if !known.contains(&event.text.as_str()) {
            log.add(&rule::TRIGGERS, event.line, &event.text, known.join(", "));
        }
    }
    secrets(&workflow.env, log);
    for job in &workflow.jobs {
        strangers(job, log);
    }
}

/// A job that is none of the release's has none of its rights.
fn strangers(job: &Job, log: &mut Log<'_>) {
    if let Some(at) = &job.environment {
        log.add(&rule::ENVIRONMENTS, at.line, &at.text, "no environment");
    }
    let grants = job.permissions.iter().flat_map(|all| &all.grants);
    for (name, value) in grants.filter(|(_, value)| value.text != "read" && value.text != "none") {
        let found = format!("{}: {}", name.text, value.text);
        log.add(grant(name), name.line, found, "read, or none");
    }
    secrets(&job.env, log);
    secrets(&job.outputs, log);
    for step in &job.steps {
        secrets(&step.env, log);
        match &step.work {
            Work::Run(run) if publishes(&run.text) => {
                log.add(
                    &rule::PUBLISHED,
                    run.line,
                    &run.text,
                    "publishing in its job alone",
                );
            }
            Work::Uses(action, with) => {
                secrets(with, log);
                if repository(action) == "rust-lang/crates-io-auth-action" {
                    let expected = "publishing in its job alone";
                    log.add(&rule::PUBLISHED, action.line, &action.text, expected);
                }
            }
            _ => {}
        }
    }
}

fn publishes(run: &str) -> bool {
    [
        "cargo publish",
        "publish.sh",
        "cargo login",
        "cargo yank",
        "cargo owner",
    ]
    .iter()
    .any(|way| run.contains(way))
}

fn secrets(pairs: &[Pair], log: &mut Log<'_>) {
    for (key, value) in pairs.iter().filter(|(_, value)| is_secret(value)) {
        log.add(&rule::SECRETS, key.line, &value.text, "no secret");
    }
}

fn begun_by_hand(workflow: &Workflow, log: &mut Log<'_>) {
    const BY_HAND: &str = "workflow_dispatch";
    for (event, node) in &workflow.on {
        if event.text == BY_HAND {
            inputs(node, log);
        } else {
            log.add(&rule::TRIGGERS, event.line, &event.text, BY_HAND);
        }
    }
    if !workflow.on.iter().any(|(event, _)| event.text == BY_HAND) {
        log.add(&rule::TRIGGERS, 1, "no way to begin it", BY_HAND);
    }
}

/// The inputs with what is said of each, but for their descriptions.
const INPUTS: &[(&str, &[(&str, &str)])] = &[
    ("dry_run", &[("default", "true"), ("type", "boolean")]),
    (
        "confirm_version",
        &[("required", "true"), ("type", "string")],
    ),
];

fn inputs(node: &Node, log: &mut Log<'_>) {
    let sections = entries(node);
    for (key, _) in sections.iter().filter(|(key, _)| key.text != "inputs") {
        log.add(&rule::INPUTS, key.line, &key.text, "inputs alone");
    }
    let declared = sections.iter().find(|(key, _)| key.text == "inputs");
    let declared = declared.map_or(&[][..], |(_, node)| entries(node));
    for (name, said) in declared {
        let Some((_, expected)) = INPUTS.iter().find(|(known, _)| *known == name.text) else {
            log.add(&rule::INPUTS, name.line, &name.text, "no such input");
            continue;
        };
        let pairs: Vec<Pair> = entries(said)
            .iter()
            .filter(|(key, _)| key.text != "description")
            .map(|(key, node)| (key.clone(), spelled(node)))
            .collect();
        same_pairs(&pairs, expected, name.line, |_| &rule::INPUTS, log);
    }
    for (name, _) in INPUTS {
        if !declared.iter().any(|(key, _)| key.text == *name) {
            log.add(
                &rule::INPUTS,
                node.line,
                "nothing",
                format!("the input `{name}`"),
            );
        }
    }
}

fn entries(node: &Node) -> &[(At, Node)] {
    match &node.value {
        Value::Map(map) => map,
        _ => &[],
    }
}

/// A scalar as it stands: a quoted `'true'` is a text, and no truth.
fn spelled(node: &Node) -> At {
    let text = match &node.value {
        Value::Scalar { text, plain: true } => text.clone(),
        Value::Scalar { text, .. } => format!("'{text}'"),
        _ => "a list or a map".to_owned(),
    };
    At {
        line: node.line,
        text,
    }
}
