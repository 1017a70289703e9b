//! Small edits that several faults share.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use serde_json::{Map, Value};

use crate::fault::apply::edited;
use crate::reply::{Body, Reply};
use crate::sse::{DONE, Event};
use crate::wire::Step;

/// A JSON request or object.
pub(super) type Object = Map<String, Value>;

pub(super) fn header(reply: &mut Reply, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        reply.headers.insert(HeaderName::from_static(name), value);
    }
}

pub(super) fn content_type(reply: &mut Reply, value: &'static str) {
    reply
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static(value));
}

/// Replaces the body; a stream becomes a whole body.
pub(super) fn whole(reply: &mut Reply, body: impl Into<Bytes>) {
    reply.body = Body::Whole(body.into());
}

/// Changes the bytes of a whole body.
pub(super) fn bytes(reply: &mut Reply, change: impl FnOnce(&[u8]) -> Vec<u8>) {
    if let Body::Whole(body) = &mut reply.body {
        *body = Bytes::from(change(body));
    }
}

/// Sets a field of every choice of a chat answer or chunk.
pub(super) fn each_choice(body: &mut Value, mut change: impl FnMut(&mut Value)) {
    for choice in body["choices"].as_array_mut().into_iter().flatten() {
        change(choice);
    }
}

/// Changes the text of every message of a chat answer.
pub(super) fn each_text(body: &mut Value, mut change: impl FnMut(&str) -> String) {
    each_choice(body, |choice| {
        if let Some(text) = choice.pointer_mut("/message/content")
            && let Some(old) = text.as_str()
        {
            *text = change(old).into();
        }
    });
}

/// Text with one space for several in a row, and whether it ends with a space. `after` says whether the text before it did.
pub(super) fn collapsed(text: &str, after: bool) -> (String, bool) {
    let mut after = after;
    let kept = text
        .chars()
        .filter(|character| {
            let repeated = after && *character == ' ';
            after = *character == ' ';
            !repeated
        })
        .collect();
    (kept, after)
}

/// Changes every function call of a chat answer.
pub(super) fn each_call(body: &mut Value, mut change: impl FnMut(&mut Value)) {
    each_choice(body, |choice| {
        let calls = choice.pointer_mut("/message/tool_calls");
        for call in calls.and_then(Value::as_array_mut).into_iter().flatten() {
            change(call);
        }
    });
}

/// Changes every message part of a Responses answer.
pub(super) fn each_output_text(body: &mut Value, mut change: impl FnMut(&mut Value)) {
    for item in body["output"].as_array_mut().into_iter().flatten() {
        // Indexing would add the field to an item that has none, such as a call.
        let parts = item.get_mut("content").and_then(Value::as_array_mut);
        parts.into_iter().flatten().for_each(&mut change);
    }
}

/// Removes a key; whether it was there does not matter.
pub(super) fn without(value: &mut Value, key: &str) {
    if let Some(object) = value.as_object_mut() {
        object.remove(key);
    }
}

/// Renames a key.
pub(super) fn rename(value: &mut Value, from: &str, to: &str) {
    if let Some(object) = value.as_object_mut()
        && let Some(moved) = object.remove(from)
    {
        object.insert(to.to_owned(), moved);
    }
}

/// Replaces the last user message, or Responses input, of a request.
pub(super) fn replace_prompt(body: &mut Object, prompt: &str) {
    if body.contains_key("input") {
        body.insert("input".to_owned(), prompt.into());
    }
    let messages = body.get_mut("messages").and_then(Value::as_array_mut);
    if let Some(last) = messages.and_then(|messages| {
        messages
            .iter_mut()
            .rev()
            .find(|message| message["role"] == "user")
    }) {
        last["content"] = prompt.into();
    }
}

/// Whether an event's JSON has something at this pointer other than null.
pub(super) fn has(event: &Event, pointer: &str) -> bool {
    serde_json::from_slice::<Value>(&event.data)
        .is_ok_and(|frame| frame.pointer(pointer).is_some_and(|value| !value.is_null()))
}

/// Whether an event is a chat increment with text in it.
pub(super) fn has_text(event: &Event) -> bool {
    serde_json::from_slice::<Value>(&event.data).is_ok_and(|frame| {
        frame
            .pointer("/choices/0/delta/content")
            .and_then(Value::as_str)
            .is_some_and(|text| !text.is_empty())
    })
}

pub(super) fn is_done(event: &Event) -> bool {
    event.data == DONE
}

pub(super) fn is_named(event: &Event, name: &str) -> bool {
    event.name.as_deref() == Some(name)
}

/// Where the increments of a stream's text are.
pub(super) fn text_positions(events: &[Event]) -> Vec<usize> {
    events
        .iter()
        .enumerate()
        .filter(|(_, event)| has_text(event) || is_named(event, "response.output_text.delta"))
        .map(|(index, _)| index)
        .collect()
}

/// Edits one event's JSON.
pub(super) fn frame(event: &mut Event, change: impl FnOnce(&mut Value)) {
    event.data = edited(&event.data, change);
}

/// The body of the steps, and what it was announced as.
pub(super) fn split(steps: Vec<Step>) -> (Option<Step>, Vec<Step>) {
    let mut steps = steps.into_iter();
    (steps.next(), steps.collect())
}

/// Every body byte of the steps in one piece.
pub(super) fn joined(steps: &[Step]) -> Vec<u8> {
    steps
        .iter()
        .filter_map(|step| match step {
            Step::Bytes(bytes) => Some(bytes.as_ref()),
            _ => None,
        })
        .flatten()
        .copied()
        .collect()
}

/// Announces a body of another length.
pub(super) fn announce(head: Option<Step>, length: usize) -> Option<Step> {
    match head {
        Some(Step::Head(status, mut headers)) => {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
            Some(Step::Head(status, headers))
        }
        other => other,
    }
}
