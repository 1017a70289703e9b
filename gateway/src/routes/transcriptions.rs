//! `POST /audio/transcriptions`.

use bytes::Bytes;
use serde::Serialize;

use crate::app::Call;
use crate::catalog::Modality;
use crate::envelope::{ApiError, clip};
use crate::model::media::transcribe::{Transcript, transcribe};
use crate::params::Adjustments;
use crate::reply::Reply;
use crate::routes::{model, multipart};

/// The fields as they were sent.
#[derive(Debug, Default)]
struct Form {
    file: Option<(Bytes, Option<String>)>,
    model: Option<String>,
    language: Option<String>,
    verbose: bool,
    words: bool,
    temperature: Option<f64>,
    strict: bool,
}

#[derive(Serialize)]
struct Usage {
    #[serde(rename = "type")]
    kind: &'static str,
    seconds: u64,
}

#[derive(Serialize)]
struct Plain<'a> {
    text: &'a str,
    usage: Usage,
}

#[derive(Serialize)]
struct Verbose<'a> {
    task: &'static str,
    language: &'a str,
    duration: f64,
    text: &'a str,
    segments: Vec<Segment<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<Vec<Word<'a>>>,
    usage: Usage,
}

#[derive(Serialize)]
struct Segment<'a> {
    id: usize,
    seek: u32,
    start: f64,
    end: f64,
    text: &'a str,
    tokens: Vec<u32>,
    temperature: f64,
    avg_logprob: f64,
    compression_ratio: f64,
    no_speech_prob: f64,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the wire's names")]
struct Word<'a> {
    word: &'a str,
    start: f64,
    end: f64,
}

pub(super) fn create(call: &Call) -> Result<Reply, ApiError> {
    let form = read(call)?;
    let id = form.model.as_deref().ok_or_else(|| missing("model"))?;
    model(call, id, Modality::Asr)?;
    let (audio, declared) = form.file.as_ref().ok_or_else(|| missing("file"))?;
    if audio.is_empty() {
        return Err(ApiError::invalid("empty_file", "`file` is empty.").at("file"));
    }
    let mut adjustments = Adjustments::default();
    let temperature = form.temperature.map_or(0.0, |value| {
        adjustments.clamp("temperature", value, 0.0, 1.0)
    });
    adjustments.enforce(form.strict)?;
    let heard = hear(audio, declared.as_deref(), "file")?;
    let reply = if form.verbose {
        Reply::ok(&verbose(&heard, &form, temperature))
    } else {
        Reply::ok(&Plain {
            text: &heard.text,
            usage: usage(&heard),
        })
    };
    Ok(reply.with_adjustments(&adjustments))
}

/// The words in the audio; 422 when it cannot be decoded.
pub(super) fn hear(
    audio: &[u8],
    declared: Option<&str>,
    param: &str,
) -> Result<Transcript, ApiError> {
    transcribe(audio, declared).map_err(|error| {
        ApiError::unprocessable(
            "undecodable_audio",
            format!(
                "The audio cannot be decoded: {error}. Send wav, mp3, flac, ogg, opus, aac or m4a."
            ),
        )
        .at(param)
    })
}

fn missing(name: &str) -> ApiError {
    ApiError::invalid(
        "missing_required_parameter",
        format!("Missing required parameter `{name}`."),
    )
    .at(name)
}

fn usage(heard: &Transcript) -> Usage {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a duration is small and never negative"
    )]
    let seconds = heard.duration_seconds.ceil() as u64;
    Usage {
        kind: "duration",
        seconds,
    }
}

fn verbose<'a>(heard: &'a Transcript, form: &'a Form, temperature: f64) -> Verbose<'a> {
    Verbose {
        task: "transcribe",
        language: form.language.as_deref().unwrap_or(heard.language.code),
        duration: heard.duration_seconds,
        text: &heard.text,
        segments: heard
            .segments
            .iter()
            .map(|segment| Segment {
                id: segment.id,
                seek: 0,
                start: segment.start,
                end: segment.end,
                text: &segment.text,
                tokens: Vec::new(),
                temperature,
                avg_logprob: -0.1,
                compression_ratio: 1.0,
                no_speech_prob: 0.01,
            })
            .collect(),
        words: form.words.then(|| {
            heard
                .words
                .iter()
                .map(|word| Word {
                    word: &word.word,
                    start: word.start,
                    end: word.end,
                })
                .collect()
        }),
        usage: usage(heard),
    }
}

fn read(call: &Call) -> Result<Form, ApiError> {
    let mut form = Form::default();
    for part in multipart::parse(call)? {
        match part.name.as_str() {
            "file" => form.file = Some((part.bytes, part.content_type)),
            "model" => form.model = Some(part.text()?.to_owned()),
            "language" => form.language = Some(language(part.text()?)?),
            // A hint about style: it does not change which words were said.
            "prompt" => {
                part.text()?;
            }
            "temperature" => {
                let temperature = part
                    .text()?
                    .trim()
                    .parse::<f64>()
                    .ok()
                    .filter(|value| value.is_finite());
                form.temperature = Some(temperature.ok_or_else(|| {
                    ApiError::invalid("invalid_type", "`temperature` is not a number.")
                        .at("temperature")
                })?);
            }
            "response_format" => {
                form.verbose = match part.text()?.trim() {
                    "json" => false,
                    "verbose_json" => true,
                    other => {
                        return Err(ApiError::invalid(
                            "invalid_response_format",
                            format!(
                                "`response_format` is `{}`; use json or verbose_json.",
                                clip(other)
                            ),
                        )
                        .at("response_format"));
                    }
                };
            }
            "timestamp_granularities[]" => form.words |= part.text()?.trim() == "word",
            "strict_params" => form.strict = part.text()?.trim() == "true",
            unknown => {
                return Err(ApiError::invalid(
                    "unknown_parameter",
                    format!("Unknown parameter `{}`.", clip(unknown)),
                )
                .at(clip(unknown)));
            }
        }
    }
    Ok(form)
}

fn language(text: &str) -> Result<String, ApiError> {
    let text = text.trim();
    let fits = (2..=20).contains(&text.len())
        && text
            .chars()
            .all(|character| character.is_ascii_alphabetic() || character == '-');
    if fits {
        return Ok(text.to_ascii_lowercase());
    }
    Err(ApiError::invalid(
        "invalid_language",
        "`language` is not a language code; send e.g. `en`.",
    )
    .at("language"))
}
