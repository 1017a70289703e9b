//! Chunks of a streamed chat answer.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{FinishReason, FunctionTag, Role, Usage};
use crate::sse::{Protocol, Read};

tag! {
    /// `"chat.completion.chunk"`.
    ChatCompletionChunkTag = "chat.completion.chunk"
}

/// A piece of a chat completion.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct ChatCompletionChunk {
    /// The answer's id, the same in every piece.
    pub id: String,
    /// Always `chat.completion.chunk`.
    pub object: ChatCompletionChunkTag,
    /// When the answer was begun, in Unix seconds.
    pub created: u64,
    /// The model that makes it.
    pub model: String,
    /// What is new; empty in the piece that carries the usage.
    pub choices: Vec<ChunkChoice>,
    /// What it took, in the last piece, if asked for.
    #[serde(default)]
    pub usage: Option<Usage>,
    /// Which configuration of the backend makes it.
    #[serde(default)]
    pub system_fingerprint: Option<String>,
}

impl ChatCompletionChunk {
    /// The new text of the first answer.
    pub fn text(&self) -> Option<&str> {
        self.choices.first()?.delta.content.as_deref()
    }
}

impl Protocol for ChatCompletionChunk {
    const TERMINAL: &'static str = "[DONE]";
    const DONE_ENDS: bool = true;

    fn read(data: &str) -> serde_json::Result<Read<Self>> {
        serde_json::from_str(data).map(Read::More)
    }
}

/// What is new of one answer.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct ChunkChoice {
    /// Which answer, from 0.
    pub index: u32,
    /// What is new.
    pub delta: Delta,
    /// Why it stopped, in its last piece.
    #[serde(default)]
    pub finish_reason: Option<FinishReason>,
    /// Log probabilities of the tokens, if asked for.
    #[serde(default)]
    pub logprobs: Option<Value>,
}

/// What is new.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct Delta {
    /// Who speaks, in the first piece.
    #[serde(default)]
    pub role: Option<Role>,
    /// More text.
    #[serde(default)]
    pub content: Option<String>,
    /// Why it will not say it.
    #[serde(default)]
    pub refusal: Option<String>,
    /// More of its tool calls.
    #[serde(default, deserialize_with = "crate::types::body::null_is_empty")]
    pub tool_calls: Vec<ToolCallDelta>,
}

/// More of a tool call.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct ToolCallDelta {
    /// Which call, from 0.
    pub index: u32,
    /// The call's id, in its first piece.
    #[serde(default)]
    pub id: Option<String>,
    /// Always `function`, in its first piece.
    #[serde(default)]
    pub r#type: Option<FunctionTag>,
    /// What is new of the function.
    #[serde(default)]
    pub function: Option<FunctionDelta>,
}

/// What is new of a called function.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct FunctionDelta {
    /// Its name, in the first piece.
    #[serde(default)]
    pub name: Option<String>,
    /// More text of its arguments.
    #[serde(default)]
    pub arguments: Option<String>,
}

objects! { ChatCompletionChunk, ChunkChoice, Delta, ToolCallDelta, FunctionDelta }
