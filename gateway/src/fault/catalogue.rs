//! The entries, a file a subject.

mod auth;
mod caches;
mod chat;
mod chat_history;
mod chat_shape;
mod chat_text;
mod embeddings;
mod errors;
mod headers;
mod idempotency;
mod images;
mod latency;
mod leaks;
mod limits;
mod listening;
mod models;
mod params;
mod proxy;
mod responses;
mod responses_stream;
mod speech;
mod stream;
mod stream_framing;
mod stream_shape;
mod stream_text;

use std::sync::LazyLock;

use crate::fault::{Effect, Fault, Layer, Modality};
use crate::policy::Policy;

const CHAT: &str = "chat.completions.create";
const RESPONSES: &str = "responses.create";
const EMBEDDINGS: &str = "embeddings.create";
const IMAGES: &str = "images.generate";
const SPEECH: &str = "audio.speech.create";
const TRANSCRIPTIONS: &str = "audio.transcriptions.create";
const VOICE: &str = "voice.pipeline.create";

/// A promise that is kept by state.
const fn policy(
    name: &'static str,
    layer: Layer,
    breaks: &'static str,
    promise: &'static str,
    break_it: fn(&mut Policy),
) -> Fault {
    Fault {
        name,
        modality: Modality::All,
        layer,
        breaks,
        promise,
        effect: Effect::Policy(break_it),
    }
}

pub(super) fn all() -> &'static [Fault] {
    static ALL: LazyLock<Vec<Fault>> = LazyLock::new(|| {
        let mut all: Vec<Fault> = [
            auth::faults(),
            caches::faults(),
            chat::faults(),
            chat_history::faults(),
            chat_shape::faults(),
            chat_text::faults(),
            embeddings::faults(),
            errors::faults(),
            headers::faults(),
            idempotency::faults(),
            images::faults(),
            latency::faults(),
            leaks::faults(),
            limits::faults(),
            listening::faults(),
            models::faults(),
            params::faults(),
            proxy::faults(),
            responses::faults(),
            responses_stream::faults(),
            speech::faults(),
            stream::faults(),
            stream_framing::faults(),
            stream_shape::faults(),
            stream_text::faults(),
        ]
        .into_iter()
        .flatten()
        .collect();
        all.sort_by_key(|fault| fault.name);
        all
    });
    &ALL
}
