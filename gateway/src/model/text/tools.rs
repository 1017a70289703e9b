//! Whether to call a function, which, and with what.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::model::text::hints::{Hints, name_words};
use crate::model::text::pattern::pattern;
use crate::model::text::{Call, Role, Task, Tool, ToolChoice, schema};

/// The calls this task leads to; empty when the answer is text.
pub(crate) fn calls(task: &Task) -> Vec<Call> {
    if task.tools.is_empty() {
        return Vec::new();
    }
    let answered = task
        .turns
        .last()
        .is_some_and(|turn| turn.role == Role::Tool);
    let prompt = task
        .turns
        .iter()
        .rev()
        .find(|turn| turn.role == Role::User)
        .map_or("", |turn| turn.text.as_str());
    let chosen: Vec<&Tool> = match &task.tool_choice {
        ToolChoice::None => Vec::new(),
        ToolChoice::Named(name) => task
            .tools
            .iter()
            .filter(|tool| tool.name == *name)
            .collect(),
        ToolChoice::Required => {
            let wanted = wanted(task, prompt);
            if wanted.is_empty() {
                task.tools.iter().take(1).collect()
            } else {
                wanted
            }
        }
        ToolChoice::Auto if answered => Vec::new(),
        ToolChoice::Auto => wanted(task, prompt),
    };
    let mut calls: Vec<Call> = chosen
        .into_iter()
        .flat_map(|tool| {
            prompts_for(tool, prompt)
                .into_iter()
                .map(|part| call(tool, &part))
        })
        .collect();
    if !task.parallel_tool_calls {
        calls.truncate(1);
    }
    calls
}

fn call(tool: &Tool, prompt: &str) -> Call {
    let arguments = match &tool.parameters {
        Value::Object(parameters) if !parameters.is_empty() => {
            schema::fill(&tool.parameters, Hints::new(prompt))
        }
        _ => Value::Object(serde_json::Map::new()),
    };
    Call {
        name: tool.name.clone(),
        arguments: arguments.to_string(),
    }
}

/// Functions the prompt names, else those whose subject it shares, best first.
fn wanted<'a>(task: &'a Task, prompt: &str) -> Vec<&'a Tool> {
    static REFUSES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:do not|don't|never|without) (?:call|use|using|calling|invoke)\b.*\b(?:tools?|functions?)\b|\bno (?:tools?|functions?)\b",
        )
    });
    static INSISTS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\b(?:call|use|invoke|run|execute)\b[^.]*\b(?:tools?|functions?)\b|\bcall\b")
    });
    if REFUSES.is_match(prompt) {
        return Vec::new();
    }
    let named: Vec<&Tool> = task
        .tools
        .iter()
        .filter(|tool| prompt.contains(&tool.name))
        .collect();
    if !named.is_empty() {
        return named;
    }
    let spoken = stems(prompt);
    let best = task
        .tools
        .iter()
        .map(|tool| (score(tool, &spoken), tool))
        .filter(|(score, _)| *score >= 3)
        .max_by_key(|(score, _)| *score);
    match best {
        Some((_, tool)) => vec![tool],
        None if INSISTS.is_match(prompt) => task.tools.iter().take(1).collect(),
        None => Vec::new(),
    }
}

/// Three points for a word of the name, one for a word of the description.
fn score(tool: &Tool, spoken: &[String]) -> usize {
    let name: Vec<String> = name_words(&tool.name)
        .into_iter()
        .filter(|word| {
            !matches!(
                word.as_str(),
                "get"
                    | "set"
                    | "the"
                    | "a"
                    | "do"
                    | "make"
                    | "tool"
                    | "function"
                    | "for"
                    | "of"
                    | "to"
                    | "by"
                    | "current"
            )
        })
        .map(|word| stem(&word))
        .collect();
    let in_name = name.iter().filter(|word| spoken.contains(word)).count();
    let in_description = stems(&tool.description)
        .iter()
        .filter(|word| word.len() > 3 && spoken.contains(word) && !name.contains(word))
        .count();
    in_name * 3 + in_description
}

fn stems(text: &str) -> Vec<String> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| word.len() > 2)
        .map(|word| stem(&word.to_lowercase()))
        .collect()
}

fn stem(word: &str) -> String {
    let word = word
        .strip_suffix("ing")
        .filter(|rest| rest.len() > 3)
        .unwrap_or(word);
    word.strip_suffix('s')
        .filter(|rest| rest.len() > 2)
        .unwrap_or(word)
        .to_owned()
}

/// One prompt a call: "the weather in Paris and Tokyo" asks the same function twice.
fn prompts_for(tool: &Tool, prompt: &str) -> Vec<String> {
    let takes_a_place = tool
        .parameters
        .pointer("/properties")
        .and_then(Value::as_object)
        .is_some_and(|properties| {
            properties
                .keys()
                .any(|name| matches!(name.as_str(), "city" | "location" | "place"))
        });
    let places = Hints::new(prompt).places();
    if !takes_a_place || places.len() < 2 {
        return vec![prompt.to_owned()];
    }
    places
        .iter()
        .map(|place| format!("{} in {place}", tool.name))
        .collect()
}
