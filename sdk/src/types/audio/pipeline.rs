//! Voice pipelines: a recording in, a transcript and a response out.

use bytes::Bytes;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::error::Error;

/// A recording for a voice pipeline.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(remote = "Self", default, deny_unknown_fields)]
#[non_exhaustive]
pub struct VoicePipelineRequest {
    /// The recording. Required, and not empty. Not part of a document.
    #[serde(skip)]
    pub audio: Bytes,
    /// Its media type. `audio/wav` unless set.
    pub content_type: String,
}

impl Default for VoicePipelineRequest {
    fn default() -> Self {
        Self {
            audio: Bytes::new(),
            content_type: "audio/wav".to_owned(),
        }
    }
}

impl VoicePipelineRequest {
    /// A request with a recording and its media type.
    pub fn new(audio: impl Into<Bytes>, content_type: impl Into<String>) -> Self {
        Self {
            audio: audio.into(),
            content_type: content_type.into(),
        }
    }

    /// Puts the recording in.
    #[must_use]
    pub fn audio(mut self, audio: impl Into<Bytes>) -> Self {
        self.audio = audio.into();
        self
    }

    /// Says what the recording is.
    #[must_use]
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = media_type.into();
        self
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.audio.is_empty() {
            return Err(Error::invalid(
                "audio is empty: give the bytes of a recording".to_owned(),
            ));
        }
        crate::multipart::media_type(&self.content_type)
    }
}

/// What a voice pipeline heard and what it says to that. At least one of the two is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct VoicePipelineAnswer {
    /// What was said: the member `transcript`, or `text`.
    pub transcript: Option<String>,
    /// The response: the first string among the members `response_text`, `response`, `responseText`, `output_text` and
    /// `outputText`.
    pub response_text: Option<String>,
}

impl<'de> Deserialize<'de> for VoicePipelineAnswer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Map::<String, Value>::deserialize(deserializer)?;
        let first = |names: &[&str]| {
            names
                .iter()
                .find_map(|name| members.get(*name)?.as_str())
                .map(str::to_owned)
        };
        let transcript = first(&["transcript", "text"]);
        let response_text = first(&[
            "response_text",
            "response",
            "responseText",
            "output_text",
            "outputText",
        ]);
        if transcript.is_none() && response_text.is_none() {
            return Err(D::Error::custom("neither a transcript nor a response"));
        }
        Ok(Self {
            transcript,
            response_text,
        })
    }
}

read_objects! { VoicePipelineRequest }
