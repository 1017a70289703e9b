//! Events of a streamed response.

use std::borrow::Cow;

use serde::Deserialize;

use super::{OutputItem, OutputPart, Response};
use crate::sse::{Protocol, Read};
use crate::types::ObjectOnly;

/// An event of a streamed response. Its `type` tells the variant.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ResponseEvent {
    /// `response.created`: the first event.
    Created(ResponseSnapshot),
    /// `response.queued`.
    Queued(ResponseSnapshot),
    /// `response.in_progress`.
    InProgress(ResponseSnapshot),
    /// `response.output_item.added`.
    OutputItemAdded(OutputItemEvent),
    /// `response.output_item.done`.
    OutputItemDone(OutputItemEvent),
    /// `response.content_part.added`.
    ContentPartAdded(ContentPartEvent),
    /// `response.content_part.done`.
    ContentPartDone(ContentPartEvent),
    /// `response.output_text.delta`: more text.
    OutputTextDelta(TextDelta),
    /// `response.output_text.done`: the whole text of a part.
    OutputTextDone(TextDone),
    /// `response.refusal.delta`: more of a refusal.
    RefusalDelta(TextDelta),
    /// `response.refusal.done`: a whole refusal.
    RefusalDone(RefusalDone),
    /// `response.function_call_arguments.delta`: more of a call's arguments.
    FunctionCallArgumentsDelta(ArgumentsDelta),
    /// `response.function_call_arguments.done`: the whole arguments of a call.
    FunctionCallArgumentsDone(ArgumentsDone),
    /// `response.completed`: a last event, with the whole response.
    Completed(ResponseSnapshot),
    /// `response.incomplete`: a last event; the response was cut short.
    Incomplete(ResponseSnapshot),
    /// `response.failed`: a last event; the response failed.
    Failed(ResponseSnapshot),
    /// An event that this crate does not model.
    Other(OtherEvent),
}

impl ResponseEvent {
    /// The event's number in its stream, from 0. An event that this crate does not model may have none.
    pub fn sequence_number(&self) -> Option<u64> {
        match self {
            Self::Created(event)
            | Self::Queued(event)
            | Self::InProgress(event)
            | Self::Completed(event)
            | Self::Incomplete(event)
            | Self::Failed(event) => Some(event.sequence_number),
            Self::OutputItemAdded(event) | Self::OutputItemDone(event) => {
                Some(event.sequence_number)
            }
            Self::ContentPartAdded(event) | Self::ContentPartDone(event) => {
                Some(event.sequence_number)
            }
            Self::OutputTextDelta(event) | Self::RefusalDelta(event) => Some(event.sequence_number),
            Self::OutputTextDone(event) => Some(event.sequence_number),
            Self::RefusalDone(event) => Some(event.sequence_number),
            Self::FunctionCallArgumentsDelta(event) => Some(event.sequence_number),
            Self::FunctionCallArgumentsDone(event) => Some(event.sequence_number),
            Self::Other(event) => event.sequence_number,
        }
    }

    /// The event's `type`.
    pub fn event_type(&self) -> &str {
        match self {
            Self::Created(_) => "response.created",
            Self::Queued(_) => "response.queued",
            Self::InProgress(_) => "response.in_progress",
            Self::OutputItemAdded(_) => "response.output_item.added",
            Self::OutputItemDone(_) => "response.output_item.done",
            Self::ContentPartAdded(_) => "response.content_part.added",
            Self::ContentPartDone(_) => "response.content_part.done",
            Self::OutputTextDelta(_) => "response.output_text.delta",
            Self::OutputTextDone(_) => "response.output_text.done",
            Self::RefusalDelta(_) => "response.refusal.delta",
            Self::RefusalDone(_) => "response.refusal.done",
            Self::FunctionCallArgumentsDelta(_) => "response.function_call_arguments.delta",
            Self::FunctionCallArgumentsDone(_) => "response.function_call_arguments.done",
            Self::Completed(_) => "response.completed",
            Self::Incomplete(_) => "response.incomplete",
            Self::Failed(_) => "response.failed",
            Self::Other(event) => &event.r#type,
        }
    }

    /// New text, if that is what the event brings.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::OutputTextDelta(event) => Some(&event.delta),
            _ => None,
        }
    }

    /// The response, if this is a last event.
    pub fn final_response(&self) -> Option<&Response> {
        match self {
            Self::Completed(event) | Self::Incomplete(event) | Self::Failed(event) => {
                Some(&event.response)
            }
            _ => None,
        }
    }
}

/// The member that tells which event it is.
#[derive(Deserialize)]
struct Typed<'a> {
    #[serde(borrow)]
    r#type: Cow<'a, str>,
}

impl Protocol for ResponseEvent {
    const TERMINAL: &'static str = "response.completed, response.incomplete or response.failed";
    const DONE_ENDS: bool = false;

