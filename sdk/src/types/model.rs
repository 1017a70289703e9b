//! The catalog of models.

use serde::{Deserialize, Serialize};

tag! {
    /// `"list"`, the `object` of every list.
    ListTag = "list"
}
tag! {
    /// `"model"`.
    ModelTag = "model"
}

/// The models that a key reaches. Not paged: the list is whole.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct ModelList {
    /// Always `list`.
    pub object: ListTag,
    /// The models.
    pub data: Vec<Model>,
}

/// A verified, deployed model.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct Model {
    /// What to put into a request's `model`.
    pub id: String,
    /// Always `model`.
    pub object: ModelTag,
    /// When it was created, in Unix seconds.
    pub created: u64,
    /// The organisation that owns the model.
    pub owned_by: String,
}

objects! { ModelList, Model }
