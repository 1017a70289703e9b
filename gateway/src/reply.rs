//! An answer as data: what a route decided, before any fault or socket sees it.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue};
use http::{HeaderName, StatusCode};
use serde::Serialize;

use crate::envelope::{ApiError, ErrorType};
use crate::sse::Event;

pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
pub(crate) const X_RATELIMIT_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
pub(crate) const X_RATELIMIT_REMAINING: HeaderName =
    HeaderName::from_static("x-ratelimit-remaining");
pub(crate) const X_RATELIMIT_TIER: HeaderName = HeaderName::from_static("x-ratelimit-tier");
pub(crate) const X_PARAM_ADJUSTMENTS: HeaderName = HeaderName::from_static("x-param-adjustments");
pub(crate) const X_IDEMPOTENT_REPLAY: HeaderName =
    HeaderName::from_static("x-runinfra-idempotent-replay");

/// Status, headers and body of one answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
}

/// A body that is sent at once, or one that is sent an increment at a time.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    Whole(Bytes),
    Events(Vec<Event>),
}

impl Reply {
    pub(crate) fn whole(status: StatusCode, content_type: HeaderValue, body: Bytes) -> Self {
        // Six are usual; room for eight would be a kilobyte.
        let mut headers = HeaderMap::with_capacity(6);
        headers.insert(CONTENT_TYPE, content_type);
        Self {
            status,
            headers,
            body: Body::Whole(body),
        }
    }

    pub(crate) fn json(status: StatusCode, body: Bytes) -> Self {
        Self::whole(status, HeaderValue::from_static("application/json"), body)
    }

    /// A 200 with a JSON document.
    pub(crate) fn ok(body: &impl Serialize) -> Self {
        Self::json(StatusCode::OK, to_json(body))
    }

    /// A 200 with server-sent events.
    pub(crate) fn events(events: Vec<Event>) -> Self {
        let mut reply = Self::whole(
            StatusCode::OK,
            HeaderValue::from_static("text/event-stream; charset=utf-8"),
            Bytes::new(),
        );
        reply
            .headers
            .insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        reply.body = Body::Events(events);
        reply
    }

    /// Lists the parameters that were changed before they reached the model; nothing when none was.
    pub(crate) fn with_adjustments(mut self, adjustments: &crate::params::Adjustments) -> Self {
        if let Some(value) = adjustments.header() {
            self.headers.insert(X_PARAM_ADJUSTMENTS, value);
        }
        self
    }

    pub(crate) fn is_stream(&self) -> bool {
        matches!(self.body, Body::Events(_))
    }
}

/// A number as a header's value, without the growing buffer of the conversion that `http` has.
pub(crate) fn number(value: u32) -> HeaderValue {
    HeaderValue::try_from(value.to_string()).unwrap_or_else(|_| HeaderValue::from(value))
}

/// Serialises a wire type. Those types hold nothing that JSON cannot say, so the fallback is a 500 envelope that no test has ever seen.
pub(crate) fn to_json(body: &impl Serialize) -> Bytes {
    // Most answers fit, and need not grow.
    let mut bytes = Vec::with_capacity(512);
    match serde_json::to_writer(&mut bytes, body) {
        Ok(()) => Bytes::from(bytes),
        Err(error) => ApiError::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            ErrorType::Server,
            "unserialisable_answer",
            format!("The answer could not be written as JSON: {error}."),
        )
        .message
        .into(),
    }
}
