//! What came back: the typed value, and everything around it that a caller may want to look at.

use std::fmt;
use std::ops::Deref;

use bytestring::ByteString;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::error::{Error, ErrorKind};
use crate::header;
use crate::secret::Redactor;

/// The head of an answer, which every kind of answer shows.
#[derive(Clone)]
pub(crate) struct Head {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) redactor: Redactor,
}

impl Head {
    pub(crate) fn request_id(&self) -> Option<&str> {
        header::request_id(&self.headers)
    }

    /// The request id with the key masked, for everything that prints.
    pub(crate) fn masked_request_id(&self) -> Option<String> {
        self.request_id().map(|id| self.redactor.clean(id))
    }

    pub(crate) fn error(&self, kind: ErrorKind, message: impl Into<String>) -> Error {
        Error::new(kind, message).with_trace(self.status, self.masked_request_id().as_deref())
    }

    pub(crate) fn content_type(&self) -> Option<&str> {
        self.headers.get(http::header::CONTENT_TYPE)?.to_str().ok()
    }

    /// The content type without its parameters, in lower case.
    pub(crate) fn media_type(&self) -> Option<String> {
        let text = self.content_type()?;
        Some(
            text.split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase(),
        )
    }

    /// The content type for an error message: masked, bounded, and never absent.
    pub(crate) fn shown_content_type(&self) -> String {
        self.content_type().map_or_else(
            || "without a content type".to_owned(),
            |text| self.redactor.excerpt(text, 120),
        )
    }
}

/// A typed answer, with its request id, its headers and its raw JSON.
///
/// It dereferences to the value. Fields that the type does not model stay reachable through [`raw`](Self::raw) and
/// [`json`](Self::json).
#[derive(Clone)]
pub struct Answer<T> {
    value: T,
    head: Head,
    raw: ByteString,
}

impl<T> Answer<T> {
    pub(crate) fn new(value: T, head: Head, raw: ByteString) -> Self {
        Self { value, head, raw }
    }

    /// The typed value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The typed value, without what came with it.
    pub fn into_value(self) -> T {
        self.value
    }

    /// The gateway's `X-Request-Id`: quote it to support.
    pub fn request_id(&self) -> Option<&str> {
        self.head.request_id()
    }

    /// Whether the gateway replayed a stored answer instead of running the call again (`X-RunInfra-Idempotent-Replay`).
    pub fn replayed(&self) -> bool {
        header::replayed(&self.head.headers)
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.head.status.as_u16()
    }

    /// The headers, as they came.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// The body, as it came: JSON text.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The body as untyped JSON, parsed anew at each call.
    pub fn json(&self) -> Value {
        // The text has been parsed once already; a value that fits the type cannot fail to be a value.
        serde_json::from_str(&self.raw).unwrap_or_default()
    }
}

impl<T> Deref for Answer<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Answer<T> {
    /// Shows the value with the API key masked, in case the gateway echoed it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if f.alternate() {
            format!("{:#?}", self.value)
        } else {
            format!("{:?}", self.value)
        };
        f.debug_struct("Answer")
            .field("status", &self.status())
            .field("request_id", &self.head.masked_request_id())
            .field(
                "value",
                &format_args!("{}", self.head.redactor.clean(&value)),
            )
            .finish_non_exhaustive()
    }
}
