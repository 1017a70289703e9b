//! The Responses adapter: its events.
#![expect(clippy::too_many_lines, reason = "tables: one entry a fault")]

use serde_json::{Value, json};

use crate::fault::catalogue::RESPONSES;
use crate::fault::edit::{content_type, frame, is_done, is_named, text_positions, without};
use crate::fault::{Effect, Fault, Layer, Modality, On, Subject};
use crate::sse::Event;
use crate::wire::Step;

const ORDER: &str = "CONTRACT §1 Shapes: Responses events";

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
    let mut faults = order();
    faults.extend(contents());
    faults
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
            "responses.stream_usage_differs",
            "The usage of a stream counts four tokens more than that of the plain answer.",
            |_, _, event| {
                for name in ["output_tokens", "total_tokens"] {
                    if let Some(count) = event.pointer_mut(&format!("/response/usage/{name}"))
                        && let Some(old) = count.as_u64()
                    {
                        *count = (old + 4).into();
                    }
                }
            },
        ),
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
            "responses.call_id_changes",
            "A call that is done has another call id than the one announced.",
            |_, _, frame| {
                if frame["type"] == "response.output_item.done"
                    && frame["item"]["call_id"].is_string()
                {
                    frame["item"]["call_id"] = "call_other".into();
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
