//! Server-sent events as data, and their framing (WHATWG HTML, section 9.2).

use std::borrow::Cow;

use bytes::{BufMut as _, Bytes, BytesMut};
use serde::Serialize;

/// One event: an optional name and its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) name: Option<Cow<'static, str>>,
    pub(crate) data: Bytes,
}

/// What chat streams end with.
pub(crate) const DONE: &[u8] = b"[DONE]";

impl Event {
    /// A nameless event with a JSON document, as chat streams send them.
    pub(crate) fn data(document: &impl Serialize) -> Self {
        Self {
            name: None,
            data: crate::reply::to_json(document),
        }
    }

    /// A named event with a JSON document, as Responses streams send them.
    pub(crate) fn named(name: &'static str, document: &impl Serialize) -> Self {
        Self {
            name: Some(Cow::Borrowed(name)),
            data: crate::reply::to_json(document),
        }
    }

    /// The `[DONE]` terminator.
    pub(crate) fn done() -> Self {
        Self {
            name: None,
            data: Bytes::from_static(DONE),
        }
    }

    /// The event's bytes on the wire. A line break inside the data starts a new `data:` line.
    pub(crate) fn frame(&self) -> Bytes {
        let name = self.name.as_deref().unwrap_or_default();
        let mut out = BytesMut::with_capacity(self.data.len() + name.len() + 24);
        if !name.is_empty() {
            out.put_slice(b"event: ");
            out.put_slice(name.as_bytes());
            out.put_u8(b'\n');
        }
        for line in self.data.split(|byte| *byte == b'\n') {
            out.put_slice(b"data: ");
            out.put_slice(line);
            out.put_u8(b'\n');
        }
        out.put_u8(b'\n');
        out.freeze()
    }
}
