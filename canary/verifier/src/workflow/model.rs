//! The parts of a workflow that are understood. Whatever is not read into this model is refused.

use super::{
    log::Log,
    rule::{self, Rule},
    yaml::{At, Node, Value},
};

/// A name and its value, each with its line.
pub(super) type Pair = (At, At);

/// A workflow.
#[derive(Debug)]
pub(super) struct Workflow {
    /// The events that begin it, with what is said about each.
    pub(super) on: Vec<(At, Node)>,
    pub(super) permissions: Option<Permissions>,
    pub(super) concurrency: Vec<Pair>,
    /// The shell of every script, where one is named for all of them.
    pub(super) shell: Option<At>,
    pub(super) env: Vec<Pair>,
    pub(super) jobs: Vec<Job>,
}

/// What the token of a job may do.
#[derive(Debug)]
pub(super) struct Permissions {
    pub(super) line: usize,
    pub(super) grants: Vec<Pair>,
}

/// One job.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) id: At,
    pub(super) name: Option<At>,
    pub(super) needs: Vec<At>,
    pub(super) condition: Option<At>,
    pub(super) runs_on: Option<At>,
    pub(super) permissions: Option<Permissions>,
    pub(super) environment: Option<At>,
    pub(super) outputs: Vec<Pair>,
    pub(super) timeout: Option<At>,
    pub(super) env: Vec<Pair>,
    /// Where the job is multiplied.
    pub(super) strategy: Option<Strategy>,
    pub(super) steps: Vec<Step>,
}

/// How a job is multiplied.
#[derive(Debug)]
pub(super) struct Strategy {
    pub(super) line: usize,
    /// Each name with the values that it takes.
    pub(super) matrix: Vec<(At, Vec<At>)>,
}

/// One step.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) line: usize,
    pub(super) id: Option<At>,
    pub(super) condition: Option<At>,
    pub(super) env: Vec<Pair>,
    pub(super) timeout: Option<At>,
    pub(super) work: Work,
}

/// What a step does.
#[derive(Debug)]
pub(super) enum Work {
    /// A script.
    Run(At),
    /// Somebody's action, and what it is told.
    Uses(At, Vec<Pair>),
    /// Neither, or both.
    Unclear,
}

/// Reads a workflow; what is not understood is in the log.
pub(super) fn read(root: &Node, log: &mut Log<'_>) -> Workflow {
    let mut workflow = Workflow {
        on: Vec::new(),
        permissions: None,
        concurrency: Vec::new(),
        shell: None,
        env: Vec::new(),
        jobs: Vec::new(),
    };
    for (key, node) in map(root, log) {
        match key.text.as_str() {
            "name" | "run-name" => {
                word(node, log);
            }
            "on" => workflow.on = map(node, log).to_vec(),
            "permissions" => workflow.permissions = Some(permissions(node, log)),
            "concurrency" => workflow.concurrency = concurrency(node, log),
            "defaults" => workflow.shell = shell(node, log),
            "env" => workflow.env = pairs(node, log),
            "jobs" => {
                let jobs = map(node, log).iter();
                workflow.jobs = jobs.map(|(id, node)| job(id, node, log)).collect();
            }
            _ => unknown(key, log),
        }
    }
    workflow
}

fn job(id: &At, node: &Node, log: &mut Log<'_>) -> Job {
    let mut job = Job {
        id: id.clone(),
        name: None,
        needs: Vec::new(),
        condition: None,
        runs_on: None,
        permissions: None,
        environment: None,
        outputs: Vec::new(),
        timeout: None,
        env: Vec::new(),
        strategy: None,
        steps: Vec::new(),
    };
    for (key, node) in map(node, log) {
        match key.text.as_str() {
            "name" => job.name = word(node, log),
            "needs" => job.needs = words(node, log),
            "if" => job.condition = condition(node, log),
            "runs-on" => job.runs_on = word_or(only(node), &rule::MACHINES, log),
            "permissions" => job.permissions = Some(permissions(node, log)),
            "environment" => {
                job.environment = word_or(named(node), &rule::ENVIRONMENTS, log);
            }
            "defaults" => same_shell(shell(node, log), log),
            "outputs" => job.outputs = pairs(node, log),
            "timeout-minutes" => job.timeout = word(node, log),
            "env" => job.env = pairs(node, log),
            "strategy" => job.strategy = Some(strategy(key.line, node, log)),
            "steps" => {
                let steps = list(node, log).iter();
                job.steps = steps.map(|node| step(node, log)).collect();
            }
            _ => unknown(key, log),
        }
    }
    job
}

fn strategy(line: usize, node: &Node, log: &mut Log<'_>) -> Strategy {
    let mut matrix = Vec::new();
    for (key, node) in map(node, log) {
        match key.text.as_str() {
            "fail-fast" | "max-parallel" => {
                word(node, log);
            }
            "matrix" => {
                for (name, node) in map(node, log) {
                    let values = list(node, log).iter();
                    let values = values.filter_map(|node| word(node, log)).collect();
                    matrix.push((name.clone(), values));
                }
            }
            _ => unknown(key, log),
        }
    }
    Strategy { line, matrix }
}

