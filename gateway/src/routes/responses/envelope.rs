//! The Responses object.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::ids;
use crate::model::text::{Completion, Finish};

/// What the request said and the answer repeats.
pub(super) struct Terms {
    pub(super) model: &'static str,
    pub(super) instructions: Option<String>,
    pub(super) max_output_tokens: Option<usize>,
    pub(super) temperature: f64,
    pub(super) top_p: f64,
    pub(super) parallel_tool_calls: bool,
    pub(super) tools: Vec<Value>,
    pub(super) tool_choice: Value,
    pub(super) metadata: Map<String, Value>,
    pub(super) user: Option<String>,
    pub(super) input_tokens: usize,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Response {
    id: String,
    object: &'static str,
    created_at: u64,
    status: &'static str,
    error: Option<()>,
    incomplete_details: Option<Incomplete>,
    instructions: Option<String>,
    max_output_tokens: Option<usize>,
    model: &'static str,
    pub(super) output: Vec<Item>,
    parallel_tool_calls: bool,
    previous_response_id: Option<()>,
    store: bool,
    temperature: f64,
    tool_choice: Value,
    tools: Vec<Value>,
    top_p: f64,
    truncation: &'static str,
    usage: Option<Usage>,
    user: Option<String>,
    metadata: Map<String, Value>,
}

#[derive(Debug, Clone, Serialize)]
struct Incomplete {
    reason: &'static str,
}

#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Item {
    Message {
        id: String,
        status: &'static str,
        role: &'static str,
        content: Vec<Part>,
    },
    FunctionCall {
        id: String,
        call_id: String,
        name: String,
        arguments: String,
        status: &'static str,
    },
}

impl Item {
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Message { id, .. } | Self::FunctionCall { id, .. } => id,
        }
    }

    /// The item as it is announced: under way, and still empty.
    pub(super) fn begun(&self) -> Self {
        match self {
            Self::Message { id, role, .. } => Self::Message {
                id: id.clone(),
                status: "in_progress",
                role,
                content: Vec::new(),
            },
            Self::FunctionCall {
                id, call_id, name, ..
            } => Self::FunctionCall {
                id: id.clone(),
                call_id: call_id.clone(),
                name: name.clone(),
                arguments: String::new(),
                status: "in_progress",
            },
        }
    }
}

#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Part {
    OutputText { text: String, annotations: [(); 0] },
}

impl Part {
    pub(super) fn text(text: String) -> Self {
        Self::OutputText {
            text,
            annotations: [],
        }
    }
}

#[derive(Debug, Clone, Copy, Serialize)]
struct Usage {
    input_tokens: usize,
    input_tokens_details: InputDetails,
    output_tokens: usize,
    output_tokens_details: OutputDetails,
    total_tokens: usize,
}

#[derive(Debug, Clone, Copy, Default, Serialize)]
struct InputDetails {
    cached_tokens: usize,
}

#[derive(Debug, Clone, Copy, Default, Serialize)]
struct OutputDetails {
    reasoning_tokens: usize,
}

impl Response {
    /// The finished answer.
    pub(super) fn new(terms: &Terms, answer: &Completion, now: u64) -> Self {
        let cut = answer.finish == Finish::Length;
        let status = if cut { "incomplete" } else { "completed" };
        Self {
            id: ids::id("resp_"),
            object: "response",
            created_at: now,
            status,
            error: None,
            incomplete_details: cut.then_some(Incomplete {
                reason: "max_output_tokens",
            }),
            instructions: terms.instructions.clone(),
            max_output_tokens: terms.max_output_tokens,
            model: terms.model,
            output: output(answer, status),
            parallel_tool_calls: terms.parallel_tool_calls,
            previous_response_id: None,
            store: false,
            temperature: terms.temperature,
            tool_choice: terms.tool_choice.clone(),
            tools: terms.tools.clone(),
            top_p: terms.top_p,
            truncation: "disabled",
            usage: Some(Usage {
                input_tokens: terms.input_tokens,
                input_tokens_details: InputDetails::default(),
                output_tokens: answer.tokens,
                output_tokens_details: OutputDetails::default(),
                total_tokens: terms.input_tokens + answer.tokens,
            }),
            user: terms.user.clone(),
            metadata: terms.metadata.clone(),
        }
    }

    /// The same answer before anything was generated.
    pub(super) fn begun(&self) -> Self {
        Self {
            status: "in_progress",
            incomplete_details: None,
            output: Vec::new(),
            usage: None,
            ..self.clone()
        }
    }

    pub(super) fn is_incomplete(&self) -> bool {
        self.incomplete_details.is_some()
    }
}

fn output(answer: &Completion, status: &'static str) -> Vec<Item> {
    if answer.calls.is_empty() {
        return vec![Item::Message {
            id: ids::id("msg_"),
            status,
            role: "assistant",
            content: vec![Part::text(answer.text.clone())],
        }];
    }
    answer
        .calls
        .iter()
        .map(|call| Item::FunctionCall {
            id: ids::id("fc_"),
            call_id: ids::id("call_"),
            name: call.name.clone(),
            arguments: call.arguments.clone(),
            status,
        })
        .collect()
}
