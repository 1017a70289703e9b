//! What holds of CI and of the nights: they may do more than their plan, but not less.

use std::collections::BTreeMap;

use super::{
    compare::{check_job, same_pairs, script, variable},
    log::Log,
    model::{Work, Workflow},
    plan::changes::{AT_NIGHT, BRANCH, CI, JOBS, NIGHTLY},
    rule, shares,
    yaml::{Node, Value},
};

/// Checks a workflow that is no release; those that are neither CI nor the nights are free to do what
/// they like, within what every workflow has to keep.
pub(super) fn check(file: &str, workflow: &Workflow, log: &mut Log<'_>) {
    match file {
        CI => every_change(workflow, log),
        NIGHTLY => every_night(workflow, log),
        _ => {}
    }
    for job in &workflow.jobs {
        shares::check(job, log);
    }
}

fn every_change(workflow: &Workflow, log: &mut Log<'_>) {
    for (event, wanted, is_whole) in [
        ("pull_request", "without a filter", is_nothing as IsWhole),
        ("push", "`branches: [main]` and nothing else", is_the_branch),
    ] {
        let found = workflow.on.iter().find(|(on, _)| on.text == event);
        match found {
            Some((_, node)) if is_whole(node) => {}
            Some((on, _)) => log.add(&rule::CHANGES, on.line, format!("`{event}`"), wanted),
            None => log.add(&rule::CHANGES, 1, "nothing", format!("`{event}`, {wanted}")),
        }
    }
    same_pairs(&workflow.env, &[], 1, variable, log);
    for planned in JOBS {
        match workflow.jobs.iter().find(|job| job.id.text == planned.id) {
            Some(job) => check_job(job, planned, log),
            None => log.add(
                &rule::CHANGES,
                1,
                "nothing",
                format!("the job `{}`", planned.id),
            ),
        }
    }
}

type IsWhole = fn(&Node) -> bool;

fn is_nothing(node: &Node) -> bool {
    match &node.value {
        Value::Scalar { text, plain } => *plain && text.is_empty(),
        Value::Map(map) => map.is_empty(),
        Value::List(_) => false,
    }
}

fn is_the_branch(node: &Node) -> bool {
    let Value::Map(map) = &node.value else {
        return false;
    };
    let [(key, branches)] = map.as_slice() else {
        return false;
    };
    let is_main = |node: &Node| matches!(&node.value, Value::Scalar { text, .. } if text == BRANCH);
    key.text == "branches"
        && match &branches.value {
            Value::List(list) => matches!(list.as_slice(), [one] if is_main(one)),
            _ => is_main(branches),
        }
}

fn every_night(workflow: &Workflow, log: &mut Log<'_>) {
    let schedule = workflow.on.iter().find(|(on, _)| on.text == "schedule");
    let (line, times) = schedule.map_or((1, &[][..]), |(on, node)| match &node.value {
        Value::List(list) => (on.line, list.as_slice()),
        _ => (on.line, &[]),
    });
    if !times.iter().any(is_daily) {
        let wanted = "a `cron` with a minute and an hour, on every day";
        log.add(&rule::NIGHTLY, line, "no run every night", wanted);
    }
    let steps = || workflow.jobs.iter().flat_map(|job| &job.steps);
    for (wanted, condition) in AT_NIGHT {
        let is_there = steps().any(|step| {
            let found = step.condition.as_ref().map(|at| at.text.as_str());
            let does = matches!(&step.work, Work::Run(run) if script(&run.text) == [*wanted]);
            does && found == *condition
        });
        if !is_there {
            log.add(&rule::NIGHTLY, 1, "no such step", wanted);
        }
    }
}

/// `- cron: 'MINUTE HOUR * * *'`
fn is_daily(node: &Node) -> bool {
    let Value::Map(map) = &node.value else {
        return false;
    };
    let [
        (
            key,
            Node {
                value: Value::Scalar { text, .. },
                ..
            },
        ),
    ] = map.as_slice()
    else {
        return false;
    };
    let fields: Vec<&str> = text.split_whitespace().collect();
    let below = |field: &str, limit: u8| field.parse::<u8>().is_ok_and(|number| number < limit);
    key.text == "cron"
        && matches!(fields[..], [minute, hour, "*", "*", "*"] if below(minute, 60) && below(hour, 24))
}

/// The names under which jobs show, over all workflows: what has to pass is asked for by name, so
/// another job of the same name could answer in its place.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    /// Holds the names of one workflow against those that were seen before.
    pub(super) fn check(&mut self, file: &str, workflow: &Workflow, log: &mut Log<'_>) {
        for job in &workflow.jobs {
            let name = job.name.as_ref().unwrap_or(&job.id);
            let here = format!("{file}:{}", name.line);
            if let Some(there) = self.0.insert(name.text.clone(), here) {
                let found = format!("a second job called `{}`", name.text);
                log.add(&rule::CHANGES, name.line, found, format!("one, at {there}"));
            }
        }
    }
}
