//! A chat model small enough to read: it follows plain instructions, and otherwise continues the prompt in sentences.
//!
//! The same task always gives the same answer. What is said is decided by [`answer`]; how it is cut (stop sequences, token limits) by
//! [`limit`].

mod answer;
mod count;
mod directives;
mod facts;
mod hints;
mod limit;
mod lists;
mod literal;
mod numbers;
mod object;
mod pattern;
mod prose;
mod recall;
mod schema;
mod schema_string;
pub(crate) mod tokens;
mod tools;
mod vision;

use serde_json::Value;

pub(crate) use limit::{Finish, Limited};

/// Who said a turn. `developer` counts as system (OpenAI's newer name for it).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    System,
    User,
    Assistant,
    Tool,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) role: Role,
    pub(crate) text: String,
    /// Image files, for models that see.
    pub(crate) pictures: Vec<Vec<u8>>,
}

/// How the answer is chosen and cut.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sampling {
    pub(crate) max_tokens: usize,
    pub(crate) stop: Vec<String>,
    pub(crate) temperature: f64,
    pub(crate) top_p: f64,
    pub(crate) presence_penalty: f64,
    pub(crate) frequency_penalty: f64,
    pub(crate) seed: i64,
}

impl Default for Sampling {
    /// OpenAI's defaults.
    fn default() -> Self {
        Self {
            max_tokens: usize::MAX,
            stop: Vec::new(),
            temperature: 1.0,
            top_p: 1.0,
            presence_penalty: 0.0,
            frequency_penalty: 0.0,
            seed: 0,
        }
    }
}

/// A function the model may call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tool {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) parameters: Value,
}

/// Whether and what to call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum ToolChoice {
    None,
    #[default]
    Auto,
    Required,
    Named(String),
}

/// What the answer must look like.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Format {
    #[default]
    Text,
    JsonObject,
    JsonSchema(Value),
}

/// Everything the model is asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Task {
    pub(crate) turns: Vec<Turn>,
    pub(crate) sampling: Sampling,
    pub(crate) tools: Vec<Tool>,
    pub(crate) tool_choice: ToolChoice,
    pub(crate) parallel_tool_calls: bool,
    pub(crate) format: Format,
}

/// One call of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) name: String,
    /// JSON that fits the function's parameters.
    pub(crate) arguments: String,
}

/// One finished answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Completion {
    /// Empty when functions are called instead.
    pub(crate) text: String,
    pub(crate) calls: Vec<Call>,
    pub(crate) finish: Finish,
    pub(crate) tokens: usize,
}

/// Tokens of the prompt as the model reads it.
pub(crate) fn prompt_tokens(task: &Task) -> usize {
    let turns: usize = task
        .turns
        .iter()
        .map(|turn| 3 + tokens::count(&turn.text) + 64 * turn.pictures.len())
        .sum();
    let tools: usize = task
        .tools
        .iter()
        .map(|tool| 8 + tokens::count(&tool.name) + tokens::count(&tool.description))
        .sum();
    turns + tools + 3
}

/// The `index`-th answer to a task.
pub(crate) fn complete(task: &Task, index: usize) -> Completion {
    let calls = tools::calls(task);
    if !calls.is_empty() {
        let tokens = calls
            .iter()
            .map(|call| tokens::count(&call.name) + tokens::count(&call.arguments))
            .sum();
        return Completion {
            text: String::new(),
            calls,
            finish: Finish::ToolCalls,
            tokens,
        };
    }
    let text = match &task.format {
        Format::Text => answer::answer(task, index),
        Format::JsonObject => answer::object(task, index),
        Format::JsonSchema(schema) => {
            schema::fill(schema, hints::Hints::new(&answer::spoken(task))).to_string()
        }
    };
    let Limited {
        text,
        tokens,
        finish,
    } = limit::limit(text, &task.sampling);
    Completion {
        text,
        calls,
        finish,
        tokens,
    }
}

/// Whether this model finds a value for a schema at all. A request that it cannot honour is better refused than answered wrongly.
pub(crate) fn can_fill(task: &Task, schema: &Value, validator: &jsonschema::Validator) -> bool {
    validator.is_valid(&schema::fill(
        schema,
        hints::Hints::new(&answer::spoken(task)),
    ))
}
