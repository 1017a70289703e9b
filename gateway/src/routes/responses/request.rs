//! What a Responses request may say, and the chat it becomes.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::app::Call;
use crate::catalog::{Capability, Modality};
use crate::envelope::ApiError;
use crate::model::text::{Format, Role, Task, Turn};
use crate::params::{Adjustments, Whole};
use crate::routes::functions::{self, ResponseFormat};
use crate::routes::messages::{Detail, picture};
use crate::routes::responses::envelope::Terms;
use crate::routes::sampling::{self, Sent};
use crate::routes::{document, model, require};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    model: String,
    input: Input,
    instructions: Option<String>,
    stream: Option<bool>,
    max_output_tokens: Option<Whole>,
    temperature: Option<f64>,
    top_p: Option<f64>,
    response_format: Option<ResponseFormat>,
    tools: Option<Vec<Value>>,
    tool_choice: Option<Value>,
    parallel_tool_calls: Option<bool>,
    metadata: Option<Map<String, Value>>,
    user: Option<String>,
    service_tier: Option<Value>,
    store: Option<Value>,
    prediction: Option<Value>,
    strict_params: Option<bool>,
    // Known elsewhere, and refused here by name rather than as unknown.
    include: Option<Value>,
    reasoning: Option<Value>,
    previous_response_id: Option<Value>,
    conversation: Option<Value>,
    background: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a string or an array of input message objects")]
