//! Speech to text.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::multipart::{Form, Part};
use crate::types::body::{finite, model_given};

open_enum! {
    /// How much a transcription tells.
    TranscriptionFormat {
        /// The text.
        Json = "json",
        /// The text, its language, its duration and its segments.
        VerboseJson = "verbose_json",
    }
}

/// A request for a transcription. Sent as a form, so it has no `extra_body`.
///
/// The recording itself is not part of a document: read from one, a request has everything else, and the recording is put in
/// with [`file`](Self::file).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(remote = "Self", default, deny_unknown_fields)]
#[non_exhaustive]
pub struct TranscriptionRequest {
    /// The model's id. Required.
    pub model: String,
    /// The recording. Required, and not empty.
    #[serde(skip)]
    pub file: Bytes,
    /// The recording's file name: up to 255 characters, without quotes, backslashes and control characters. `audio.wav`
    /// unless set.
    pub filename: String,
    /// The recording's media type. `audio/wav` unless set.
    pub content_type: String,
    /// The language spoken, as a hint: an ISO 639-1 code such as `en`.
    pub language: Option<String>,
    /// A text to guide style and spelling: names and terms to expect, or what came before the recording.
    pub prompt: Option<String>,
    /// Sampling temperature, 0 to 1; 0 is greedy, higher is more random. The deployment's own when unset.
    pub temperature: Option<f64>,
    /// How much the answer tells. `json` unless set; only the two named formats have a typed answer.
    pub response_format: Option<TranscriptionFormat>,
}

impl Default for TranscriptionRequest {
    fn default() -> Self {
        Self {
            model: String::new(),
            file: Bytes::new(),
            filename: "audio.wav".to_owned(),
            content_type: "audio/wav".to_owned(),
            language: None,
            prompt: None,
            temperature: None,
            response_format: None,
        }
    }
}

impl TranscriptionRequest {
    /// A request with what is required.
    pub fn new(model: impl Into<String>, file: impl Into<Bytes>) -> Self {
        Self {
            model: model.into(),
            file: file.into(),
            ..Self::default()
        }
    }

    /// Puts the recording in.
    #[must_use]
    pub fn file(mut self, file: impl Into<Bytes>) -> Self {
        self.file = file.into();
        self
    }

    /// Names the recording.
    #[must_use]
    pub fn filename(mut self, name: impl Into<String>) -> Self {
        self.filename = name.into();
        self
    }

    /// Says what the recording is.
    #[must_use]
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = media_type.into();
        self
    }

    pub(crate) fn form(&self) -> Result<Form, Error> {
        model_given(&self.model)?;
        if self.file.is_empty() {
            return Err(Error::invalid(
                "file is empty: give the bytes of a recording".to_owned(),
            ));
        }
        if let Some(TranscriptionFormat::Other(_)) = self.response_format {
            return Err(Error::invalid("response_format has to be json or verbose_json: the typed answer has no place for another".to_owned()));
        }
        finite([("temperature", self.temperature)])?;
        let temperature = self.temperature.map(|temperature| temperature.to_string());
        let mut form = Form::new();
        form.add(Part::file(
            "file",
            &self.filename,
            &self.content_type,
            self.file.clone(),
        )?);
        form.add(Part::text("model", &self.model));
        let optional = [
            ("language", self.language.as_deref()),
            ("prompt", self.prompt.as_deref()),
            ("temperature", temperature.as_deref()),
            (
                "response_format",
                self.response_format
                    .as_ref()
                    .map(TranscriptionFormat::as_str),
            ),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                form.add(Part::text(name, value));
            }
        }
        Ok(form)
    }
}

setters!(TranscriptionRequest {
    language: String,
    prompt: String,
    temperature: f64,
    response_format: TranscriptionFormat,
});

/// A transcription.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct Transcription {
    /// What was said.
    pub text: String,
    /// In which language; only in `verbose_json`.
    #[serde(default)]
    pub language: Option<String>,
    /// How long the recording is, in seconds; only in `verbose_json`.
    #[serde(default)]
    pub duration: Option<f64>,
    /// Stretches of it; only in `verbose_json`.
    #[serde(default)]
    pub segments: Option<Vec<Segment>>,
}

/// A stretch of a transcription.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct Segment {
    /// Which one, from 0.
    pub id: u32,
    /// Where it begins, in seconds.
    pub start: f64,
    /// Where it ends, in seconds.
    pub end: f64,
    /// What was said.
    pub text: String,
}

objects! { Transcription, Segment }
read_objects! { TranscriptionRequest }
