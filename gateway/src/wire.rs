//! The only writer of sockets: turns steps into bytes, pauses, cuts and resets.

mod body;
pub(crate) mod headless;
mod io;

pub(crate) use body::WireBody;
pub(crate) use io::{Abort, GatewayIo};

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HeaderMap};
use http::{HeaderValue, Response, StatusCode};

use crate::reply::{Body, Reply};

/// One thing that happens on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Status line and headers.
    Head(StatusCode, HeaderMap),
    /// A piece of the body, flushed on its own.
    Bytes(Bytes),
    /// Nothing for a while.
    Pause(Duration),
    /// Nothing ever again; the connection stays open until the caller leaves.
    Stall,
    /// The connection ends as if complete, whatever was promised.
    Cut,
    /// The connection is reset.
    Reset,
}

/// The steps of a reply on a gateway that keeps its word.
pub(crate) fn steps(reply: Reply, pace: Duration) -> Vec<Step> {
    let mut headers = reply.headers;
    match reply.body {
        Body::Whole(bytes) => {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
            vec![Step::Head(reply.status, headers), Step::Bytes(bytes)]
        }
        Body::Events(events) => {
            let mut steps = Vec::with_capacity(events.len() * 2 + 1);
            steps.push(Step::Head(reply.status, headers));
            for (index, event) in events.iter().enumerate() {
                if index > 0 {
                    steps.push(Step::Pause(pace));
                }
                steps.push(Step::Bytes(event.frame()));
            }
            steps
        }
    }
}

/// The short way for a reply that nothing was done to: no steps, no timers for whole bodies.
pub(crate) fn respond(reply: Reply, pace: Duration) -> Response<WireBody> {
    let body = match reply.body {
        Body::Whole(bytes) => WireBody::whole(bytes),
        Body::Events(events) => WireBody::events(events, pace),
    };
    head(reply.status, reply.headers, body)
}

/// Plays steps. `None` when the connection must end without an answer.
pub(crate) async fn play(steps: Vec<Step>, abort: &Abort) -> Option<Response<WireBody>> {
    let mut steps = VecDeque::from(steps);
    while let Some(step) = steps.pop_front() {
        match step {
            Step::Head(status, headers) => {
                return Some(head(status, headers, WireBody::steps(steps, abort.clone())));
            }
            Step::Pause(time) => tokio::time::sleep(time).await,
            Step::Stall => std::future::pending().await,
            Step::Reset => {
                abort.arm();
                return None;
            }
            Step::Bytes(_) | Step::Cut => return None,
        }
    }
    None
}

fn head(status: StatusCode, headers: HeaderMap, body: WireBody) -> Response<WireBody> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
