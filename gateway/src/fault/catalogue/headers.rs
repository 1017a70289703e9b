//! Response headers.
#![expect(clippy::too_many_lines, reason = "tables: one entry a fault")]

use http::header::{CONTENT_TYPE, RETRY_AFTER};

use crate::fault::edit::header;
use crate::fault::{Effect, Fault, Layer, Modality, On, Subject};
use crate::reply::{
    Reply, X_PARAM_ADJUSTMENTS, X_RATELIMIT_LIMIT, X_RATELIMIT_REMAINING, X_RATELIMIT_TIER,
    X_REQUEST_ID,
};

const fn fault(
    name: &'static str,
    breaks: &'static str,
    on: On,
    rewrite: fn(&Subject, &mut Reply),
) -> Fault {
    Fault {
        name,
        modality: Modality::All,
        layer: Layer::Headers,
        breaks,
        promise: "CONTRACT §1 Headers on responses",
        effect: Effect::Reply(on, rewrite),
    }
}

/// A header that HTTP itself has, and without which a shape cannot be read.
const fn shape(
    name: &'static str,
    breaks: &'static str,
    on: On,
    rewrite: fn(&Subject, &mut Reply),
) -> Fault {
    let mut fault = fault(name, breaks, on, rewrite);
    fault.promise = "CONTRACT §1 Shapes";
    fault
}

pub(super) fn faults() -> Vec<Fault> {
    vec![
        fault(
            "headers.request_id_missing",
            "No answer has an `X-Request-Id`.",
            On::any(),
            |_, reply| {
                reply.headers.remove(X_REQUEST_ID);
            },
        ),
        fault(
            "headers.request_id_missing_on_errors",
            "Refusals have no `X-Request-Id`.",
            On::errors(),
            |_, reply| {
                reply.headers.remove(X_REQUEST_ID);
            },
        ),
        fault(
            "headers.request_id_missing_on_streams",
            "Streams have no `X-Request-Id`.",
            On::streams(),
            |_, reply| {
                reply.headers.remove(X_REQUEST_ID);
            },
        ),
        fault(
            "headers.request_id_missing_on_audio",
            "Audio has no `X-Request-Id`.",
            On::operation("audio.speech.create"),
            |_, reply| {
                reply.headers.remove(X_REQUEST_ID);
            },
        ),
        fault(
            "headers.request_id_constant",
            "Every answer has the same `X-Request-Id`.",
            On::any(),
            |_, reply| {
                header(
                    reply,
                    "x-request-id",
                    "00000000-0000-4000-8000-000000000000",
                );
            },
        ),
        fault(
            "headers.request_id_no_uuid",
            "`X-Request-Id` is no UUID.",
            On::any(),
            |subject, reply| {
                let id = subject.request_id.map_or(1, |id| id.as_u128());
                header(reply, "x-request-id", &format!("req-{id:x}"));
            },
        ),
        fault(
            "headers.request_id_from_client",
            "`X-Request-Id` repeats the caller's own id.",
            On::any(),
            |subject, reply| {
                if let Some(id) = &subject.client_request_id {
                    header(reply, "x-request-id", id);
                }
            },
        ),
        fault(
            "headers.rate_limit_missing",
            "No rate-limit header comes.",
            On::any(),
            |_, reply| {
                for name in [X_RATELIMIT_LIMIT, X_RATELIMIT_REMAINING, X_RATELIMIT_TIER] {
                    reply.headers.remove(name);
                }
            },
        ),
        fault(
            "headers.rate_limit_remaining_missing",
            "`X-RateLimit-Remaining` does not come.",
            On::any(),
            |_, reply| {
                reply.headers.remove(X_RATELIMIT_REMAINING);
            },
        ),
        fault(
            "headers.rate_limit_tier_missing",
            "`X-RateLimit-Tier` does not come.",
            On::any(),
            |_, reply| {
                reply.headers.remove(X_RATELIMIT_TIER);
            },
        ),
        fault(
            "headers.rate_limit_no_number",
            "`X-RateLimit-Limit` is no number.",
            On::success(),
            |_, reply| header(reply, "x-ratelimit-limit", "unlimited"),
        ),
        fault(
            "headers.rate_limit_remaining_above_limit",
            "More requests remain than the limit allows.",
            On::success(),
            |_, reply| {
                header(reply, "x-ratelimit-remaining", "999999999");
            },
        ),
        fault(
            "headers.rate_limit_tier_unknown",
            "`X-RateLimit-Tier` names no plan.",
            On::success(),
            |_, reply| header(reply, "x-ratelimit-tier", "gold"),
        ),
        fault(
            "headers.rate_limit_tier_changes",
            "Refusals name another tier than answers.",
            On::errors(),
            |_, reply| header(reply, "x-ratelimit-tier", "Enterprise"),
        ),
        fault(
            "headers.rate_limit_missing_on_streams",
            "Streams have no rate-limit headers.",
            On::streams(),
            |_, reply| {
                for name in [X_RATELIMIT_LIMIT, X_RATELIMIT_REMAINING, X_RATELIMIT_TIER] {
                    reply.headers.remove(name);
                }
            },
        ),
        fault(
            "headers.adjustments_missing",
            "Changed parameters are not listed.",
            On::success(),
            |_, reply| {
                reply.headers.remove(X_PARAM_ADJUSTMENTS);
            },
        ),
        fault(
            "headers.adjustments_unnamed",
            "`X-Param-Adjustments` says that something changed, but not what.",
            On::success(),
            |_, reply| {
                if reply.headers.contains_key(X_PARAM_ADJUSTMENTS) {
                    header(reply, "x-param-adjustments", "true");
                }
            },
        ),
        fault(
            "headers.adjustments_always",
            "`X-Param-Adjustments` lists a change that was not made.",
            On::success(),
            |_, reply| {
                header(reply, "x-param-adjustments", "temperature=1.0->0.7");
            },
        ),
        fault(
            "headers.adjustments_of_the_voice",
            "`X-Param-Adjustments` says of every speech that its voice was dropped.",
            On::operation("audio.speech.create"),
            |_, reply| header(reply, "x-param-adjustments", "voice=dropped"),
        ),
        fault(
            "headers.retry_after_on_success",
            "`Retry-After` comes with successes.",
            On::success(),
            |_, reply| header(reply, "retry-after", "5"),
        ),
        fault(
            "headers.retry_after_missing",
            "A 429 has no `Retry-After`.",
            On::status(429),
            |_, reply| {
                reply.headers.remove(RETRY_AFTER);
            },
        ),
        fault(
            "headers.retry_after_negative",
            "A 429's `Retry-After` is negative.",
            On::status(429),
            |_, reply| header(reply, "retry-after", "-1"),
        ),
        fault(
            "headers.date_long_past",
            "`Date` is the beginning of time.",
            On::any(),
            |_, reply| header(reply, "date", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ),
        shape(
            "headers.content_type_missing",
            "No answer has a content type.",
            On::any(),
            |_, reply| {
                reply.headers.remove(CONTENT_TYPE);
            },
        ),
        shape(
            "headers.content_type_text",
            "JSON is announced as plain text.",
            On::success(),
            |_, reply| {
                let json = reply
                    .headers
                    .get(CONTENT_TYPE)
                    .is_some_and(|value| value == "application/json");
                if json {
                    header(reply, "content-type", "text/plain; charset=utf-8");
                }
            },
        ),
    ]
}
