//! Proxies and connections.
#![expect(clippy::too_many_lines, reason = "tables: one entry a fault")]

use std::io::Write as _;
use std::time::Duration;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::StatusCode;
use http::header::LOCATION;

use crate::fault::apply::edit;
use crate::fault::edit::{announce, bytes, content_type, header, joined, split, whole};
use crate::fault::{Effect, Fault, Layer, Modality, On, Subject};
use crate::reply::{Reply, to_json};
use crate::wire::Step;

const HTTP: &str = "CONTRACT §1 routes, Shapes";

const fn reply(
    name: &'static str,
    breaks: &'static str,
    on: On,
    rewrite: fn(&Subject, &mut Reply),
) -> Fault {
    Fault {
        name,
        modality: Modality::All,
        layer: Layer::Transport,
        breaks,
        promise: HTTP,
        effect: Effect::Reply(on, rewrite),
    }
}

const fn steps(
    name: &'static str,
    breaks: &'static str,
    on: On,
    rewrite: fn(&Subject, Vec<Step>) -> Vec<Step>,
) -> Fault {
    Fault {
        name,
        modality: Modality::All,
        layer: Layer::Transport,
        breaks,
        promise: HTTP,
        effect: Effect::Steps(on, rewrite),
    }
}

pub(super) fn faults() -> Vec<Fault> {
    let mut faults = proxies();
    faults.extend(connections());
    faults
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory does not fail; an empty body would be as wrong as a corrupted one.
    let written = encoder.write_all(body);
    written.and_then(|()| encoder.finish()).unwrap_or_default()
}

fn proxies() -> Vec<Fault> {
    vec![
        reply(
            "proxy.html_error_page",
            "A proxy's HTML error page comes instead of an answer.",
            On::success(),
            |_, reply| {
                reply.status = StatusCode::BAD_GATEWAY;
                whole(
                    reply,
                    "<html><head><title>502 Bad Gateway</title></head></html>",
                );
                content_type(reply, "text/html");
            },
        ),
        reply(
            "proxy.html_with_200",
            "A proxy's HTML page comes with status 200.",
            On::success(),
            |_, reply| {
                whole(reply, "<!doctype html><title>Please wait</title>");
                content_type(reply, "text/html; charset=utf-8");
            },
        ),
        reply(
            "proxy.redirects",
            "Answers are redirects to another host.",
            On::success(),
            |_, reply| {
                reply.status = StatusCode::TEMPORARY_REDIRECT;
                reply.headers.insert(
                    LOCATION,
                    http::HeaderValue::from_static("https://login.example.com/"),
                );
                whole(reply, "");
            },
        ),
        reply(
            "proxy.no_content",
            "Answers come as 204 without a body.",
            On::success(),
            |_, reply| {
                reply.status = StatusCode::NO_CONTENT;
                whole(reply, "");
            },
        ),
        reply(
            "proxy.own_headers_stripped",
            "Every `X-` header is stripped on the way.",
            On::any(),
            |_, reply| {
                let names: Vec<_> = reply
                    .headers
                    .keys()
                    .filter(|name| name.as_str().starts_with("x-"))
                    .cloned()
                    .collect();
                for name in names {
                    reply.headers.remove(name);
                }
            },
        ),
        reply(
            "proxy.gzip_corrupted",
            "Answers are compressed, and the compressed bytes are damaged.",
            On::success(),
            |_, reply| {
                header(reply, "content-encoding", "gzip");
                bytes(reply, |body| {
                    let mut zipped = gzip(body);
                    let middle = zipped.len() / 2;
                    zipped
                        .iter_mut()
                        .skip(middle)
                        .take(8)
                        .for_each(|byte| *byte = !*byte);
                    zipped
                });
            },
        ),
        reply(
            "proxy.gzip_undeclared",
            "Answers are compressed without saying so.",
            On::success(),
            |_, reply| bytes(reply, gzip),
        ),
        reply(
            "proxy.gzip_declared_only",
            "Answers say they are compressed, and are not.",
            On::success(),
            |_, reply| header(reply, "content-encoding", "gzip"),
        ),
        reply(
            "proxy.json_in_json",
            "JSON answers come as a JSON text that holds them.",
            On::success(),
            |_, reply| edit(reply, |body| *body = body.to_string().into()),
        ),
        reply(
            "proxy.trailing_bytes",
            "Bytes follow after the answer's JSON.",
            On::success(),
            |_, reply| bytes(reply, |body| [body, b"\n<!-- cached -->"].concat()),
        ),
        reply(
            "proxy.answers_in_utf16",
            "JSON answers come as UTF-16.",
            On::success(),
            |_, reply| {
                bytes(reply, |body| match std::str::from_utf8(body) {
                    Ok(text) => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                    Err(_) => body.to_vec(),
                });
            },
        ),
        reply(
            "proxy.success_as_201",
            "Successes come with 201.",
            On::success(),
            |_, reply| reply.status = StatusCode::CREATED,
        ),
        reply(
            "proxy.unavailable",
            "Every inference is answered with 503.",
            On::success(),
            |subject, reply| {
                if subject.method == http::Method::POST {
                    reply.status = StatusCode::SERVICE_UNAVAILABLE;
                    header(reply, "retry-after", "1");
                    content_type(reply, "application/json");
                    whole(
                        reply,
                        to_json(
                            &serde_json::json!({"error": {"message": "All replicas are busy.", "type": "server_error", "code": "replicas_busy"}}),
                        ),
                    );
                }
            },
        ),
    ]
}

fn connections() -> Vec<Fault> {
    vec![
        steps(
            "proxy.content_length_short",
            "The announced length cuts the body off.",
            On::success(),
            |_, steps| {
                let (head, body) = split(steps);
                let body = joined(&body);
                let head = announce(head, body.len() * 2 / 3);
                head.into_iter().chain([Step::Bytes(body.into())]).collect()
            },
        ),
        steps(
            "proxy.body_truncated",
            "The connection closes before the announced length is reached.",
            On::success(),
            |_, steps| {
                let (head, body) = split(steps);
                let body = joined(&body);
                let head = announce(head, body.len());
                let half = Bytes::copy_from_slice(&body[..body.len() / 2]);
                head.into_iter()
                    .chain([Step::Bytes(half), Step::Cut])
                    .collect()
            },
        ),
        steps(
            "proxy.reset_before_answer",
            "The connection is reset after the request was run.",
            On::success(),
            |_, _| vec![Step::Reset],
        ),
        steps(
            "proxy.reset_in_body",
            "The connection is reset in the middle of the body.",
            On::success(),
            |_, steps| {
                let (head, body) = split(steps);
                let body = joined(&body);
                let head = announce(head, body.len());
                let half = Bytes::copy_from_slice(&body[..body.len() / 2]);
                head.into_iter()
                    .chain([
                        Step::Bytes(half),
                        Step::Pause(Duration::from_millis(20)),
                        Step::Reset,
                    ])
                    .collect()
            },
        ),
        steps(
            "proxy.stalls_in_body",
            "The body falls silent in the middle and stays open.",
            On::success(),
            |_, steps| {
                let (head, body) = split(steps);
                let body = joined(&body);
                let head = announce(head, body.len());
                let half = Bytes::copy_from_slice(&body[..body.len() / 2]);
                head.into_iter()
                    .chain([Step::Bytes(half), Step::Stall])
                    .collect()
            },
        ),
        steps(
            "proxy.never_answers",
            "The request is taken in, and nothing comes.",
            On::success(),
            |_, _| vec![Step::Stall],
        ),
    ]
}
