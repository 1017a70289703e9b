//! Text to speech.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::types::body::{JsonRequest, finite, model_given, not_empty};

open_enum! {
    /// The container of speech.
    SpeechFormat {
        /// MP3.
        Mp3 = "mp3",
        /// Opus in Ogg.
        Opus = "opus",
        /// AAC.
        Aac = "aac",
        /// FLAC.
        Flac = "flac",
        /// WAV.
        Wav = "wav",
        /// Bare samples.
        Pcm = "pcm",
    }
}

/// A request for speech, in a voice of the deployment or in the voice of a recording.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self", default, deny_unknown_fields)]
#[non_exhaustive]
pub struct SpeechRequest {
    /// The model's id. Required.
    pub model: String,
    /// The text to speak. Required, and not empty.
    pub input: String,
    /// The name of a voice of the deployment. Required unless `ref_audio` and `ref_text` are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voice: Option<String>,
    /// A recording of the voice to clone, in the form that the deployment asks for. Goes with `ref_text`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ref_audio: Option<String>,
    /// The transcript of `ref_audio`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ref_text: Option<String>,
    /// The deployment's task for speech by reference; `Base` unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_type: Option<String>,
    /// The audio format. `mp3` unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_format: Option<SpeechFormat>,
    /// The speed, 0.25 to 4 times the normal. 1 unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<f64>,
    /// Whether a parameter that the gateway would drop or clamp is a 400 instead. `false` unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strict_params: Option<bool>,
    /// Body fields that are not typed here.
    #[serde(skip_serializing, deserialize_with = "crate::types::foreign::map")]
    pub extra_body: Map<String, Value>,
}

impl SpeechRequest {
    /// A request with a voice of the deployment.
    pub fn new(
        model: impl Into<String>,
        input: impl Into<String>,
        voice: impl Into<String>,
    ) -> Self {
        Self {
            model: model.into(),
            input: input.into(),
            voice: Some(voice.into()),
            ..Self::default()
        }
    }

    /// A request with the voice of a recording, and what the recording says.
    pub fn with_reference(
        model: impl Into<String>,
        input: impl Into<String>,
        ref_audio: impl Into<String>,
        ref_text: impl Into<String>,
    ) -> Self {
        Self {
            model: model.into(),
            input: input.into(),
            ref_audio: Some(ref_audio.into()),
            ref_text: Some(ref_text.into()),
            ..Self::default()
        }
    }
}

setters!(SpeechRequest {
    voice: String,
    ref_audio: String,
    ref_text: String,
    task_type: String,
    response_format: SpeechFormat,
    speed: f64,
    strict_params: bool,
});
extra_body!(SpeechRequest);

impl JsonRequest for SpeechRequest {
    fn extra_body(&self) -> &Map<String, Value> {
        &self.extra_body
    }

    fn check(&self) -> Result<(), Error> {
        model_given(&self.model)?;
        not_empty("input", &self.input)?;
        let given =
            |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
        let by_reference = given(&self.ref_audio) && given(&self.ref_text);
        if !(given(&self.voice) || by_reference) {
            return Err(Error::invalid(
                "no voice: give voice, or both ref_audio and ref_text".to_owned(),
            ));
        }
        finite([("speed", self.speed)])
    }
}

objects! { SpeechRequest }
