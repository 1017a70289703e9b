//! Words about parameters that were honoured, changed, dropped or refused.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Word as Entry,
    build::{Argument, Part, Tally},
};
use crate::{
    matrix::Operation,
    observe::{AnswerSeen, CallSeen},
    template,
};

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "unadjusted",
        argument: "",
        about: "X-Param-Adjustments is not there, or names no parameter.",
        read: |_| {
            Some(vec![Part::truth(|call, _| {
                Some(adjusts_at_most(call.answer()?, &[]))
            })])
        },
    },
    Entry {
        word: "adjusts_at_most",
        argument: "a parameter's name, or an array of them",
        about: "X-Param-Adjustments is not there, or names no other parameter than these.",
        read: |arg| {
            let known = parameters(arg)?;
            Some(vec![Part::truth(move |call, _| {
                Some(adjusts_at_most(call.answer()?, &known))
            })])
        },
    },
    Entry {
        word: "choices_or_said",
        argument: "a whole number",
        about: "The answer, or the stream to its end, has this many choices with indices from 0, each with its text; or X-Param-Adjustments names `n` and there are fewer, or a 400 names it.",
        read: |arg| {
            let wanted = arg.count()?;
            Some(vec![Part::truth(move |call, _| {
                // Who says so brings fewer choices, or none but a refusal.
                let fewer = || {
                    call.answer().is_some_and(|answer| answer.status == 400)
                        || (1..wanted).any(|fewer| has_choices(call, fewer))
                };
                Some(has_choices(call, wanted) || says(call, "n") && fewer())
            })])
        },
    },
    Entry {
        word: "choices_differ",
        argument: "",
        about: "There are at least two choices, and no two have the same text.",
        read: |_| {
            Some(vec![Part::each(2, |call, _, tally| {
                choices_differ(call, tally);
            })])
        },
    },
    Entry {
        word: "sees_or_refuses",
        argument: "{ word, capability }: what the answer must say, and an array of names for the capability",
        about: "The answer's text has the word; or the call was refused with a traced 400 that names the missing capability.",
        read: sees_or_refuses,
    },
    Entry {
        word: "echoes_or_lacks",
        argument: "{ at, value }: a JSON pointer and the value that was sent",
        about: "The call was answered, and what was sent comes back unchanged at this place, or nothing stands there.",
        read: echoes_or_lacks,
    },
    Entry {
        word: "blames",
        argument: "a parameter's name, or an array of them",
        about: "Where the error names a parameter, it is one of these, or a part of one.",
        read: blames,
    },
];

/// Ways to say that nothing was adjusted.
const NOTHING: [&str; 5] = ["none", "n/a", "-", "[]", "{}"];

/// The words of the header, whatever its syntax.
fn named(answer: &AnswerSeen) -> Vec<String> {
    let list = answer.header_list("x-param-adjustments");
    if NOTHING.contains(&list.trim().to_ascii_lowercase().as_str()) {
        return Vec::new();
    }
    list.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .map(str::to_owned)
        .collect()
}

/// Whether the header names no parameter but these. Words that are no parameter are its syntax, or prose.
fn adjusts_at_most(answer: &AnswerSeen, known: &[String]) -> bool {
    named(answer)
        .iter()
        .all(|word| known.contains(word) || !Operation::any_takes(word))
}

/// Whether a value is a text that says something.
fn says_something(text: Option<&Value>) -> bool {
    text.and_then(Value::as_str)
        .is_some_and(|text| !text.trim().is_empty())
}

/// Whether a stream brings choices of these indices, each with a text and to its end.
fn has_streamed_choices(call: &CallSeen, wanted: u64) -> bool {
    let mut ended: Vec<u64> = Vec::new();
    let mut said: BTreeSet<u64> = BTreeSet::new();
    for event in &call.events {
        let choices = event.data.get("choices").and_then(Value::as_array);
        for choice in choices.into_iter().flatten() {
            let index = choice.get("index").and_then(Value::as_u64);
            if choice.get("finish_reason").is_some_and(Value::is_string) {
                ended.extend(index);
            }
            if says_something(choice.pointer("/delta/content")) {
                said.extend(index);
            }
        }
    }
    ended.sort_unstable();
    let all: Vec<u64> = (0..wanted).collect();
    ended == all && said.into_iter().eq(all)
}

