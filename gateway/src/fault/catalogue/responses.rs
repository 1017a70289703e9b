//! The Responses adapter: answers and events.
#![expect(clippy::too_many_lines, reason = "tables: one entry a fault")]

use serde_json::{Value, json};

use crate::fault::catalogue::RESPONSES;
use crate::fault::edit::{
    content_type, each_output_text, frame, is_done, is_named, rename, replace_prompt,
    text_positions, without,
};
use crate::fault::{Effect, Fault, Layer, Modality, On, Subject};
use crate::sse::Event;
use crate::wire::Step;

const SHAPE: &str = "CONTRACT §1 Shapes";
const ADAPTER: &str = "CONTRACT §1 routes: responses";
const ORDER: &str = "CONTRACT §1 Shapes: Responses events";

const fn lost(
    name: &'static str,
    breaks: &'static str,
    rewrite: fn(&mut serde_json::Map<String, Value>),
) -> Fault {
    Fault {
        name,
        modality: Modality::Responses,
        layer: Layer::Parameters,
        breaks,
        promise: ADAPTER,
        effect: Effect::Request(RESPONSES, rewrite),
    }
}

const fn shape(
    name: &'static str,
    breaks: &'static str,
    rewrite: fn(&Subject, &mut Value),
) -> Fault {
    Fault {
        name,
        modality: Modality::Responses,
        layer: Layer::Body,
        breaks,
        promise: SHAPE,
        effect: Effect::Json(On::whole(RESPONSES), rewrite),
    }
}

const fn stream(name: &'static str, breaks: &'static str, effect: Effect) -> Fault {
    Fault {
        name,
        modality: Modality::Responses,
        layer: Layer::Stream,
        breaks,
        promise: ORDER,
        effect,
    }
}

const fn events(
    name: &'static str,
    breaks: &'static str,
    rewrite: fn(&Subject, &mut Vec<Event>),
) -> Fault {
    stream(name, breaks, Effect::Events(On::stream(RESPONSES), rewrite))
}

const fn frames(
    name: &'static str,
    breaks: &'static str,
    rewrite: fn(&Subject, usize, &mut Value),
) -> Fault {
    stream(name, breaks, Effect::Frames(On::stream(RESPONSES), rewrite))
}

pub(super) fn faults() -> Vec<Fault> {
    let mut faults = requests();
    faults.extend(answers());
    faults.extend(order());
    faults.extend(contents());
    faults
}

fn requests() -> Vec<Fault> {
    vec![
        lost(
            "responses.instructions_ignored",
            "`instructions` never reach the model.",
            |body| {
                body.remove("instructions");
            },
        ),
        lost(
            "responses.max_output_tokens_ignored",
            "The answer goes on past `max_output_tokens`.",
            |body| {
                body.remove("max_output_tokens");
            },
        ),
        lost(
            "responses.input_array_cut",
            "Of an input array only the last message is read.",
            |body| {
                if let Some(items) = body.get_mut("input").and_then(Value::as_array_mut) {
                    items.drain(..items.len().saturating_sub(1));
                }
            },
        ),
        lost(
            "responses.temperature_ignored",
            "`temperature` makes no difference.",
            |body| {
                body.remove("temperature");
            },
        ),
        lost(
            "responses.response_format_ignored",
            "`response_format` makes no difference.",
            |body| {
                body.remove("response_format");
            },
        ),
        lost(
            "responses.tools_ignored",
            "Functions are accepted and never called.",
            |body| {
                body.remove("tools");
                body.remove("tool_choice");
            },
        ),
        lost(
            "responses.tool_choice_ignored",
            "`tool_choice` makes no difference.",
            |body| {
                body.remove("tool_choice");
            },
        ),
        lost(
            "responses.prompt_replaced",
            "Every input is answered as if it were another.",
            |body| replace_prompt(body, "Tell me about lighthouses."),
        ),
        lost(
            "responses.state_accepted",
            "`previous_response_id`, `include`, `reasoning` and `background` are silently ignored instead of refused.",
            |body| {
                for name in [
                    "previous_response_id",
                    "include",
                    "reasoning",
                    "background",
                    "conversation",
                ] {
                    body.remove(name);
                }
            },
        ),
    ]
}

