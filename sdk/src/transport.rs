//! How bytes reach the gateway. The trait can be implemented to record, to route or to replace the network.

use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use futures_core::Stream;
use futures_core::future::BoxFuture;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

mod http_client;

pub use http_client::{Http, HttpBuilder, Roots};

/// Sends one request and hands back the head of its answer, with the body still to be read.
///
/// An implementation sends what it is given, once: it follows no redirect, retries nothing and decodes nothing. Dropping the
/// future or the body gives the connection up. [`Http`] is the one a client uses unless told otherwise; wrapping it is the
/// way to see every exchange:
///
/// ```
/// use std::sync::Arc;
/// use futures_core::future::BoxFuture;
/// use runinfra::transport::{Http, HttpRequest, HttpResponse, Transport, TransportError};
///
/// struct Logged(Http);
///
/// impl Transport for Logged {
///     fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
///         Box::pin(async move {
///             let line = format!("{} {}", request.method, request.url.path());
///             let response = self.0.send(request).await?;
///             eprintln!("{line} -> {}", response.status);
///             Ok(response)
///         })
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = runinfra::Client::builder()
///     .api_key("rp_live_example")
///     .transport(Arc::new(Logged(Http::new()?)))
///     .build()?;
/// # Ok(())
/// # }
/// ```
pub trait Transport: Send + Sync + 'static {
    /// Sends `request`. The future ends when the answer's head has arrived.
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>>;
}

/// One request, complete. The `Authorization` value is marked sensitive.
#[derive(Clone)]
#[non_exhaustive]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// Where to send it.
    pub url: Url,
    /// Every header but those of the framing (`Host`, `Content-Length`).
    pub headers: HeaderMap,
    /// The body; empty for a GET.
    pub body: Bytes,
}

impl HttpRequest {
    /// A request of these parts.
    pub fn new(method: Method, url: Url, headers: HeaderMap, body: Bytes) -> Self {
        Self {
            method,
            url,
            headers,
            body,
        }
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("path", &self.url.path())
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

/// A body as it arrives.
pub type BodyStream = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// The head of an answer, and its body still to be read.
#[non_exhaustive]
pub struct HttpResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers, as they came.
    pub headers: HeaderMap,
    /// The body. Dropping it before its end gives the connection up.
    pub body: BodyStream,
}

impl HttpResponse {
    /// An answer of these parts.
    pub fn new(status: StatusCode, headers: HeaderMap, body: BodyStream) -> Self {
        Self {
            status,
            headers,
            body,
        }
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// Where in its work a transport failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection was made: refused, unreachable, unknown host, bad certificate.
    Connect,
    /// The connection could not be made in time.
    Timeout,
    /// The connection broke after it was made.
    Connection,
    /// Anything else.
    Other,
}

impl TransportErrorKind {
    /// The kind's stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Connection => "connection",
            Self::Other => "other",
        }
    }
}

/// Why a transport could not deliver. Its text must not hold credentials; the client masks the key all the same.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct TransportError {
    kind: TransportErrorKind,
    message: String,
}

impl TransportError {
    /// A failure of this kind, in words.
    pub fn new(kind: TransportErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// Where in its work the transport failed.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }
}
