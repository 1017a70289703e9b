//! What the families of words are built with.

use std::sync::Arc;

use serde_json::Value;

use super::Scene;
use crate::{
    digest::Digest,
    evidence::{Measured, Place, Scalar, Word},
    judge::Rule,
    matrix::shapes::{Shape, Shapes},
    observe::CallSeen,
    template::{self, Scope},
    toml_read::{Node, Reader},
};

type OfCall = dyn Fn(&CallSeen, &Scene<'_>) -> Measured + Send + Sync;
type OfRow = dyn Fn(&Scene<'_>) -> Measured + Send + Sync;

/// How a check is measured.
#[derive(Clone)]
pub(super) enum Measure {
    /// By looking at one call.
    Call(Arc<OfCall>),
    /// By looking at the whole row.
    Row(Arc<OfRow>),
}

/// One check of a word, before it is bound to calls.
pub(super) struct Part {
    /// What tells it from the word's other parts; empty for the only one.
    pub(super) name: String,
    /// What it looks at, for comparisons.
    pub(super) of: Option<String>,
    pub(super) rule: Rule,
    pub(super) measure: Measure,
}

impl Part {
    pub(super) fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    pub(super) fn of(mut self, of: impl Into<String>) -> Self {
        self.of = Some(of.into());
        self
    }

    /// Any rule, any measurement of a call.
    pub(super) fn call(
        rule: Rule,
        measure: impl Fn(&CallSeen, &Scene<'_>) -> Measured + Send + Sync + 'static,
    ) -> Self {
        Self {
            name: String::new(),
            of: None,
            rule,
            measure: Measure::Call(Arc::new(measure)),
        }
    }

    /// Any rule, any measurement of the row.
    pub(super) fn row(
        rule: Rule,
        measure: impl Fn(&Scene<'_>) -> Measured + Send + Sync + 'static,
    ) -> Self {
        Self {
            name: String::new(),
            of: None,
            rule,
            measure: Measure::Row(Arc::new(measure)),
        }
    }

    /// One value of a call must satisfy the rule.
    pub(super) fn found(
        rule: Rule,
        find: impl Fn(&CallSeen, &Scene<'_>) -> Option<Scalar> + Send + Sync + 'static,
    ) -> Self {
        Self::call(rule, move |call, scene| Measured::Found {
            found: find(call, scene),
        })
    }

    /// Something must be so.
    pub(super) fn truth(
        find: impl Fn(&CallSeen, &Scene<'_>) -> Option<bool> + Send + Sync + 'static,
    ) -> Self {
        let rule = Rule::OneOf(vec![Scalar::Truth(true)]);
        Self::found(rule, move |call, scene| {
            find(call, scene).map(Scalar::Truth)
        })
    }

    /// A text of a call must be one of some words.
    pub(super) fn word(
        wanted: Vec<Word>,
        find: impl Fn(&CallSeen, &Scene<'_>) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        let rule = Rule::OneOf(wanted.into_iter().map(Scalar::Word).collect());
        Self::found(rule, move |call, scene| {
            find(call, scene).map(|text| Scalar::Word(Word::of(&text)))
        })
    }

    /// A condition must hold on each thing of a call, and on at least so many.
    pub(super) fn each(
        at_least: u64,
        tally: impl Fn(&CallSeen, &Scene<'_>, &mut Tally) + Send + Sync + 'static,
    ) -> Self {
        Self::call(Rule::Always { at_least }, move |call, scene| {
            let mut counted = Tally::default();
            tally(call, scene, &mut counted);
            counted.measured()
        })
    }

    /// What the row asked for (a template) must be what `find` finds, given the filled text.
    pub(super) fn echo(
        wanted: Value,
        find: impl Fn(&CallSeen, &str) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        Self::call(Rule::Echoed, move |call, scene| {
            let Ok(Some(text)) = template::fill_text(&wanted, scene.scope) else {
                return Measured::Found { found: None };
            };
            let found = find(call, &text).map(|found| scene.key.digest(found));
            Measured::Echo {
                wanted: scene.key.digest(&text),
                found,
            }
        })
    }

    /// Two things of the row must satisfy the rule.
    pub(super) fn pair(
        rule: Rule,
        find: impl Fn(&Scene<'_>) -> (Option<Digest>, Option<Digest>) + Send + Sync + 'static,
    ) -> Self {
        Self::row(rule, move |scene| {
            let (left, right) = find(scene);
            Measured::Pair { left, right }
        })
    }
}

/// Counts on how many things a condition was tried, and on how many it did not hold.
#[derive(Debug, Default)]
pub struct Tally {
    evaluated: u64,
    violations: u64,
    at: Option<Place>,
}

impl Tally {
    /// One thing, and whether the condition held on it.
    pub fn hold(&mut self, held: bool) {
        self.hold_at(held, "");
    }

    /// The same, with the place in our own files to name when it did not hold.
    pub fn hold_at(&mut self, held: bool, place: &str) {
        self.evaluated += 1;
        if !held {
            self.violations += 1;
            if self.at.is_none() {
                self.at = Place::new(place);
            }
        }
    }

    /// What was counted.
    pub fn measured(self) -> Measured {
        Measured::Each {
            evaluated: self.evaluated,
            violations: self.violations,
            at: self.at,
        }
    }
}

/// The argument of a word, being read.
pub(super) struct Argument<'r, 'a> {
    pub(super) reader: &'r mut Reader,
    pub(super) node: Option<Node<'a>>,
    pub(super) shapes: &'r Shapes,
    pub(super) calls: &'r [String],
}

impl<'a> Argument<'_, 'a> {
    pub(super) fn node(&self) -> Option<Node<'a>> {
        self.node.clone()
    }

    /// The argument as one value or an array of values.
    pub(super) fn one_or_many(&mut self) -> Option<Vec<Node<'a>>> {
        let node = self.node()?;
        if !node.is_array() {
            return Some(vec![node]);
        }
        let items = node.array(self.reader)?;
        if items.is_empty() {
            self.reader
                .problem(node.span(), "an empty list holds for nothing");
            return None;
        }
        Some(items)
    }

    pub(super) fn count(&mut self) -> Option<u64> {
        self.node()?.count(self.reader)
    }

    /// A text that may have slots.
    pub(super) fn text(&mut self) -> Option<Value> {
        let node = self.node()?;
        let text = node.string(self.reader)?.to_owned();
        self.checked(&node, Value::String(text))
    }

    /// Any JSON value that may have slots.
    pub(super) fn json(&mut self) -> Option<Value> {
        let node = self.node()?;
        let value = node.json(self.reader)?;
        self.checked(&node, value)
    }

    fn checked(&mut self, node: &Node<'_>, value: Value) -> Option<Value> {
        match template::slots(&value) {
            Ok(_) => Some(value),
            Err(error) => {
                self.reader.problem(node.span(), error.to_string());
                None
            }
        }
    }

    /// Words of the report vocabulary.
    pub(super) fn words(&mut self) -> Option<Vec<Word>> {
        let nodes = self.one_or_many()?;
        nodes
            .iter()
            .map(|node| report_word(self.reader, node))
            .collect()
    }

    /// A JSON Schema, which may have slots.
    pub(super) fn schema(&mut self) -> Option<Schema> {
        let node = self.node()?;
        let written = self.json()?;
        // Slots are strings wherever they stand, so the schema can be tried with them in place.
        if Shape::compile(&written).is_err() {
            self.reader.problem(node.span(), "not a JSON Schema");
            return None;
        }
        Some(Schema(written))
    }

    /// HTTP statuses.
    pub(super) fn statuses(&mut self) -> Option<Vec<Scalar>> {
        let nodes = self.one_or_many()?;
        nodes.iter().map(|node| status(self.reader, node)).collect()
    }
}

/// A JSON Schema as written in a row.
pub(super) struct Schema(Value);

impl Schema {
    /// The schema with its slots filled.
    pub(super) fn filled(&self, scope: &dyn Scope) -> Option<Shape> {
        let filled = template::fill(&self.0, scope).ok()??;
        Shape::compile(&filled).ok()
    }
}

/// A word that a report can hold.
pub(super) fn report_word(reader: &mut Reader, node: &Node<'_>) -> Option<Word> {
    let typed = node.string(reader)?;
    let known: Vec<&str> = Word::all().collect();
    if let Some(word) = Word::known(typed).filter(|_| typed != "other") {
        Some(word)
    } else {
        reader.unknown(node.span(), "word", typed, &known);
        None
    }
}

/// An HTTP status.
pub(super) fn status(reader: &mut Reader, node: &Node<'_>) -> Option<Scalar> {
    let status = node.count(reader)?;
    match u16::try_from(status) {
        Ok(status) if (100..=599).contains(&status) => Some(Scalar::Status(status)),
        _ => {
            reader.problem(node.span(), format!("{status} is no HTTP status"));
            None
        }
    }
}

/// How many, as a scalar.
pub(super) fn count(items: usize) -> Scalar {
    Scalar::Count(items as u64)
}

/// A ratio in millionths, clamped to what an evidence can hold.
#[expect(
    clippy::cast_possible_truncation,
    reason = "clamped to ±1000 before the conversion"
)]
pub(super) fn millionths(ratio: f64) -> Scalar {
    let clamped = if ratio.is_nan() {
        -1000.0
    } else {
        ratio.clamp(-1000.0, 1000.0)
    };
    Scalar::Millionths((clamped * 1e6).round() as i64)
}

/// Observations for the tests of the families.
#[cfg(test)]
pub(super) mod sample {
    use std::time::Duration;

    use serde_json::Value;

    use super::{Measured, Tally};
    use crate::observe::{AnswerSeen, CallSeen, Ending, EventSeen, Exchange, Observation};

    /// A call named `call` of which nothing is known but that it was answered.
    pub(crate) fn call() -> CallSeen {
        CallSeen {
            name: "call".to_owned(),
            asked: Value::Null,
            ending: Ending::Answered,
            text: None,
            document: None,
            events: Vec::new(),
            media: Vec::new(),
            request_id: None,
            replayed: None,
            exchanges: Vec::new(),
            took: Duration::ZERO,
        }
    }

    /// An event at the very start.
    pub(crate) fn event(data: Value) -> EventSeen {
        EventSeen {
            at: Duration::ZERO,
            data,
        }
    }

    /// An exchange answered 200 with this body, whole.
    pub(crate) fn answered(body: &str) -> Exchange {
        Exchange {
            method: "POST".to_owned(),
            path: "/v1".to_owned(),
            headers: Vec::new(),
            at: Duration::ZERO,
            answer: Some(AnswerSeen {
                status: 200,
                headers: Vec::new(),
                body: body.as_bytes().to_vec(),
                arrivals: Vec::new(),
                whole: true,
            }),
            broken: None,
        }
    }

    /// A row of these calls.
    pub(crate) fn row(calls: Vec<CallSeen>) -> Observation {
        Observation {
            calls,
            ..Observation::default()
        }
    }

    /// On how many things a condition was tried, and on how many it did not hold.
    pub(crate) fn violations(tally: Tally) -> (u64, u64) {
        match tally.measured() {
            Measured::Each {
                evaluated,
                violations,
                ..
            } => (evaluated, violations),
            _ => (0, 0),
        }
    }
}