fn answers() -> Vec<Fault> {
    vec![
        shape(
            "responses.object_wrong",
            "`object` names a chat completion.",
            |_, body| body["object"] = "chat.completion".into(),
        ),
        shape(
            "responses.id_constant",
            "Every answer has the same id.",
            |_, body| body["id"] = "resp_000000000000000000000000".into(),
        ),
        shape(
            "responses.created_in_milliseconds",
            "`created_at` is in milliseconds.",
            |_, body| {
                body["created_at"] =
                    (body["created_at"].as_u64().unwrap_or_default() * 1_000).into();
            },
        ),
        shape(
            "responses.model_name_internal",
            "`model` is the backend's internal name.",
            |_, body| body["model"] = "vllm-worker-7b-q4".into(),
        ),
        shape(
            "responses.status_missing",
            "The answer has no status.",
            |_, body| without(body, "status"),
        ),
        shape(
            "responses.status_always_completed",
            "An answer that the token limit ended says `completed`.",
            |_, body| {
                body["status"] = "completed".into();
                body["incomplete_details"] = Value::Null;
            },
        ),
        shape("responses.output_empty", "`output` is empty.", |_, body| {
            body["output"] = json!([]);
        }),
        shape(
            "responses.output_text_empty",
            "The answer's text is empty.",
            |_, body| each_output_text(body, |part| part["text"] = "".into()),
        ),
        shape(
            "responses.part_type_wrong",
            "Text parts have the input's type.",
            |_, body| each_output_text(body, |part| part["type"] = "input_text".into()),
        ),
        shape(
            "responses.role_wrong",
            "The message says it comes from the user.",
            |_, body| {
                if let Some(role) = body.pointer_mut("/output/0/role") {
                    *role = "user".into();
                }
            },
        ),
        shape(
            "responses.chat_envelope",
            "The chat completion comes back unwrapped.",
            |_, body| {
                let text = body
                    .pointer_mut("/output/0/content/0/text")
                    .map(Value::take);
                *body = json!({"id": body["id"], "object": "chat.completion", "created": body["created_at"], "model": body["model"],
                "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}]});
            },
        ),
        shape(
            "responses.usage_missing",
            "The answer has no usage.",
            |_, body| without(body, "usage"),
        ),
        shape(
            "responses.usage_sum_wrong",
            "`total_tokens` is not the sum of its parts.",
            |_, body| body["usage"]["total_tokens"] = 1.into(),
        ),
        shape(
            "responses.usage_names_wrong",
            "Usage has the chat field names.",
            |_, body| {
                rename(&mut body["usage"], "input_tokens", "prompt_tokens");
                rename(&mut body["usage"], "output_tokens", "completion_tokens");
            },
        ),
        shape(
            "responses.text_cut_short",
            "The second half of every text is missing.",
            |_, body| {
                each_output_text(body, |part| {
                    let text = part["text"].as_str().unwrap_or_default();
                    part["text"] = text
                        .chars()
                        .take(text.chars().count() / 2)
                        .collect::<String>()
                        .into();
                });
            },
        ),
        shape(
            "responses.arguments_object",
            "A call's `arguments` are an object instead of a JSON string.",
            |_, body| {
                for item in body["output"].as_array_mut().into_iter().flatten() {
                    if let Some(arguments) = item["arguments"].as_str() {
                        item["arguments"] = serde_json::from_str(arguments).unwrap_or_default();
                    }
                }
            },
        ),
    ]
}

fn order() -> Vec<Fault> {
    vec![
        events(
            "responses.created_missing",
            "The stream does not begin with `response.created`.",
            |_, events| events.retain(|event| !is_named(event, "response.created")),
        ),
        events(
            "responses.item_added_missing",
            "No event announces the output item.",
            |_, events| events.retain(|event| !is_named(event, "response.output_item.added")),
        ),
        events(
            "responses.part_added_missing",
            "No event announces the content part.",
            |_, events| events.retain(|event| !is_named(event, "response.content_part.added")),
        ),
        events(
            "responses.text_done_missing",
            "`response.output_text.done` does not come.",
            |_, events| events.retain(|event| !is_named(event, "response.output_text.done")),
        ),
        events(
            "responses.item_done_missing",
            "`response.output_item.done` does not come.",
            |_, events| events.retain(|event| !is_named(event, "response.output_item.done")),
        ),
        events(
            "responses.completed_missing",
            "The stream ends without a terminal event.",
            |_, events| {
                events.retain(|event| {
                    !is_named(event, "response.completed")
                        && !is_named(event, "response.incomplete")
                });
            },
        ),
        events(
            "responses.completed_twice",
            "The terminal event comes twice.",
            |_, events| {
                if let Some(last) = events.iter().rev().find(|event| !is_done(event)).cloned() {
                    events.push(last);
                }
            },
        ),
        events(
            "responses.delta_after_done",
            "A delta comes after `response.output_text.done`.",
            |_, events| {
                let last = text_positions(events).pop();
                let done = events
                    .iter()
                    .position(|event| is_named(event, "response.output_text.done"));
                if let (Some(last), Some(done)) = (last, done) {
                    events.swap(last, done);
                }
            },
        ),
        events(
            "responses.delta_lost",
            "One delta in the middle is lost.",
            |_, events| {
                let places = text_positions(events);
                if let Some(place) = places.get(places.len() / 2) {
                    events.remove(*place);
                }
            },
        ),
        events(
            "responses.names_missing",
            "Events have no `event:` line.",
            |_, events| {
                for event in events {
                    event.name = None;
                }
            },
        ),
        events(
            "responses.names_differ",
            "The `event:` line and the `type` differ.",
            |_, events| {
                for event in events.iter_mut().filter(|event| event.name.is_some()) {
                    event.name = Some("message".into());
                }
            },
        ),
        events(
            "responses.chat_events",
            "The chat's own chunks come through unwrapped.",
            |_, events| {
                for event in events.iter_mut() {
                    event.name = None;
                    frame(event, |frame| {
                        let delta = frame["delta"].take();
                        *frame = json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [{"index": 0, "delta": {"content": delta}}]});
                    });
                }
            },
        ),
    ]
}

