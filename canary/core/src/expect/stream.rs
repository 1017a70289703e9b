//! Words about streams: increments, their timing, their identity, their end.

use std::time::Duration;

use serde_json::Value;

use super::{
    Word as Entry,
    build::{Part, Tally, count},
    frames::frames,
};
use crate::{
    evidence::Scalar,
    judge::Rule,
    observe::{CallSeen, Ending, EventSeen, Observation},
};

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "one_identity",
        argument: "",
        about: "One id and one `created` throughout the stream, and neither is missing where it belongs.",
        read: |_| {
            Some(vec![Part::each(2, |call, _, tally| {
                one_identity(call, tally);
            })])
        },
    },
    Entry {
        word: "first_role",
        argument: "",
        about: "The first chunk's delta has the role `assistant`.",
        read: |_| {
            Some(vec![Part::truth(|call, _| {
                let role = call.events.first()?.data.pointer("/choices/0/delta/role")?;
                Some(role == "assistant")
            })])
        },
    },
    Entry {
        word: "increments",
        argument: "a whole number",
        about: "The text came in at least this many non-empty deltas.",
        read: |arg| {
            let low = Scalar::Count(arg.count()?);
            Some(vec![Part::found(
                Rule::Between(low, Scalar::Count(u64::MAX)),
                |call, _| Some(count(deltas(call).count())),
            )])
        },
    },
    Entry {
        word: "over_time",
        argument: "",
        about: "The deltas arrived in at least three pieces, and not all at the end: a buffered stream does not pass. An answer that took no more than 50 ms may come at once.",
        read: |_| {
            Some(vec![Part::found(
                Rule::Between(Scalar::Millis(0), Scalar::Millis(INSTANT_MS)),
                |call, _| Some(Scalar::Millis(held_back(call)?)),
            )])
        },
    },
    Entry {
        word: "terminal",
        argument: "",
        about: "The stream has exactly one terminal event, in its place, and the SDK read on to it.",
        read: |_| Some(vec![Part::each(2, |call, _, tally| terminal(call, tally))]),
    },
    Entry {
        word: "done_marker",
        argument: "",
        about: "On the wire the last data is `[DONE]`, and it stands there once.",
        read: |_| {
            Some(vec![Part::truth(|call, _| {
                let data: Vec<String> = frames(&call.answer()?.body)
                    .into_iter()
                    .filter_map(|frame| frame.data)
                    .collect();
                let done = |data: &String| data.trim() == "[DONE]";
                Some(
                    data.last().is_some_and(done)
                        && data.iter().filter(|data| done(data)).count() == 1,
                )
            })])
        },
    },
    Entry {
        word: "joined",
        argument: "",
        about: "The joined deltas are the text that the SDK gives, and the text of the final events where the API has them.",
        read: |_| Some(vec![Part::each(1, |call, _, tally| joined(call, tally))]),
    },
    Entry {
        word: "usage_chunk",
        argument: "",
        about: "Exactly one chunk has usage; it comes after the finish reason, without choices.",
        read: |_| Some(vec![Part::truth(|call, _| Some(usage_chunk(call)))]),
    },
    Entry {
        word: "no_usage_chunk",
        argument: "",
        about: "No chunk has usage.",
        read: |_| {
            Some(vec![Part::each(1, |call, _, tally| {
                for event in &call.events {
                    tally.hold(event.data.get("usage").is_none_or(Value::is_null));
                }
            })])
        },
    },
    Entry {
        word: "one_choice",
        argument: "",
        about: "No chunk of the stream has more than one choice, and each choice has index 0.",
        read: |_| {
            Some(vec![Part::each(2, |call, _, tally| {
                one_choice(call, tally);
            })])
        },
    },
    Entry {
        word: "ended",
        argument: "complete, cancelled, or an SDK error kind",
        about: "The stream ended this way.",
        read: |arg| {
            Some(vec![Part::word(arg.words()?, |call, _| {
                Some(match &call.ending {
                    Ending::Answered => "complete".to_owned(),
                    Ending::Cancelled => "cancelled".to_owned(),
                    Ending::Failed(error) => error.kind.clone(),
                })
            })])
        },
    },
    Entry {
        word: "events_before_end",
        argument: "a whole number",
        about: "Exactly this many events reached the caller before the stream ended.",
        read: |arg| {
            let wanted = Scalar::Count(arg.count()?);
            Some(vec![Part::found(Rule::OneOf(vec![wanted]), |call, _| {
                Some(count(call.events.len()))
            })])
        },
    },
    Entry {
        word: "left_early",
        argument: "",
        about: "The caller stopped reading, and the rest of the answer was not read.",
        read: |_| {
            Some(vec![Part::truth(|call, _| {
                Some(!call.answer()?.whole && !call.events.is_empty())
            })])
        },
    },
    Entry {
        word: "ttft_ms",
        argument: "a whole number of milliseconds",
        about: "The first delta came within this time; what passes while the machine gives the canary no turn does not count.",
        read: |arg| Some(vec![within(arg.count()?, first_delta)]),
    },
    Entry {
        word: "max_gap_ms",
        argument: "a whole number of milliseconds",
        about: "No two deltas came further apart than this; what passes while the machine gives the canary no turn does not count.",
        read: |arg| Some(vec![within(arg.count()?, max_gap)]),
    },
    Entry {
        word: "total_ms",
        argument: "a whole number of milliseconds",
        about: "The whole call took no longer than this; what passes while the machine gives the canary no turn does not count.",
        read: |arg| {
            Some(vec![within(arg.count()?, |call, seen| {
                Some(total(call, seen))
            })])
        },
    },
];

