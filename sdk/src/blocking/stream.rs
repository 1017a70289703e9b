//! Streams that are iterators.

use std::fmt;

use bytes::Bytes;
use http::HeaderMap;

use super::Client;
use crate::error::Error;
use crate::sse::{Event, Protocol};

/// Typed events as they arrive: an iterator of `Result<Event<T>, Error>`. What holds for [`EventStream`](crate::EventStream)
/// holds here.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
/// # let gateway = runtime.block_on(runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()))?;
/// # let (api_key, base_url, model) = (gateway.api_key(), gateway.base_url(), gateway.models().llm);
/// use runinfra::blocking::Client;
/// use runinfra::types::{ChatCompletionRequest, ChatMessage};
///
/// let client = Client::new(runinfra::Client::builder().api_key(api_key).base_url(base_url))?;
/// let request = ChatCompletionRequest::new(model, [ChatMessage::user("Count to three.")]);
/// for event in client.chat().completions().stream(request)? {
///     print!("{}", event?.text().unwrap_or_default());
/// }
/// # Ok(())
/// # }
/// ```
pub struct EventStream<T> {
    client: Client,
    inner: crate::EventStream<T>,
}

impl<T> EventStream<T> {
    pub(super) fn new(client: &Client, inner: crate::EventStream<T>) -> Self {
        Self {
            client: client.clone(),
            inner,
        }
    }

    /// The gateway's `X-Request-Id`, known before the first event.
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id()
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.inner.status()
    }

    /// The headers, as they came.
    pub fn headers(&self) -> &HeaderMap {
        self.inner.headers()
    }
}

impl<T: Protocol> Iterator for EventStream<T> {
    type Item = Result<Event<T>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.client.wait(self.inner.next())
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

/// Speech whose bytes are still to be read.
#[derive(Debug)]
pub struct Speech {
    client: Client,
    inner: crate::Speech,
}

impl Speech {
    pub(super) fn new(client: &Client, inner: crate::Speech) -> Self {
        Self {
            client: client.clone(),
            inner,
        }
    }

    /// The gateway's `X-Request-Id`: quote it to support.
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id()
    }

    /// What kind of audio it is, as the gateway says.
    pub fn content_type(&self) -> Option<&str> {
        self.inner.content_type()
    }

    /// Whether the gateway replayed a stored answer instead of speaking again.
    pub fn replayed(&self) -> bool {
        self.inner.replayed()
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.inner.status()
    }

    /// The headers, as they came.
    pub fn headers(&self) -> &HeaderMap {
        self.inner.headers()
    }

    /// Reads all of it, within the call's timeout counted anew from here; no idle timeout applies.
    ///
    /// # Errors
    ///
    /// As [`Speech::bytes`](crate::Speech::bytes).
    pub fn bytes(self) -> Result<Bytes, Error> {
        self.client.wait(self.inner.bytes())
    }

    /// Reads it as it arrives.
    pub fn into_stream(self) -> SpeechStream {
        SpeechStream {
            client: self.client,
            inner: self.inner.into_stream(),
        }
    }
}

/// Pieces of speech as they arrive: an iterator of `Result<Bytes, Error>`.
#[derive(Debug)]
pub struct SpeechStream {
    client: Client,
    inner: crate::SpeechStream,
}

impl SpeechStream {
    /// The gateway's `X-Request-Id`, known before the first piece.
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id()
    }

    /// What kind of audio it is, as the gateway says.
    pub fn content_type(&self) -> Option<&str> {
        self.inner.content_type()
    }

    /// Whether the gateway replayed a stored answer instead of speaking again.
    pub fn replayed(&self) -> bool {
        self.inner.replayed()
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.inner.status()
    }

    /// The headers, as they came.
    pub fn headers(&self) -> &HeaderMap {
        self.inner.headers()
    }
}

impl Iterator for SpeechStream {
    type Item = Result<Bytes, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.client.wait(self.inner.next())
    }
}
