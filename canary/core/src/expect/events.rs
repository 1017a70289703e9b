//! Words about the events of a Responses stream: their names, their order, their numbers, their
//! ids.

use serde_json::Value;

use super::{
    Word as Entry,
    build::{Part, Tally},
    frames::frames,
    stream::{TERMINALS, event_type},
};
use crate::observe::{CallSeen, EventSeen};

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "event_order",
        argument: "",
        about: "The events of a Responses text stream come in their documented order, numbered from 0 without gaps, with one id for each thing.",
        read: |_| {
            let mut parts = vec![Part::truth(|call, _| Some(text_order(call))).named("order")];
            parts.extend(numbers_and_ids());
            Some(parts)
        },
    },
    Entry {
        word: "call_events",
        argument: "",
        about: "The events of a Responses stream that calls one function come in their documented order, numbered and identified, and its argument deltas join to the arguments of every later event.",
        read: |_| {
            let mut parts = vec![
                Part::truth(|call, _| Some(call_order(call))).named("order"),
                Part::each(3, |call, _, tally| arguments(call, tally)).named("arguments"),
            ];
            parts.extend(numbers_and_ids());
            Some(parts)
        },
    },
    Entry {
        word: "event_names",
        argument: "",
        about: "On the wire every event that has an `event:` line names there the type that its data has.",
        read: |_| {
            Some(vec![Part::each(3, |call, _, tally| {
                for (name, kind) in named(call) {
                    tally.hold_at(name.is_none_or(|name| name == kind), "event");
                }
            })])
        },
    },
    Entry {
        word: "wire_terminal",
        argument: "",
        about: "On the wire exactly one event of the Responses stream is terminal, and nothing comes after it but perhaps one `[DONE]`.",
        read: |_| {
            Some(vec![Part::each(2, |call, _, tally| {
                wire_terminal(call, tally);
            })])
        },
    },
];

fn numbers_and_ids() -> [Part; 2] {
    [
        Part::each(3, |call, _, tally| sequence_numbers(call, tally)).named("sequence"),
        Part::each(3, |call, _, tally| response_ids(call, tally)).named("ids"),
    ]
}

/// Each event on the wire: what its `event:` line says, and the `type` of its data. The `[DONE]`
/// marker is no event.
fn named(call: &CallSeen) -> Vec<(Option<String>, String)> {
    let body = call.answer().map(|answer| answer.body.as_ref());
    frames(body.unwrap_or_default())
        .into_iter()
        .filter_map(|frame| {
            let data: Value = serde_json::from_str(&frame.data?).ok()?;
            Some((frame.event, data.get("type")?.as_str()?.to_owned()))
        })
        .collect()
}

/// The SDK stops reading at the first terminal event; what a gateway sends after it, only the wire
/// shows.
fn wire_terminal(call: &CallSeen, tally: &mut Tally) {
    let kinds: Vec<String> = named(call).into_iter().map(|(_, kind)| kind).collect();
    let Some(last) = kinds.last() else { return };
    let is_terminal = |kind: &String| TERMINALS.contains(&kind.as_str());
    let count = kinds.iter().filter(|kind| is_terminal(kind)).count();
    tally.hold_at(count == 1, "once");
    tally.hold_at(is_terminal(last), "last");
    let body = call.answer().map(|answer| answer.body.as_ref());
    let data: Vec<String> = frames(body.unwrap_or_default())
        .into_iter()
        .filter_map(|frame| frame.data)
        .collect();
    let is_marker = |data: &String| data.trim() == "[DONE]";
    let marker = data.iter().position(is_marker);
    tally.hold_at(marker.is_none_or(|at| at + 1 == data.len()), "done");
}

/// The types of the events, equal neighbours of one kind folded into one, the optional
/// `in_progress` and `queued` left out where they may be: once, between the response's beginning
/// and that of its first item.
fn folded<'c>(call: &'c CallSeen, delta: &str) -> Vec<&'c str> {
    let mut types: Vec<&str> = call.events.iter().map(event_type).collect();
    let opened = types
        .iter()
        .position(|name| *name == "response.output_item.added");
    for optional in ["response.in_progress", "response.queued"] {
        let at = types.iter().position(|name| *name == optional);
        if let Some(at) = at.filter(|at| *at > 0 && opened.is_some_and(|opened| *at < opened)) {
            types.remove(at);
        }
    }
    types.dedup_by(|b, a| a == b && *a == delta);
    types
}

fn text_order(call: &CallSeen) -> bool {
    let types = folded(call, "response.output_text.delta");
    let Some((last, before)) = types.split_last() else {
        return false;
    };
    TERMINALS[..2].contains(last)
        && before
            == [
                "response.created",
                "response.output_item.added",
                "response.content_part.added",
                "response.output_text.delta",
                "response.output_text.done",
                "response.content_part.done",
                "response.output_item.done",
            ]
}

