//! The catalogue of regressions: each one a named entry that breaks exactly one promise.
//!
//! A fault is data plus one small pure function. What the function may touch is fixed by `Effect`: the policy of the gateway at its
//! start, a request's JSON before any route reads it, a finished reply, or the steps in which that reply goes over the wire. Routes know
//! nothing of any of it.

mod apply;
mod catalogue;
mod edit;
mod effect;
mod setting;

use std::fmt;

use serde::Serialize;

pub(crate) use apply::{apply, policy, rewrite_request};
pub(crate) use effect::{Effect, On, Subject};
pub use setting::Setting;

/// What kind of operation a fault concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Modality {
    /// Chat completions.
    Chat,
    /// The Responses adapter.
    Responses,
    /// Embeddings.
    Embeddings,
    /// Image generation.
    Images,
    /// Text to speech.
    Speech,
    /// Speech to text.
    Transcription,
    /// The voice pipeline.
    Voice,
    /// The model catalog.
    Models,
    /// Every operation.
    All,
}

/// The part of the exchange in which a fault shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Layer {
    /// The shape or the content of an answer.
    Body,
    /// Headers of an answer.
    Headers,
    /// Which status goes with what.
    Status,
    /// The error envelope.
    Errors,
    /// A parameter's effect.
    Parameters,
    /// Order and framing of a stream.
    Stream,
    /// Keys and scopes.
    Auth,
    /// Idempotency.
    Idempotency,
    /// Rate limits.
    Limits,
    /// Connections, encodings and what proxies do to them.
    Transport,
    /// Time.
    Latency,
    /// Secrets where they do not belong.
    Leak,
}

/// One regression.
#[derive(Serialize)]
#[non_exhaustive]
pub struct Fault {
    /// `modality.what_happens`, e.g. `chat.max_tokens_ignored`.
    pub name: &'static str,
    /// The operations it concerns.
    pub modality: Modality,
    /// Where it shows.
    pub layer: Layer,
    /// What goes wrong, in one sentence.
    pub breaks: &'static str,
    /// The promise that is broken, as a section of the contract.
    pub promise: &'static str,
    #[serde(skip)]
    pub(crate) effect: Effect,
}

impl fmt::Debug for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Fault({})", self.name)
    }
}

impl PartialEq for Fault {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Fault {}

/// Every fault, sorted by name.
pub fn catalogue() -> &'static [Fault] {
    catalogue::all()
}

/// The fault with this name.
pub fn find(name: &str) -> Option<&'static Fault> {
    let faults = catalogue();
    faults
        .binary_search_by(|fault| fault.name.cmp(name))
        .ok()
        .map(|index| &faults[index])
}
