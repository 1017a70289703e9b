//! A call before it is sent: a recipe from which each attempt is made anew.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::Value;
use url::Url;

use crate::error::Error;
use crate::header;
use crate::options::Settled;
use crate::retry::policy::Replay;
use crate::transport::HttpRequest;
use crate::types::{JsonRequest, encode};

/// What a call sends and what may be done with it.
pub(crate) struct Recipe {
    /// The operation's public name, for messages and spans.
    pub(crate) operation: &'static str,
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) accept: &'static str,
    pub(crate) body: Option<Body>,
    pub(crate) replay: Replay,
}

/// Bytes to send, and what they are.
pub(crate) struct Body {
    pub(crate) content_type: HeaderValue,
    pub(crate) bytes: Bytes,
}

impl Body {
    pub(crate) fn json(bytes: Vec<u8>) -> Self {
        Self {
            content_type: HeaderValue::from_static("application/json"),
            bytes: bytes.into(),
        }
    }

    /// `content_type` has been checked to be a media type.
    pub(crate) fn typed(content_type: &str, bytes: Bytes) -> Result<Self, Error> {
        let content_type = HeaderValue::try_from(content_type).map_err(|_| {
            Error::invalid("the content type has a character that HTTP does not allow".to_owned())
        })?;
        Ok(Self {
            content_type,
            bytes,
        })
    }
}

impl Recipe {
    /// A POST of `request` as JSON, answered with JSON.
    pub(crate) fn json<R: JsonRequest>(
        operation: &'static str,
        url: &Url,
        request: &R,
        replay: Replay,
    ) -> Result<Self, Error> {
        let body = Body::json(encode(request, &[])?);
        Ok(Self {
            operation,
            method: Method::POST,
            url: url.clone(),
            accept: "application/json",
            body: Some(body),
            replay,
        })
    }

    /// A POST of `request` as JSON, answered with events. Sent once: nobody can take back what a stream has begun to say.
    pub(crate) fn events<R: JsonRequest>(
        operation: &'static str,
        url: &Url,
        request: &R,
    ) -> Result<Self, Error> {
        let body = Body::json(encode(request, &[("stream", Value::Bool(true))])?);
        Ok(Self {
            operation,
            method: Method::POST,
            url: url.clone(),
            accept: "text/event-stream",
            body: Some(body),
            replay: Replay::Never,
        })
    }

    /// One attempt. `base` holds the client's own headers; the call's are laid over it, its custom ones last: none of those that
    /// the SDK sets itself passed the check, but for the user agent.
    pub(crate) fn attempt(&self, base: &HeaderMap, settled: &Settled) -> HttpRequest {
        let mut headers = base.clone();
        headers.insert(ACCEPT, HeaderValue::from_static(self.accept));
        if let Some(body) = &self.body {
            headers.insert(CONTENT_TYPE, body.content_type.clone());
        }
        headers.insert(header::CLIENT_REQUEST_ID, settled.client_request_id.clone());
        if let Some(key) = &settled.idempotency_key {
            headers.insert(header::IDEMPOTENCY_KEY, key.clone());
        }
        for (name, value) in &settled.headers {
            headers.insert(name.clone(), value.clone());
        }
        let body = self
            .body
            .as_ref()
            .map(|body| body.bytes.clone())
            .unwrap_or_default();
        HttpRequest::new(self.method.clone(), self.url.clone(), headers, body)
    }
}

/// The headers that every request of a client carries.
pub(crate) fn base_headers(authorization: HeaderValue) -> HeaderMap {
    const FIXED: [(HeaderName, HeaderValue); 4] = [
        (header::SDK, HeaderValue::from_static("rust")),
        (
            header::SDK_VERSION,
            HeaderValue::from_static(env!("CARGO_PKG_VERSION")),
        ),
        (
            http::header::USER_AGENT,
            HeaderValue::from_static(concat!("runinfra-rust/", env!("CARGO_PKG_VERSION"))),
        ),
        // Compression is not undone here, so it is not asked for; an answer compressed all the same is refused.
        (
            http::header::ACCEPT_ENCODING,
            HeaderValue::from_static("identity"),
        ),
    ];
    let mut headers = HeaderMap::with_capacity(16);
    headers.insert(http::header::AUTHORIZATION, authorization);
    headers.extend(FIXED);
    headers
}
