use super::*;
use crate::expect::build::sample;
use serde_json::json;

fn judged(events: &[Value], read: fn(&CallSeen, &mut Tally)) -> (u64, u64) {
    let mut call = sample::call();
    call.events = events.iter().cloned().map(sample::event).collect();
    call.text = Some("Hello there".to_owned());
    let mut tally = Tally::default();
    read(&call, &mut tally);
    sample::violations(tally)
}

fn chunk(delta: &Value, finish: &Value) -> Value {
    json!({"id": "c", "created": 7, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})
}

fn chat() -> Vec<Value> {
    vec![
        chunk(&json!({"role": "assistant", "content": ""}), &Value::Null),
        chunk(&json!({"content": "Hello "}), &Value::Null),
        chunk(&json!({"content": "there"}), &Value::Null),
        chunk(&json!({}), &json!("stop")),
    ]
}

#[test]
fn a_chat_stream_keeps_its_identity_and_its_one_choice() {
    assert_eq!(judged(&chat(), one_identity), (8, 0));
    assert_eq!(judged(&chat(), one_choice), (8, 0));
    assert_eq!(judged(&chat(), joined), (1, 0));
    let mut other = chat();
    other[2]["id"] = json!("d");
    other[2]["choices"][0]["index"] = json!(1);
    assert_eq!(judged(&other, one_identity), (8, 1));
    assert_eq!(judged(&other, one_choice), (8, 1));
    let mut cut = chat();
    cut.remove(1);
    assert_eq!(judged(&cut, joined), (1, 1), "a delta is lost");
}

#[test]
fn a_chat_stream_ends_once_and_only_usage_follows() {
    assert_eq!(judged(&chat(), terminal), (3, 0));
    let with = |last: &Value| {
        let mut events = chat();
        events.push(last.clone());
        judged(&events, terminal)
    };
    assert_eq!(with(&json!({"choices": [], "usage": {}})), (3, 0));
    assert_eq!(
        with(&chunk(&json!({"content": "late"}), &Value::Null)),
        (3, 1)
    );
    assert_eq!(with(&chunk(&json!({}), &json!("stop"))).1, 2);
    assert_eq!(judged(&chat()[..3], terminal).1, 1, "no finish reason");
}

#[test]
fn usage_comes_once_at_the_end_and_alone() {
    let whole = |events: Vec<Value>| {
        let mut call = sample::call();
        call.events = events.into_iter().map(sample::event).collect();
        usage_chunk(&call)
    };
    let usage = json!({"choices": [], "usage": {"total_tokens": 5}});
    let mut good = chat();
    good.push(usage.clone());
    assert!(whole(good.clone()));
    assert!(!whole(chat()), "none");
    let mut twice = good.clone();
    twice.push(usage.clone());
    assert!(!whole(twice), "twice");
    let mut early = chat();
    early.insert(1, usage);
    assert!(!whole(early), "before the finish reason");
}

#[test]
fn what_passes_without_a_turn_is_not_the_gateways() {
    use crate::observe::Stalls;
    let ms = Duration::from_millis;
    let mut call = sample::call();
    call.took = ms(900);
    let times = [100, 150, 600, 850];
    let events = chat().into_iter().zip(times);
    call.events = events
        .map(|(data, at)| EventSeen { at: ms(at), data })
        .collect();
    let told = |stalls: &[(u64, u64)]| {
        let stalls = stalls.iter().map(|(from, to)| (ms(*from), ms(*to)));
        let seen = Observation {
            stalls: [(call.name.clone(), Stalls(stalls.collect()))].into(),
            ..Observation::default()
        };
        let first = first_delta(&call, &seen).unwrap();
        (first, max_gap(&call, &seen).unwrap(), total(&call, &seen))
    };
    assert_eq!(told(&[]), (ms(150), ms(450), ms(900)));
    assert_eq!(told(&[(140, 540)]), (ms(140), ms(60), ms(500)));
    assert_eq!(told(&[(0, 50), (700, 800)]), (ms(100), ms(450), ms(750)));
    // A machine that is busy all the time makes each event late, and hides no silence.
    let busy: Vec<(u64, u64)> = (0..45).map(|at| (at * 20, at * 20 + 19)).collect();
    let (first, gap, whole) = told(&busy);
    assert!(
        first < ms(100) && gap > ms(400) && whole > ms(600),
        "{first:?} {gap:?} {whole:?}"
    );
}

#[test]
fn a_stream_is_held_back_until_its_deltas_come_at_once() {
    let ms = Duration::from_millis;
    let held_back_of = |times: &[u64], took: u64| {
        let mut call = sample::call();
        let delta = chunk(&json!({"content": "a"}), &Value::Null);
        let event = |at: &u64| EventSeen {
            at: ms(*at),
            data: delta.clone(),
        };
        call.events = times.iter().map(event).collect();
        call.took = ms(took);
        let mut exchange = sample::answered("");
        let answer = exchange.answer.as_mut().unwrap();
        answer.arrivals = times.iter().map(|at| (ms(*at), 1)).collect();
        call.exchanges = vec![exchange];
        held_back(&call)
    };
    assert_eq!(held_back_of(&[100, 300, 500], 800), Some(0));
    assert_eq!(held_back_of(&[792, 796, 800], 800), Some(800));
    assert_eq!(held_back_of(&[784, 790, 800], 800), Some(0), "a fiftieth");
    assert_eq!(
        held_back_of(&[880, 890, 900], 100),
        Some(0),
        "a call lasts to its last delta"
    );
    assert_eq!(held_back_of(&[890, 895, 900], 100), Some(900));
    assert_eq!(held_back_of(&[300], 800), Some(800));
    assert_eq!(held_back_of(&[], 800), None);
}
