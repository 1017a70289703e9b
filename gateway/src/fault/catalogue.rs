//! The entries, a file a subject.

mod chat;
mod chat_shape;
mod embeddings;
mod errors;
mod headers;
mod images;
mod listening;
mod params;
mod responses;
mod service;
mod speech;
mod stream;
mod transport;

use std::sync::LazyLock;

use crate::fault::Fault;

const CHAT: &str = "chat.completions.create";
const RESPONSES: &str = "responses.create";
const EMBEDDINGS: &str = "embeddings.create";
const IMAGES: &str = "images.generate";
const SPEECH: &str = "audio.speech.create";
const TRANSCRIPTIONS: &str = "audio.transcriptions.create";
const VOICE: &str = "voice.pipeline.create";

pub(super) fn all() -> &'static [Fault] {
    static ALL: LazyLock<Vec<Fault>> = LazyLock::new(|| {
        let mut all: Vec<Fault> = [
            chat::faults(),
            chat_shape::faults(),
            stream::faults(),
            responses::faults(),
            embeddings::faults(),
            images::faults(),
            speech::faults(),
            listening::faults(),
            service::faults(),
            errors::faults(),
            headers::faults(),
            params::faults(),
            transport::faults(),
        ]
        .into_iter()
        .flatten()
        .collect();
        all.sort_by_key(|fault| fault.name);
        all
    });
    &ALL
}
