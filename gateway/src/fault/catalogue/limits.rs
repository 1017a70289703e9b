//! Budgets, and other promises that are kept across requests.

use crate::fault::catalogue::policy;
use crate::fault::edit::header;
use crate::fault::{Effect, Fault, Layer, Modality, On};
use crate::reply::{X_RATELIMIT_LIMIT, X_RATELIMIT_REMAINING};

pub(super) fn faults() -> Vec<Fault> {
    const PROMISE: &str = "CONTRACT §1 Rate limits";
    vec![
        policy(
            "limits.not_enforced",
            Layer::Limits,
            "Requests over the budget are answered.",
            PROMISE,
            |policy| policy.limits_enforced = false,
        ),
        policy(
            "limits.not_counted",
            Layer::Limits,
            "`X-RateLimit-Remaining` never goes down.",
            PROMISE,
            |policy| policy.requests_counted = false,
        ),
        policy(
            "cache.answers_shared",
            Layer::Body,
            "Every caller of an operation gets its first answer again.",
            "CONTRACT §1 Shapes: an id of its own for every answer",
            |policy| policy.first_answers_kept = true,
        ),
        Fault {
            name: "limits.remaining_grows",
            modality: Modality::All,
            layer: Layer::Limits,
            breaks: "`X-RateLimit-Remaining` counts the requests used, and so grows.",
            promise: PROMISE,
            effect: Effect::Reply(On::any(), |_, reply| {
                let number = |name| {
                    let value = reply.headers.get(name)?.to_str().ok()?;
                    value.parse::<u64>().ok()
                };
                if let (Some(limit), Some(left)) =
                    (number(X_RATELIMIT_LIMIT), number(X_RATELIMIT_REMAINING))
                {
                    let used = limit.saturating_sub(left).to_string();
                    header(reply, "x-ratelimit-remaining", &used);
                }
            }),
        },
    ]
}
