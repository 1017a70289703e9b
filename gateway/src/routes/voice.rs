//! `POST /{pipelineId}/pipeline`: audio in, transcript and answer out.

use std::time::Instant;

use http::header::CONTENT_TYPE;
use serde::Serialize;

use crate::app::Call;
use crate::catalog::MODELS;
use crate::envelope::ApiError;
use crate::model::text::{self, Format, Role, Sampling, Task, ToolChoice, Turn};
use crate::reply::Reply;
use crate::routes::transcriptions::hear;

/// Longest spoken answer, in tokens.
const LONGEST_ANSWER: usize = 256;

#[derive(Serialize)]
struct Heard<'a> {
    id: String,
    object: &'static str,
    created: u64,
    modality: &'static str,
    model: &'a str,
    transcript: &'a str,
    response_text: &'a str,
    usage: Usage,
    latency_ms: f64,
}

#[derive(Serialize)]
struct Usage {
    audio_seconds: f64,
    prompt_tokens: usize,
    completion_tokens: usize,
    total_tokens: usize,
}

pub(super) fn create(call: &Call) -> Result<Reply, ApiError> {
    let started = Instant::now();
    let declared = content_type(call)?;
    if call.body.is_empty() {
        return Err(ApiError::invalid(
            "empty_body",
            "The body is empty. Send the audio itself, with its Content-Type.",
        ));
    }
    let heard = hear(&call.body, Some(&declared), "body")?;
    let task = task(heard.text.clone());
    let answer = text::complete(&task, 0);
    let prompt_tokens = text::prompt_tokens(&task);
    Ok(Reply::ok(&Heard {
        id: crate::ids::id("voice-"),
        object: "voice.pipeline",
        created: call.now,
        modality: "voice",
        model: MODELS.llm,
        transcript: &heard.text,
        response_text: &answer.text,
        usage: Usage {
            audio_seconds: heard.duration_seconds,
            prompt_tokens,
            completion_tokens: answer.tokens,
            total_tokens: prompt_tokens + answer.tokens,
        },
        latency_ms: started.elapsed().as_secs_f64() * 1_000.0,
    }))
}

fn content_type(call: &Call) -> Result<String, ApiError> {
    let declared = call
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = declared
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let audio = essence.starts_with("audio/")
        || matches!(
            essence.as_str(),
            "application/ogg" | "application/octet-stream" | "video/mp4" | "video/webm"
        );
    if audio {
        return Ok(declared.to_owned());
    }
    Err(ApiError::invalid(
        "invalid_content_type",
        "The body must be audio with its own Content-Type, e.g. `audio/wav`.",
    ))
}

fn task(transcript: String) -> Task {
    Task {
        turns: vec![Turn {
            role: Role::User,
            text: transcript,
            pictures: Vec::new(),
        }],
        sampling: Sampling {
            max_tokens: LONGEST_ANSWER,
            ..Sampling::default()
        },
        tools: Vec::new(),
        tool_choice: ToolChoice::None,
        parallel_tool_calls: false,
        format: Format::Text,
    }
}
