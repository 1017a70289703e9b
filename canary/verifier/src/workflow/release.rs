//! What holds of the release: it is what the plan says, job by job and step by step.

use super::{
    general::repository,
    log::Log,
    model::{Job, Pair, Step, Work, Workflow},
    plan::{self, JobPlan, StepPlan, WorkPlan},
    rule::{self, Rule},
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
    same_pairs(&workflow.env, &[], 1, variable, log);
    for job in &workflow.jobs {
        if let Some(planned) = plan::JOBS.iter().find(|plan| plan.id == job.id.text) {
            check_job(job, planned, log);
        } else {
            log.add(&rule::JOBS, job.id.line, &job.id.text, "no such job");
            strangers(job, log);
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

/// What no other workflow may do: publish, prove who it is, or enter a guarded environment.
pub(super) fn keep_out(workflow: &Workflow, log: &mut Log<'_>) {
    for (event, _) in &workflow.on {
        let known = ["pull_request", "push", "schedule", "workflow_dispatch"];
        if !known.contains(&event.text.as_str()) {
            log.add(&rule::TRIGGERS, event.line, &event.text, known.join(", "));
        }
    }
    secrets(&workflow.env, log);
    for job in &workflow.jobs {
        strangers(job, log);
        if let Some(condition) = &job.condition {
            log.add(&rule::CONDITIONS, condition.line, &condition.text, "none");
        }
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

fn is_secret(value: &At) -> bool {
    value.text.contains("secrets") || value.text.contains("github.token")
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

fn check_job(job: &Job, planned: &JobPlan, log: &mut Log<'_>) {
    let line = job.id.line;
    let mut needs: Vec<&str> = job.needs.iter().map(|need| need.text.as_str()).collect();
    let mut wanted = planned.needs.to_vec();
    needs.sort_unstable();
    wanted.sort_unstable();
    if needs != wanted {
        log.add(&rule::NEEDS, line, list(&needs), list(&wanted));
    }
    same_word(
        job.condition.as_ref(),
        planned.condition,
        line,
        &rule::CONDITIONS,
        log,
    );
    same_word(
        job.environment.as_ref(),
        planned.environment,
        line,
        &rule::ENVIRONMENTS,
        log,
    );
    same_word(
        job.runs_on.as_ref(),
        Some(plan::MACHINE),
        line,
        &rule::MACHINES,
        log,
    );
    if let Some(line) = job.strategy {
        log.add(&rule::ONCE, line, "a strategy", "none");
    }
    if let Some(permissions) = &job.permissions {
        same_pairs(
            &permissions.grants,
            planned.grants,
            permissions.line,
            grant,
            log,
        );
    }
    same_pairs(&job.outputs, planned.outputs, line, |_| &rule::BYTES, log);
    same_pairs(&job.env, &[], line, variable, log);
    steps(job, planned, log);
}

fn list(names: &[&str]) -> String {
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(", ")
    }
}

/// The rule for a permission.
fn grant(name: &At) -> &'static Rule {
    match name.text.as_str() {
        "id-token" | "attestations" => &rule::IDENTITY,
        _ => &rule::PERMISSIONS,
    }
}

/// The rule for a variable that should not be there, or has another value.
fn variable(_: &At) -> &'static Rule {
    &rule::VARIABLES
}

fn same_word(
    found: Option<&At>,
    planned: Option<&str>,
    line: usize,
    rule: &'static Rule,
    log: &mut Log<'_>,
) {
    if found.map(|at| at.text.as_str()) != planned {
        let line = found.map_or(line, |at| at.line);
        let text = found.map_or("nothing", |at| &at.text);
        log.add(rule, line, text, planned.unwrap_or("nothing"));
    }
}

/// Names and values are the planned ones, in any order.
fn same_pairs(
    found: &[Pair],
    planned: &[(&str, &str)],
    line: usize,
    rule: impl Fn(&At) -> &'static Rule,
    log: &mut Log<'_>,
) {
    for (key, value) in found {
        let wanted = planned.iter().find(|(name, _)| *name == key.text);
        if wanted.is_none_or(|(_, wanted)| *wanted != value.text) {
            let broken = if is_secret(value) {
                &rule::SECRETS
            } else {
                rule(key)
            };
            let found = format!("{}: {}", key.text, value.text);
            let expected = wanted.map_or("nothing".to_owned(), |(n, v)| format!("{n}: {v}"));
            log.add(broken, key.line, found, expected);
        }
    }
    for (name, value) in planned {
        if !found.iter().any(|(key, _)| key.text == *name) {
            let absent = At {
                line,
                text: (*name).to_owned(),
            };
            log.add(rule(&absent), line, "nothing", format!("{name}: {value}"));
        }
    }
}

/// Pairs the steps that are there with those that should be: the same work first, then what has the
/// same id or the same action and was changed.
fn steps(job: &Job, planned: &JobPlan, log: &mut Log<'_>) {
    let mut taken: Vec<Option<usize>> = vec![None; planned.steps.len()];
    let free = |taken: &[Option<usize>], index: usize| !taken.contains(&Some(index));
    for fits in [same_work, same_kind] {
        for (at, plan) in planned.steps.iter().enumerate() {
            if taken[at].is_none() {
                let mut all = job.steps.iter().enumerate();
                taken[at] = all
                    .find(|(index, step)| free(&taken, *index) && fits(step, plan))
                    .map(|(index, _)| index);
            }
        }
    }
    for (at, plan) in planned.steps.iter().enumerate() {
        match taken[at] {
            Some(index) => check_step(&job.steps[index], plan, log),
            None => log.add(plan.rule, job.id.line, "no such step", wanted(&plan.work)),
        }
    }
    for (index, step) in job.steps.iter().enumerate() {
        if free(&taken, index) {
            log.add(&rule::STEPS, step.line, done(&step.work), "no such step");
        }
    }
    let order: Vec<usize> = taken.into_iter().flatten().collect();
    if let Some(wrong) = order.windows(2).find(|pair| pair[0] > pair[1]) {
        let step = &job.steps[wrong[1]];
        log.add(&rule::ORDER, step.line, done(&step.work), "a later place");
    }
}

fn same_work(step: &Step, plan: &StepPlan) -> bool {
    match (&step.work, &plan.work) {
        (Work::Run(run), WorkPlan::Run(lines)) => script(&run.text) == *lines,
        (Work::Uses(action, with), WorkPlan::Uses(name, told)) => {
            repository(action) == *name && with.len() == told.len() && {
                let said =
                    |(key, value): &Pair| told.contains(&(key.text.as_str(), value.text.as_str()));
                with.iter().all(said)
            }
        }
        _ => false,
    }
}

fn same_kind(step: &Step, plan: &StepPlan) -> bool {
    let id = step.id.as_ref().map(|at| at.text.as_str());
    match (&step.work, &plan.work) {
        (Work::Run(run), WorkPlan::Run(lines)) => {
            let first = |text: &str| text.split_whitespace().take(1).collect::<String>();
            (id.is_some() && id == plan.id)
                || lines
                    .first()
                    .is_some_and(|line| first(line) == first(&run.text))
        }
        (Work::Uses(action, _), WorkPlan::Uses(name, _)) => repository(action) == *name,
        _ => false,
    }
}

/// The lines of a script that do something.
fn script(run: &str) -> Vec<&str> {
    run.lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect()
}

fn check_step(step: &Step, plan: &StepPlan, log: &mut Log<'_>) {
    let line = step.line;
    match (&step.work, &plan.work) {
        (Work::Uses(_, with), WorkPlan::Uses(_, told)) => {
            same_pairs(with, told, line, |_| plan.rule, log);
        }
        _ if !same_work(step, plan) => {
            log.add(plan.rule, line, done(&step.work), wanted(&plan.work));
        }
        _ => {}
    }
    same_word(step.id.as_ref(), plan.id, line, plan.rule, log);
    let condition = step.condition.as_ref();
    same_word(condition, plan.condition, line, &rule::CONDITIONS, log);
    let of_plan = |key: &At| {
        let known = plan.env.iter().any(|(name, _)| *name == key.text);
        if known { plan.rule } else { &rule::VARIABLES }
    };
    same_pairs(&step.env, plan.env, line, of_plan, log);
}

fn done(work: &Work) -> String {
    match work {
        Work::Run(run) => run.text.trim_end().to_owned(),
        Work::Uses(action, _) => repository(action).to_owned(),
        Work::Unclear => "a step that is neither script nor action".to_owned(),
    }
}

fn wanted(work: &WorkPlan) -> String {
    match work {
        WorkPlan::Run(lines) => lines.join("\n"),
        WorkPlan::Uses(name, _) => (*name).to_owned(),
    }
}
