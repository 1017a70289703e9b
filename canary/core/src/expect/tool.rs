//! Words about tool calls.

use serde_json::Value;

use super::{
    Word as Entry,
    build::{Argument, Part, count},
};
use crate::{evidence::Scalar, judge::Rule, observe::CallSeen};

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "tool_call",
        argument: "{ name, arguments } where arguments is a JSON Schema, which may have slots",
        about: "The answer calls this function, with an id, type `function`, and arguments that are a JSON string fitting the schema.",
        read: tool_call,
    },
    Entry {
        word: "tool_calls",
        argument: "a whole number",
        about: "The answer calls functions this often, each call with an id of its own.",
        read: |arg| {
            let wanted = Scalar::Count(arg.count()?);
            Some(vec![Part::found(Rule::OneOf(vec![wanted]), |call, _| {
                let calls = tool_calls(call);
                let mut ids: Vec<&str> = calls.iter().map(|call| call.id.as_str()).collect();
                ids.sort_unstable();
                ids.dedup();
                (ids.len() == calls.len()).then(|| count(calls.len()))
            })])
        },
    },
    Entry {
        word: "calls_not_in_text",
        argument: "",
        about: "The answer calls functions, and its text, where it has one, does not have a call's arguments in it.",
        read: |_| {
            Some(vec![Part::each(1, |call, _, tally| {
                let text = squeezed(&beside_calls(call));
                for found in tool_calls(call) {
                    let arguments = squeezed(&found.arguments);
                    // Arguments that say nothing could stand anywhere.
                    tally.hold(arguments.len() <= 2 || !text.contains(&arguments));
                }
            })])
        },
    },
    Entry {
        word: "no_tool_call",
        argument: "",
        about: "The answer is text, not blank, and calls no tool.",
        read: |_| {
            Some(vec![Part::truth(|call, _| {
                let text = call
                    .text
                    .as_ref()
                    .is_some_and(|text| !text.trim().is_empty());
                Some(text && tool_calls(call).is_empty())
            })])
        },
    },
];

/// A tool call, whole: of a plain answer as it stands, of a stream put together from its deltas.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct ToolCall {
    id: String,
    kind: String,
    name: String,
    arguments: String,
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn tool_calls(call: &CallSeen) -> Vec<ToolCall> {
    // A Responses stream ends with the whole answer.
    let last = call
        .events
        .last()
        .and_then(|event| event.data.get("response"));
    if let Some(document) = call.document.as_ref().or(last) {
        let chat = document
            .pointer("/choices/0/message/tool_calls")
            .and_then(Value::as_array);
        let items = document.get("output").and_then(Value::as_array);
        return chat.map_or_else(
            || {
                items
                    .into_iter()
                    .flatten()
                    .filter(|item| text(item, "/type") == "function_call")
                    .map(of_item)
                    .collect()
            },
            |calls| calls.iter().map(of_message).collect(),
        );
    }
    let mut calls: Vec<ToolCall> = Vec::new();
    let deltas = call.events.iter().filter_map(|event| {
        event
            .data
            .pointer("/choices/0/delta/tool_calls")?
            .as_array()
    });
    for delta in deltas.flatten() {
        let at = delta
            .get("index")
            .and_then(Value::as_u64)
            .unwrap_or(u64::MAX);
        // A call out of its place is none of those that are wanted, and one too many where none is.
        let Some(at) = usize::try_from(at).ok().filter(|at| *at <= calls.len()) else {
            return vec![ToolCall::default()];
        };
        if at == calls.len() {
            calls.push(ToolCall::default());
        }
        let part = of_message(delta);
        let whole = &mut calls[at];
        join(&mut whole.id, &part.id);
        join(&mut whole.kind, &part.kind);
        whole.name.push_str(&part.name);
        whole.arguments.push_str(&part.arguments);
    }
    calls
}

/// The text beside the calls, as a plain chat answer has it or as the SDK joined it.
fn beside_calls(call: &CallSeen) -> String {
    let plain = call
        .document
        .as_ref()
        .map(|document| text(document, "/choices/0/message/content"));
    let joined = call.text.as_deref().unwrap_or_default();
    plain
        .filter(|plain| !plain.is_empty())
        .unwrap_or(joined)
        .to_owned()
}

/// A text without white space and without what escaping adds: a call may be quoted in another.
fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '\\')
        .collect()
}

/// An id or a type comes whole. A later fragment may repeat it; one that says something else makes
/// the call belong to nobody.
fn join(whole: &mut String, part: &str) {
    if whole.is_empty() {
        part.clone_into(whole);
    } else if !part.is_empty() && whole != part {
        "(differs)".clone_into(whole);
    }
}

