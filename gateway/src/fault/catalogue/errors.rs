//! Refusals: which status, which envelope.
#![expect(clippy::too_many_lines, reason = "tables: one entry a fault")]

use http::StatusCode;
use serde_json::{Value, json};

use crate::fault::apply::edit;
use crate::fault::edit::{content_type, whole, without};
use crate::fault::{Effect, Fault, Layer, Modality, On, Subject};
use crate::reply::{Body, Reply, to_json};

const STATUSES: &str = "CONTRACT §1 Errors";
const ENVELOPE: &str = "CONTRACT §1 Errors: envelope";
const PARAMETERS: &str = "CONTRACT §1 Parameters";

/// Codes of refusals that some entries are about, and no other refusal with their status.
const NO_MODEL: &str = "model_not_found";
const NO_ROUTE: &str = "route_not_found";
const OUT_OF_SCOPE: &str = "key_scope";

const fn status(
    name: &'static str,
    breaks: &'static str,
    on: On,
    rewrite: fn(&Subject, &mut Reply),
) -> Fault {
    Fault {
        name,
        modality: Modality::All,
        layer: Layer::Status,
        breaks,
        promise: STATUSES,
        effect: Effect::Reply(on, rewrite),
    }
}

const fn envelope(
    name: &'static str,
    breaks: &'static str,
    rewrite: fn(&Subject, &mut Reply),
) -> Fault {
    Fault {
        name,
        modality: Modality::All,
        layer: Layer::Errors,
        breaks,
        promise: ENVELOPE,
        effect: Effect::Reply(On::errors(), rewrite),
    }
}

fn has_code(reply: &Reply, code: &str) -> bool {
    let Body::Whole(bytes) = &reply.body else {
        return false;
    };
    serde_json::from_slice::<Value>(bytes).is_ok_and(|body| body["error"]["code"] == code)
}

pub(super) fn faults() -> Vec<Fault> {
    let mut faults = statuses();
    faults.extend(envelopes());
    faults
}

fn statuses() -> Vec<Fault> {
    vec![
        status(
            "errors.charset_refused",
            "JSON whose content type says its character set is refused.",
            On::success(),
            |subject, reply| {
                let said = subject.content_type.as_deref().unwrap_or_default();
                if said.starts_with("application/json;") {
                    reply.status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
                    content_type(reply, "application/json");
                    whole(
                        reply,
                        to_json(&json!({"error": {"message": "Send `application/json`.",
                            "type": "invalid_request_error", "code": "invalid_content_type"}})),
                    );
                }
            },
        ),
        status(
            "errors.invalid_key_as_403",
            "A bad key is answered with 403.",
            On::status(401),
            |_, reply| reply.status = StatusCode::FORBIDDEN,
        ),
        status(
            "errors.invalid_key_as_500",
            "A bad key is answered with 500.",
            On::status(401),
            |_, reply| reply.status = StatusCode::INTERNAL_SERVER_ERROR,
        ),
        status(
            "errors.unknown_model_as_400",
            "An unknown model is answered with 400.",
            On::status(404),
            |_, reply| {
                if has_code(reply, NO_MODEL) {
                    reply.status = StatusCode::BAD_REQUEST;
                }
            },
        ),
        status(
            "errors.unknown_model_as_500",
            "An unknown model is answered with 500.",
            On::status(404),
            |_, reply| {
                if has_code(reply, NO_MODEL) {
                    reply.status = StatusCode::INTERNAL_SERVER_ERROR;
                }
            },
        ),
        status(
            "errors.unknown_route_as_500",
            "A route that does not exist is answered with 500.",
            On::status(404),
            |_, reply| {
                if has_code(reply, NO_ROUTE) {
                    reply.status = StatusCode::INTERNAL_SERVER_ERROR;
                }
            },
        ),
        status(
            "errors.validation_as_500",
            "Invalid requests are answered with 500.",
            On::status(400),
            |_, reply| reply.status = StatusCode::INTERNAL_SERVER_ERROR,
        ),
        status(
            "errors.validation_as_200",
            "Invalid requests are answered with 200 and an error inside.",
            On::status(400),
            |_, reply| reply.status = StatusCode::OK,
        ),
        status(
            "errors.unprocessable_as_500",
            "Content that cannot be processed is answered with 500.",
            On::status(422),
            |_, reply| reply.status = StatusCode::INTERNAL_SERVER_ERROR,
        ),
        status(
            "errors.scope_as_500",
            "A key outside its scope is answered with 500.",
            On::status(403),
            |_, reply| {
                if has_code(reply, OUT_OF_SCOPE) {
                    reply.status = StatusCode::INTERNAL_SERVER_ERROR;
                }
            },
        ),
        status(
            "errors.wrong_method_as_500",
            "A wrong method is answered with 500.",
            On::status(405),
            |_, reply| reply.status = StatusCode::INTERNAL_SERVER_ERROR,
        ),
        status(
            "errors.legacy_routes_answer",
            "Routes that do not exist answer 200 with an empty object.",
            On::status(404),
            |_, reply| {
                if has_code(reply, NO_ROUTE) {
                    reply.status = StatusCode::OK;
                    whole(reply, "{}");
                }
            },
        ),
        status(
            "errors.rate_limit_as_503",
            "Requests over the budget are answered with 503.",
            On::status(429),
            |_, reply| reply.status = StatusCode::SERVICE_UNAVAILABLE,
        ),
        status(
            "errors.credits_as_403",
            "An empty balance is answered with 403.",
            On::status(402),
            |_, reply| reply.status = StatusCode::FORBIDDEN,
        ),
        status(
            "errors.everything_400",
            "Every refusal is a 400.",
            On::errors(),
            |_, reply| reply.status = StatusCode::BAD_REQUEST,
        ),
        status(
            "errors.long_context_as_500",
            "Input beyond the model's context is answered with 500.",
            On::status(422),
            |_, reply| {
                if has_code(reply, "context_length_exceeded") {
                    reply.status = StatusCode::INTERNAL_SERVER_ERROR;
                }
            },
        ),
        status(
            "errors.scope_type_wrong",
            "A key outside its scope is refused under the type of an invalid request.",
            On::status(403),
            |_, reply| {
                if has_code(reply, OUT_OF_SCOPE) {
                    edit(reply, |body| {
                        body["error"]["type"] = "invalid_request_error".into();
                    });
                }
            },
        ),
    ]
}