/// A span of time in whole milliseconds.
pub(crate) fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

fn within(most: u64, find: fn(&CallSeen, &Observation) -> Option<Duration>) -> Part {
    Part::found(
        Rule::Between(Scalar::Millis(0), Scalar::Millis(most)),
        move |call, scene| Some(Scalar::Millis(millis(find(call, scene.seen)?))),
    )
}

fn text_of(event: &EventSeen) -> Option<&str> {
    let data = &event.data;
    let delta = match data.get("type").and_then(Value::as_str) {
        Some("response.output_text.delta") => data.get("delta"),
        Some(_) => None,
        None => data.pointer("/choices/0/delta/content"),
    };
    delta?.as_str().filter(|text| !text.is_empty())
}

/// The non-empty text deltas with the time each came.
fn deltas(call: &CallSeen) -> impl Iterator<Item = (Duration, &str)> {
    call.events
        .iter()
        .filter_map(|event| Some((event.at, text_of(event)?)))
}

/// How long the first delta was waited for; absent without one.
pub(crate) fn first_delta(call: &CallSeen, seen: &Observation) -> Option<Duration> {
    let (at, _) = deltas(call).next()?;
    Some(seen.watched(call, Duration::ZERO, at))
}

/// The longest wait between two deltas.
pub(crate) fn max_gap(call: &CallSeen, seen: &Observation) -> Option<Duration> {
    let times: Vec<Duration> = deltas(call).map(|(at, _)| at).collect();
    times
        .windows(2)
        .map(|pair| seen.watched(call, pair[0], pair[1]))
        .max()
}

/// How long the whole call took.
pub(crate) fn total(call: &CallSeen, seen: &Observation) -> Duration {
    seen.watched(call, Duration::ZERO, call.took)
}

/// In how many pieces the body came between the first and the last delta, both included. Pieces
/// that came within the same millisecond count once: one write may arrive in several.
fn arrivals_between_deltas(call: &CallSeen) -> Option<usize> {
    let (first, last) = (deltas(call).next()?.0, deltas(call).last()?.0);
    let arrivals = &call.answer()?.arrivals;
    let mut times: Vec<u128> = arrivals
        .iter()
        .map(|(at, _)| *at)
        .filter(|at| *at <= last && *at + Duration::from_millis(1) >= first)
        .map(|at| at.as_micros() / 200)
        .collect();
    times.dedup();
    Some(times.len())
}

/// What a model may take that has its whole answer at once, so that nothing tells it from a buffer.
const INSTANT_MS: u64 = 50;

/// For how many milliseconds nothing came of a stream whose deltas then came all at once; none when they came apart.
fn held_back(call: &CallSeen) -> Option<u64> {
    const APART: f64 = 0.02;
    let (first, last) = (deltas(call).next()?.0, deltas(call).last()?.0);
    let whole = call.took.max(last);
    let spread = last.saturating_sub(first).as_secs_f64();
    let came_apart = arrivals_between_deltas(call)? >= 3 && spread >= whole.as_secs_f64() * APART;
    Some(if came_apart { 0 } else { millis(whole) })
}

