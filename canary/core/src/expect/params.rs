//! Words about parameters that were honoured, changed, dropped or refused.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Word as Entry,
    build::{Argument, Part, Tally},
};
use crate::{
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
                Some(
                    !named(call.answer()?)
                        .iter()
                        .any(|word| PARAMETERS.contains(&word.as_str())),
                )
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

/// The parameters that an adjustment can be about.
const PARAMETERS: &[&str] = &[
    "temperature",
    "top_p",
    "n",
    "max_tokens",
    "max_completion_tokens",
    "max_output_tokens",
    "stop",
    "presence_penalty",
    "frequency_penalty",
    "seed",
    "user",
    "metadata",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "response_format",
    "stream",
    "stream_options",
    "logit_bias",
    "logprobs",
    "top_logprobs",
    "service_tier",
    "store",
    "prediction",
    "instructions",
    "dimensions",
    "size",
    "speed",
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

fn blames(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let nodes = arg.one_or_many()?;
    let names: Option<Vec<String>> = nodes
        .iter()
        .map(|node| node.string(arg.reader).map(str::to_owned))
        .collect();
    let names = names?;
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
mod tests {
    use super::*;
    use crate::expect::build::sample;
    use serde_json::json;

    fn with_header(value: &str) -> CallSeen {
        let mut call = sample::call();
        let mut exchange = sample::answered("{}");
        if let Some(answer) = &mut exchange.answer {
            answer
                .headers
                .push(("x-param-adjustments".to_owned(), value.to_owned()));
        }
        call.exchanges = vec![exchange];
        call
    }

    #[test]
    fn a_blank_name_blames_nobody() {
        use super::super::trial::{failed, held};
        let expect = r#"[{ blames = "top_p" }, { error = { status = 400 } }]"#;
        for (param, holds) in [
            (json!("top_p"), true),
            (json!(""), true),
            (json!(null), true),
            (json!("n"), false),
            (json!(3), false),
        ] {
            let blank = param == "";
            let mut call = failed(
                "call",
                400,
                &json!({"error": {
                    "message": "m", "type": "invalid_request_error", "code": "c", "param": param,
                }}),
            );
            // The SDK hands on no blank text.
            if let crate::observe::Ending::Failed(error) = &mut call.ending
                && blank
            {
                error.param = None;
            }
            assert_eq!(held(expect, &[call]), holds, "{param}");
        }
    }

    #[test]
    fn several_choices_come_or_their_lack_is_said() {
        let mut two = sample::call();
        let choice = |index: u64, text: &str| json!({"index": index, "message": {"content": text}});
        two.document = Some(json!({"choices": [choice(0, "a"), choice(1, "b")]}));
        assert!(has_choices(&two, 2));
        assert!(!has_choices(&two, 1));
        two.document = Some(json!({"choices": [choice(0, "a"), choice(0, "b")]}));
        assert!(!has_choices(&two, 2));
        two.document = Some(json!({"choices": [choice(0, "a"), choice(1, " ")]}));
        assert!(!has_choices(&two, 2), "the second says nothing");

        let delta = |index: u64, text: &str, end: Option<&str>| {
            let delta = json!({"index": index, "delta": {"content": text}, "finish_reason": end});
            sample::event(json!({"choices": [delta]}))
        };
        let end = |index: u64| delta(index, "", Some("stop"));
        let mut streamed = sample::call();
        streamed.events = vec![delta(0, "a", None), delta(1, "b", None), end(1), end(0)];
        assert!(has_choices(&streamed, 2) && !has_choices(&streamed, 3));
        streamed.events.remove(1);
        assert!(!has_choices(&streamed, 2), "the second says nothing");
        streamed.events = vec![delta(0, "a", None), delta(1, "b", None), end(0), end(0)];
        assert!(!has_choices(&streamed, 2));

        assert!(says(&with_header("n=2->1"), "n"));
        assert!(!says(&with_header("min_p=dropped"), "n"));
        let refused = |body: &str| {
            let mut call = sample::call();
            let mut exchange = sample::answered(body);
            if let Some(answer) = &mut exchange.answer {
                answer.status = 400;
            }
            call.exchanges = vec![exchange];
            call
        };
        let error = r#"{"error":{"message":"`n` must be 1","type":"invalid_request_error"}}"#;
        assert!(says(&refused(error), "n"));
        let other = r#"{"error":{"message":"not now","type":"invalid_request_error"}}"#;
        assert!(!says(&refused(other), "n"));
    }

    #[test]
    fn the_header_may_come_in_several_lines() {
        let mut call = with_header("top_p=1.5->1.0");
        if let Some(answer) = &mut call.exchanges[0].answer {
            let second = ("X-Param-Adjustments".to_owned(), "min_p=dropped".to_owned());
            answer.headers.push(second);
        }
        let names = named(call.answer().unwrap());
        assert!(names.contains(&"top_p".to_owned()) && names.contains(&"min_p".to_owned()));
    }

    #[test]
    fn a_header_that_names_a_parameter_is_told_from_one_that_does_not() {
        let adjusted = |value: &str| {
            let call = with_header(value);
            named(call.answer().unwrap())
                .iter()
                .any(|word| PARAMETERS.contains(&word.as_str()))
        };
        assert!(adjusted("temperature=1.0->0.7"));
        for nothing in ["", "none", "None", "n/a", "N/A", " - ", "[]", "{}"] {
            assert!(!adjusted(nothing), "{nothing}");
        }
        assert!(adjusted("n/a=2"), "it says something of `n`");
    }

    #[test]
    fn choices_that_repeat_are_counted() {
        let mut call = sample::call();
        let choice = |text: &str| json!({"message": {"content": text}});
        call.document = Some(json!({"choices": [choice("a"), choice("b"), choice("a")]}));
        let mut tally = Tally::default();
        choices_differ(&call, &mut tally);
        assert_eq!(sample::violations(tally), (3, 1));
    }

    #[test]
    fn a_path_is_about_its_parameter() {
        for path in ["tools", "tools[0].type", "body.tools.0", "/tools/0"] {
            assert!(is_of(path, "tools"), "{path}");
        }
        assert!(!is_of("tool_choice", "tools"));
    }
}
