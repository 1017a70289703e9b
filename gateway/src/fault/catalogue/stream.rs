//! Chat streams: which events come, and in which order.
#![expect(clippy::too_many_lines, reason = "tables: one entry a fault")]

use serde_json::{Value, json};

use crate::fault::catalogue::CHAT;
use crate::fault::edit::{frame, has, has_text, is_done, text_positions};
use crate::fault::{Effect, Fault, Layer, Modality, On, Subject};
use crate::sse::Event;
use crate::wire::Step;

pub(super) const SHAPE: &str = "CONTRACT §1 Shapes: one id, model and `created` through a stream";
pub(super) const SSE: &str = "CONTRACT §1 routes: streaming (SSE, ends with `data: [DONE]`)";

pub(super) const fn fault(
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

pub(super) const fn events(
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

pub(super) const fn frames(
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

pub(super) const fn steps(
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
