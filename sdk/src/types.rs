//! What is sent and what comes back, typed. Everything is re-exported here; the modules only sort it.

#[macro_use]
mod macros;
mod audio;
mod body;
mod chat;
mod embedding;
mod foreign;
mod image;
mod model;
mod object;
mod response;

pub use audio::*;
pub(crate) use body::{JsonRequest, encode};
pub use chat::*;
pub use embedding::*;
pub use image::*;
pub use model::*;
pub(crate) use object::ObjectOnly;
pub use response::*;
