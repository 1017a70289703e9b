//! The chat request.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{ChatMessage, Tool, ToolChoice};
use crate::error::Error;
use crate::types::body::{JsonRequest, finite, model_given};

/// A request for a chat completion.
///
/// Read from a document it takes the fields below by name, with `extra_body` as a table, and refuses any other. Whether the
/// answer is streamed is a matter of the call, not of the request.
///
/// ```
/// use runinfra::types::{ChatCompletionRequest, ChatMessage};
///
/// let request = ChatCompletionRequest::new("llama-3.1-8b", [ChatMessage::user("Hello")]).max_tokens(16_u32).temperature(0.2);
/// # assert_eq!(request.max_tokens, Some(16));
///
/// let document = r#"{"model": "m", "messages": [{"role": "user", "content": "Hello"}], "extra_body": {"min_p": 0.1}}"#;
/// let request: ChatCompletionRequest = serde_json::from_str(document)?;
/// assert_eq!(request.extra_body["min_p"], 0.1);
/// assert!(serde_json::from_str::<ChatCompletionRequest>(r#"{"modle": "m"}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self", default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ChatCompletionRequest {
    /// The model's id. Required.
    pub model: String,
    /// The conversation so far, oldest message first. Required, and not empty.
    pub messages: Vec<ChatMessage>,
    /// Sampling temperature, 0 to 2; 0 is greedy, higher is more random. The deployment's own when unset. Out of range it is
    /// clamped, and `X-Param-Adjustments` says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Nucleus sampling: only the likeliest tokens whose probabilities add up to this much are sampled from, 0 to 1.
    /// The deployment's own when unset. Out of range it is clamped, and `X-Param-Adjustments` says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_p: Option<f64>,
    /// The most tokens to generate for each choice. The finish reason is `length` when it is met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
    /// The most tokens to generate for each choice: OpenAI's newer name for [`max_tokens`](Self::max_tokens).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_completion_tokens: Option<u32>,
    /// How many choices to generate; each is charged. 1 unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<u32>,
    /// Stop sequences, up to four: generation ends before the first one met, which is not part of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<Stop>,
    /// Penalty on tokens that have occurred at all in the text so far, -2 to 2; above 0 favours new topics. 0 unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presence_penalty: Option<f64>,
    /// Penalty on tokens by how often they have occurred in the text so far, -2 to 2; above 0 discourages repetition. 0 unless
    /// set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frequency_penalty: Option<f64>,
    /// What to add to the logits of tokens before sampling, by token id: -100 bans a token, 100 forces it. Dropped where the
    /// backend lacks it, and `X-Param-Adjustments` says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logit_bias: Option<BTreeMap<String, f64>>,
    /// Whether to return the log probability of each output token. `false` unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logprobs: Option<bool>,
    /// How many of the likeliest tokens to return at each position with their log probabilities, 0 to 20. Needs
    /// [`logprobs`](Self::logprobs).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_logprobs: Option<u32>,
    /// Seed of the sampling: the same request with the same seed should give the same answer, as far as the backend can. Random
    /// when unset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<i64>,
    /// An opaque id of your end user, for telling abuse apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Your own data about the call; the answer carries it unchanged.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::types::foreign::optional_map"
    )]
    pub metadata: Option<Map<String, Value>>,
    /// What a stream should carry besides its text, such as the usage. Only for streams.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_options: Option<StreamOptions>,
    /// Tools that the model may call. A model without the capability answers 400.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tools: Option<Vec<Tool>>,
    /// Whether the model has to call a tool, and which. Unset: `auto` where there are tools, else `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_choice: Option<ToolChoice>,
    /// Whether the model may call several tools in one answer. `true` unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallel_tool_calls: Option<bool>,
    /// The format of the output: text, a JSON object, or JSON that follows a schema. Text unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_format: Option<ResponseFormat>,
    /// Ignored by the gateway.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_tier: Option<String>,
    /// Ignored by the gateway.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store: Option<bool>,
    /// Ignored by the gateway.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::types::foreign::optional_value"
    )]
    pub prediction: Option<Value>,
    /// Whether a parameter that the gateway would drop or clamp is a 400 instead. `false` unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strict_params: Option<bool>,
    /// Body fields that are not typed here.
    #[serde(skip_serializing, deserialize_with = "crate::types::foreign::map")]
    pub extra_body: Map<String, Value>,
}

