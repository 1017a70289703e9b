//! Words about idempotency keys: work that ran once, and the evidence of it.

use serde_json::Value;

use super::{
    Scene, Tally, Word as Entry,
    build::{Argument, Part},
    known_call,
    vector::embeddings,
};
use crate::{
    evidence::{Measured, Scalar, Word},
    judge::Rule,
    observe::{AnswerSeen, CallSeen, Ending},
    template::{self, Slot},
};

/// Says that an answer was replayed, where the gateway sends headers.
const REPLAY_HEADER: &str = "x-runinfra-idempotent-replay";
/// Names body fields that say the same.
const EVIDENCE_INPUT: &str = "RUNINFRA_CANARY_IDEMPOTENCY_EVIDENCE_FIELD";

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "replay_evidence",
        argument: "",
        about: "The answer says that it was replayed, in the header or in a body field of RUNINFRA_CANARY_IDEMPOTENCY_EVIDENCE_FIELD, and the SDK repeats what the header says.",
        read: |_| Some(replay_evidence(true)),
    },
    Entry {
        word: "no_replay_evidence",
        argument: "",
        about: "The answer does not say that it was replayed, neither in the header nor in the body.",
        read: |_| Some(replay_evidence(false)),
    },
    Entry {
        word: "not_run_again",
        argument: "{ first, again, refusal } where refusal is any, unavailable or none",
        about: "The second call is an evident replay of the first, or a refusal of the kind that is allowed: never a second run.",
        read: not_run_again,
    },
    Entry {
        word: "ran_once",
        argument: "an array of calls that share an idempotency key",
        about: "At least one of the calls succeeded, all that did have the same answer, all but one of these are evident replays, and the rest were refused in the envelope with a 4xx.",
        read: ran_once,
    },
    Entry {
        word: "charged",
        argument: "{ key, times }: an idempotency key and how often",
        about: "By the gateway's own books, work ran this often under the key. Outside a rehearsal the books are closed, and the report says `absent`.",
        read: charged,
    },
];

fn replay_evidence(wanted: bool) -> Vec<Part> {
    let said = Part::truth(move |call, scene| Some(says_replayed(call.answer()?, scene) == wanted));
    let exposed = Part::truth(|call, _| {
        let header = header_says(call.answer()?);
        // Raw requests and refusals have no SDK answer that could say anything.
        Some(call.replayed.is_none_or(|replayed| replayed == header))
    });
    vec![said.named("said"), exposed.named("exposed")]
}

fn header_says(answer: &AnswerSeen) -> bool {
    answer
        .header(REPLAY_HEADER)
        .is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
}

/// Whether an answer says, in one way or another, that it was replayed.
pub(super) fn says_replayed(answer: &AnswerSeen, scene: &Scene<'_>) -> bool {
    header_says(answer) || {
        let body = answer.json().unwrap_or_default();
        evidence_paths(scene).iter().any(|path| {
            let pointer = format!("/{}", path.replace('.', "/"));
            match body.pointer(&pointer) {
                Some(Value::Bool(said)) => *said,
                Some(Value::String(said)) => said.eq_ignore_ascii_case("true"),
                _ => false,
            }
        })
    }
}

fn evidence_paths(scene: &Scene<'_>) -> Vec<String> {
    let slot = Slot::Input {
        name: EVIDENCE_INPUT.to_owned(),
        optional: true,
    };
    let paths = scene.scope.value(&slot).ok().flatten();
    paths
        .as_ref()
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|path| path.as_str().map(str::to_owned))
        .collect()
}

/// What tells one run's answer from another's.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Identity {
    /// Its id, or, where answers carry none, the content itself.
    run: Vec<u8>,
    /// Its text, where the whole of it was read.
    text: Option<String>,
}

impl Identity {
    /// Whether both are one answer, as far as both were read.
    fn is_of(&self, other: &Self) -> bool {
        let texts = self.text.as_ref().zip(other.text.as_ref());
        self.run == other.run && texts.is_none_or(|(one, other)| one == other)
    }
}

fn identity(call: &CallSeen) -> Option<Identity> {
    let whole = matches!(call.ending, Ending::Answered);
    Some(Identity {
        run: run_of(call)?,
        text: call.text.clone().filter(|_| whole),
    })
}

fn run_of(call: &CallSeen) -> Option<Vec<u8>> {
    let answer = call.answer()?;
    let document = answer.json();
    let id = document
        .as_ref()
        .and_then(|document| document.get("id"))
        .and_then(Value::as_str);
    if let Some(id) = id {
        return Some(id.as_bytes().to_vec());
    }
    let streamed = call.events.iter().find_map(|event| {
        let id = event
            .data
            .get("id")
            .or_else(|| event.data.pointer("/response/id"));
        id?.as_str()
    });
    if let Some(id) = streamed {
        return Some(id.as_bytes().to_vec());
    }
    if !call.media.is_empty() {
        let all: Vec<&[u8]> = call.media.iter().map(|media| &*media.bytes).collect();
        return Some(all.concat());
    }
    if let Some(vectors) = embeddings(call) {
        return Some(format!("{vectors:?}").into_bytes());
    }
    call.text.clone().map(String::into_bytes)
}

/// Whether both calls brought one answer.
fn same_answer(one: &CallSeen, other: &CallSeen) -> bool {
    identity(one)
        .zip(identity(other))
        .is_some_and(|(one, other)| one.is_of(&other))
}

