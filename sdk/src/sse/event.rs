//! One event, typed, with the text it came from.

use std::fmt;
use std::ops::Deref;

use bytestring::ByteString;
use serde_json::Value;

use super::frame::Frame;
use crate::secret::Redactor;

/// One event of a stream: the typed value, and the text it was read from.
#[derive(Clone)]
pub struct Event<T> {
    value: T,
    name: Option<ByteString>,
    raw: ByteString,
    redactor: Redactor,
}

impl<T> Event<T> {
    pub(super) fn new(value: T, frame: Frame, redactor: Redactor) -> Self {
        Self {
            value,
            name: frame.event,
            raw: frame.data,
            redactor,
        }
    }

    /// The typed value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The typed value, without what came with it.
    pub fn into_value(self) -> T {
        self.value
    }

    /// The frame's `event` field, where it had one.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The frame's data, as it came: JSON text. It keeps alive the piece of the body it is part of.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The frame's data as untyped JSON, parsed anew at each call.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.raw).unwrap_or_default()
    }
}

impl<T> Deref for Event<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Event<T> {
    /// Shows the value with the API key masked, in case the gateway echoed it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if f.alternate() {
            format!("{:#?}", self.value)
        } else {
            format!("{:?}", self.value)
        };
        f.debug_tuple("Event")
            .field(&format_args!("{}", self.redactor.clean(&value)))
            .finish()
    }
}
