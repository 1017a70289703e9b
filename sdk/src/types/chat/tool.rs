//! Tools that a model may call, and its calls.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::types::foreign;

tag! {
    /// `"function"`.
    FunctionTag = "function"
}

/// A tool on offer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Tool {
    /// A function of the application.
    Function(FunctionTool),
    /// A tool that this crate does not model, as it goes over the wire. The gateway rejects hosted tools.
    Other(Value),
}

impl Tool {
    /// A function named `name`, described to the model, with the JSON Schema of its arguments.
    pub fn function(
        name: impl Into<String>,
        description: impl Into<String>,
        parameters: Value,
    ) -> Self {
        Self::Function(FunctionTool {
            r#type: FunctionTag,
            function: FunctionDefinition {
                name: name.into(),
                description: Some(description.into()),
                parameters: Some(parameters),
                strict: None,
            },
        })
    }
}

impl<'de> Deserialize<'de> for Tool {
    /// A tool whose type is `function` is read as one and refuses unknown fields; any other is kept as it is.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = foreign::value(deserializer)?;
        if value.get("type").and_then(Value::as_str) == Some(FunctionTag::TEXT) {
            serde_json::from_value(value)
                .map(Self::Function)
                .map_err(serde::de::Error::custom)
        } else {
            Ok(Self::Other(value))
        }
    }
}

/// A function on offer.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct FunctionTool {
    /// Always `function`.
    pub r#type: FunctionTag,
    /// Which function.
    pub function: FunctionDefinition,
}

/// What the model is told of a function.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct FunctionDefinition {
    /// Its name.
    pub name: String,
    /// When and how to call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The JSON Schema of its arguments.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "foreign::optional_value"
    )]
    pub parameters: Option<Value>,
    /// Whether the arguments have to follow the schema exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strict: Option<bool>,
}

open_enum! {
    /// Whether to call a tool.
    ToolMode {
        /// No.
        None = "none",
        /// As the model likes.
        Auto = "auto",
        /// At least one.
        Required = "required",
    }
}

/// Which tool to call.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum ToolChoice {
    /// Any of them, or none.
    Mode(ToolMode),
    /// This one.
    Function(NamedTool),
}

impl ToolChoice {
    /// The function `name`.
    pub fn function(name: impl Into<String>) -> Self {
        Self::Function(NamedTool {
            r#type: FunctionTag,
            function: FunctionName { name: name.into() },
        })
    }
}

impl From<ToolMode> for ToolChoice {
    fn from(mode: ToolMode) -> Self {
        Self::Mode(mode)
    }
}

/// One function, chosen by name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct NamedTool {
    /// Always `function`.
    pub r#type: FunctionTag,
    /// Which one.
    pub function: FunctionName,
}

/// The name of a function.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct FunctionName {
    /// The name.
    pub name: String,
}

/// A call that the model made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct ToolCall {
    /// The call's id, for its result.
    pub id: String,
    /// Always `function`.
    pub r#type: FunctionTag,
    /// Which function, with what.
    pub function: FunctionCall,
}

impl ToolCall {
    /// A call of the function `name`, to be sent back to the model with its result.
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        arguments: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            r#type: FunctionTag,
            function: FunctionCall {
                name: name.into(),
                arguments: arguments.into(),
            },
        }
    }
}

/// A function and its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct FunctionCall {
    /// The function's name.
    pub name: String,
    /// The arguments: JSON text, which should follow the function's schema.
    pub arguments: String,
}

objects! { FunctionTool, FunctionDefinition, NamedTool, FunctionName, ToolCall, FunctionCall }
