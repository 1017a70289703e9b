//! What the scripted server of a `.local` row answers.

use std::collections::BTreeMap;

use serde_json::Value;

use super::call::templated;
use crate::toml_read::{Node, Reader, Table};

/// One answer. Requests get them in order; the last serves every further request.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Header names and templates of their values. `x-request-id` is a fresh UUID unless it is
    /// written here or `request_id = false`.
    pub headers: Vec<(String, Value)>,
    /// Whether a fresh `x-request-id` is added.
    pub request_id: bool,
    /// The body.
    pub body: ReplyBody,
    /// Pause before the answer, in milliseconds.
    pub delay_ms: u64,
    /// What happens after what was written.
    pub then: Then,
}

/// A scripted body.
#[derive(Debug, Clone, PartialEq)]
pub enum ReplyBody {
    /// Nothing.
    Empty,
    /// A JSON document, with slots.
    Json(Value),
    /// A text, with slots.
    Text(Value),
    /// A stream of server-sent events.
    Sse(Vec<Frame>),
}

/// One piece of a scripted stream.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame {
    /// `data: …` and a blank line, with slots.
    Data(Value),
    /// Bytes as they stand, with slots.
    Raw(Value),
    /// A pause in milliseconds.
    Pause(u64),
}

/// What happens after a scripted answer was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The answer ends as it should.
    End,
    /// The connection is cut although the answer promised more.
    Disconnect,
    /// Nothing more comes, and the connection stays open.
    Stall,
}

const THEN: &[(&str, Then)] = &[
    ("end", Then::End),
    ("disconnect", Then::Disconnect),
    ("stall", Then::Stall),
];

/// Reads an array of replies.
pub(super) fn read(
    reader: &mut Reader,
    node: &Node<'_>,
    samples: &BTreeMap<String, Value>,
) -> Vec<Reply> {
    let nodes = node.array(reader).unwrap_or_default();
    if nodes.is_empty() {
        reader.problem(node.span(), "a script without a reply answers nothing");
    }
    nodes
        .iter()
        .filter_map(|node| read_reply(reader, node, samples))
        .collect()
}

fn read_reply(
    reader: &mut Reader,
    node: &Node<'_>,
    samples: &BTreeMap<String, Value>,
) -> Option<Reply> {
    let mut table = node.table(reader)?;
    let status = table
        .optional("status")
        .and_then(|node| node.count(reader))
        .unwrap_or(200);
    let headers = table
        .optional("headers")
        .map(|node| read_headers(reader, &node))
        .unwrap_or_default();
    let request_id = table
        .optional("request_id")
        .and_then(|node| node.boolean(reader))
        .unwrap_or(true);
    let delay_ms = table
        .optional("delay_ms")
        .and_then(|node| node.count(reader))
        .unwrap_or(0);
    let then = table
        .optional("then")
        .and_then(|node| node.word(reader, "ending", THEN))
        .unwrap_or(Then::End);
    let body = read_body(reader, &mut table, samples);
    table.refuse_unknown(reader);
    let Ok(status) = u16::try_from(status).map_err(|_| ()).and_then(|status| {
        if (200..=599).contains(&status) {
            Ok(status)
        } else {
            Err(())
        }
    }) else {
        reader.problem(node.span(), format!("{status} is no final HTTP status"));
        return None;
    };
    Some(Reply {
        status,
        headers,
        request_id,
        body: body?,
        delay_ms,
        then,
    })
}

fn read_headers(reader: &mut Reader, node: &Node<'_>) -> Vec<(String, Value)> {
    let Some(table) = node.table(reader) else {
        return Vec::new();
    };
    table
        .entries()
        .filter_map(|(name, _, node)| Some((name.to_ascii_lowercase(), templated(reader, &node)?)))
        .collect()
}

fn read_body(
    reader: &mut Reader,
    table: &mut Table<'_>,
    samples: &BTreeMap<String, Value>,
) -> Option<ReplyBody> {
    let forms = ["json", "sample", "text", "sse"].map(|key| (key, table.optional(key)));
    let mut given = forms
        .into_iter()
        .filter_map(|(key, node)| Some((key, node?)));
    let Some((key, node)) = given.next() else {
        return Some(ReplyBody::Empty);
    };
    if let Some((other, node)) = given.next() {
        reader.problem(
            node.span(),
            format!("`{other}` beside `{key}`: a reply has one body"),
        );
        return None;
    }
    match key {
        "json" => templated(reader, &node).map(ReplyBody::Json),
        "text" => templated(reader, &node).map(ReplyBody::Text),
        "sse" => {
            let nodes = node.array(reader)?;
            nodes
                .iter()
                .map(|node| read_frame(reader, node))
                .collect::<Option<_>>()
                .map(ReplyBody::Sse)
        }
        _ => {
            let name = node.string(reader)?;
            let found = samples.get(name).cloned();
            if found.is_none() {
                let known: Vec<&str> = samples.keys().map(String::as_str).collect();
                reader.unknown(node.span(), "sample", name, &known);
            }
            found.map(ReplyBody::Json)
        }
    }
}

/// A string is the data of an event; a table is JSON data, raw bytes or a pause.
fn read_frame(reader: &mut Reader, node: &Node<'_>) -> Option<Frame> {
    if node.is_string() {
        return templated(reader, node).map(Frame::Data);
    }
    let mut table = node.table(reader)?;
    let (data, raw, pause) = (
        table.optional("data"),
        table.optional("raw"),
        table.optional("pause_ms"),
    );
    table.refuse_unknown(reader);
    match (data, raw, pause) {
        (Some(node), None, None) => templated(reader, &node).map(Frame::Data),
        (None, Some(node), None) => templated(reader, &node).map(Frame::Raw),
        (None, None, Some(node)) => node.count(reader).map(Frame::Pause),
        _ => {
            reader.problem(
                node.span(),
                "a frame is a string, or one of `data`, `raw`, `pause_ms`",
            );
            None
        }
    }
}
