//! Chat streams: order, framing and pace.
#![expect(clippy::too_many_lines, reason = "tables: one entry a fault")]

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::fault::catalogue::CHAT;
use crate::fault::edit::{
    content_type, each_choice, frame, has, has_text, is_done, joined, split, text_positions,
    without,
};
use crate::fault::{Effect, Fault, Layer, Modality, On, Subject};
use crate::sse::Event;
use crate::wire::Step;

const SHAPE: &str = "CONTRACT §1 Shapes: one id, model and `created` through a stream";
const SSE: &str = "CONTRACT §1 routes: streaming (SSE, ends with `data: [DONE]`)";

const fn fault(
    name: &'static str,
    breaks: &'static str,
    promise: &'static str,
    effect: Effect,
) -> Fault {
    Fault {
        name,
        modality: Modality::Chat,
        layer: Layer::Stream,
        breaks,
        promise,
        effect,
    }
}

const fn events(
    name: &'static str,
    breaks: &'static str,
    promise: &'static str,
    rewrite: fn(&Subject, &mut Vec<Event>),
) -> Fault {
    fault(
        name,
        breaks,
        promise,
        Effect::Events(On::stream(CHAT), rewrite),
    )
}

const fn frames(
    name: &'static str,
    breaks: &'static str,
    promise: &'static str,
    rewrite: fn(&Subject, usize, &mut Value),
) -> Fault {
    fault(
        name,
        breaks,
        promise,
        Effect::Frames(On::stream(CHAT), rewrite),
    )
}

const fn steps(
    name: &'static str,
    breaks: &'static str,
    promise: &'static str,
    rewrite: fn(&Subject, Vec<Step>) -> Vec<Step>,
) -> Fault {
    fault(
        name,
        breaks,
        promise,
        Effect::Steps(On::stream(CHAT), rewrite),
    )
}

pub(super) fn faults() -> Vec<Fault> {
    let mut faults = order();
    faults.extend(shapes());
    faults.extend(framing());
    faults
}

