//! Chat messages into turns.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::envelope::ApiError;
use crate::model::media::image;
use crate::model::text::{Role, Turn};

/// One entry of `messages`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Message {
    role: MessageRole,
    content: Option<Content>,
    name: Option<String>,
    tool_calls: Option<Vec<Value>>,
    tool_call_id: Option<String>,
    refusal: Option<String>,
    // The official clients send back what they were sent, nulls included.
    audio: Option<Value>,
    function_call: Option<Value>,
    annotations: Option<Vec<Value>>,
    parsed: Option<Value>,
}

#[derive(Debug, Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum MessageRole {
    System,
    Developer,
    User,
    Assistant,
    Tool,
}

#[derive(Debug)]
enum Content {
    Text(String),
    Parts(Vec<Part>),
}

/// Read in one go: an untagged enum would be held twice, and could not say which part is wrong.
impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Content;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a string, or an array of content parts")
            }

            fn visit_str<E>(self, text: &str) -> Result<Content, E> {
                Ok(Content::Text(text.to_owned()))
            }

            fn visit_string<E>(self, text: String) -> Result<Content, E> {
                Ok(Content::Text(text))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, parts: A) -> Result<Content, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(parts)).map(Content::Parts)
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Part {
    Text { text: String },
    Refusal { refusal: String },
    ImageUrl { image_url: ImageUrl },
    InputAudio { input_audio: Value },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ImageUrl {
    url: String,
    detail: Option<Detail>,
}

/// How closely a picture is to be looked at; the answer does not depend on it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Detail {
    Auto,
    Low,
    High,
}

/// Turns, and whether any shows a picture.
pub(super) struct Conversation {
    pub(super) turns: Vec<Turn>,
    pub(super) pictures: bool,
}

/// Reads `messages`. Pictures must be data URLs: the gateway fetches nothing.
pub(super) fn read(messages: Vec<Message>) -> Result<Conversation, ApiError> {
    if messages.is_empty() {
        return Err(ApiError::invalid(
            "empty_array",
            "`messages` is empty. Send at least one message.",
        )
        .at("messages"));
    }
    let mut conversation = Conversation {
        turns: Vec::with_capacity(messages.len()),
        pictures: false,
    };
    for (index, message) in messages.into_iter().enumerate() {
        let turn = message.into_turn(index)?;
        conversation.pictures |= !turn.pictures.is_empty();
        conversation.turns.push(turn);
    }
    Ok(conversation)
}

impl Message {
    fn into_turn(self, index: usize) -> Result<Turn, ApiError> {
        let at = |field: &str| format!("messages[{index}].{field}");
        let calls = self
            .tool_calls
            .as_ref()
            .is_some_and(|calls| !calls.is_empty());
        if self.content.is_none()
            && !(self.role == MessageRole::Assistant
                && (calls || self.refusal.is_some() || self.function_call.is_some()))
        {
            return Err(ApiError::invalid(
                "missing_required_parameter",
                format!("Missing required parameter `{}`.", at("content")),
            )
            .at(at("content")));
        }
        if self.role == MessageRole::Tool && self.tool_call_id.is_none() {
            return Err(ApiError::invalid(
                "missing_required_parameter",
                format!("A tool message needs `{}`.", at("tool_call_id")),
            )
            .at(at("tool_call_id")));
        }
        // Read for their types only; nothing in an answer depends on them.
        let _ = (self.name, self.audio, self.annotations, self.parsed);
        let mut turn = Turn {
            role: match self.role {
                MessageRole::System | MessageRole::Developer => Role::System,
                MessageRole::User => Role::User,
                MessageRole::Assistant => Role::Assistant,
                MessageRole::Tool => Role::Tool,
            },
            text: String::new(),
            pictures: Vec::new(),
        };
        match self.content {
            None => {}
            Some(Content::Text(text)) => turn.text = text,
            Some(Content::Parts(parts)) => {
                for (part, number) in parts.into_iter().zip(0..) {
                    part.add_to(&mut turn, &at(&format!("content[{number}]")))?;
                }
            }
        }
        Ok(turn)
    }
}

impl Part {
    fn add_to(self, turn: &mut Turn, at: &str) -> Result<(), ApiError> {
        match self {
            Self::Text { text } | Self::Refusal { refusal: text } => {
                if !turn.text.is_empty() {
                    turn.text.push('\n');
                }
                turn.text.push_str(&text);
            }
            Self::ImageUrl { image_url } => {
                let _ = image_url.detail;
                turn.pictures.push(picture(&image_url.url, at)?);
            }
            Self::InputAudio { input_audio } => {
                drop(input_audio);
                return Err(ApiError::invalid(
                    "unsupported_capability",
                    "No deployed chat model has the capability `audio input`. Use /v1/audio/transcriptions.",
                )
                .at(at));
            }
        }
        Ok(())
    }
}

/// The bytes of a `data:image/…;base64,…` URL.
pub(super) fn picture(url: &str, at: &str) -> Result<Vec<u8>, ApiError> {
    let bad = |why: &str| ApiError::unprocessable("invalid_image", why.to_owned()).at(at);
    let Some(rest) = url.strip_prefix("data:") else {
        return Err(bad(
            "The image is not a data URL, and this gateway fetches nothing. Send `data:image/png;base64,…`.",
        ));
    };
    let Some((kind, data)) = rest.split_once(";base64,") else {
        return Err(bad("The image's data URL is not base64."));
    };
    if !kind.starts_with("image/") {
        return Err(bad("The data URL does not declare an image type."));
    }
    let bytes = STANDARD
        .decode(data)
        .map_err(|_| bad("The image's base64 cannot be decoded."))?;
    image::describe(&bytes)
        .map_err(|error| bad(&format!("The image cannot be decoded: {error}.")))?;
    Ok(bytes)
}
