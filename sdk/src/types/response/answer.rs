//! The answer of the Responses adapter.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::types::Role;

tag! {
    /// `"response"`.
    ResponseTag = "response"
}

open_enum! {
    /// How far a response, or an item of it, has come.
    ResponseStatus {
        /// Waiting.
        Queued = "queued",
        /// Being written.
        InProgress = "in_progress",
        /// Whole.
        Completed = "completed",
        /// Cut short; `incomplete_details` says why.
        Incomplete = "incomplete",
        /// Failed; `error` says why.
        Failed = "failed",
    }
}

/// A response.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct Response {
    /// Its id, different for every response.
    pub id: String,
    /// Always `response`.
    pub object: ResponseTag,
    /// When it was made, in Unix seconds.
    #[serde(deserialize_with = "whole_seconds")]
    pub created_at: u64,
    /// How far it has come.
    pub status: ResponseStatus,
    /// The model that made it.
    pub model: String,
    /// What it consists of.
    pub output: Vec<OutputItem>,
    /// The tokens it took; absent until it is whole.
    #[serde(default)]
    pub usage: Option<ResponseUsage>,
    /// Why it failed.
    #[serde(default)]
    pub error: Option<ResponseError>,
    /// Why it was cut short.
    #[serde(default)]
    pub incomplete_details: Option<IncompleteDetails>,
    /// What the request had as `metadata`.
    #[serde(default)]
    pub metadata: Option<Map<String, Value>>,
}

/// `created_at` is documented as a number, and some write the seconds with a fraction: it is left out.
fn whole_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let number = serde_json::Number::deserialize(deserializer)?;
    let seconds = number.as_u64().or_else(|| {
        let seconds = number
            .as_f64()
            .filter(|seconds| (0.0..1e12).contains(seconds))?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "neither negative nor near the largest number"
        )]
        let whole = seconds as u64;
        Some(whole)
    });
    seconds.ok_or_else(|| serde::de::Error::custom("a point in time before 1970 or far beyond"))
}

impl Response {
    /// All the text in it, joined.
    pub fn output_text(&self) -> String {
        let messages = self.output.iter().filter_map(|item| match item {
            OutputItem::Message(message) => Some(message),
            _ => None,
        });
        let parts = messages.flat_map(|message| &message.content);
        parts
            .filter_map(|part| match part {
                OutputPart::Text(part) => Some(part.text.as_str()),
                _ => None,
            })
            .collect()
    }
}

/// Tokens that a response took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct ResponseUsage {
    /// Tokens of the input.
    pub input_tokens: u64,
    /// Tokens generated.
    pub output_tokens: u64,
    /// Both.
    pub total_tokens: u64,
}

/// Why a response failed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct ResponseError {
    /// The gateway's code.
    #[serde(default)]
    pub code: Option<String>,
    /// In words.
    pub message: String,
}

/// Why a response was cut short.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct IncompleteDetails {
    /// For instance `max_output_tokens`.
    pub reason: String,
}

/// A piece of a response.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum OutputItem {
    /// A message of the model.
    Message(OutputMessage),
    /// A call of a function.
    FunctionCall(OutputFunctionCall),
    /// An item that this crate does not model, as it came.
    Other(Value),
}

impl<'de> Deserialize<'de> for OutputItem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        match type_of(&value)? {
            "message" => OutputMessage::deserialize(value).map(Self::Message),
            "function_call" => OutputFunctionCall::deserialize(value).map(Self::FunctionCall),
            _ => return Ok(Self::Other(value)),
        }
        .map_err(serde::de::Error::custom)
    }
}

/// A message of the model.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct OutputMessage {
    /// Its id.
    pub id: String,
    /// Always `message`.
    pub r#type: super::MessageTag,
    /// How far it has come.
    pub status: ResponseStatus,
    /// Always the assistant.
    pub role: Role,
    /// What it says.
    pub content: Vec<OutputPart>,
}

tag! {
    /// `"function_call"`.
    FunctionCallTag = "function_call"
}

/// A call of a function.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct OutputFunctionCall {
    /// The item's id.
    pub id: String,
    /// Always `function_call`.
    pub r#type: FunctionCallTag,
    /// How far it has come.
    #[serde(default)]
    pub status: Option<ResponseStatus>,
    /// The call's id, for its result.
    pub call_id: String,
    /// The function's name.
    pub name: String,
    /// The arguments: JSON text, which should follow the function's schema.
    pub arguments: String,
}

/// A part of a message of the model.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum OutputPart {
    /// Text.
    Text(OutputText),
    /// Why it will not say it.
    Refusal(OutputRefusal),
    /// A part that this crate does not model, as it came.
    Other(Value),
}

impl<'de> Deserialize<'de> for OutputPart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        match type_of(&value)? {
            "output_text" => OutputText::deserialize(value).map(Self::Text),
            "refusal" => OutputRefusal::deserialize(value).map(Self::Refusal),
            _ => return Ok(Self::Other(value)),
        }
        .map_err(serde::de::Error::custom)
    }
}

fn type_of<E: serde::de::Error>(value: &Value) -> Result<&str, E> {
    value
        .get("type")
        .and_then(Value::as_str)
        .ok_or_else(|| E::missing_field("type"))
}

tag! {
    /// `"output_text"`.
    OutputTextTag = "output_text"
}

/// Text of the model.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct OutputText {
    /// Always `output_text`.
    pub r#type: OutputTextTag,
    /// The text.
    pub text: String,
    /// Notes on stretches of the text.
    #[serde(default)]
    pub annotations: Vec<Value>,
}

tag! {
    /// `"refusal"`.
    RefusalTag = "refusal"
}

/// Why the model will not say it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct OutputRefusal {
    /// Always `refusal`.
    pub r#type: RefusalTag,
    /// In words.
    pub refusal: String,
}

objects! { Response, ResponseUsage, ResponseError, IncompleteDetails, OutputMessage, OutputFunctionCall, OutputText, OutputRefusal }

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Response;

    #[test]
    fn a_point_in_time_may_have_a_fraction() {
        let read = |created_at| {
            let answer = json!({
                "id": "r", "object": "response", "created_at": created_at, "status": "completed", "model": "m", "output": [],
            });
            serde_json::from_value::<Response>(answer)
                .ok()
                .map(|response| response.created_at)
        };
        assert_eq!(read(json!(1_763_714_000)), Some(1_763_714_000));
        assert_eq!(read(json!(1_763_714_000.0)), Some(1_763_714_000));
        assert_eq!(read(json!(1_763_714_000.75)), Some(1_763_714_000));
        for no in [json!(-1), json!(1e300), json!("1763714000"), json!(null)] {
            assert_eq!(read(no.clone()), None, "{no}");
        }
    }
}
