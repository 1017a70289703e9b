//! Speech, transcription and voice pipelines.

mod pipeline;
mod speech;
mod transcription;

pub use pipeline::*;
pub use speech::*;
pub use transcription::*;
