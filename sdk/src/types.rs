//! What is sent and what comes back, typed. Everything is re-exported here; the modules only sort it.

#[macro_use]
mod macros;
mod body;
mod chat;
mod embedding;
mod model;

pub(crate) use body::encode;
pub use chat::*;
pub use embedding::*;
pub use model::*;