fn succeeded(call: &CallSeen) -> bool {
    matches!(call.ending, Ending::Answered | Ending::Cancelled)
        && call.answer().is_some_and(|answer| answer.status == 200)
}

/// Refused with a 4xx in the envelope, and not for want of a key or of a route.
fn refused(call: &CallSeen) -> Option<Value> {
    let answer = call.answer()?;
    let conflict = (400..=499).contains(&answer.status) && !matches!(answer.status, 401 | 429);
    answer.envelope().filter(|_| conflict)
}

/// Which refusals of a repeated key are no second run and no broken promise.
#[derive(Debug, Clone, Copy)]
enum Refusal {
    Any,
    Unavailable,
    None,
}

const REFUSALS: &[(&str, Refusal)] = &[
    ("any", Refusal::Any),
    ("unavailable", Refusal::Unavailable),
    ("none", Refusal::None),
];

impl Refusal {
    fn allows(self, call: &CallSeen) -> bool {
        let Some(error) = refused(call) else {
            return false;
        };
        let unavailable = ["code", "type"].iter().any(|key| {
            error
                .get(key)
                .is_some_and(|said| said == "idempotency_replay_unavailable")
        });
        match self {
            Self::Any => true,
            Self::Unavailable => unavailable,
            Self::None => false,
        }
    }
}

fn not_run_again(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let mut table = arg.node()?.table(arg.reader)?;
    let [first, again] = ["first", "again"].map(|key| {
        let node = table.required(arg.reader, key)?;
        let name = node.string(arg.reader)?;
        let known = known_call(name, arg.calls).cloned();
        if known.is_none() {
            let calls: Vec<&str> = arg.calls.iter().map(String::as_str).collect();
            arg.reader.unknown(node.span(), "call", name, &calls);
        }
        known
    });
    let refusal = table
        .required(arg.reader, "refusal")
        .and_then(|node| node.word(arg.reader, "refusal", REFUSALS));
    table.refuse_unknown(arg.reader);
    let (first, again, refusal) = (first?, again?, refusal?);
    let of = format!("{first} / {again}");
    let part = Part::row(Rule::Always { at_least: 1 }, move |scene| {
        let mut tally = Tally::default();
        if let (Some(first), Some(again)) = (scene.seen.call(&first), scene.seen.call(&again)) {
            tally.hold(is_repeat(first, again, refusal, scene));
        }
        tally.measured()
    });
    Some(vec![part.of(of)])
}

fn is_repeat(first: &CallSeen, again: &CallSeen, refusal: Refusal, scene: &Scene<'_>) -> bool {
    if !succeeded(first) {
        return false;
    }
    if !succeeded(again) {
        return refusal.allows(again);
    }
    let evident = again
        .answer()
        .is_some_and(|answer| says_replayed(answer, scene));
    evident && same_answer(first, again)
}

fn ran_once(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let node = arg.node()?;
    let names = node.strings(arg.reader);
    for (name, span) in &names {
        if known_call(name, arg.calls).is_none() {
            let calls: Vec<&str> = arg.calls.iter().map(String::as_str).collect();
            arg.reader.unknown(span.clone(), "call", name, &calls);
            return None;
        }
    }
    let names: Vec<String> = names.into_iter().map(|(name, _)| name).collect();
    if names.len() < 2 {
        return None;
    }
    let of = names.join(" / ");
    let at_least = names.len() as u64;
    let part = Part::row(Rule::Always { at_least }, move |scene| {
        let calls: Vec<&CallSeen> = names
            .iter()
            .filter_map(|name| scene.seen.call(name))
            .collect();
        share_a_run(&calls, scene).measured()
    });
    Some(vec![part.of(of)])
}

fn share_a_run(calls: &[&CallSeen], scene: &Scene<'_>) -> Tally {
    let mut tally = Tally::default();
    let mut answer: Option<&CallSeen> = None;
    let mut runs = 0;
    for call in calls {
        if !succeeded(call) {
            tally.hold(refused(call).is_some());
            continue;
        }
        let same = same_answer(answer.get_or_insert(call), call);
        let evident = call
            .answer()
            .is_some_and(|answer| says_replayed(answer, scene));
        runs += u32::from(!evident);
        tally.hold(same && runs <= 1);
    }
    tally.hold(answer.is_some_and(|call| identity(call).is_some()));
    tally
}

fn charged(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let mut table = arg.node()?.table(arg.reader)?;
    let (key, times) = (
        table.required(arg.reader, "key"),
        table.required(arg.reader, "times"),
    );
    table.refuse_unknown(arg.reader);
    let times = times?.count(arg.reader)?;
    arg.node = Some(key?);
    let key = arg.text()?;
    let closed = Scalar::Word(Word::of("absent"));
    let rule = Rule::OneOf(vec![Scalar::Count(times), closed]);
    Some(vec![
        Part::row(rule, move |scene| Measured::Found {
            found: ran_under(&key, scene, closed),
        })
        .of("books"),
    ])
}

fn ran_under(key: &Value, scene: &Scene<'_>, closed: Scalar) -> Option<Scalar> {
    let Some(books) = &scene.seen.books else {
        return Some(closed);
    };
    let key = template::fill_text(key, scene.scope).ok().flatten()?;
    Some(Scalar::Count(books.get(&key).copied().unwrap_or(0)))
}

#[cfg(test)]
mod tests;
