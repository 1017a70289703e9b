//! The vocabulary of expectations: what a row may demand.
//!
//! Each family of words lives in one file beside what it measures. A word turns its argument into
//! one or more [`Check`]s; a check is a [`Rule`] for the judge and a way to measure an
//! [`Observation`]. The verifier uses the rule alone.

mod answer;
mod answer_id;
mod audio;
mod build;
mod catalog;
mod compare;
mod created;
mod either;
mod events;
mod frames;
mod hearing;
mod image;
mod invariant;
mod leaks;
mod once;
mod outcome;
mod pair;
mod params;
mod server;
mod stream;
mod text;
mod tool;
#[cfg(test)]
mod trial;
mod vector;
mod wire;

use std::fmt;

use crate::{
    diagnose::did_you_mean,
    digest::DigestKey,
    evidence::{Measured, Scalar, WHOLE_ROW},
    judge::Rule,
    matrix::shapes::Shapes,
    observe::{AnswerSeen, CallSeen, Exchange, Observation},
    template::{self, Scope, Slot},
    toml_read::{Node, Reader},
};

pub use answer_id::answer_id;
pub use build::Tally;
use build::{Argument, Measure, Part};
pub use created::created;
pub use wire::http_date;

/// What a measurement is made from.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// What was observed.
    pub seen: &'a Observation,
    /// What the row's templates were filled with.
    pub scope: &'a dyn Scope,
    /// The key of this run's digests.
    pub key: &'a DigestKey,
}

/// One demand of a row, ready to be measured and judged.
#[derive(Clone)]
pub struct Check {
    /// `word` or `word.part`; what the report calls it.
    pub id: String,
    /// The call it looks at, or the calls it compares.
    pub of: String,
    /// What the judge demands.
    pub rule: Rule,
    /// Whether its argument holds a nonce, so that no other row can measure the same.
    pub fresh: bool,
    measure: Measure,
}

impl Check {
    /// Measures what was observed. A call that was never made is a measurement of nothing.
    pub fn measure(&self, scene: &Scene<'_>) -> Measured {
        match &self.measure {
            Measure::Row(measure) => measure(scene),
            Measure::Call(measure) => match scene.seen.call(&self.of) {
                Some(call) => measure(call, scene),
                None => Measured::Found { found: None },
            },
        }
    }

