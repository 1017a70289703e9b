//! What a fault may do, and when.

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::request::Parts;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::app::{Call, Identity};
use crate::policy::Policy;
use crate::reply::Reply;
use crate::sse::Event;
use crate::wire::Step;

/// The one thing a fault does.
pub(crate) enum Effect {
    /// Turns off a promise that is kept by state.
    Policy(fn(&mut Policy)),
    /// Rewrites a JSON request after it was bound to its idempotency key and before a route reads it.
    Request(&'static str, fn(&mut Map<String, Value>)),
    /// Rewrites a finished reply: status, headers, body.
    Reply(On, fn(&Subject, &mut Reply)),
    /// Rewrites the JSON of a finished whole reply.
    Json(On, fn(&Subject, &mut Value)),
    /// Rewrites the list of a stream's events.
    Events(On, fn(&Subject, &mut Vec<Event>)),
    /// Rewrites the JSON of each event of a stream in turn; `[DONE]` is left alone.
    Frames(On, fn(&Subject, usize, &mut Value)),
    /// Rewrites the wire steps.
    Steps(On, fn(&Subject, Vec<Step>) -> Vec<Step>),
}

/// Which replies a fault touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct On {
    operation: Option<&'static str>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Any,
    Success,
    Whole,
    Stream,
    Error,
    Status(u16),
}

impl On {
    const fn new(operation: Option<&'static str>, kind: Kind) -> Self {
        Self { operation, kind }
    }

    /// Every reply.
    pub(crate) const fn any() -> Self {
        Self::new(None, Kind::Any)
    }

    /// Successful replies of every operation.
    pub(crate) const fn success() -> Self {
        Self::new(None, Kind::Success)
    }

    /// Streams of every operation.
    pub(crate) const fn streams() -> Self {
        Self::new(None, Kind::Stream)
    }

    /// Refusals.
    pub(crate) const fn errors() -> Self {
        Self::new(None, Kind::Error)
    }

    /// Refusals with this status.
    pub(crate) const fn status(status: u16) -> Self {
        Self::new(None, Kind::Status(status))
    }

    /// Refusals of one operation with this status.
    pub(crate) const fn refused(operation: &'static str, status: u16) -> Self {
        Self::new(Some(operation), Kind::Status(status))
    }

    /// Successful replies of one operation, whole or streamed.
    pub(crate) const fn operation(operation: &'static str) -> Self {
        Self::new(Some(operation), Kind::Success)
    }

    /// Successful whole replies of one operation.
    pub(crate) const fn whole(operation: &'static str) -> Self {
        Self::new(Some(operation), Kind::Whole)
    }

    /// Streams of one operation.
    pub(crate) const fn stream(operation: &'static str) -> Self {
        Self::new(Some(operation), Kind::Stream)
    }

    /// The one status that a reply must have to be concerned, where there is one.
    pub(crate) fn only_status(self) -> Option<u16> {
        match self.kind {
            Kind::Status(status) => Some(status),
            _ => None,
        }
    }

    /// The one operation concerned, if it is one.
    #[cfg(test)]
    pub(crate) fn of(self) -> Option<&'static str> {
        self.operation
    }

    /// Whether a reply is concerned.
    pub(crate) fn covers(self, subject: &Subject, reply: &Reply) -> bool {
        let kind = match self.kind {
            Kind::Any => true,
            Kind::Success => reply.status.is_success(),
            Kind::Whole => reply.status.is_success() && !reply.is_stream(),
            Kind::Stream => reply.is_stream(),
            Kind::Error => !reply.status.is_success(),
            Kind::Status(status) => reply.status.as_u16() == status,
        };
        kind && self
            .operation
            .is_none_or(|operation| Some(operation) == subject.operation)
    }
}

/// What a fault may know about the exchange.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub(crate) operation: Option<&'static str>,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) request_id: Option<Uuid>,
    /// The caller's `X-Client-Request-Id`.
    pub(crate) client_request_id: Option<String>,
    /// What the caller says its body is.
    pub(crate) content_type: Option<String>,
    /// The Authorization header as it came: leak faults need something to leak.
    pub(crate) authorization: Option<String>,
    /// The gateway's own workspace key, for the same reason.
    pub(crate) workspace_key: String,
    /// The request's body.
    pub(crate) body: Bytes,
    pub(crate) pace: Duration,
}

impl Subject {
    /// What the head says, before anything was decided.
    pub(crate) fn new(head: &Parts, identity: &Identity, pace: Duration) -> Self {
        let header = |name: &str| {
            let value = head.headers.get(name)?.to_str().ok()?;
            Some(value.to_owned())
        };
        Self {
            operation: None,
            method: head.method.clone(),
            path: head.uri.path().to_owned(),
            request_id: None,
            client_request_id: header("x-client-request-id"),
            content_type: header(CONTENT_TYPE.as_str()),
            authorization: header(AUTHORIZATION.as_str()),
            workspace_key: identity.api_key.expose().to_owned(),
            body: Bytes::new(),
            pace,
        }
    }

    /// What the call adds, if the request was admitted.
    pub(crate) fn admitted(&mut self, call: Option<&Call>) {
        if let Some(call) = call {
            self.operation = Some(call.target.route.operation());
            self.request_id = Some(call.request_id);
            self.body = call.body.clone();
        }
    }
}
