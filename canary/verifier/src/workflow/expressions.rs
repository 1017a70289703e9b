//! Every `${{ }}` in a workflow is of a known kind, wherever it stands.
//!
//! The place decides, not the name: a job, a variable or a value of a matrix may be called `run` or `if`.

use super::{
    log::Log,
    rule::{self, Rule},
    yaml::{At, Node, Value},
};

/// Where an expression stands: secrets may be in a step's variables and in what an action is told, as far
/// as the plan has them there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Given,
    Elsewhere,
}

/// Looks at every expression of a workflow. Conditions are compared whole, or are those of jobs that decide
/// nothing, so only secrets are looked for in them.
pub(super) fn check(root: &Node, log: &mut Log<'_>) {
    each(root, log, |key, node, log| match key {
        "jobs" => each(node, log, |_, node, log| of_job(node, log)),
        _ => anywhere(node, Place::Elsewhere, log),
    });
}

fn of_job(node: &Node, log: &mut Log<'_>) {
    each(node, log, |key, node, log| match (key, &node.value) {
        ("if", Value::Scalar { text, .. }) => in_condition(node.line, text, log),
        ("steps", Value::List(steps)) => steps.iter().for_each(|step| of_step(step, log)),
        _ => anywhere(node, Place::Elsewhere, log),
    });
}

fn of_step(node: &Node, log: &mut Log<'_>) {
    each(node, log, |key, node, log| match (key, &node.value) {
        ("if", Value::Scalar { text, .. }) => in_condition(node.line, text, log),
        ("env" | "with", _) => anywhere(node, Place::Given, log),
        _ => anywhere(node, Place::Elsewhere, log),
    });
}

/// Visits what a map holds; what is no map is looked at like anything else.
fn each(node: &Node, log: &mut Log<'_>, visit: impl Fn(&str, &Node, &mut Log<'_>)) {
    let Value::Map(map) = &node.value else {
        return anywhere(node, Place::Elsewhere, log);
    };
    for (key, node) in map {
        a_word(key, log);
        visit(&key.text, node, log);
    }
}

fn a_word(key: &At, log: &mut Log<'_>) {
    if key.text.contains("${{") {
        log.add(&rule::EXPRESSIONS, key.line, &key.text, "a word");
    }
}

fn anywhere(node: &Node, place: Place, log: &mut Log<'_>) {
    match &node.value {
        Value::Map(map) => {
            for (key, value) in map {
                a_word(key, log);
                anywhere(value, place, log);
            }
        }
        Value::List(list) => list.iter().for_each(|node| anywhere(node, place, log)),
        Value::Scalar { text, .. } => {
            let mut rest = text.as_str();
            while let Some((_, after)) = rest.split_once("${{") {
                let (inner, after) = after.split_once("}}").unwrap_or((after, ""));
                if let Some(rule) = refused(inner.trim(), place) {
                    let expected = "an input, a variable, or an output";
                    log.add(rule, node.line, inner.trim(), expected);
                }
                rest = after;
            }
        }
    }
}

/// What is secret, in the spelling of expressions, which know no case.
pub(super) fn names_secrets(expression: &str) -> bool {
    let text = expression.to_ascii_lowercase();
    text.contains("secrets") || text.contains("github.token") || text.contains("tojson(github")
}

fn in_condition(line: usize, text: &str, log: &mut Log<'_>) {
    if names_secrets(text) {
        let expected = "a condition without secrets";
        log.add(&rule::SECRETS, line, text, expected);
    }
}

/// The rule that an expression breaks. Secrets are looked at where they may be: in the release.
fn refused(expression: &str, place: Place) -> Option<&'static Rule> {
    if place == Place::Elsewhere && names_secrets(expression) {
        return Some(&rule::SECRETS);
    }
    let known = [
        "inputs.", "vars.", "needs.", "steps.", "matrix.", "secrets.",
    ];
    let is_path = expression
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    let whole = [
        "github.ref",
        "github.token",
        "github.event_name == 'pull_request'",
        "strategy.job-index",
    ];
    let fine = whole.contains(&expression)
        || (is_path && known.iter().any(|prefix| expression.starts_with(prefix)));
    if fine {
        None
    } else if expression.contains("secrets") {
        Some(&rule::SECRETS)
    } else {
        Some(&rule::EXPRESSIONS)
    }
}
