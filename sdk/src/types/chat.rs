//! Chat completions.

mod answer;
mod chunk;
mod message;
mod request;
mod tool;

pub use answer::*;
pub use chunk::*;
pub use message::*;
pub use request::*;
pub use tool::*;
