//! A whole chat answer.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::ids;
use crate::model::text::Completion;

/// What every part of one answer has in common.
pub(super) struct Head {
    pub(super) id: String,
    pub(super) created: u64,
    pub(super) model: &'static str,
    pub(super) prompt_tokens: usize,
    pub(super) metadata: Option<Map<String, Value>>,
}

#[derive(Serialize)]
pub(super) struct Whole<'a> {
    id: &'a str,
    object: &'static str,
    created: u64,
    model: &'a str,
    choices: Vec<Choice<'a>>,
    usage: Usage,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a Map<String, Value>>,
}

#[derive(Serialize)]
struct Choice<'a> {
    index: usize,
    message: Message<'a>,
    logprobs: Option<()>,
    finish_reason: &'static str,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: Option<&'a str>,
    refusal: Option<()>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<ToolCall>,
}

#[derive(Serialize)]
pub(super) struct ToolCall {
    /// Only in streams: which call an increment belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'static str>,
    pub(super) function: Function,
}

#[derive(Serialize)]
pub(super) struct Function {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    pub(super) arguments: String,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[expect(clippy::struct_field_names, reason = "the wire's names")]
pub(super) struct Usage {
    prompt_tokens: usize,
    completion_tokens: usize,
    total_tokens: usize,
}

impl Usage {
    pub(super) fn new(head: &Head, answers: &[Completion]) -> Self {
        let completion_tokens = answers.iter().map(|answer| answer.tokens).sum();
        Self {
            prompt_tokens: head.prompt_tokens,
            completion_tokens,
            total_tokens: head.prompt_tokens + completion_tokens,
        }
    }
}

pub(super) fn whole<'a>(head: &'a Head, answers: &'a [Completion]) -> Whole<'a> {
    Whole {
        id: &head.id,
        object: "chat.completion",
        created: head.created,
        model: head.model,
        choices: answers
            .iter()
            .enumerate()
            .map(|(index, answer)| Choice {
                index,
                message: message(answer),
                logprobs: None,
                finish_reason: answer.finish.as_str(),
            })
            .collect(),
        usage: Usage::new(head, answers),
        metadata: head.metadata.as_ref(),
    }
}

fn message(answer: &Completion) -> Message<'_> {
    Message {
        role: "assistant",
        content: answer.calls.is_empty().then_some(answer.text.as_str()),
        refusal: None,
        tool_calls: answer
            .calls
            .iter()
            .map(|call| ToolCall {
                index: None,
                id: Some(ids::id("call_")),
                kind: Some("function"),
                function: Function {
                    name: Some(call.name.clone()),
                    arguments: call.arguments.clone(),
                },
            })
            .collect(),
    }
}