fn one_identity(call: &CallSeen, tally: &mut Tally) {
    let chat = |event: &EventSeen| event.data.get("type").is_none();
    let chunks: Vec<&EventSeen> = call.events.iter().filter(|event| chat(event)).collect();
    let envelopes: Vec<&Value> = if chunks.is_empty() {
        call.events
            .iter()
            .filter_map(|event| event.data.get("response"))
            .collect()
    } else {
        chunks.iter().map(|event| &event.data).collect()
    };
    let Some(first) = envelopes.first() else {
        return;
    };
    for key in [
        "id",
        if chunks.is_empty() {
            "created_at"
        } else {
            "created"
        },
    ] {
        for envelope in &envelopes {
            let value = envelope.get(key);
            let there = value.is_some_and(|value| {
                value.is_number() || value.as_str().is_some_and(|id| !id.is_empty())
            });
            tally.hold_at(there && value == first.get(key), key);
        }
    }
}

pub(super) fn event_type(event: &EventSeen) -> &str {
    event
        .data
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

pub(super) const TERMINALS: [&str; 3] = [
    "response.completed",
    "response.incomplete",
    "response.failed",
];

fn terminal(call: &CallSeen, tally: &mut Tally) {
    if call.events.is_empty() {
        return;
    }
    tally.hold_at(matches!(call.ending, Ending::Answered), "ending");
    let is_terminal = |event: &EventSeen| {
        let finished = |choice: &Value| {
            choice
                .get("finish_reason")
                .is_some_and(|reason| !reason.is_null())
        };
        TERMINALS.contains(&event_type(event))
            || event
                .data
                .get("choices")
                .and_then(Value::as_array)
                .is_some_and(|all| all.iter().any(finished))
    };
    let at: Vec<usize> = (0..call.events.len())
        .filter(|&at| is_terminal(&call.events[at]))
        .collect();
    tally.hold_at(at.len() == 1, "once");
    let after = at.first().map_or(&[][..], |&at| &call.events[at + 1..]);
    // After the finish reason a chat stream may only tell its usage.
    let only_usage = after.iter().all(|event| {
        event
            .data
            .get("choices")
            .and_then(Value::as_array)
            .is_some_and(Vec::is_empty)
    });
    tally.hold_at(after.len() <= 1 && only_usage, "last");
}

fn one_choice(call: &CallSeen, tally: &mut Tally) {
    for event in &call.events {
        let choices = event.data.get("choices").and_then(Value::as_array);
        let Some(choices) = choices else { continue };
        tally.hold_at(choices.len() <= 1, "choices");
        for choice in choices {
            let index = choice.get("index").and_then(Value::as_u64);
            tally.hold_at(index == Some(0), "index");
        }
    }
}

fn joined(call: &CallSeen, tally: &mut Tally) {
    let joined: String = deltas(call).map(|(_, text)| text).collect();
    if joined.is_empty() {
        return;
    }
    tally.hold_at(call.text.as_deref() == Some(joined.as_str()), "sdk");
    for event in &call.events {
        let texts: &[&str] = match event_type(event) {
            "response.output_text.done" => &["/text"],
            "response.content_part.done" => &["/part/text"],
            "response.output_item.done" => &["/item/content/0/text"],
            "response.completed" | "response.incomplete" => &["/response/output/0/content/0/text"],
            _ => &[],
        };
        for pointer in texts {
            let text = event.data.pointer(pointer).and_then(Value::as_str);
            tally.hold_at(text == Some(joined.as_str()), event_type(event));
        }
    }
}

fn usage_chunk(call: &CallSeen) -> bool {
    let with_usage: Vec<usize> = (0..call.events.len())
        .filter(|&at| {
            call.events[at]
                .data
                .get("usage")
                .is_some_and(Value::is_object)
        })
        .collect();
    let [at] = with_usage[..] else { return false };
    let finished = |event: &EventSeen| {
        event
            .data
            .pointer("/choices/0/finish_reason")
            .is_some_and(|reason| !reason.is_null())
    };
    let empty = call.events[at]
        .data
        .get("choices")
        .and_then(Value::as_array)
        .is_some_and(Vec::is_empty);
    empty && call.events[..at].iter().any(finished) && at + 1 == call.events.len()
}

#[cfg(test)]
mod tests;