enum Input {
    Text(String),
    Items(Vec<Map<String, Value>>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    #[serde(rename = "type")]
    kind: Option<String>,
    role: MessageRole,
    content: Content,
    id: Option<String>,
    status: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum MessageRole {
    System,
    Developer,
    User,
    Assistant,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a string or an array of content parts")]
enum Content {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Part {
    InputText {
        text: String,
    },
    // The official clients send an answer back as they got it.
    OutputText {
        text: String,
        annotations: Option<Vec<Value>>,
        logprobs: Option<Vec<Value>>,
        parsed: Option<Value>,
    },
    Text {
        text: String,
    },
    InputImage {
        image_url: String,
        detail: Option<Detail>,
    },
}

/// A Responses request after every check.
pub(super) struct Asked {
    pub(super) task: Task,
    pub(super) stream: bool,
    pub(super) terms: Terms,
    pub(super) adjustments: Adjustments,
}

pub(super) fn read(call: &Call) -> Result<Asked, ApiError> {
    let body: Body = document::parse(call)?;
    let model = model(call, &body.model, Modality::Llm)?;
    refuse_unshipped(&body)?;
    let mut adjustments = Adjustments::default();
    let turns = turns(body.input, body.instructions.as_deref())?;
    if turns.iter().any(|turn| !turn.pictures.is_empty()) {
        require(model, Capability::Vision, "vision", "input")?;
    }
    let sampling = sampling::read(
        Sent {
            max_tokens: body
                .max_output_tokens
                .map(|value| ("max_output_tokens", value)),
            temperature: body.temperature,
            top_p: body.top_p,
            ..Sent::default()
        },
        model,
        &mut adjustments,
    )?;
    adjustments.enforce(body.strict_params.unwrap_or(false))?;
    // Accepted and ignored, as in chat.
    let _ = (body.service_tier, body.store, body.prediction);
    let tools_sent = body.tools.clone().unwrap_or_default();
    let tools = functions::tools(body.tools, model)?;
    let choice_sent = body.tool_choice.clone();
    let tool_choice = functions::choice(body.tool_choice, &tools)?;
    let parallel_tool_calls = body.parallel_tool_calls.unwrap_or(true);
    let mut task = Task {
        turns,
        tools,
        tool_choice,
        parallel_tool_calls,
        format: Format::Text,
        sampling,
    };
    functions::format(body.response_format, model, &mut task)?;
    let input_tokens = sampling::fit(&task, model, "input")?;
    let terms = Terms {
        model: model.id,
        instructions: body.instructions,
        max_output_tokens: body.max_output_tokens.map(|_| task.sampling.max_tokens),
        temperature: task.sampling.temperature,
        top_p: task.sampling.top_p,
        parallel_tool_calls,
        tools: tools_sent,
        tool_choice: choice_sent.unwrap_or_else(|| Value::from("auto")),
        metadata: body.metadata.unwrap_or_default(),
        user: body.user,
        input_tokens,
    };
    Ok(Asked {
        task,
        stream: body.stream.unwrap_or(false),
        terms,
        adjustments,
    })
}

/// State, reasoning and background work are not on this adapter (CONTRACT §1, routes).
fn refuse_unshipped(body: &Body) -> Result<(), ApiError> {
    let unshipped = [
        ("include", &body.include),
        ("reasoning", &body.reasoning),
        ("previous_response_id", &body.previous_response_id),
        ("conversation", &body.conversation),
        ("background", &body.background),
    ];
    match unshipped.iter().find(|(_, sent)| sent.is_some()) {
        None => Ok(()),
        Some((name, _)) => Err(ApiError::invalid(
            "unsupported_parameter",
            format!("`{name}` is not supported: this adapter keeps no state and runs nothing in the background. Use /v1/chat/completions."),
        )
        .at(*name)),
    }
}

fn turns(input: Input, instructions: Option<&str>) -> Result<Vec<Turn>, ApiError> {
    let mut turns = Vec::new();
    if let Some(instructions) = instructions {
        turns.push(turn(Role::System, instructions.to_owned()));
    }
    let empty = || {
        ApiError::invalid(
            "empty_input",
            "`input` is empty. Send a prompt or input messages.",
        )
        .at("input")
    };
    match input {
        Input::Text(text) if text.is_empty() => return Err(empty()),
        Input::Text(text) => turns.push(turn(Role::User, text)),
        Input::Items(items) if items.is_empty() => return Err(empty()),
        Input::Items(items) => {
            for (index, item) in items.into_iter().enumerate() {
                turns.extend(read_item(item, &format!("input[{index}]"))?);
            }
        }
    }
    Ok(turns)
}

fn turn(role: Role, text: String) -> Turn {
    Turn {
        role,
        text,
        pictures: Vec::new(),
    }
}

/// A message, or one of the two items of a function call.
fn read_item(item: Map<String, Value>, at: &str) -> Result<Option<Turn>, ApiError> {
    match item.get("type").and_then(Value::as_str) {
        Some("function_call") => return Ok(Some(turn(Role::Assistant, String::new()))),
        Some("function_call_output") => {
            let output = match item.get("output") {
                Some(Value::String(output)) => output.clone(),
                Some(other) => other.to_string(),
                None => {
                    return Err(ApiError::invalid(
                        "missing_required_parameter",
                        format!("Missing required parameter `{at}.output`."),
                    )
                    .at(format!("{at}.output")));
                }
            };
            return Ok(Some(turn(Role::Tool, output)));
        }
        _ => {}
    }
    let message: Message = serde_json::from_value(Value::Object(item)).map_err(|error| {
        ApiError::invalid(
            "invalid_type",
            format!(
                "`{at}` is not an input message: {}.",
                crate::envelope::clip(&error.to_string())
            ),
        )
        .at(at)
    })?;
    if message
        .kind
        .as_deref()
        .is_some_and(|kind| kind != "message")
    {
        return Err(
            ApiError::invalid("invalid_type", format!("`{at}.type` must be `message`."))
                .at(format!("{at}.type")),
        );
    }
    let _ = (message.id, message.status);
    let role = match message.role {
        MessageRole::System | MessageRole::Developer => Role::System,
        MessageRole::User => Role::User,
        MessageRole::Assistant => Role::Assistant,
    };
    let mut turn = turn(role, String::new());
    match message.content {
        Content::Text(text) => turn.text = text,
        Content::Parts(parts) => {
            for part in parts {
                // Parts of an earlier answer are taken for their text; nothing depends on the rest.
                let text = match part {
                    Part::InputText { text } | Part::Text { text } => text,
                    Part::OutputText {
                        text,
                        annotations,
                        logprobs,
                        parsed,
                    } => {
                        let _ = (annotations, logprobs, parsed);
                        text
                    }
                    Part::InputImage { image_url, detail } => {
                        let _ = detail;
                        turn.pictures.push(picture(&image_url, at)?);
                        continue;
                    }
                };
                if !turn.text.is_empty() {
                    turn.text.push('\n');
                }
                turn.text.push_str(&text);
            }
        }
    }
    Ok(Some(turn))
}