fn of_message(value: &Value) -> ToolCall {
    ToolCall {
        id: text(value, "/id").to_owned(),
        kind: text(value, "/type").to_owned(),
        name: text(value, "/function/name").to_owned(),
        arguments: text(value, "/function/arguments").to_owned(),
    }
}

fn of_item(value: &Value) -> ToolCall {
    ToolCall {
        id: text(value, "/call_id").to_owned(),
        kind: "function".to_owned(),
        name: text(value, "/name").to_owned(),
        arguments: text(value, "/arguments").to_owned(),
    }
}

fn tool_call(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let mut table = arg.node()?.table(arg.reader)?;
    let name = table.string(arg.reader, "name");
    let node = table.required(arg.reader, "arguments");
    table.refuse_unknown(arg.reader);
    let (name, node) = (name?, node?);
    arg.node = Some(node);
    let schema = arg.schema()?;
    Some(vec![Part::each(4, move |call, scene, tally| {
        let Some(schema) = schema.filled(scene.scope) else {
            return;
        };
        for found in tool_calls(call) {
            tally.hold_at(!matches!(&*found.id, "" | "(differs)"), "id");
            tally.hold_at(found.kind == "function", "type");
            tally.hold_at(found.name == name, "name");
            let arguments: Option<Value> = serde_json::from_str(&found.arguments).ok();
            let fits =
                arguments.is_some_and(|arguments| schema.first_violation(&arguments).is_none());
            tally.hold_at(fits, "arguments");
        }
    })])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expect::build::sample;
    use serde_json::json;

    #[test]
    fn deltas_are_put_together_by_their_index() {
        let delta =
            |value: Value| sample::event(json!({"choices": [{"delta": {"tool_calls": [value]}}]}));
        let mut call = sample::call();
        call.events = vec![
            delta(
                json!({"index": 0, "id": "c1", "type": "function", "function": {"name": "add", "arguments": ""}}),
            ),
            delta(json!({"index": 0, "function": {"arguments": "{\"a\":"}})),
            delta(json!({"index": 0, "function": {"arguments": "1}"}})),
        ];
        let whole = ToolCall {
            id: "c1".to_owned(),
            kind: "function".to_owned(),
            name: "add".to_owned(),
            arguments: "{\"a\":1}".to_owned(),
        };
        assert_eq!(tool_calls(&call), [whole]);
    }

    #[test]
    fn a_fragment_may_repeat_its_id_and_not_change_it() {
        let expect = r#"[{ tool_call = { name = "add", arguments = { type = "object" } } }]"#;
        let delta = |id: &str, arguments: &str| {
            let call = json!({"index": 0, "id": id, "type": "function", "function": {"name": if arguments == "{" { "add" } else { "" }, "arguments": arguments}});
            sample::event(json!({"choices": [{"delta": {"tool_calls": [call]}}]}))
        };
        for (later, holds) in [("c1", true), ("", true), ("c2", false)] {
            let mut call = sample::call();
            call.events = vec![delta("c1", "{"), delta(later, "}")];
            assert_eq!(
                super::super::trial::held(expect, &[call]),
                holds,
                "{later:?}"
            );
        }
    }

    #[test]
    fn a_call_does_not_stand_in_the_text_as_well() {
        let with = |content: Value| {
            let call = json!({"id": "c1", "type": "function", "function": {"name": "book", "arguments": "{\"city\": \"Paris\"}"}});
            let mut seen = sample::call();
            seen.document = Some(json!({"choices": [{"message": {
                "content": content, "tool_calls": [call],
            }}]}));
            super::super::trial::held(r#"["calls_not_in_text"]"#, &[seen])
        };
        assert!(with(Value::Null) && with(json!("")) && with(json!("I book in Paris.")));
        assert!(!with(json!("<tool_call>{\"city\":\"Paris\"}</tool_call>")));
        assert!(!with(json!(
            "[{\"arguments\": \"{\\\"city\\\": \\\"Paris\\\"}\"}]"
        )));
        assert!(!super::super::trial::held(
            r#"["calls_not_in_text"]"#,
            &[sample::call()]
        ));
    }

    #[test]
    fn calls_are_found_in_every_kind_of_answer() {
        let item = json!({"type": "function_call", "id": "fc", "call_id": "c1", "name": "add", "arguments": "{}"});
        let mut plain = sample::call();
        plain.document = Some(json!({"output": [item]}));
        let mut streamed = sample::call();
        streamed.events = vec![sample::event(json!({"response": {"output": [item]}}))];
        for call in [plain, streamed] {
            let calls = tool_calls(&call);
            assert_eq!(calls.len(), 1);
            assert_eq!(
                (calls[0].id.as_str(), calls[0].name.as_str()),
                ("c1", "add")
            );
        }
        let mut text = sample::call();
        text.document = Some(json!({"choices": [{"message": {"content": "no"}}]}));
        assert!(tool_calls(&text).is_empty());
    }
}
