//! Words about streams that arrive in time, say one thing and end once.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::trial::{answered, held};
use crate::{
    expect::build::sample,
    observe::{AnswerSeen, CallSeen, Ending, EventSeen, Exchange},
};

/// A chat stream whose deltas and whose pieces of the body came at these microseconds.
fn timed(deltas: &[u64], arrivals: &[u64], took: u64) -> CallSeen {
    let mut call = sample::call();
    call.took = Duration::from_micros(took);
    call.events = deltas
        .iter()
        .map(|at| EventSeen {
            at: Duration::from_micros(*at),
            data: json!({"choices": [{"delta": {"content": "a"}}]}),
        })
        .collect();
    let mut exchange = sample::answered("");
    let came = |at: &u64| (Duration::from_micros(*at), 1);
    exchange.answer.as_mut().unwrap().arrivals = arrivals.iter().map(came).collect();
    call.exchanges = vec![exchange];
    call
}

#[test]
fn a_stream_arrives_in_pieces_and_over_time() {
    const DELTAS: [u64; 3] = [100_000, 300_000, 500_000];
    let over_time =
        |arrivals: &[u64]| held(r#"["over_time"]"#, &[timed(&DELTAS, arrivals, 600_000)]);
    assert!(over_time(&DELTAS));
    assert!(
        over_time(&[99_500, 300_000, 499_900]),
        "a piece comes before it is read"
    );
    assert!(
        !over_time(&[98_500, 300_000, 500_000]),
        "a piece before the first delta"
    );
    assert!(
        !over_time(&[50_000, 60_000, 70_000]),
        "all before the first delta"
    );
    assert!(
        !over_time(&[500_001, 510_000, 520_000]),
        "all after the last"
    );
    assert!(
        !over_time(&[100_000, 100_050, 100_100, 500_000]),
        "one write in several pieces"
    );
    assert!(!over_time(&[]));
    let spread = |last: u64, took: u64| {
        held(
            r#"["over_time"]"#,
            &[timed(
                &[500_000, 501_000, last],
                &[500_000, 501_000, last],
                took,
            )],
        )
    };
    assert!(spread(600_000, 1_000_000), "a tenth of the time");
    assert!(
        !spread(510_000, 1_000_000),
        "all within a hundredth of the time"
    );
    assert!(
        !held(r#"["over_time"]"#, &[timed(&[], &DELTAS, 600_000)]),
        "no delta"
    );
}

#[test]
fn an_instant_answer_may_come_at_once() {
    for (took, fits) in [(2_000, true), (50_999, true), (51_000, false)] {
        for deltas in [[took - 300; 3], [took - 500, took - 400, took - 300]] {
            let call = timed(&deltas, &deltas, took);
            assert_eq!(held(r#"["over_time"]"#, &[call]), fits, "{deltas:?}");
        }
    }
}

#[test]
fn the_final_events_repeat_the_joined_text() {
    let stream = |spoiled: &str| {
        let text = |pointer: &str| {
            if pointer == spoiled {
                "Hello"
            } else {
                "Hello there"
            }
        };
        let mut call = sample::call();
        call.text = Some(text("sdk").to_owned());
        call.events = [
            json!({"type": "response.output_text.delta", "delta": "Hello "}),
            json!({"type": "response.output_text.delta", "delta": "there"}),
            json!({"type": "response.output_text.done", "text": text("text")}),
            json!({"type": "response.content_part.done", "part": {"text": text("part")}}),
            json!({"type": "response.output_item.done", "item": {"content": [{"text": text("item")}]}}),
            json!({"type": "response.completed", "response": {"output": [{"content": [{"text": text("completed")}]}]}}),
            json!({"type": "response.incomplete", "response": {"output": [{"content": [{"text": text("incomplete")}]}]}}),
        ].map(sample::event).to_vec();
        held(r#"["joined"]"#, &[call])
    };
    assert!(stream(""));
    for spoiled in ["sdk", "text", "part", "item", "completed", "incomplete"] {
        assert!(!stream(spoiled), "{spoiled}");
    }
}

#[test]
fn usage_stands_alone_behind_the_finish_reason() {
    let whole = |events: &[Value]| {
        let mut call = sample::call();
        call.events = events.iter().cloned().map(sample::event).collect();
        held(r#"["usage_chunk"]"#, &[call])
    };
    let text = json!({"choices": [{"delta": {"content": "a"}, "finish_reason": null}]});
    let end = json!({"choices": [{"delta": {}, "finish_reason": "stop"}]});
    let usage = json!({"choices": [], "usage": {"total_tokens": 5}});
    let full = json!({"choices": [{"delta": {}}], "usage": {"total_tokens": 5}});
    assert!(whole(&[text.clone(), end.clone(), usage.clone()]));
    assert!(
        !whole(&[text.clone(), usage.clone()]),
        "without a finish reason"
    );
    assert!(
        !whole(&[text.clone(), end.clone(), full]),
        "beside a choice"
    );
    assert!(
        !whole(&[text.clone(), end.clone(), usage.clone(), text.clone()]),
        "before another"
    );
    assert!(!whole(&[text, usage, end]), "before the finish reason");
}

#[test]
fn a_delivered_recording_is_the_one_on_the_wire() {
    let call = |named: Option<&str>, header: Option<&str>, bytes: &[u8]| {
        let mut call = super::super::trial::delivered("call", "audio/wav", b"RIFF");
        call.media[0].content_type = named.map(str::to_owned);
        call.media[0].bytes = bytes.to_vec();
        let answer = call.exchanges[0].answer.as_mut().unwrap();
        answer.headers = header
            .map(|value| ("content-type".to_owned(), value.to_owned()))
            .into_iter()
            .collect();
        held(r#"["bytes_as_sent"]"#, &[call])
    };
    let wav = Some("audio/wav");
    assert!(call(wav, wav, b"RIFF"));
    assert!(!call(wav, wav, b"RIFX"));
    assert!(!call(wav, Some("audio/mpeg"), b"RIFF"));
    assert!(!call(None, None, b"RIFF"), "a type that nobody named");
}

#[test]
fn a_call_that_was_left_early_was_not_read_to_its_end() {
    let mut call = answered("call", &json!({}));
    call.ending = Ending::Cancelled;
    call.events = vec![sample::event(json!({}))];
    let left = |call: &CallSeen| held(r#"["left_early"]"#, std::slice::from_ref(call));
    assert!(!left(&call), "it was read whole");
    call.exchanges[0].answer.as_mut().unwrap().whole = false;
    assert!(left(&call));
    call.events.clear();
    assert!(!left(&call), "nothing was read");
}

#[test]
fn a_retry_waits_as_long_as_is_said() {
    let at = Duration::from_millis;
    let attempt = |sent: u64, came: u64| Exchange {
        method: "POST".to_owned(),
        path: "/v1".to_owned(),
        headers: Vec::new(),
        at: at(sent),
        answer: Some(AnswerSeen {
            status: 503,
            headers: Vec::new(),
            body: Vec::new(),
            arrivals: vec![(at(came), 0)],
            whole: true,
        }),
        broken: None,
    };
    let waited = |again: u64| {
        let mut call = sample::call();
        call.exchanges = vec![attempt(10, 60), attempt(again, again + 5)];
        held(
            "[{ retry_gap_ms = { min = 100, max = 200 } }, { attempts = 2 }]",
            &[call],
        )
    };
    assert!(waited(160) && waited(260));
    assert!(!waited(159) && !waited(261));
    let mut once = sample::call();
    once.exchanges = vec![attempt(10, 60)];
    assert!(
        !held("[{ retry_gap_ms = { min = 0, max = 200 } }]", &[once]),
        "no retry"
    );
}
