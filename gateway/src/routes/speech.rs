//! `POST /audio/speech`.

use bytes::Bytes;
use http::{HeaderValue, StatusCode};
use serde::Deserialize;

use crate::app::Call;
use crate::catalog::Modality;
use crate::envelope::{ApiError, clip};
use crate::model::media::speech::{self, AudioFormat};
use crate::params::Adjustments;
use crate::reply::Reply;
use crate::routes::{document, model};

/// Longest text, in characters (OpenAI's limit for the same route).
const LONGEST_INPUT: usize = 4_096;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    model: String,
    input: String,
    voice: Option<String>,
    ref_audio: Option<String>,
    ref_text: Option<String>,
    task_type: Option<String>,
    response_format: Option<String>,
    speed: Option<f64>,
    strict_params: Option<bool>,
}

pub(super) fn create(call: &Call) -> Result<Reply, ApiError> {
    let body: Body = document::parse(call)?;
    let model = model(call, &body.model, Modality::Tts)?;
    if body.input.trim().is_empty() {
        return Err(ApiError::invalid("empty_input", "`input` is empty.").at("input"));
    }
    if body.input.chars().count() > LONGEST_INPUT {
        return Err(ApiError::unprocessable(
            "input_too_long",
            format!("`input` is longer than {LONGEST_INPUT} characters."),
        )
        .at("input"));
    }
    let voice = voice(&body)?;
    let format: AudioFormat = match body.response_format.as_deref() {
        None => AudioFormat::Mp3,
        Some(name) => name.parse().map_err(|_| {
            ApiError::invalid(
                "invalid_response_format",
                format!(
                    "`response_format` is `{}`; use mp3, opus, aac, flac, wav or pcm.",
                    clip(name)
                ),
            )
            .at("response_format")
        })?,
    };
    let mut adjustments = Adjustments::default();
    if let Some(speed) = body.speed {
        let speed = adjustments.clamp("speed", speed, 0.25, 4.0);
        if (speed - 1.0).abs() > f64::EPSILON {
            adjustments.drop("speed");
        }
    }
    adjustments.enforce(body.strict_params.unwrap_or(false))?;
    let audio = speech::synthesize(&body.input, &voice, format).map_err(|error| {
        ApiError::capability(model.id, &format!("{format} audio"), "response_format")
            .because(&error.reason)
    })?;
    Ok(Reply::whole(
        StatusCode::OK,
        HeaderValue::from_static(format.content_type()),
        Bytes::from(audio),
    )
    .with_adjustments(&adjustments))
}

/// A named voice, or the one in the reference audio.
fn voice(body: &Body) -> Result<String, ApiError> {
    let filled = |text: &Option<String>| {
        text.as_deref()
            .map(str::trim)
            .is_some_and(|text| !text.is_empty())
    };
    if let Some(task) = &body.task_type
        && task.trim().is_empty()
    {
        return Err(ApiError::invalid(
            "invalid_task_type",
            "`task_type` is blank; leave it out for `Base`.",
        )
        .at("task_type"));
    }
    match (&body.voice, &body.ref_audio, &body.ref_text) {
        (Some(voice), _, _) if filled(&body.voice) => Ok(voice.trim().to_owned()),
        (_, Some(audio), Some(_)) if filled(&body.ref_audio) && filled(&body.ref_text) => {
            let task = body.task_type.as_deref().unwrap_or("Base");
            Ok(format!("{task}:{audio}"))
        }
        (_, Some(_), _) => Err(ApiError::invalid(
            "missing_required_parameter",
            "`ref_audio` needs `ref_text` with it.",
        )
        .at("ref_text")),
        (_, _, Some(_)) => Err(ApiError::invalid(
            "missing_required_parameter",
            "`ref_text` needs `ref_audio` with it.",
        )
        .at("ref_audio")),
        _ => Err(ApiError::invalid(
            "missing_required_parameter",
            "Name a `voice`, or send `ref_audio` and `ref_text`.",
        )
        .at("voice")),
    }
}
