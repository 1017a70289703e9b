//! The calls, one family a file.

mod chat;
mod embeddings;
mod models;

pub use chat::{Chat, Completions};
pub use embeddings::Embeddings;
pub use models::Models;
