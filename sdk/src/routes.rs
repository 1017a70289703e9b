//! The URL of every operation, made once per client.

use url::Url;

use crate::config::BaseUrl;

pub(crate) struct Routes {
    pub(crate) models: Url,
    pub(crate) chat_completions: Url,
    pub(crate) responses: Url,
    pub(crate) embeddings: Url,
    pub(crate) images: Url,
    pub(crate) speech: Url,
    pub(crate) transcriptions: Url,
    pub(crate) voice_pipeline: Url,
}

impl Routes {
    pub(crate) fn of(base: &BaseUrl) -> Self {
        Self {
            models: base.route("/models"),
            chat_completions: base.route("/chat/completions"),
            responses: base.route("/responses"),
            embeddings: base.route("/embeddings"),
            images: base.route("/images/generations"),
            speech: base.route("/audio/speech"),
            transcriptions: base.route("/audio/transcriptions"),
            voice_pipeline: base.route("/pipeline"),
        }
    }
}
