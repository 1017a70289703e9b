//! What a chat request may say, and what it comes to.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::app::Call;
use crate::catalog::{Capability, Modality, Model};
use crate::envelope::ApiError;
use crate::model::text::{Format, Task};
use crate::params::{Adjustments, Whole};
use crate::routes::functions::{self, ResponseFormat};
use crate::routes::messages::{self, Message};
use crate::routes::sampling::{self, Sent, Stop};
use crate::routes::{document, model, require};

/// Most answers to one request.
const MOST_ANSWERS: usize = 8;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    model: String,
    messages: Vec<Message>,
    stream: Option<bool>,
    stream_options: Option<StreamOptions>,
    temperature: Option<f64>,
    top_p: Option<f64>,
    n: Option<Whole>,
    max_tokens: Option<Whole>,
    max_completion_tokens: Option<Whole>,
    stop: Option<Stop>,
    presence_penalty: Option<f64>,
    frequency_penalty: Option<f64>,
    seed: Option<Whole>,
    user: Option<String>,
    metadata: Option<Map<String, Value>>,
    logit_bias: Option<Map<String, Value>>,
    logprobs: Option<bool>,
    top_logprobs: Option<Whole>,
    tools: Option<Vec<Value>>,
    tool_choice: Option<Value>,
    parallel_tool_calls: Option<bool>,
    response_format: Option<ResponseFormat>,
    modalities: Option<Vec<String>>,
    audio: Option<Value>,
    // Ignored, as documented: there are no tiers, nothing is stored, and the gateway picks its own draft model.
    service_tier: Option<Value>,
    store: Option<Value>,
    prediction: Option<Value>,
    strict_params: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StreamOptions {
    include_usage: Option<bool>,
    include_obfuscation: Option<bool>,
}

/// A chat request after every check.
pub(super) struct Asked {
    pub(super) model: &'static Model,
    pub(super) task: Task,
    pub(super) answers: usize,
    pub(super) stream: bool,
    pub(super) include_usage: bool,
    pub(super) prompt_tokens: usize,
    pub(super) metadata: Option<Map<String, Value>>,
    pub(super) adjustments: Adjustments,
}

pub(super) fn read(call: &Call) -> Result<Asked, ApiError> {
    let body: Body = document::parse(call)?;
    let model = model(call, &body.model, Modality::Llm)?;
    reject_audio(&body)?;
    let mut adjustments = Adjustments::default();
    let conversation = messages::read(body.messages)?;
    if conversation.pictures {
        require(model, Capability::Vision, "vision", "messages")?;
    }
    let stream = body.stream.unwrap_or(false);
    if body.stream_options.is_some() && !stream {
        return Err(ApiError::invalid(
            "invalid_stream_options",
            "`stream_options` is only allowed with `stream: true`.",
        )
        .at("stream_options"));
    }
    let sampling = sampling::read(
        Sent {
            max_tokens: body
                .max_completion_tokens
                .map(|value| ("max_completion_tokens", value))
                .or(body.max_tokens.map(|value| ("max_tokens", value))),
            temperature: body.temperature,
            top_p: body.top_p,
            presence_penalty: body.presence_penalty,
            frequency_penalty: body.frequency_penalty,
            seed: body.seed,
            stop: body.stop,
        },
        model,
        &mut adjustments,
    )?;
    let answers = body
        .n
        .map_or(1, |n| adjustments.clamp_count("n", n, MOST_ANSWERS));
    if body.logit_bias.is_some_and(|bias| !bias.is_empty()) {
        adjustments.drop("logit_bias");
    }
    if body.logprobs == Some(true) {
        adjustments.drop("logprobs");
    }
    if body.top_logprobs.is_some_and(|count| count != Whole(0)) {
        adjustments.drop("top_logprobs");
    }
    adjustments.enforce(body.strict_params.unwrap_or(false))?;
    // Accepted for compatibility; no answer depends on them.
    let _ = (body.user, body.service_tier, body.store, body.prediction);
    let tools = functions::tools(body.tools, model)?;
    let tool_choice = functions::choice(body.tool_choice, &tools)?;
    let mut task = Task {
        turns: conversation.turns,
        sampling,
        tools,
        tool_choice,
        parallel_tool_calls: body.parallel_tool_calls.unwrap_or(true),
        format: Format::Text,
    };
    functions::format(body.response_format, model, &mut task)?;
    let prompt_tokens = sampling::fit(&task, model, "messages")?;
    Ok(Asked {
        model,
        task,
        answers,
        stream,
        include_usage: body.stream_options.is_some_and(|options| {
            let _ = options.include_obfuscation;
            options.include_usage.unwrap_or(false)
        }),
        prompt_tokens,
        metadata: body.metadata,
        adjustments,
    })
}

/// Speech comes from its own route (CONTRACT §1, "Parameters").
fn reject_audio(body: &Body) -> Result<(), ApiError> {
    let asked = body
        .modalities
        .as_ref()
        .is_some_and(|modalities| modalities.iter().any(|modality| modality != "text"));
    if body.audio.is_none() && !asked {
        return Ok(());
    }
    let param = if asked { "modalities" } else { "audio" };
    Err(ApiError::invalid(
        "unsupported_parameter",
        "Chat answers in text only, so `audio` is not supported. Use /v1/audio/speech.",
    )
    .at(param))
}
