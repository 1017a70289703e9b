//! Server-sent events: a pure decoder of frames, and streams of typed events over it.
//!
//! [`FrameDecoder`] is public because it is useful alone: it turns bytes, cut anywhere, into frames, and touches nothing else.

mod event;
mod frame;
mod stream;

pub use event::Event;
pub use frame::{Frame, FrameDecoder, FrameError};
pub use stream::EventStream;
pub(crate) use stream::{Protocol, Read};