fn step(node: &Node, log: &mut Log<'_>) -> Step {
    let (mut run, mut uses, mut with) = (None, None, Vec::new());
    let mut step = Step {
        line: node.line,
        id: None,
        condition: None,
        env: Vec::new(),
        timeout: None,
        work: Work::Unclear,
    };
    for (key, node) in map(node, log) {
        match key.text.as_str() {
            "name" => {
                word(node, log);
            }
            "id" => step.id = word(node, log),
            "if" => step.condition = condition(node, log),
            "run" => run = word(node, log),
            "uses" => uses = word(node, log),
            "with" => with = pairs(node, log),
            "env" => step.env = pairs(node, log),
            "shell" => same_shell(word(node, log), log),
            "timeout-minutes" => step.timeout = word(node, log),
            _ => unknown(key, log),
        }
    }
    step.work = match (run, uses) {
        (Some(run), None) if with.is_empty() => Work::Run(run),
        (None, Some(uses)) => Work::Uses(uses, with),
        _ => {
            let expected = "a script, or an action with what it is told";
            log.add(&rule::KNOWN, step.line, "a step that is neither", expected);
            Work::Unclear
        }
    };
    step
}

/// The rule that an unknown key breaks: those that would let a release go round something have one
/// of their own.
fn unknown(key: &At, log: &mut Log<'_>) {
    let rule: &'static Rule = match key.text.as_str() {
        "continue-on-error" => &rule::FAILURES,
        "shell" | "working-directory" => &rule::SHELL,
        "container" | "services" => &rule::MACHINES,
        "uses" | "with" | "secrets" => &rule::OWN,
        _ => &rule::KNOWN,
    };
    log.add(rule, key.line, format!("`{}`", key.text), "no such key");
}

fn permissions(node: &Node, log: &mut Log<'_>) -> Permissions {
    if let Value::Scalar { text, .. } = &node.value {
        log.add(&rule::PERMISSIONS, node.line, text, "each permission named");
    }
    let grants = match &node.value {
        Value::Map(_) => pairs(node, log),
        _ => Vec::new(),
    };
    Permissions {
        line: node.line,
        grants,
    }
}

/// A group, or a group and what else is said of it.
fn concurrency(node: &Node, log: &mut Log<'_>) -> Vec<Pair> {
    let Value::Scalar { text, .. } = &node.value else {
        return pairs(node, log);
    };
    let at = |text: &str| At {
        line: node.line,
        text: text.to_owned(),
    };
    vec![(at("group"), at(text))]
}

/// What a list of one is about; anything else as it stands.
fn only(node: &Node) -> &Node {
    match &node.value {
        Value::List(list) if list.len() == 1 => list.first().unwrap_or(node),
        _ => node,
    }
}

/// The name of an environment that is written `{ name: … }`; anything else as it stands.
fn named(node: &Node) -> &Node {
    match &node.value {
        Value::Map(map) => match map.as_slice() {
            [(key, name)] if key.text == "name" => name,
            _ => node,
        },
        _ => node,
    }
}

/// A job or a step may name the shell that every script has, and no other.
fn same_shell(shell: Option<At>, log: &mut Log<'_>) {
    if let Some(at) = shell.filter(|at| at.text != "bash") {
        log.add(&rule::SHELL, at.line, &at.text, "bash");
    }
}

/// `defaults: { run: { shell: … } }`
fn shell(node: &Node, log: &mut Log<'_>) -> Option<At> {
    let mut shell = None;
    for (key, node) in map(node, log) {
        if key.text != "run" {
            unknown(key, log);
            continue;
        }
        for (key, node) in map(node, log) {
            match key.text.as_str() {
                "shell" => shell = word(node, log),
                _ => unknown(key, log),
            }
        }
    }
    shell
}

/// A condition without the `${{ }}` around it. One that spans lines, or of which only a part stands in
/// `${{ }}`, is a text, which is always true.
fn condition(node: &Node, log: &mut Log<'_>) -> Option<At> {
    let At { line, text } = word(node, log)?;
    let inner = text
        .strip_prefix("${{")
        .and_then(|text| text.strip_suffix("}}"));
    let plain = inner.unwrap_or(&text);
    if ["\n", "${{", "}}"].iter().any(|mark| plain.contains(mark)) {
        let found = "a condition that is a text, and so always true";
        log.add(&rule::CONDITIONS, line, found, "one expression on one line");
    }
    let text = plain.trim().to_owned();
    Some(At { line, text })
}

fn map<'n>(node: &'n Node, log: &mut Log<'_>) -> &'n [(At, Node)] {
    match &node.value {
        Value::Map(map) => map,
        // `on:` and the like with nothing after it.
        Value::Scalar { text, plain: true } if text.is_empty() => &[],
        _ => {
            log.add(
                &rule::KNOWN,
                node.line,
                "something else",
                "names and values",
            );
            &[]
        }
    }
}

fn list<'n>(node: &'n Node, log: &mut Log<'_>) -> &'n [Node] {
    if let Value::List(list) = &node.value {
        return list;
    }
    log.add(&rule::KNOWN, node.line, "something else", "a list");
    &[]
}

fn word(node: &Node, log: &mut Log<'_>) -> Option<At> {
    word_or(node, &rule::KNOWN, log)
}

fn word_or(node: &Node, rule: &'static Rule, log: &mut Log<'_>) -> Option<At> {
    if let Value::Scalar { text, .. } = &node.value {
        return Some(At {
            line: node.line,
            text: text.clone(),
        });
    }
    log.add(rule, node.line, "a list or a map", "one word");
    None
}

fn words(node: &Node, log: &mut Log<'_>) -> Vec<At> {
    match &node.value {
        Value::List(list) => list.iter().filter_map(|node| word(node, log)).collect(),
        _ => word(node, log).into_iter().collect(),
    }
}

fn pairs(node: &Node, log: &mut Log<'_>) -> Vec<Pair> {
    let pairs = map(node, log).iter();
    pairs
        .filter_map(|(key, node)| Some((key.clone(), word(node, log)?)))
        .collect()
}
