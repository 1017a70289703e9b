//! Holds a job against its plan: whom it waits for, what it may, and what it does step by step.

use super::{
    expressions,
    general::repository,
    log::Log,
    meaning::{condition, is_neutral, is_note, only_shows, script},
    model::{Job, Pair, Step, Strategy, Work},
    plan::{self, JobPlan, StepPlan, WorkPlan},
    rule::{self, Rule},
    yaml::At,
};

/// Holds a job against its plan.
pub(super) fn check_job(job: &Job, planned: &JobPlan, log: &mut Log<'_>) {
    let line = job.id.line;
    let mut needs: Vec<&str> = job.needs.iter().map(|need| need.text.as_str()).collect();
    let mut wanted = planned.needs.to_vec();
    needs.sort_unstable();
    wanted.sort_unstable();
    if needs != wanted {
        log.add(&rule::NEEDS, line, list(&needs), list(&wanted));
    }
    same_condition(job.condition.as_ref(), planned.condition, line, log);
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
    same_strategy(job, planned, log);
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
    same_pairs(&seen(&job.env), planned.env, line, variable, log);
    steps(job, planned, log);
}

/// A job is done once, or in the shares that are planned.
fn same_strategy(job: &Job, planned: &JobPlan, log: &mut Log<'_>) {
    match (&job.strategy, planned.shares) {
        (None, None) => {}
        (Some(strategy), None) => log.add(&rule::ONCE, strategy.line, "a strategy", "none"),
        (None, Some((_, shares))) => {
            log.add(&rule::SHARES, job.id.line, "no shares", shares.join(", "));
        }
        (Some(strategy), Some((name, shares))) => same_shares(strategy, name, shares, log),
    }
}

fn same_shares(strategy: &Strategy, name: &str, shares: &[&str], log: &mut Log<'_>) {
    let mut found: Vec<&str> = Vec::new();
    for (key, values) in &strategy.matrix {
        if key.text != name {
            log.add(&rule::SHARES, key.line, &key.text, name);
        }
        found.extend(values.iter().map(|at| at.text.as_str()));
    }
    found.sort_unstable();
    let mut wanted = shares.to_vec();
    wanted.sort_unstable();
    if found != wanted {
        log.add(&rule::SHARES, strategy.line, list(&found), list(shares));
    }
}

/// The variables that change more than what is shown.
pub(super) fn seen(env: &[Pair]) -> Vec<Pair> {
    let more = env.iter().filter(|pair| !only_shows(pair));
    more.cloned().collect()
}

/// What an action is told that changes what it does, or that is planned.
fn told_apart(action: &At, with: &[Pair], planned: &[(&str, &str)]) -> Vec<Pair> {
    let action = repository(action);
    let counts = |pair: &&Pair| {
        planned.iter().any(|(name, _)| *name == pair.0.text) || !is_neutral(action, pair)
    };
    with.iter().filter(counts).cloned().collect()
}

fn list(names: &[&str]) -> String {
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(", ")
    }
}

/// The rule for a permission.
pub(super) fn grant(name: &At) -> &'static Rule {
    match name.text.as_str() {
        "id-token" | "attestations" => &rule::IDENTITY,
        _ => &rule::PERMISSIONS,
    }
}

/// The rule for a variable that should not be there, or has another value.
pub(super) fn variable(_: &At) -> &'static Rule {
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

fn same_condition(found: Option<&At>, planned: Option<&str>, line: usize, log: &mut Log<'_>) {
    let said = found.map(|at| condition(&at.text));
    if said != planned.map(condition) {
        let line = found.map_or(line, |at| at.line);
        let text = found.map_or("nothing", |at| &at.text);
        let planned = planned.unwrap_or("nothing");
        log.add(&rule::CONDITIONS, line, text, planned);
    }
}

/// Names and values are the planned ones, in any order.
pub(super) fn same_pairs(
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
        // A note stands for no step of the plan.
        let fits = |step: &Step, plan: &StepPlan| fits(step, plan) && !is_note(step);
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
        if free(&taken, index) && !is_note(step) {
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
            let with = told_apart(action, with, told);
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

fn check_step(step: &Step, plan: &StepPlan, log: &mut Log<'_>) {
    let line = step.line;
    match (&step.work, &plan.work) {
        (Work::Uses(action, with), WorkPlan::Uses(_, told)) => {
            let with = told_apart(action, with, told);
            same_pairs(&with, told, line, |_| plan.rule, log);
        }
        _ if !same_work(step, plan) => {
            log.add(plan.rule, line, done(&step.work), wanted(&plan.work));
        }
        _ => {}
    }
    same_word(step.id.as_ref(), plan.id, line, plan.rule, log);
    same_condition(step.condition.as_ref(), plan.condition, line, log);
    let of_plan = |key: &At| {
        let known = plan.env.iter().any(|(name, _)| *name == key.text);
        if known { plan.rule } else { &rule::VARIABLES }
    };
    same_pairs(&seen(&step.env), plan.env, line, of_plan, log);
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

/// Whether a value is, or may be, a secret.
pub(super) fn is_secret(value: &At) -> bool {
    expressions::names_secrets(&value.text)
}
