//! Embeddings.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::body::{JsonRequest, model_given, not_empty};
use super::model::ListTag;
use crate::error::Error;

open_enum! {
    /// How vectors are written. Only `float` has a typed answer.
    EncodingFormat {
        /// Arrays of numbers.
        Float = "float",
    }
}

/// What to embed: one text, or several.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum EmbeddingInput {
    /// One text.
    Text(String),
    /// Several texts; the answer has one vector for each, in this order.
    Texts(Vec<String>),
}

impl Default for EmbeddingInput {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

from_text!(EmbeddingInput);
from_texts!(EmbeddingInput);

/// A request for embeddings.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self", default, deny_unknown_fields)]
#[non_exhaustive]
pub struct EmbeddingRequest {
    /// The model's id. Required.
    pub model: String,
    /// The text to embed, or several. Required, and none empty.
    pub input: EmbeddingInput,
    /// The encoding of the vectors: only `float`, which is also what is meant when unset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding_format: Option<EncodingFormat>,
    /// The dimensions of each vector, above zero, where the deployment can choose. The model's own when unset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimensions: Option<u32>,
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

impl EmbeddingRequest {
    /// A request with what is required.
    pub fn new(model: impl Into<String>, input: impl Into<EmbeddingInput>) -> Self {
        Self {
            model: model.into(),
            input: input.into(),
            ..Self::default()
        }
    }
}

setters!(EmbeddingRequest {
    encoding_format: EncodingFormat,
    dimensions: u32,
    user: String,
    strict_params: bool,
});
extra_body!(EmbeddingRequest);

impl JsonRequest for EmbeddingRequest {
    fn extra_body(&self) -> &Map<String, Value> {
        &self.extra_body
    }

    fn check(&self) -> Result<(), Error> {
        model_given(&self.model)?;
        match &self.input {
            EmbeddingInput::Text(text) => not_empty("input", text)?,
            EmbeddingInput::Texts(texts) if texts.is_empty() => {
                return Err(Error::invalid(
                    "input is an empty array: give at least one text".to_owned(),
                ));
            }
            EmbeddingInput::Texts(texts) => texts
                .iter()
                .try_for_each(|text| not_empty("a text of input", text))?,
        }
        if let Some(EncodingFormat::Other(_)) = self.encoding_format {
            return Err(Error::invalid(
                "encoding_format has to be float: the typed answer has no place for another"
                    .to_owned(),
            ));
        }
        if self.dimensions == Some(0) {
            return Err(Error::invalid(
                "dimensions is 0: give a number above zero, or leave it out for the model's own"
                    .to_owned(),
            ));
        }
        Ok(())
    }
}

tag! {
    /// `"embedding"`.
    EmbeddingTag = "embedding"
}

/// Embeddings of a request's texts.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct EmbeddingList {
    /// Always `list`.
    pub object: ListTag,
    /// One vector for each text.
    #[serde(deserialize_with = "super::body::at_least_one")]
    pub data: Vec<Embedding>,
    /// The model that computed them.
    pub model: String,
    /// The tokens it took.
    pub usage: EmbeddingUsage,
}

/// The vector of one text.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct Embedding {
    /// Always `embedding`.
    pub object: EmbeddingTag,
    /// The text's position in the input, from 0.
    pub index: u32,
    /// The vector.
    pub embedding: Vec<f32>,
}

/// Tokens that embeddings took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct EmbeddingUsage {
    /// Tokens in the texts.
    pub prompt_tokens: u64,
    /// Tokens in all: the same, since none are generated.
    pub total_tokens: u64,
}

objects! { EmbeddingRequest, EmbeddingList, Embedding, EmbeddingUsage }