fn has_choices(call: &CallSeen, wanted: u64) -> bool {
    if !call.events.is_empty() {
        return has_streamed_choices(call, wanted);
    }
    let choices = call
        .document
        .as_ref()
        .and_then(|document| document.get("choices")?.as_array());
    choices.is_some_and(|choices| {
        let index = |choice: &Value| choice.get("index").and_then(Value::as_u64);
        choices.len() as u64 == wanted
            && choices.iter().zip(0..).all(|(choice, at)| {
                index(choice) == Some(at) && says_something(choice.pointer("/message/content"))
            })
    })
}

fn choices_differ(call: &CallSeen, tally: &mut Tally) {
    let choices = call
        .document
        .as_ref()
        .and_then(|document| document.get("choices")?.as_array());
    let Some(choices) = choices else { return };
    let text = |choice: &Value| {
        choice
            .pointer("/message/content")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    for (at, choice) in choices.iter().enumerate() {
        let said = text(choice);
        let repeats = choices[..at].iter().any(|other| text(other) == said);
        tally.hold(said.is_some() && !repeats);
    }
}

fn sees_or_refuses(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let mut table = arg.node()?.table(arg.reader)?;
    let word = table.string(arg.reader, "word")?.to_lowercase();
    let names: Vec<String> = table
        .strings(arg.reader, "capability")
        .into_iter()
        .map(|(name, _)| name.to_lowercase())
        .collect();
    table.refuse_unknown(arg.reader);
    Some(vec![Part::truth(move |call, _| {
        let answer = call.answer()?;
        if answer.status == 200 {
            return Some(call.text.as_ref()?.to_lowercase().contains(&word));
        }
        let error = answer.envelope()?;
        let message = error.get("message")?.as_str()?.to_lowercase();
        let traced = answer.header("x-request-id").is_some_and(super::is_uuid);
        let is_named = names.iter().any(|name| message.contains(name));
        Some(
            answer.status == 400
                && error.get("type")? == "invalid_request_error"
                && traced
                && is_named,
        )
    })])
}

/// Whether the gateway says that it did not take a parameter as sent.
fn says(call: &CallSeen, parameter: &str) -> bool {
    let Some(answer) = call.answer() else {
        return false;
    };
    let refused = answer.status == 400
        && answer.envelope().is_some_and(|error| {
            error.get("param").and_then(Value::as_str) == Some(parameter)
                || error
                    .get("message")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                    .any(|word| word == parameter)
        });
    refused || named(answer).iter().any(|word| word == parameter)
}

fn echoes_or_lacks(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let mut table = arg.node()?.table(arg.reader)?;
    let at = table.string(arg.reader, "at");
    let value = table.required(arg.reader, "value");
    table.refuse_unknown(arg.reader);
    arg.node = Some(value?);
    let (at, wanted) = (at?, arg.json()?);
    Some(vec![Part::truth(move |call, scene| {
        let document = super::answer::document(call)?;
        let wanted = template::fill(&wanted, scene.scope).ok()??;
        let found = document.pointer(&at).filter(|found| !found.is_null());
        // A gateway that has the field and nothing to say in it sends an empty object.
        let empty =
            found.is_none_or(|found| found.as_object().is_some_and(serde_json::Map::is_empty));
        Some(empty || found == Some(&wanted))
    })])
}

/// Names of parameters.
fn parameters(arg: &mut Argument<'_, '_>) -> Option<Vec<String>> {
    let nodes = arg.one_or_many()?;
    nodes
        .iter()
        .map(|node| node.string(arg.reader).map(str::to_owned))
        .collect()
}

fn blames(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let names = parameters(arg)?;
    Some(vec![Part::truth(move |call, _| {
        let error = call.answer()?.envelope()?;
        // A blank name is none.
        let said = |param: &&Value| {
            !param.is_null() && param.as_str().is_none_or(|text| !text.trim().is_empty())
        };
        let param = error.get("param").filter(said);
        Some(param.is_none_or(|param| {
            param
                .as_str()
                .is_some_and(|param| names.iter().any(|name| is_of(param, name)))
        }))
    })])
}

/// Whether `tools[0].type` is about `tools`, by any of the usual ways to write a path.
fn is_of(param: &str, name: &str) -> bool {
    param
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .any(|word| word == name)
}

#[cfg(test)]
mod tests;