    /// The statuses this check accepts, when it is about the status.
    pub fn wanted_statuses(&self) -> Vec<u16> {
        match &self.rule {
            Rule::OneOf(wanted) => wanted
                .iter()
                .filter_map(|scalar| {
                    if let Scalar::Status(status) = scalar {
                        Some(*status)
                    } else {
                        None
                    }
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Check({} of {}: {})", self.id, self.of, self.rule)
    }
}

/// A word of the vocabulary.
pub struct Word {
    /// As written in a row.
    pub word: &'static str,
    /// The form of its argument; empty for a bare word.
    pub argument: &'static str,
    /// What must hold, in one sentence.
    pub about: &'static str,
    read: fn(&mut Argument<'_, '_>) -> Option<Vec<Part>>,
}

/// Every word there is, family by family.
pub fn vocabulary() -> impl Iterator<Item = &'static Word> {
    [
        wire::WORDS,
        outcome::WORDS,
        answer::WORDS,
        text::WORDS,
        tool::WORDS,
        stream::WORDS,
        events::WORDS,
        vector::WORDS,
        image::WORDS,
        audio::WORDS,
        hearing::WORDS,
        pair::WORDS,
        either::WORDS,
        compare::WORDS,
        catalog::WORDS,
        params::WORDS,
        server::WORDS,
        leaks::WORDS,
        once::WORDS,
        invariant::WORDS,
        created::WORDS,
        answer_id::WORDS,
    ]
    .into_iter()
    .flatten()
}

/// What expectations may refer to.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The names of the row's calls, in order.
    pub calls: &'a [String],
    /// The shapes that were loaded.
    pub shapes: &'a Shapes,
}

/// Reads a row's `expect` array. Problems go to the reader.
pub fn read(reader: &mut Reader, node: &Node<'_>, context: Context<'_>) -> Vec<Check> {
    let Some(items) = node.array(reader) else {
        return Vec::new();
    };
    items
        .iter()
        .flat_map(|item| read_one(reader, item, context))
        .collect()
}

/// Reads the `expect` array of the invariants: words that look at a whole row, whatever its calls.
pub fn read_invariants(reader: &mut Reader, node: &Node<'_>, shapes: &Shapes) -> Vec<Check> {
    let context = Context { calls: &[], shapes };
    let Some(items) = node.array(reader) else {
        return Vec::new();
    };
    let mut checks = Vec::new();
    for item in &items {
        let before = reader.count();
        let read = read_one(reader, item, context);
        if read.is_empty() && reader.count() == before {
            reader.problem(
                item.span(),
                "an invariant looks at every answer of a row, and this word looks at one call",
            );
        }
        checks.extend(read);
    }
    checks
}

fn read_one(reader: &mut Reader, item: &Node<'_>, context: Context<'_>) -> Vec<Check> {
    if item.is_string() {
        let Some(word) = item.string(reader) else {
            return Vec::new();
        };
        return read_word(reader, word, item.span(), None, None, context);
    }
    let Some(mut table) = item.table(reader) else {
        return Vec::new();
    };
    let of = table.optional("of");
    let mut words = table.entries().filter(|(key, _, _)| *key != "of");
    let Some((word, span, argument)) = words.next() else {
        reader.problem(item.span(), "an expectation without a word");
        return Vec::new();
    };
    if let Some((other, span, _)) = words.next() {
        reader
            .problem(
                span,
                format!("`{other}` is a second word in one expectation"),
            )
            .help = Some("write one table per word".to_owned());
    }
    read_word(reader, word, span, Some(argument), of, context)
}

fn read_word(
    reader: &mut Reader,
    word: &str,
    span: std::ops::Range<usize>,
    argument: Option<Node<'_>>,
    of: Option<Node<'_>>,
    context: Context<'_>,
) -> Vec<Check> {
    let Some(entry) = vocabulary().find(|entry| entry.word == word) else {
        let known: Vec<&str> = vocabulary().map(|entry| entry.word).collect();
        reader
            .problem(span, format!("unknown expectation `{word}`"))
            .help = did_you_mean(word, &known);
        return Vec::new();
    };
    // A bare word that names its call is written `{ word = true, of = "…" }`.
    let bare = entry.argument.is_empty();
    let argument = argument.filter(|node| !(bare && node.is_true()));
    if bare != argument.is_none() {
        let wanted = if bare { "no argument" } else { entry.argument };
        reader
            .problem(span, format!("`{word}` has the wrong form"))
            .help = Some(format!("it takes {wanted}"));
        return Vec::new();
    }
    let before = reader.count();
    let mut reading = Argument {
        reader,
        node: argument.clone(),
        shapes: context.shapes,
        calls: context.calls,
    };
    let parts = (entry.read)(&mut reading);
    let Some(parts) = parts else {
        if reader.count() == before {
            reader
                .problem(span, format!("`{word}` has the wrong form"))
                .help = Some(format!("it takes {}", entry.argument));
        }
        return Vec::new();
    };
    let fresh = argument.is_some_and(|node| holds_a_nonce(&node, reader));
    let Some(calls) = which_calls(reader, &parts, &span, of, context) else {
        return Vec::new();
    };
    let mut checks = place(word, parts, &calls);
    for check in &mut checks {
        check.fresh = fresh;
    }
    checks
}

fn holds_a_nonce(argument: &Node<'_>, reader: &mut Reader) -> bool {
    let slots = argument.json(reader).map(|value| template::slots(&value));
    let is_nonce = |slot: &Slot| matches!(slot, Slot::Nonce(_));
    slots.is_some_and(|slots| slots.is_ok_and(|slots| slots.iter().any(is_nonce)))
}

/// The calls an expectation looks at: the one it names, or the only one there is.
fn which_calls(
    reader: &mut Reader,
    parts: &[Part],
    span: &std::ops::Range<usize>,
    of: Option<Node<'_>>,
    context: Context<'_>,
) -> Option<Vec<String>> {
    let looks_at_a_call = parts
        .iter()
        .any(|part| matches!(part.measure, Measure::Call(_)));
    let Some(of) = of else {
        if !looks_at_a_call || context.calls.len() < 2 {
            return Some(context.calls.to_vec());
        }
        reader
            .problem(
                span.clone(),
                "this row has several calls, and the expectation names none",
            )
            .help = Some(format!(
            "add `of = \"…\"` with one of {}, or \"*\" for each",
            context.calls.join(", ")
        ));
        return None;
    };
    if !looks_at_a_call {
        reader.problem(
            of.span(),
            "this expectation looks at the whole row, so `of` has no meaning",
        );
        return None;
    }
    let name = of.string(reader)?;
    if name == "*" {
        return Some(context.calls.to_vec());
    }
    if !context.calls.iter().any(|call| call == name) {
        let known: Vec<&str> = context.calls.iter().map(String::as_str).collect();
        reader.unknown(of.span(), "call", name, &known);
        return None;
    }
    Some(vec![name.to_owned()])
}

fn place(word: &str, parts: Vec<Part>, calls: &[String]) -> Vec<Check> {
    let mut checks = Vec::new();
    for part in parts {
        let id = if part.name.is_empty() {
            word.to_owned()
        } else {
            format!("{word}.{}", part.name)
        };
        match part.measure {
            Measure::Row(measure) => checks.push(Check {
                id,
                of: part.of.unwrap_or_else(|| WHOLE_ROW.to_owned()),
                rule: part.rule,
                fresh: false,
                measure: Measure::Row(measure),
            }),
            Measure::Call(measure) => checks.extend(calls.iter().map(|call| Check {
                id: id.clone(),
                of: call.clone(),
                rule: part.rule.clone(),
                fresh: false,
                measure: Measure::Call(measure.clone()),
            })),
        }
    }
    checks
}

/// Whether a text is a UUID.
pub(crate) fn is_uuid(text: &str) -> bool {
    wire::is_uuid(text)
}

/// Whether a refusal to serve is one as the contract has it.
pub(crate) fn excuses(exchange: &Exchange, answer: &AnswerSeen) -> bool {
    invariant::excuses(exchange, answer)
}

/// Time to the first delta, the longest gap between two of a stream, and the time of the whole
/// call, in milliseconds.
pub(crate) fn times(call: &CallSeen, seen: &Observation) -> (Option<u64>, Option<u64>, u64) {
    (
        stream::first_delta(call, seen).map(stream::millis),
        stream::max_gap(call, seen).map(stream::millis),
        stream::millis(stream::total(call, seen)),
    )
}

/// A call that a comparison names: `call.part`.
pub(crate) fn known_call<'c>(name: &str, calls: &'c [String]) -> Option<&'c String> {
    calls.iter().find(|call| *call == name)
}

#[cfg(test)]
mod tests;