fn contents() -> Vec<Fault> {
    vec![
        frames(
            "responses.sequence_gap",
            "`sequence_number` skips a number.",
            |_, index, frame| {
                if index > 3 {
                    frame["sequence_number"] = (index + 1).into();
                }
            },
        ),
        frames(
            "responses.sequence_from_one",
            "`sequence_number` starts at 1.",
            |_, index, frame| frame["sequence_number"] = (index + 1).into(),
        ),
        frames(
            "responses.sequence_missing",
            "Events have no `sequence_number`.",
            |_, _, frame| without(frame, "sequence_number"),
        ),
        frames(
            "responses.item_id_changes",
            "Deltas name another item than the one announced.",
            |_, _, frame| {
                if frame["delta"].is_string() {
                    frame["item_id"] = "msg_elsewhere".into();
                }
            },
        ),
        frames(
            "responses.response_id_changes",
            "The terminal event has another response id than the first.",
            |_, _, frame| {
                if frame["type"] == "response.completed" || frame["type"] == "response.incomplete" {
                    frame["response"]["id"] = "resp_other".into();
                }
            },
        ),
        frames(
            "responses.done_text_differs",
            "`response.output_text.done` is not the joined deltas.",
            |_, _, frame| {
                if frame["type"] == "response.output_text.done" {
                    frame["text"] =
                        format!("{}.", frame["text"].as_str().unwrap_or_default()).into();
                }
            },
        ),
        frames(
            "responses.completed_without_output",
            "The terminal event's answer has no output.",
            |_, _, frame| {
                if frame["response"]["status"] == "completed" {
                    frame["response"]["output"] = json!([]);
                }
            },
        ),
        frames(
            "responses.completed_without_usage",
            "The terminal event's answer has no usage.",
            |_, _, frame| {
                if frame["response"]["status"] == "completed" {
                    frame["response"]["usage"] = Value::Null;
                }
            },
        ),
        frames(
            "responses.completed_still_in_progress",
            "The terminal event's answer says `in_progress`.",
            |_, _, frame| {
                if frame["response"]["status"] == "completed" {
                    frame["response"]["status"] = "in_progress".into();
                }
            },
        ),
        stream(
            "responses.never_streams",
            "`stream` is ignored: a whole JSON answer comes.",
            Effect::Request(RESPONSES, |body| {
                body.remove("stream");
            }),
        ),
        stream(
            "responses.stream_content_type_wrong",
            "The stream is announced as plain text.",
            Effect::Reply(On::stream(RESPONSES), |_, reply| {
                content_type(reply, "text/plain");
            }),
        ),
        stream(
            "responses.disconnect_midway",
            "The connection closes in the middle of the stream.",
            Effect::Steps(On::stream(RESPONSES), |_, mut steps| {
                steps.truncate(steps.len() / 2);
                steps.push(Step::Cut);
                steps
            }),
        ),
        stream(
            "responses.stalls_midway",
            "The stream falls silent in the middle and stays open.",
            Effect::Steps(On::stream(RESPONSES), |_, mut steps| {
                steps.truncate(steps.len() / 2);
                steps.push(Step::Stall);
                steps
            }),
        ),
    ]
}