fn call_order(call: &CallSeen) -> bool {
    folded(call, "response.function_call_arguments.delta")
        == [
            "response.created",
            "response.output_item.added",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.output_item.done",
            "response.completed",
        ]
}

fn arguments(call: &CallSeen, tally: &mut Tally) {
    let joined: String = call
        .events
        .iter()
        .filter(|event| event_type(event) == "response.function_call_arguments.delta")
        .filter_map(|event| event.data.get("delta")?.as_str())
        .collect();
    for event in &call.events {
        let pointer = match event_type(event) {
            "response.function_call_arguments.done" => "/arguments",
            "response.output_item.done" => "/item/arguments",
            "response.completed" => "/response/output/0/arguments",
            _ => continue,
        };
        let found = event.data.pointer(pointer).and_then(Value::as_str);
        tally.hold_at(found == Some(joined.as_str()), event_type(event));
    }
}

fn sequence_numbers(call: &CallSeen, tally: &mut Tally) {
    for (at, event) in (0u64..).zip(&call.events) {
        tally.hold(event.data.get("sequence_number").and_then(Value::as_u64) == Some(at));
    }
}

/// One id for the response, one for its item and one for its call, wherever they are named.
fn response_ids(call: &CallSeen, tally: &mut Tally) {
    let first = |pointers: &[&str]| {
        call.events.iter().find_map(|event| {
            pointers
                .iter()
                .find_map(|pointer| event.data.pointer(pointer)?.as_str())
        })
    };
    let response = first(&["/response/id"]);
    let item = first(&["/item/id", "/item_id"]);
    let called = first(&["/item/call_id"]);
    let one = |event: &EventSeen, tally: &mut Tally, pointer: &str, wanted: Option<&str>| {
        if let Some(id) = event.data.pointer(pointer) {
            let same = id.as_str().is_some_and(|id| !id.is_empty()) && id.as_str() == wanted;
            tally.hold_at(same, event_type(event));
        }
    };
    for event in &call.events {
        one(event, tally, "/response/id", response);
        one(event, tally, "/item/id", item);
        one(event, tally, "/item_id", item);
        one(event, tally, "/response/output/0/id", item);
        one(event, tally, "/item/call_id", called);
        one(event, tally, "/response/output/0/call_id", called);
        for pointer in ["/output_index", "/content_index"] {
            if let Some(index) = event.data.pointer(pointer) {
                tally.hold_at(index.as_u64() == Some(0), event_type(event));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expect::build::sample;
    use serde_json::json;

    fn stream(types: &[&str]) -> CallSeen {
        let mut call = sample::call();
        call.events = types
            .iter()
            .zip(0u64..)
            .map(|(kind, at)| sample::event(json!({"type": kind, "sequence_number": at})))
            .collect();
        call
    }

    const TEXT: [&str; 9] = [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
    ];

    #[test]
    fn a_text_stream_has_one_order_and_one_end() {
        for last in ["response.completed", "response.incomplete"] {
            assert!(
                text_order(&stream(&[&TEXT[..], &[last]].concat())),
                "{last}"
            );
        }
        assert!(!text_order(&stream(&TEXT)), "no end");
        for left_out in [0, 2, 3, 6, 7, 8] {
            let mut types = [&TEXT[..], &["response.completed"]].concat();
            types.remove(left_out);
            assert!(!text_order(&stream(&types)), "without {}", TEXT[left_out]);
        }
        let mut late = [&TEXT[..], &["response.completed"]].concat();
        late.swap(5, 6);
        assert!(!text_order(&stream(&late)), "a delta after its done");
        let whole = [&TEXT[..], &["response.completed"]].concat();
        for at in [0, 1, 2, 6] {
            let mut twice = whole.clone();
            twice.insert(at, "response.in_progress");
            assert!(!text_order(&stream(&twice)), "another one at {at}");
        }
        let mut early = whole.clone();
        early.swap(0, 1);
        assert!(
            !text_order(&stream(&early)),
            "in progress before it was created"
        );
        let mut queued = whole.clone();
        queued.insert(1, "response.queued");
        assert!(text_order(&stream(&queued)));
        queued.swap(1, 3);
        assert!(!text_order(&stream(&queued)), "queued after it began");
    }

    #[test]
    fn argument_deltas_join_to_every_later_event() {
        let events = |done: &str| {
            let mut call = sample::call();
            call.events = [
                json!({"type": "response.created"}),
                json!({"type": "response.output_item.added", "item": {"id": "fc"}}),
                json!({"type": "response.function_call_arguments.delta", "delta": "{\"a\":"}),
                json!({"type": "response.function_call_arguments.delta", "delta": "1}"}),
                json!({"type": "response.function_call_arguments.done", "arguments": done}),
                json!({"type": "response.output_item.done", "item": {"arguments": "{\"a\":1}"}}),
                json!({"type": "response.completed", "response": {"output": [{"arguments": "{\"a\":1}"}]}}),
            ]
            .map(sample::event)
            .to_vec();
            call
        };
        let judged = |call: &CallSeen| {
            let mut tally = Tally::default();
            arguments(call, &mut tally);
            sample::violations(tally)
        };
        assert!(call_order(&events("{\"a\":1}")));
        assert_eq!(judged(&events("{\"a\":1}")), (3, 0));
        assert_eq!(judged(&events("{}")), (3, 1));
        let mut cut = events("{}");
        cut.events.remove(4);
        assert!(!call_order(&cut), "the arguments never ended");
    }

    #[test]
    fn a_second_terminal_event_is_seen_on_the_wire() {
        let judged = |types: &[&str], tail: &str| {
            let frames: Vec<String> = types
                .iter()
                .map(|kind| format!("data: {{\"type\":\"{kind}\"}}\n\n"))
                .collect();
            let body = frames.concat();
            let mut call = sample::call();
            call.exchanges = vec![sample::answered(&format!("{body}{tail}"))];
            let mut tally = Tally::default();
            wire_terminal(&call, &mut tally);
            sample::violations(tally)
        };
        let (whole, done) = (
            ["response.created", "response.completed"],
            "data: [DONE]\n\n",
        );
        assert_eq!(judged(&whole, done), (3, 0));
        assert_eq!(judged(&whole, ""), (3, 0));
        assert_eq!(judged(&whole, &done.repeat(2)), (3, 1));
        let after = format!("{done}data: {{\"type\":\"response.completed\"}}\n\n");
        assert_eq!(judged(&whole[..1], &after), (3, 1));
        let twice = ["response.completed", "response.completed"];
        assert_eq!(judged(&twice, done), (3, 1));
        let late = ["response.completed", "response.output_text.delta"];
        assert_eq!(judged(&late, done), (3, 1));
        assert_eq!(judged(&whole[..1], done), (3, 2));
    }

    #[test]
    fn names_on_the_wire_are_read_beside_their_types() {
        let mut call = sample::call();
        call.exchanges = vec![sample::answered(
            "event: response.created\ndata: {\"type\":\"response.created\"}\n\nevent: message\r\ndata: {\"type\":\"response.completed\"}\r\n\r\ndata: {\"type\":\"x\"}\n\ndata: [DONE]\n\n",
        )];
        let seen: Vec<(Option<String>, String)> = named(&call);
        let wanted = [
            (Some("response.created"), "response.created"),
            (Some("message"), "response.completed"),
            (None, "x"),
        ];
        let wanted: Vec<(Option<String>, String)> = wanted
            .iter()
            .map(|(name, kind)| (name.map(str::to_owned), (*kind).to_owned()))
            .collect();
        assert_eq!(seen, wanted);
    }

    #[test]
    fn numbers_start_at_zero_and_ids_stay() {
        let judged = |events: &[Value], read: fn(&CallSeen, &mut Tally)| {
            let mut call = sample::call();
            call.events = events.iter().cloned().map(sample::event).collect();
            let mut tally = Tally::default();
            read(&call, &mut tally);
            sample::violations(tally)
        };
        let good = [
            json!({"sequence_number": 0, "response": {"id": "r"}}),
            json!({"sequence_number": 1, "item": {"id": "m"}, "output_index": 0}),
            json!({"sequence_number": 2, "item_id": "m"}),
        ];
        assert_eq!(judged(&good, sequence_numbers), (3, 0));
        assert_eq!(judged(&good, response_ids), (4, 0));
        let bad = [
            json!({"sequence_number": 1, "response": {"id": "r"}}),
            json!({"item_id": "m"}),
            json!({"sequence_number": 3, "item_id": "other", "response": {"id": "q"}}),
        ];
        assert_eq!(judged(&bad, sequence_numbers), (3, 3));
        assert_eq!(judged(&bad, response_ids), (4, 2));
        let calls = |done: &str, last: &str| {
            let item = |call: &str| json!({"item": {"id": "f", "call_id": call}});
            let end = json!({"response": {"output": [{"id": "f", "call_id": last}]}});
            judged(&[item("c"), item(done), end], response_ids)
        };
        assert_eq!(calls("c", "c"), (6, 0));
        assert_eq!((calls("d", "c"), calls("c", "d")), ((6, 1), (6, 1)));
    }
}