    /// Looks for the type first, then reads what that type has: an enum tagged inside would copy everything twice.
    fn read(data: &str) -> serde_json::Result<Read<Self>> {
        let object = ObjectOnly(&mut serde_json::Deserializer::from_str(data));
        let typed = Typed::deserialize(object)?;
        let event = match &*typed.r#type {
            "response.created" => Self::Created(serde_json::from_str(data)?),
            "response.queued" => Self::Queued(serde_json::from_str(data)?),
            "response.in_progress" => Self::InProgress(serde_json::from_str(data)?),
            "response.output_item.added" => Self::OutputItemAdded(serde_json::from_str(data)?),
            "response.output_item.done" => Self::OutputItemDone(serde_json::from_str(data)?),
            "response.content_part.added" => Self::ContentPartAdded(serde_json::from_str(data)?),
            "response.content_part.done" => Self::ContentPartDone(serde_json::from_str(data)?),
            "response.output_text.delta" => Self::OutputTextDelta(serde_json::from_str(data)?),
            "response.output_text.done" => Self::OutputTextDone(serde_json::from_str(data)?),
            "response.refusal.delta" => Self::RefusalDelta(serde_json::from_str(data)?),
            "response.refusal.done" => Self::RefusalDone(serde_json::from_str(data)?),
            "response.function_call_arguments.delta" => {
                Self::FunctionCallArgumentsDelta(serde_json::from_str(data)?)
            }
            "response.function_call_arguments.done" => {
                Self::FunctionCallArgumentsDone(serde_json::from_str(data)?)
            }
            "response.completed" => Self::Completed(serde_json::from_str(data)?),
            "response.incomplete" => Self::Incomplete(serde_json::from_str(data)?),
            "response.failed" => Self::Failed(serde_json::from_str(data)?),
            "error" => return Ok(Read::Failure),
            _ => Self::Other(serde_json::from_str(data)?),
        };
        Ok(match event.final_response() {
            Some(_) => Read::Last(event),
            None => Read::More(event),
        })
    }
}

/// The response as it stands.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct ResponseSnapshot {
    /// The event's number, from 0.
    pub sequence_number: u64,
    /// The response.
    pub response: Response,
}

/// An item begins or ends.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct OutputItemEvent {
    /// The event's number, from 0.
    pub sequence_number: u64,
    /// Which item, from 0.
    pub output_index: u32,
    /// The item.
    pub item: OutputItem,
}

/// A part of a message begins or ends.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct ContentPartEvent {
    /// The event's number, from 0.
    pub sequence_number: u64,
    /// The message's id.
    pub item_id: String,
    /// Which item, from 0.
    pub output_index: u32,
    /// Which part of it, from 0.
    pub content_index: u32,
    /// The part.
    pub part: OutputPart,
}

/// More text of a part.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct TextDelta {
    /// The event's number, from 0.
    pub sequence_number: u64,
    /// The message's id.
    pub item_id: String,
    /// Which item, from 0.
    pub output_index: u32,
    /// Which part of it, from 0.
    pub content_index: u32,
    /// The new text.
    pub delta: String,
}

/// The whole text of a part.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct TextDone {
    /// The event's number, from 0.
    pub sequence_number: u64,
    /// The message's id.
    pub item_id: String,
    /// Which item, from 0.
    pub output_index: u32,
    /// Which part of it, from 0.
    pub content_index: u32,
    /// The text: all deltas joined.
    pub text: String,
}

/// A whole refusal.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct RefusalDone {
    /// The event's number, from 0.
    pub sequence_number: u64,
    /// The message's id.
    pub item_id: String,
    /// Which item, from 0.
    pub output_index: u32,
    /// Which part of it, from 0.
    pub content_index: u32,
    /// The refusal: all deltas joined.
    pub refusal: String,
}

/// More of a call's arguments.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct ArgumentsDelta {
    /// The event's number, from 0.
    pub sequence_number: u64,
    /// The call's item id.
    pub item_id: String,
    /// Which item, from 0.
    pub output_index: u32,
    /// The new text.
    pub delta: String,
}

/// The whole arguments of a call.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct ArgumentsDone {
    /// The event's number, from 0.
    pub sequence_number: u64,
    /// The call's item id.
    pub item_id: String,
    /// Which item, from 0.
    pub output_index: u32,
    /// The arguments: all deltas joined.
    pub arguments: String,
}

/// An event that this crate does not model; its text is in [`Event::raw`](crate::Event::raw).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct OtherEvent {
    /// The event's type.
    pub r#type: String,
    /// The event's number, from 0.
    #[serde(default)]
    pub sequence_number: Option<u64>,
}

read_objects! { ResponseSnapshot, OutputItemEvent, ContentPartEvent, TextDelta, TextDone, RefusalDone, ArgumentsDelta, ArgumentsDone, OtherEvent }
