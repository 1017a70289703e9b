//! What holds of CI and of the nights: their jobs are as planned, and others may stand beside them.

use super::{
    compare::{check_job, same_pairs, seen, variable},
    log::Log,
    model::Workflow,
    plan::{
        JobPlan,
        changes::{BRANCH, CI, JOBS, NIGHTLY},
        nights,
    },
    rule::{self, Rule},
    shares,
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

/// The planned jobs are there and as planned, and nothing that is said for all jobs changes them.
fn jobs(workflow: &Workflow, planned: &[JobPlan], rule: &'static Rule, log: &mut Log<'_>) {
    same_pairs(&seen(&workflow.env), &[], 1, variable, log);
    for planned in planned {
        match workflow.jobs.iter().find(|job| job.id.text == planned.id) {
            Some(job) => {
                // Not even one that is always true: a job that is left out would pass for one that went well.
                if let Some(condition) = &job.condition {
                    log.add(&rule::CONDITIONS, condition.line, &condition.text, "none");
                }
                check_job(job, planned, log);
            }
            None => log.add(rule, 1, "nothing", format!("the job `{}`", planned.id)),
        }
    }
}

/// A run may be cut short by a newer one of the same branch, and by no other.
fn ends_only_its_own(workflow: &Workflow, log: &mut Log<'_>) {
    const OF_BRANCH: &str = "${{ github.ref }}";
    let said = |name: &str| {
        let mut pairs = workflow.concurrency.iter();
        pairs.find(|(key, _)| key.text == name).map(|(_, at)| at)
    };
    let Some(cut) = said("cancel-in-progress").filter(|at| at.text != "false") else {
        return;
    };
    let of_branch = said("group").is_some_and(|group| group.text.contains(OF_BRANCH));
    let known = ["true", "${{ github.event_name == 'pull_request' }}"];
    if !of_branch || !known.contains(&cut.text.as_str()) {
        let expected = format!("a group with {OF_BRANCH}, or no `cancel-in-progress`");
        log.add(&rule::CHANGES, cut.line, &cut.text, expected);
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
    ends_only_its_own(workflow, log);
    jobs(workflow, JOBS, &rule::CHANGES, log);
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
    jobs(workflow, nights::JOBS, &rule::NIGHTLY, log);
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
