//! The chat answer.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Role, ToolCall};

tag! {
    /// `"chat.completion"`.
    ChatCompletionTag = "chat.completion"
}

open_enum! {
    /// Why the model stopped.
    FinishReason {
        /// It was done, or met a stop text.
        Stop = "stop",
        /// It ran into the token limit.
        Length = "length",
        /// It called tools.
        ToolCalls = "tool_calls",
        /// What it wrote was held back.
        ContentFilter = "content_filter",
    }
}

/// A chat completion.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct ChatCompletion {
    /// Its id, different for every answer.
    pub id: String,
    /// Always `chat.completion`.
    pub object: ChatCompletionTag,
    /// When it was made, in Unix seconds.
    pub created: u64,
    /// The model that made it.
    pub model: String,
    /// The answers, at least one.
    #[serde(deserialize_with = "crate::types::body::at_least_one")]
    pub choices: Vec<Choice>,
    /// The tokens it took.
    #[serde(default)]
    pub usage: Option<Usage>,
    /// Which configuration of the backend made it.
    #[serde(default)]
    pub system_fingerprint: Option<String>,
    /// What the request had as `metadata`.
    #[serde(default)]
    pub metadata: Option<Map<String, Value>>,
}

impl ChatCompletion {
    /// The text of the first answer.
    pub fn text(&self) -> Option<&str> {
        self.choices.first()?.message.content.as_deref()
    }
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct Choice {
    /// Which one, from 0.
    pub index: u32,
    /// What the model says.
    pub message: AssistantMessage,
    /// Why it stopped.
    pub finish_reason: Option<FinishReason>,
    /// Log probabilities of the tokens, if asked for.
    #[serde(default)]
    pub logprobs: Option<Value>,
}

/// What the model says.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct AssistantMessage {
    /// Always the assistant.
    pub role: Role,
    /// The text; absent where it called tools instead.
    #[serde(default)]
    pub content: Option<String>,
    /// Why it will not say it.
    #[serde(default)]
    pub refusal: Option<String>,
    /// Tools it wants called.
    #[serde(default, deserialize_with = "crate::types::body::null_is_empty")]
    pub tool_calls: Vec<ToolCall>,
}

/// Tokens that a chat took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct Usage {
    /// Tokens of the prompt.
    pub prompt_tokens: u64,
    /// Tokens generated.
    pub completion_tokens: u64,
    /// Both.
    pub total_tokens: u64,
}

objects! { ChatCompletion, Choice, AssistantMessage, Usage }
