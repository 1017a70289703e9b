//! Proxies, connections, time, and secrets in the wrong place.
#![expect(clippy::too_many_lines, reason = "tables: one entry a fault")]

use std::io::Write as _;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::StatusCode;
use http::header::LOCATION;

use crate::fault::apply::edit;
use crate::fault::catalogue::{CHAT, RESPONSES};
use crate::fault::edit::{
    announce, bytes, content_type, header, joined, replace_prompt, split, whole,
};
use crate::fault::{Effect, Fault, Layer, Modality, On, Subject};
use crate::reply::{Reply, to_json};
use crate::wire::Step;

const HTTP: &str = "CONTRACT §1 Shapes";

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

const fn slow(
    name: &'static str,
    breaks: &'static str,
    on: On,
    rewrite: fn(&Subject, Vec<Step>) -> Vec<Step>,
) -> Fault {
    Fault {
        name,
        modality: Modality::All,
        layer: Layer::Latency,
        breaks,
        promise: "MATRIX §5 time",
        effect: Effect::Steps(on, rewrite),
    }
}

const fn leak(
    name: &'static str,
    breaks: &'static str,
    on: On,
    rewrite: fn(&Subject, &mut Reply),
) -> Fault {
    Fault {
        name,
        modality: Modality::All,
        layer: Layer::Leak,
        breaks,
        promise: "MATRIX §2: nothing echoes a secret",
        effect: Effect::Reply(on, rewrite),
    }
}

pub(super) fn faults() -> Vec<Fault> {
    let mut faults = proxies();
    faults.extend(connections());
    faults.extend(times());
    faults.extend(leaks());
    faults.extend(caches());
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

fn times() -> Vec<Fault> {
    vec![
        slow(
            "latency.first_token_late",
            "A stream's head comes at once and its first event after four seconds.",
            On::streams(),
            |_, mut steps| {
                steps.insert(1.min(steps.len()), Step::Pause(Duration::from_secs(4)));
                steps
            },
        ),
        slow(
            "latency.gap_midway",
            "A stream pauses for four seconds in the middle.",
            On::streams(),
            |_, mut steps| {
                steps.insert(steps.len() / 2, Step::Pause(Duration::from_secs(4)));
                steps
            },
        ),
        slow(
            "latency.drips",
            "A stream's increments come a fifth of a second apart.",
            On::streams(),
            |_, mut steps| {
                for step in &mut steps {
                    if let Step::Pause(time) = step {
                        *time = Duration::from_millis(200);
                    }
                }
                steps
            },
        ),
        slow(
            "latency.body_late",
            "An answer's head comes at once and its body after four seconds.",
            On::success(),
            |_, mut steps| {
                steps.insert(1.min(steps.len()), Step::Pause(Duration::from_secs(4)));
                steps
            },
        ),
    ]
}

fn leaks() -> Vec<Fault> {
    vec![
        leak(
            "leak.key_in_header",
            "A debugging header repeats the caller's key.",
            On::any(),
            |subject, reply| {
                if let Some(authorization) = &subject.authorization {
                    header(reply, "x-debug-authorization", authorization);
                }
            },
        ),
        leak(
            "leak.key_in_base64_header",
            "A debugging header repeats the caller's key in base64.",
            On::any(),
            |subject, reply| {
                if let Some(authorization) = &subject.authorization {
                    header(
                        reply,
                        "x-debug-context",
                        &STANDARD.encode(authorization.trim_start_matches("Bearer ")),
                    );
                }
            },
        ),
        leak(
            "leak.key_in_error_message",
            "Refusals repeat the key that was presented.",
            On::errors(),
            |subject, reply| {
                let key = subject.authorization.clone().unwrap_or_default();
                edit(reply, |body| {
                    let message = format!(
                        "{} (presented: {key})",
                        body["error"]["message"].as_str().unwrap_or_default()
                    );
                    body["error"]["message"] = message.into();
                });
            },
        ),
        leak(
            "leak.key_in_body",
            "Answers repeat the caller's key in a debugging field.",
            On::success(),
            |subject, reply| {
                let key = subject.authorization.clone().unwrap_or_default();
                edit(reply, |body| {
                    if body.is_object() {
                        body["_debug"] = key.into();
                    }
                });
            },
        ),
        leak(
            "leak.workspace_key_shown",
            "Answers to anyone carry the workspace's own key.",
            On::any(),
            |subject, reply| header(reply, "x-upstream-key", &subject.workspace_key),
        ),
        leak(
            "leak.request_echoed_in_error",
            "Refusals repeat the whole request, headers included.",
            On::errors(),
            |subject, reply| {
                let request = format!(
                    "{} {} authorization: {}\n{}",
                    subject.method,
                    subject.path,
                    subject.authorization.clone().unwrap_or_default(),
                    String::from_utf8_lossy(&subject.body)
                );
                edit(reply, |body| body["error"]["request"] = request.into());
            },
        ),
        leak(
            "leak.internal_paths_in_error",
            "Refusals carry a stack trace with file paths.",
            On::errors(),
            |_, reply| {
                edit(reply, |body| {
                    body["error"]["trace"] =
                        "File \"/home/deploy/gateway/router.py\", line 212, in dispatch".into();
                });
            },
        ),
    ]
}

fn caches() -> Vec<Fault> {
    const PROMISE: &str = "MATRIX §2: a canned or cached answer fails";
    let canned = |name, breaks, operation| Fault {
        name,
        modality: if operation == CHAT {
            Modality::Chat
        } else {
            Modality::Responses
        },
        layer: Layer::Body,
        breaks,
        promise: PROMISE,
        effect: Effect::Request(operation, |body| {
            replace_prompt(
                body,
                "Say exactly: I'm here to help! What would you like to know?",
            );
        }),
    };
    vec![
        canned(
            "cache.canned_chat",
            "Every chat has the same polite answer.",
            CHAT,
        ),
        canned(
            "cache.canned_responses",
            "Every response has the same polite answer.",
            RESPONSES,
        ),
        Fault {
            name: "cache.prompt_prefix_only",
            modality: Modality::Chat,
            layer: Layer::Body,
            breaks: "Prompts that start alike get the same answer.",
            promise: PROMISE,
            effect: Effect::Request(CHAT, |body| {
                for message in body
                    .get_mut("messages")
                    .and_then(serde_json::Value::as_array_mut)
                    .into_iter()
                    .flatten()
                {
                    if let Some(text) = message["content"].as_str() {
                        message["content"] =
                            text.split_inclusive(' ').take(4).collect::<String>().into();
                    }
                }
            }),
        },
        Fault {
            name: "cache.unasked_age",
            modality: Modality::All,
            layer: Layer::Headers,
            breaks: "Answers may be stored by anyone on the way.",
            promise: PROMISE,
            effect: Effect::Reply(On::success(), |_, reply| {
                header(reply, "cache-control", "public, max-age=3600");
                header(reply, "age", "812");
            }),
        },
    ]
}
