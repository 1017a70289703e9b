//! The Responses adapter.

mod answer;
mod event;
mod request;

pub use answer::*;
pub use event::*;
pub use request::*;