fn order() -> Vec<Fault> {
    vec![
        events(
            "stream.done_missing",
            "The stream ends without `[DONE]`.",
            SSE,
            |_, events| events.retain(|event| !is_done(event)),
        ),
        events(
            "stream.done_twice",
            "`[DONE]` comes twice.",
            SSE,
            |_, events| events.push(Event::done()),
        ),
        events(
            "stream.done_first",
            "`[DONE]` comes before the finish reason.",
            SSE,
            |_, events| {
                let done = events.iter().position(is_done);
                let finish = events
                    .iter()
                    .position(|event| has(event, "/choices/0/finish_reason"));
                if let (Some(done), Some(finish)) = (done, finish) {
                    let done = events.remove(done);
                    events.insert(finish, done);
                }
            },
        ),
        events(
            "stream.finish_missing",
            "No chunk carries a finish reason.",
            SSE,
            |_, events| events.retain(|event| !has(event, "/choices/0/finish_reason")),
        ),
        events(
            "stream.finish_twice",
            "Two chunks carry a finish reason.",
            SSE,
            |_, events| {
                if let Some(index) = events
                    .iter()
                    .position(|event| has(event, "/choices/0/finish_reason"))
                {
                    events.insert(index, events[index].clone());
                }
            },
        ),
        events(
            "stream.text_after_finish",
            "An increment comes after the finish reason.",
            SSE,
            |_, events| {
                let last = text_positions(events).pop();
                let finish = events
                    .iter()
                    .position(|event| has(event, "/choices/0/finish_reason"));
                if let (Some(last), Some(finish)) = (last, finish) {
                    let late = events.remove(last);
                    events.insert(finish, late);
                }
            },
        ),
        events(
            "stream.role_missing",
            "No first delta carries the role.",
            SHAPE,
            |_, events| events.retain(|event| !has(event, "/choices/0/delta/role")),
        ),
        events(
            "stream.usage_chunk_missing",
            "`include_usage` was asked for, and no usage comes.",
            SSE,
            |_, events| events.retain(|event| !has(event, "/usage/total_tokens")),
        ),
        events(
            "stream.usage_chunk_unasked",
            "A usage chunk comes though nobody asked.",
            SSE,
            |_, events| {
                let usage = json!({"id": "chatcmpl-usage", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}});
                let at = events.len().saturating_sub(1);
                if !events.iter().any(|event| has(event, "/usage/total_tokens")) {
                    events.insert(at, Event::data(&usage));
                }
            },
        ),
        events(
            "stream.delta_lost",
            "One increment in the middle is lost.",
            SSE,
            |_, events| {
                let places = text_positions(events);
                if let Some(place) = places.get(places.len() / 2) {
                    events.remove(*place);
                }
            },
        ),
        events(
            "stream.delta_repeated",
            "One increment in the middle comes twice.",
            SSE,
            |_, events| {
                let places = text_positions(events);
                if let Some(place) = places.get(places.len() / 2) {
                    events.insert(*place, events[*place].clone());
                }
            },
        ),
        events(
            "stream.deltas_swapped",
            "Two neighbouring increments change places.",
            SSE,
            |_, events| {
                let places = text_positions(events);
                if let Some([first, second]) =
                    places.windows(2).nth(places.len().saturating_sub(2) / 2)
                {
                    events.swap(*first, *second);
                }
            },
        ),
        events(
            "stream.one_increment",
            "The whole text comes in one increment.",
            SSE,
            |_, events| {
                let text: String = events
                    .iter()
                    .filter_map(|event| serde_json::from_slice::<Value>(&event.data).ok())
                    .filter_map(|frame| {
                        frame
                            .pointer("/choices/0/delta/content")
                            .and_then(Value::as_str)
                            .map(str::to_owned)
                    })
                    .collect();
                let mut first = true;
                events.retain(|event| !has_text(event) || std::mem::take(&mut first));
                if let Some(event) = events.iter_mut().find(|event| has_text(event)) {
                    frame(event, |chunk| {
                        chunk["choices"][0]["delta"]["content"] = text.into();
                    });
                }
            },
        ),
        events(
            "stream.ends_early",
            "The stream ends in the middle as if complete.",
            SSE,
            |_, events| {
                let places = text_positions(events);
                if let Some(middle) = places.get(places.len() / 2).copied() {
                    let mut index = 0;
                    events.retain(|event| {
                        index += 1;
                        index <= middle || is_done(event)
                    });
                }
            },
        ),
        events(
            "stream.error_midway",
            "An error event takes the place of the second half.",
            SSE,
            |_, events| {
                let places = text_positions(events);
                let middle = places
                    .get(places.len() / 2)
                    .copied()
                    .unwrap_or(1)
                    .min(events.len());
                events.truncate(middle);
                events.push(Event::data(&json!({"error": {"message": "The upstream worker failed.", "type": "server_error", "code": "upstream_error"}})));
            },
        ),
    ]
}

fn shapes() -> Vec<Fault> {
    vec![
        frames(
            "stream.ids_differ",
            "Every chunk has an id of its own.",
            SHAPE,
            |_, index, chunk| chunk["id"] = format!("chatcmpl-{index}").into(),
        ),
        frames(
            "stream.created_differs",
            "`created` moves on by an hour from chunk to chunk.",
            SHAPE,
            |_, index, chunk| {
                chunk["created"] =
                    (chunk["created"].as_u64().unwrap_or_default() + 3_600 * index as u64).into();
            },
        ),
        frames(
            "stream.model_changes",
            "The last chunks name another model.",
            SHAPE,
            |_, index, chunk| {
                if index > 2 {
                    chunk["model"] = "fallback-model".into();
                }
            },
        ),
        frames(
            "stream.object_wrong",
            "Chunks say they are whole completions.",
            SHAPE,
            |_, _, chunk| chunk["object"] = "chat.completion".into(),
        ),
        frames(
            "stream.message_instead_of_delta",
            "Chunks carry `message` instead of `delta`.",
            SHAPE,
            |_, _, chunk| {
                each_choice(chunk, |choice| {
                    crate::fault::edit::rename(choice, "delta", "message");
                });
            },
        ),
        frames(
            "stream.index_missing",
            "Choices of chunks have no index.",
            SHAPE,
            |_, _, chunk| each_choice(chunk, |choice| without(choice, "index")),
        ),
        frames(
            "stream.usage_sum_wrong",
            "The usage chunk does not add up.",
            SHAPE,
            |_, _, chunk| {
                if chunk["usage"].is_object() {
                    chunk["usage"]["total_tokens"] = 1.into();
                }
            },
        ),
        frames(
            "stream.text_differs_from_plain",
            "Increments are in upper case, the plain answer is not.",
            SSE,
            |_, _, chunk| {
                if let Some(text) = chunk.pointer_mut("/choices/0/delta/content")
                    && let Some(old) = text.as_str()
                {
                    *text = old.to_uppercase().into();
                }
            },
        ),
        frames(
            "stream.tool_arguments_cut",
            "A call's last argument increments are empty.",
            SHAPE,
            |_, index, chunk| {
                if index > 4
                    && let Some(arguments) =
                        chunk.pointer_mut("/choices/0/delta/tool_calls/0/function/arguments")
                {
                    *arguments = "".into();
                }
            },
        ),
        frames(
            "stream.finish_reason_wrong",
            "The finish reason is always `stop`.",
            SHAPE,
            |_, _, chunk| {
                each_choice(chunk, |choice| {
                    if choice["finish_reason"].is_string() {
                        choice["finish_reason"] = "stop".into();
                    }
                });
            },
        ),
        fault(
            "stream.never_streams",
            "`stream` is ignored: a whole JSON answer comes.",
            SSE,
            Effect::Request(CHAT, |body| {
                body.remove("stream");
                body.remove("stream_options");
            }),
        ),
        fault(
            "stream.content_type_json",
            "The stream is announced as JSON.",
            SSE,
            Effect::Reply(On::stream(CHAT), |_, reply| {
                content_type(reply, "application/json");
            }),
        ),
    ]
}

