//! The inputs of a rehearsal: what an operator would have set for the embedded gateway.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use canary_core::diagnose::did_you_mean;
use runinfra_gateway::{Gateway, Journal, fault};

use crate::probe::Books;

impl Books for Journal {
    fn runs_under(&self, key: &str) -> u64 {
        self.snapshot().executions_for_key(key) as u64
    }
}

/// A recording and the words in it.
struct Recording {
    audio: &'static [u8],
    words: &'static str,
}

const TRANSCRIPTION: Recording = Recording {
    audio: include_bytes!("../../../fixtures/transcription.wav"),
    words: include_str!("../../../fixtures/transcription.txt"),
};

const VOICE: Recording = Recording {
    audio: include_bytes!("../../../fixtures/voice.wav"),
    words: include_str!("../../../fixtures/voice.txt"),
};

/// No fault of the embedded gateway has this name.
#[derive(Debug, thiserror::Error)]
#[error("unknown fault `{name}`{}; `canary-gateway --list-faults` names them all", advice.as_ref().map(|advice| format!(" ({advice})")).unwrap_or_default())]
pub struct UnknownFault {
    name: String,
    advice: Option<String>,
}

/// The error for a name that no fault has.
pub fn unknown_fault(name: &str) -> UnknownFault {
    let known: Vec<&str> = fault::catalogue().iter().map(|fault| fault.name).collect();
    UnknownFault {
        name: name.to_owned(),
        advice: if known.contains(&name) {
            Some("it is in the catalogue, and no row names it: try it with --full".to_owned())
        } else {
            did_you_mean(name, &known)
        },
    }
}

/// Variables that name a gateway and everything on it.
pub fn environment(gateway: &Gateway) -> BTreeMap<String, String> {
    let models = gateway.models();
    let [transcription, voice] =
        [TRANSCRIPTION, VOICE].map(|recording| STANDARD.encode(recording.audio));
    let variables: [(&str, &str); 26] = [
        ("RUNINFRA_API_KEY", gateway.api_key()),
        ("RUNINFRA_BASE_URL", &gateway.base_url()),
        // Long enough for a machine that does a lot else, in a build that is not optimised.
        ("RUNINFRA_CANARY_TIMEOUT_SECONDS", "60"),
        ("RUNINFRA_CANARY_STREAM_SLOW_CONSUMER_DELAY_MS", "5"),
        ("RUNINFRA_LLM_MODEL", models.llm),
        ("RUNINFRA_EMBEDDING_MODEL", models.embedding),
        ("RUNINFRA_EMBEDDING_DIMENSIONS", "64"),
        ("RUNINFRA_IMAGE_MODEL", models.image),
        ("RUNINFRA_IMAGE_SIZE", "256x256"),
        ("RUNINFRA_IMAGE_RESPONSE_FORMAT", "b64_json"),
        ("RUNINFRA_TTS_MODEL", models.tts),
        ("RUNINFRA_TTS_VOICE", "alloy"),
        ("RUNINFRA_TTS_TASK_TYPE", "Base"),
        ("RUNINFRA_TTS_RESPONSE_FORMAT", "wav"),
        ("RUNINFRA_ASR_MODEL", models.asr),
        ("RUNINFRA_ASR_LANGUAGE", "en"),
        ("RUNINFRA_ASR_RESPONSE_FORMAT", "json"),
        ("RUNINFRA_ASR_FIXTURE_BASE64", &transcription),
        ("RUNINFRA_ASR_FIXTURE_CONTENT_TYPE", "audio/wav"),
        ("RUNINFRA_ASR_EXPECTED_TEXT", TRANSCRIPTION.words.trim()),
        ("RUNINFRA_PIPELINE_API_KEY", gateway.pipeline_key()),
        ("RUNINFRA_VOICE_PIPELINE_ID", gateway.pipeline_id()),
        ("RUNINFRA_VOICE_PIPELINE_API_KEY", gateway.pipeline_key()),
        ("RUNINFRA_VOICE_PIPELINE_AUDIO_BASE64", &voice),
        ("RUNINFRA_VOICE_PIPELINE_EXPECTED_TEXT", VOICE.words.trim()),
        ("RUNINFRA_CANARY_ENABLE_IDEMPOTENCY", "1"),
    ];
    variables
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
