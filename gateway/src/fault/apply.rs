//! Faults at work: pure functions from policy, request or reply to what the broken gateway does instead.

use bytes::Bytes;
use serde_json::Value;

use crate::app::Call;
use crate::fault::{Effect, Fault, Subject};
use crate::policy::Policy;
use crate::reply::{Body, Reply, to_json};
use crate::sse::DONE;
use crate::wire::{self, Step};

/// The policy of a gateway with this fault.
pub(crate) fn policy(fault: &Fault) -> Policy {
    let mut policy = Policy::default();
    if let Effect::Policy(break_it) = fault.effect {
        break_it(&mut policy);
    }
    policy
}

/// Rewrites a request, if the fault is of that kind and the request is a JSON object of its operation.
pub(crate) fn rewrite_request(fault: &Fault, call: &mut Call) {
    let Effect::Request(operation, rewrite) = fault.effect else {
        return;
    };
    if call.target.route.operation() != operation && operation != "*" {
        return;
    }
    if let Ok(Value::Object(mut document)) = serde_json::from_slice(&call.body) {
        rewrite(&mut document);
        call.body = to_json(&document);
    }
}

/// The wire steps of a reply under a fault.
pub(crate) fn apply(fault: &Fault, subject: &Subject, mut reply: Reply) -> Vec<Step> {
    let on = match &fault.effect {
        Effect::Policy(_) | Effect::Request(..) => None,
        Effect::Reply(on, _)
        | Effect::Json(on, _)
        | Effect::Events(on, _)
        | Effect::Frames(on, _)
        | Effect::Steps(on, _) => Some(*on),
    };
    if !on.is_some_and(|on| on.covers(subject, &reply)) {
        return wire::steps(reply, subject.pace);
    }
    match &fault.effect {
        Effect::Policy(_) | Effect::Request(..) => {}
        Effect::Reply(_, rewrite) => rewrite(subject, &mut reply),
        Effect::Json(_, rewrite) => edit(&mut reply, |document| rewrite(subject, document)),
        Effect::Events(_, rewrite) => {
            if let Body::Events(events) = &mut reply.body {
                rewrite(subject, events);
            }
        }
        Effect::Frames(_, rewrite) => {
            if let Body::Events(events) = &mut reply.body {
                for (index, event) in events.iter_mut().enumerate() {
                    event.data = edited(&event.data, |frame| rewrite(subject, index, frame));
                }
            }
        }
        Effect::Steps(_, rewrite) => return rewrite(subject, wire::steps(reply, subject.pace)),
    }
    wire::steps(reply, subject.pace)
}

/// Edits the JSON of a whole reply; another body stays as it is.
pub(crate) fn edit(reply: &mut Reply, change: impl FnOnce(&mut Value)) {
    if let Body::Whole(bytes) = &mut reply.body {
        *bytes = edited(bytes, change);
    }
}

/// Edits JSON bytes; what is not JSON stays as it is.
pub(crate) fn edited(bytes: &Bytes, change: impl FnOnce(&mut Value)) -> Bytes {
    if bytes == DONE {
        return bytes.clone();
    }
    match serde_json::from_slice::<Value>(bytes) {
        Ok(mut document) => {
            change(&mut document);
            to_json(&document)
        }
        Err(_) => bytes.clone(),
    }
}
