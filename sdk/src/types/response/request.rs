//! The request of the Responses adapter.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::types::body::{JsonRequest, finite, model_given, not_empty};
use crate::types::{ResponseFormat, Role, Tool, ToolChoice, foreign};

/// A request for a response.
///
/// The gateway turns it into a chat: it keeps no state, and has neither reasoning controls nor hosted tools. On a client
/// scoped to a pipeline, `model` may be `default`.
///
/// ```
/// use runinfra::types::ResponseRequest;
///
/// let request = ResponseRequest::new("llama-3.1-8b", "Count to five.").max_output_tokens(64_u32);
/// # let _ = request;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self", default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ResponseRequest {
    /// The model's id. Required.
    pub model: String,
    /// What to respond to: a text, or messages, oldest first. Required, and not empty.
    pub input: ResponseInput,
    /// A system message that stands before the input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    /// The most tokens to generate. The response is `incomplete` when it is met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
    /// Sampling temperature, 0 to 2; 0 is greedy, higher is more random. The deployment's own when unset. Out of range it is
    /// clamped, and `X-Param-Adjustments` says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Nucleus sampling: only the likeliest tokens whose probabilities add up to this much are sampled from, 0 to 1.
    /// The deployment's own when unset. Out of range it is clamped, and `X-Param-Adjustments` says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_p: Option<f64>,
    /// The format of the output: text, a JSON object, or JSON that follows a schema. Text unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_format: Option<ResponseFormat>,
    /// Tools that the model may call, defined as for a chat. A model without the capability answers 400.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tools: Option<Vec<Tool>>,
    /// Whether the model has to call a tool, and which. Unset: `auto` where there are tools, else `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_choice: Option<ToolChoice>,
    /// Your own data about the call; the answer carries it unchanged.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::types::foreign::optional_map"
    )]
    pub metadata: Option<Map<String, Value>>,
    /// An opaque id of your end user, for telling abuse apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Whether a parameter that the gateway would drop or clamp is a 400 instead. `false` unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strict_params: Option<bool>,
    /// Body fields that are not typed here.
    #[serde(skip_serializing, deserialize_with = "crate::types::foreign::map")]
    pub extra_body: Map<String, Value>,
}

impl ResponseRequest {
    /// A request with what is required.
    pub fn new(model: impl Into<String>, input: impl Into<ResponseInput>) -> Self {
        Self {
            model: model.into(),
            input: input.into(),
            ..Self::default()
        }
    }
}

setters!(ResponseRequest {
    instructions: String,
    max_output_tokens: u32,
    temperature: f64,
    top_p: f64,
    response_format: ResponseFormat,
    tools: Vec<Tool>,
    tool_choice: ToolChoice,
    metadata: Map<String, Value>,
    user: String,
    strict_params: bool,
});
extra_body!(ResponseRequest);

impl JsonRequest for ResponseRequest {
    const RESERVED: &'static [&'static str] = &["stream"];

    fn extra_body(&self) -> &Map<String, Value> {
        &self.extra_body
    }

    fn check(&self) -> Result<(), Error> {
        model_given(&self.model)?;
        match &self.input {
            ResponseInput::Text(text) => not_empty("input", text)?,
            ResponseInput::Items(items) if items.is_empty() => {
                return Err(Error::invalid(
                    "input is an empty array: give at least one message".to_owned(),
                ));
            }
            ResponseInput::Items(items) => {
                let nameless = |item: &InputItem| matches!(item, InputItem::Message(message) if message.role.as_str().trim().is_empty());
                if let Some(at) = items.iter().position(nameless) {
                    return Err(Error::invalid(format!(
                        "input[{at}].role is empty: say who speaks"
                    )));
                }
            }
        }
        finite([("temperature", self.temperature), ("top_p", self.top_p)])
    }
}

/// What to respond to: a text, or messages.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum ResponseInput {
    /// What the person says.
    Text(String),
    /// The chat so far.
    Items(Vec<InputItem>),
}

impl Default for ResponseInput {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

from_text!(ResponseInput);

impl From<Vec<InputItem>> for ResponseInput {
    fn from(items: Vec<InputItem>) -> Self {
        Self::Items(items)
    }
}

impl From<Vec<InputMessage>> for ResponseInput {
    fn from(messages: Vec<InputMessage>) -> Self {
        Self::Items(messages.into_iter().map(InputItem::Message).collect())
    }
}

impl<const N: usize> From<[InputMessage; N]> for ResponseInput {
    fn from(messages: [InputMessage; N]) -> Self {
        Self::Items(messages.into_iter().map(InputItem::Message).collect())
    }
}

/// One item of an input.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum InputItem {
    /// A message.
    Message(InputMessage),
    /// An item that this crate does not model, as it goes over the wire.
    Other(Map<String, Value>),
}

impl<'de> Deserialize<'de> for InputItem {
    /// An item of type `message`, or of none, is read as one and refuses unknown fields; any other is kept as it is.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let item = foreign::map(deserializer)?;
        match item.get("type").map(Value::as_str) {
            None | Some(Some("message")) => serde_json::from_value(Value::Object(item))
                .map(Self::Message)
                .map_err(serde::de::Error::custom),
            Some(_) => Ok(Self::Other(item)),
        }
    }
}

tag! {
    /// `"message"`.
    MessageTag = "message"
}

/// A message of an input.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self", default, deny_unknown_fields)]
#[non_exhaustive]
pub struct InputMessage {
    /// Always `message`; may be left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<MessageTag>,
    /// Who speaks. Required.
    pub role: Role,
    /// What is said.
    pub content: InputContent,
}

impl InputMessage {
    /// A message of any role.
    pub fn new(role: Role, content: impl Into<InputContent>) -> Self {
        Self {
            r#type: None,
            role,
            content: content.into(),
        }
    }

    /// A message of the person.
    pub fn user(content: impl Into<InputContent>) -> Self {
        Self::new(Role::User, content)
    }

    /// Instructions of the application.
    pub fn system(content: impl Into<InputContent>) -> Self {
        Self::new(Role::System, content)
    }

    /// Instructions of the application, by their newer name.
    pub fn developer(content: impl Into<InputContent>) -> Self {
        Self::new(Role::Developer, content)
    }

    /// A message of the model.
    pub fn assistant(content: impl Into<InputContent>) -> Self {
        Self::new(Role::Assistant, content)
    }
}

/// What a message of an input says: text, or parts of several kinds.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum InputContent {
    /// Text.
    Text(String),
    /// Parts, in order.
    Parts(Vec<InputPart>),
}

impl Default for InputContent {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

from_text!(InputContent);

impl From<Vec<InputPart>> for InputContent {
    fn from(parts: Vec<InputPart>) -> Self {
        Self::Parts(parts)
    }
}

/// A part of a message of an input.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(
    remote = "Self",
    tag = "type",
    rename_all = "snake_case",
    deny_unknown_fields
)]
#[non_exhaustive]
pub enum InputPart {
    /// Text to the model.
    InputText {
        /// The text.
        text: String,
    },
    /// Text of the model.
    OutputText {
        /// The text.
        text: String,
    },
    /// An image.
    InputImage {
        /// An `https:` or `data:` URL.
        image_url: String,
        /// The detail at which the model sees it: `auto`, `low` or `high`. `auto` unless set.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
    },
}

objects! { ResponseRequest, InputMessage, InputPart }
