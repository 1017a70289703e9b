//! What a run may say about what it saw: closed types that cannot hold a prompt, a text, a model
//! id, a path or a key.
//!
//! A [`Measured`] is all that is kept of an observation for one check. The judge decides from it,
//! and the verifier decides again from the same bytes.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::digest::Digest;

/// What stands where a call's name would, when the row as a whole is meant. No call is called so.
pub const WHOLE_ROW: &str = "row";

/// What was measured for one check, in one of four forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "form", rename_all = "snake_case", deny_unknown_fields)]
pub enum Measured {
    /// One value was looked for; absent when the answer did not have it.
    Found {
        /// The value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        found: Option<Scalar>,
    },
    /// A value known only to this run was asked for, and something came back.
    Echo {
        /// Keyed digest of what was asked for.
        wanted: Digest,
        /// Keyed digest of what came back; absent when nothing did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        found: Option<Digest>,
    },
    /// A condition was tried on each of several things.
    Each {
        /// On how many it was tried.
        evaluated: u64,
        /// On how many it did not hold.
        violations: u64,
        /// Where in our own schema or vocabulary the first violation stands.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Place>,
    },
    /// Two things were compared.
    Pair {
        /// Keyed digest of the first; absent when it was not there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        left: Option<Digest>,
        /// Keyed digest of the second; absent when it was not there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        right: Option<Digest>,
    },
}

/// A single value of a closed kind.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Scalar {
    /// An HTTP status.
    Status(u16),
    /// How many.
    Count(u64),
    /// A time span in milliseconds.
    Millis(u64),
    /// A ratio in millionths: 1.0 is 1 000 000.
    Millionths(i64),
    /// Yes or no.
    Truth(bool),
    /// A word of the closed vocabulary.
    Word(Word),
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{status}"),
            Self::Count(count) => write!(f, "{count}"),
            Self::Millis(millis) => write!(f, "{millis} ms"),
            #[expect(
                clippy::cast_precision_loss,
                reason = "shown to a person with two decimals"
            )]
            Self::Millionths(parts) => write!(f, "{:.2}", *parts as f64 / 1e6),
            Self::Truth(true) => f.write_str("yes"),
            Self::Truth(false) => f.write_str("no"),
            Self::Word(word) => f.write_str(word.as_str()),
        }
    }
}

/// Every word a report may contain in a free place. Sorted; a word that is not here is written as
/// `other`, so that nothing a gateway says can reach a report.
const WORDS: &[&str] = &[
    "aac",
    "absent",
    "api",
    "api_error",
    "application/json",
    "array",
    "assistant",
    "audio",
    "authentication",
    "authentication_error",
    "b64_json",
    "byoc_plan_required",
    "cancelled",
    "chat.completion",
    "chat.completion.chunk",
    "complete",
    "completed",
    "connection",
    "content_filter",
    "delivered",
    "deployment",
    "embedding",
    "failed",
    "flac",
    "function",
    "idempotency_error",
    "idempotency_replay_unavailable",
    "in_progress",
    "incomplete",
    "insufficient_credits",
    "invalid_api_key",
    "invalid_request_error",
    "invalid_request_options",
    "length",
    "list",
    "model",
    "model_not_found",
    "mp3",
    "not_found_error",
    "null",
    "number",
    "object",
    "opus",
    "other",
    "output_text",
    "pcm",
    "permission_denied",
    "permission_error",
    "rate_limit",
    "rate_limit_error",
    "response",
    "response_shape",
    "server_error",
    "stop",
    "stream_parse",
    "string",
    "system",
    "text/event-stream",
    "timeout",
    "tool_calls",
    "true",
    "url",
    "user",
    "wav",
    "webhook_verification",
];

/// A word of the closed vocabulary of reports.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(&'static str);

impl Word {
    /// The word for a text that came from outside: the text when it is in the vocabulary,
    /// `other` when it is not.
    pub fn of(text: &str) -> Self {
        Self::known(text).unwrap_or(Self("other"))
    }

    /// The word, when the vocabulary has it. `other` stands for every word it does not have, so
    /// nothing can be expected to equal it.
    pub fn known(text: &str) -> Option<Self> {
        WORDS
            .binary_search(&text)
            .ok()
            .map(|index| Self(WORDS[index]))
    }

    /// The word itself.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// Every word a matrix may expect.
    pub fn all() -> impl Iterator<Item = &'static str> {
        WORDS.iter().copied().filter(|word| *word != "other")
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Word({})", self.0)
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
        Self::known(&text)
            .ok_or_else(|| D::Error::custom("a word outside the vocabulary of reports"))
    }
}

impl JsonSchema for Word {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Word".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A word of the closed vocabulary of reports.",
            "enum": WORDS,
        })
    }
}

/// A place in one of our own files (a JSON Schema keyword path, a header name, a parameter), never
/// a place named by the gateway. At most 160 characters of `A-Z a-z 0-9 _ . / $ * -`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Place(String);

impl Place {
    /// A place, when the text can be one.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        let fits = (1..=160).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_./$*-".contains(&b));
        fits.then_some(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?)
            .ok_or_else(|| D::Error::custom("not a place in our files"))
    }
}

impl JsonSchema for Place {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Place".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A place in one of our own files.",
            "type": "string",
            "pattern": "^[A-Za-z0-9_./$*-]{1,160}$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vocabulary_is_sorted_and_without_repeats() {
        assert!(
            WORDS.windows(2).all(|pair| pair[0] < pair[1]),
            "binary search needs order"
        );
    }

    #[test]
    fn a_word_from_outside_cannot_carry_text_into_a_report() {
        assert_eq!(Word::of("length").as_str(), "length");
        assert_eq!(Word::of("the secret is 42").as_str(), "other");
        assert!(serde_json::from_str::<Word>("\"the secret\"").is_err());
    }

    #[test]
    fn measured_values_keep_their_form_through_json() {
        let digest = Digest::of("x");
        let all = [
            Measured::Found {
                found: Some(Scalar::Status(404)),
            },
            Measured::Found { found: None },
            Measured::Echo {
                wanted: digest,
                found: None,
            },
            Measured::Each {
                evaluated: 3,
                violations: 1,
                at: Place::new("/properties/id"),
            },
            Measured::Pair {
                left: Some(digest),
                right: Some(digest),
            },
        ];
        for measured in all {
            let text = serde_json::to_string(&measured).unwrap();
            assert_eq!(
                serde_json::from_str::<Measured>(&text).unwrap(),
                measured,
                "{text}"
            );
        }
        assert!(serde_json::from_str::<Measured>(r#"{"form":"found","note":"x"}"#).is_err());
    }
}
