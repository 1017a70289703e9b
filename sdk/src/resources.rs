//! The calls, one family a file.
#![expect(
    clippy::needless_pass_by_value,
    reason = "requests and options are given away, so that a call may keep them without a breaking change"
)]

mod audio;
mod chat;
mod embeddings;
mod images;
mod models;
mod responses;
mod voice;
mod webhooks;

pub use audio::{Audio, SpeechSynthesis, Transcriptions};
pub use chat::{Chat, Completions};
pub use embeddings::Embeddings;
pub use images::Images;
pub use models::Models;
pub use responses::Responses;
pub use voice::{Voice, VoicePipeline};
pub use webhooks::Webhooks;