fn framing() -> Vec<Fault> {
    vec![
        steps(
            "stream.buffered",
            "The whole stream is held back and sent at once.",
            SSE,
            |subject, steps| {
                let (head, body) = split(steps);
                let wait = subject.pace * u32::try_from(body.len() / 2).unwrap_or(u32::MAX);
                let bytes = Bytes::from(joined(&body));
                [Step::Pause(wait)]
                    .into_iter()
                    .chain(head)
                    .chain([Step::Bytes(bytes)])
                    .collect()
            },
        ),
        steps(
            "stream.frame_cut",
            "The stream is cut off inside a frame.",
            SSE,
            |_, mut steps| {
                let middle = steps.len() / 2;
                steps.truncate(middle);
                if let Some(Step::Bytes(bytes)) = steps
                    .iter_mut()
                    .rev()
                    .find(|step| matches!(step, Step::Bytes(_)))
                {
                    bytes.truncate(bytes.len() / 2);
                }
                steps
            },
        ),
        steps(
            "stream.disconnect_midway",
            "The connection closes in the middle of the stream.",
            SSE,
            |_, mut steps| {
                steps.truncate(steps.len() / 2);
                steps.push(Step::Cut);
                steps
            },
        ),
        steps(
            "stream.reset_midway",
            "The connection is reset in the middle of the stream.",
            SSE,
            |_, mut steps| {
                steps.truncate(steps.len() / 2);
                steps.push(Step::Reset);
                steps
            },
        ),
        steps(
            "stream.stalls_midway",
            "The stream falls silent in the middle and stays open.",
            SSE,
            |_, mut steps| {
                steps.truncate(steps.len() / 2);
                steps.push(Step::Stall);
                steps
            },
        ),
        steps(
            "stream.never_closes",
            "After `[DONE]` the connection stays open.",
            SSE,
            |_, mut steps| {
                steps.push(Step::Pause(Duration::from_secs(20)));
                steps
            },
        ),
        steps(
            "stream.malformed_frame",
            "One frame in the middle is no JSON.",
            SSE,
            |_, mut steps| {
                let middle = steps.len() / 2;
                if let Some(Step::Bytes(bytes)) = steps[middle..]
                    .iter_mut()
                    .find(|step| matches!(step, Step::Bytes(_)))
                {
                    *bytes = Bytes::from_static(b"data: {\"id\": \"chatcmpl-\n\n");
                }
                steps
            },
        ),
        steps(
            "stream.data_prefix_missing",
            "Frames come without `data:`.",
            SSE,
            |_, mut steps| {
                for step in &mut steps {
                    if let Step::Bytes(bytes) = step {
                        *bytes = bytes.slice(b"data: ".len().min(bytes.len())..);
                    }
                }
                steps
            },
        ),
        steps(
            "stream.newline_delimited",
            "Frames are separated by one line break instead of two.",
            SSE,
            |_, mut steps| {
                for step in &mut steps {
                    if let Step::Bytes(bytes) = step {
                        bytes.truncate(bytes.len() - 1);
                    }
                }
                steps
            },
        ),
    ]
}