fn envelopes() -> Vec<Fault> {
    vec![
        envelope(
            "errors.envelope_flat",
            "The error's fields are not inside `error`.",
            |_, reply| edit(reply, |body| *body = body["error"].take()),
        ),
        envelope(
            "errors.envelope_text",
            "`error` is a text instead of an object.",
            |_, reply| {
                edit(reply, |body| {
                    body["error"] = body["error"]["message"].take();
                });
            },
        ),
        envelope(
            "errors.envelope_detail",
            "The framework's own `detail` comes instead of the envelope.",
            |_, reply| {
                edit(reply, |body| {
                    *body = json!({"detail": body["error"]["message"].take()});
                });
            },
        ),
        envelope("errors.type_missing", "Errors have no type.", |_, reply| {
            edit(reply, |body| without(&mut body["error"], "type"));
        }),
        envelope(
            "errors.type_generic",
            "Every error has the type `api_error`.",
            |_, reply| edit(reply, |body| body["error"]["type"] = "api_error".into()),
        ),
        envelope("errors.code_missing", "Errors have no code.", |_, reply| {
            edit(reply, |body| without(&mut body["error"], "code"));
        }),
        envelope(
            "errors.code_numeric",
            "An error's code is its status as a number.",
            |_, reply| {
                let status = reply.status.as_u16();
                edit(reply, |body| body["error"]["code"] = status.into());
            },
        ),
        envelope(
            "errors.param_wrong",
            "Errors name another parameter than the one concerned.",
            |_, reply| {
                edit(reply, |body| {
                    if body["error"]["param"].is_string() {
                        body["error"]["param"] = "messages[7].audio".into();
                    }
                });
            },
        ),
        envelope(
            "errors.message_empty",
            "An error's message is empty.",
            |_, reply| edit(reply, |body| body["error"]["message"] = "".into()),
        ),
        envelope(
            "errors.message_object",
            "An error's message is an object.",
            |_, reply| {
                edit(reply, |body| {
                    body["error"]["message"] = json!({"text": body["error"]["message"].take()});
                });
            },
        ),
        envelope("errors.body_empty", "Errors have no body.", |_, reply| {
            whole(reply, "");
        }),
        envelope(
            "errors.body_plain_text",
            "Errors are plain text.",
            |_, reply| {
                whole(reply, "Internal error");
                content_type(reply, "text/plain");
            },
        ),
        envelope("errors.body_html", "Errors are HTML pages.", |_, reply| {
            whole(reply, "<html><body><h1>Error</h1></body></html>");
            content_type(reply, "text/html");
        }),
        envelope(
            "errors.list_of_errors",
            "Errors come as a list.",
            |_, reply| {
                edit(reply, |body| {
                    *body = json!({"errors": [body["error"].take()]});
                });
            },
        ),
        Fault {
            promise: PARAMETERS,
            ..envelope(
                "errors.capability_unnamed",
                "A missing capability is refused without being named.",
                |_, reply| {
                    edit(reply, |body| {
                        if body["error"]["code"] == "unsupported_capability" {
                            body["error"]["message"] = "The request is not supported.".into();
                            without(&mut body["error"], "param");
                        }
                    });
                },
            )
        },
        Fault {
            name: "errors.credits_details_missing",
            modality: Modality::All,
            layer: Layer::Errors,
            breaks: "An empty balance is refused under another type and without its amounts.",
            promise: STATUSES,
            effect: Effect::Reply(On::status(402), |_, reply| {
                let body: Value = json!({"error": {"message": "Payment required.", "type": "invalid_request_error", "code": "payment_required"}});
                whole(reply, to_json(&body));
            }),
        },
        Fault {
            promise: PARAMETERS,
            ..envelope(
                "errors.unknown_field_unnamed",
                "An unknown field is refused without being named.",
                |_, reply| {
                    edit(reply, |body| {
                        if body["error"]["code"] == "unknown_parameter" {
                            body["error"]["message"] = "Extra inputs are not permitted.".into();
                            without(&mut body["error"], "param");
                        }
                    });
                },
            )
        },
    ]
}
