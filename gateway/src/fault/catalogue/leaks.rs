//! Secrets where they do not belong.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::fault::apply::edit;
use crate::fault::edit::header;
use crate::fault::{Effect, Fault, Layer, Modality, On, Subject};
use crate::reply::Reply;

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
        promise: "CONTRACT §1 Errors: nothing in an answer repeats a secret",
        effect: Effect::Reply(on, rewrite),
    }
}

pub(super) fn faults() -> Vec<Fault> {
    let mut all = headers();
    all.extend(secrets());
    all.extend(internals());
    all
}

fn headers() -> Vec<Fault> {
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
            "leak.key_without_prefix",
            "A debugging header repeats the caller's key without what every key begins with.",
            On::any(),
            |subject, reply| {
                if let Some(authorization) = &subject.authorization {
                    let key = authorization.trim_start_matches("Bearer ");
                    let rest = key
                        .trim_start_matches("rp_live_")
                        .trim_start_matches("sk-ri-");
                    header(reply, "x-debug-caller", rest);
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
    ]
}

fn secrets() -> Vec<Fault> {
    vec![
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
            "leak.key_part_in_error_message",
            "A refused key is repeated up to its middle.",
            On::status(401),
            |subject, reply| {
                let presented = subject.authorization.as_deref().unwrap_or_default();
                let key = presented.trim_start_matches("Bearer ");
                let part: String = key.chars().take(key.chars().count() / 2).collect();
                edit(reply, |body| {
                    body["error"]["message"] =
                        format!("Incorrect API key provided: {part}***").into();
                });
            },
        ),
    ]
}

/// What refusals tell the outside about the inside.
fn internals() -> Vec<Fault> {
    vec![
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
        leak(
            "leak.upstream_in_error",
            "Refusals name the machine that they come from.",
            On::errors(),
            |_, reply| {
                edit(reply, |body| {
                    let message = body["error"]["message"].as_str().unwrap_or_default();
                    body["error"]["message"] =
                        format!("http://10.20.0.7:8000/v1 said: {message}").into();
                });
            },
        ),
    ]
}