impl ChatCompletionRequest {
    /// A request with what is required.
    pub fn new(model: impl Into<String>, messages: impl Into<Vec<ChatMessage>>) -> Self {
        Self {
            model: model.into(),
            messages: messages.into(),
            ..Self::default()
        }
    }

    /// Adds a message at the end.
    #[must_use]
    pub fn message(mut self, message: ChatMessage) -> Self {
        self.messages.push(message);
        self
    }
}

setters!(ChatCompletionRequest {
    temperature: f64,
    top_p: f64,
    max_tokens: u32,
    max_completion_tokens: u32,
    n: u32,
    stop: Stop,
    presence_penalty: f64,
    frequency_penalty: f64,
    logit_bias: BTreeMap<String, f64>,
    logprobs: bool,
    top_logprobs: u32,
    seed: i64,
    user: String,
    metadata: Map<String, Value>,
    stream_options: StreamOptions,
    tools: Vec<Tool>,
    tool_choice: ToolChoice,
    parallel_tool_calls: bool,
    response_format: ResponseFormat,
    service_tier: String,
    store: bool,
    prediction: Value,
    strict_params: bool,
});
extra_body!(ChatCompletionRequest);

impl JsonRequest for ChatCompletionRequest {
    const RESERVED: &'static [&'static str] = &["stream"];

    fn extra_body(&self) -> &Map<String, Value> {
        &self.extra_body
    }

    fn check(&self) -> Result<(), Error> {
        model_given(&self.model)?;
        if self.messages.is_empty() {
            return Err(Error::invalid(
                "messages is empty: give at least one message".to_owned(),
            ));
        }
        if let Some(at) = self
            .messages
            .iter()
            .position(|message| message.role.as_str().trim().is_empty())
        {
            return Err(Error::invalid(format!(
                "messages[{at}].role is empty: say who speaks"
            )));
        }
        finite([
            ("temperature", self.temperature),
            ("top_p", self.top_p),
            ("presence_penalty", self.presence_penalty),
            ("frequency_penalty", self.frequency_penalty),
        ])?;
        finite(
            self.logit_bias
                .iter()
                .flatten()
                .map(|(_, bias)| ("logit_bias", Some(*bias))),
        )
    }
}

/// Where an answer has to stop: before this text, or before the first of these.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Stop {
    /// One text.
    Text(String),
    /// Any of several.
    Texts(Vec<String>),
}

from_text!(Stop);
from_texts!(Stop);

/// What a stream should carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct StreamOptions {
    /// Whether a last chunk without choices should carry the usage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include_usage: Option<bool>,
}

impl StreamOptions {
    /// Asks for the usage at the end of the stream.
    pub fn with_usage() -> Self {
        Self {
            include_usage: Some(true),
        }
    }
}

/// What form an answer has to have.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(
    remote = "Self",
    tag = "type",
    rename_all = "snake_case",
    deny_unknown_fields
)]
#[non_exhaustive]
pub enum ResponseFormat {
    /// Any text.
    Text {},
    /// A JSON object.
    JsonObject {},
    /// JSON that follows a schema.
    JsonSchema {
        /// Which schema.
        json_schema: JsonSchema,
    },
}

impl ResponseFormat {
    /// Any JSON object. The messages have to ask for JSON too, or the model may write white space without end.
    pub fn json_object() -> Self {
        Self::JsonObject {}
    }

    /// JSON that follows `schema`, strictly.
    pub fn json_schema(name: impl Into<String>, schema: Value) -> Self {
        Self::JsonSchema {
            json_schema: JsonSchema {
                name: name.into(),
                description: None,
                schema: Some(schema),
                strict: Some(true),
            },
        }
    }
}

/// A schema by name.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct JsonSchema {
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The JSON Schema.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::types::foreign::optional_value"
    )]
    pub schema: Option<Value>,
    /// Whether to follow it exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strict: Option<bool>,
}

objects! { ChatCompletionRequest, StreamOptions, ResponseFormat, JsonSchema }
