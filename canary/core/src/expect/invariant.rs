//! Words about every answer of a row, whichever call brought it. The invariants of a matrix are
//! made of these: each is tried on every answer, so that a row that got none cannot pass.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    Tally, Word as Entry,
    build::Part,
    wire::{http_date, is_uuid},
};
use crate::{
    judge::Rule,
    observe::{AnswerSeen, Exchange, Observation},
};

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "each_request_id",
        argument: "",
        about: "Every answer of the row carries one UUID in X-Request-Id, and no other answer of the run had it; only a replay may repeat the id of the answer that it repeats.",
        read: |_| Some(vec![each_request_id()]),
    },
    Entry {
        word: "each_content_type",
        argument: "",
        about: "Every answer of the row is of the kind that its route promises, and what says it is JSON is a JSON object.",
        read: |_| {
            Some(vec![each(|exchange, answer, _| {
                content_fits(exchange, answer)
            })])
        },
    },
    Entry {
        word: "each_rate_limit",
        argument: "",
        about: "Answers to a caller with a key carry the rate-limit headers, and wherever these stand they count sensibly.",
        read: |_| {
            Some(vec![each(|exchange, answer, _| {
                rate_limit_fits(exchange, answer)
            })])
        },
    },
    Entry {
        word: "each_envelope",
        argument: "",
        about: "Every error of the row is in the envelope, with the type that its status has.",
        read: |_| {
            Some(vec![each(|_, answer, _| {
                answer.status < 400 || envelope_fits(answer)
            })])
        },
    },
    Entry {
        word: "each_retry_after",
        argument: "",
        about: "Retry-After stands on every 429, perhaps on a 503, nowhere else, and says a time.",
        read: |_| Some(vec![each(|_, answer, _| retry_after_fits(answer))]),
    },
    Entry {
        word: "each_within_budget",
        argument: "",
        about: "No work of the row was done for a key that had had more than twice its stated limit of requests done within one minute.",
        read: |_| Some(vec![each_within_budget()]),
    },
    Entry {
        word: "each_date",
        argument: "",
        about: "An answer's Date, where it has one, is the present, give or take a day.",
        read: |_| Some(vec![each(|_, answer, now| date_fits(answer, now))]),
    },
    Entry {
        word: "rate_limit_counts",
        argument: "",
        about: "Among the answers of the row, what is left of the limit takes at least two values, and one of them is below the limit.",
        read: |_| Some(vec![rate_limit_counts()]),
    },
    Entry {
        word: "rate_limit_falls",
        argument: "",
        about: "Of what the row's answers say is left of the limit, one is below what the first said, or is nearly all of it because the minute has turned.",
        read: |_| Some(vec![rate_limit_falls()]),
    },
    Entry {
        word: "rate_limit_plan",
        argument: "",
        about: "Every answer of the row names a plan as its tier, and a limit that is no higher than the plan's ceiling.",
        read: |_| Some(vec![each(|_, answer, _| plan_fits(answer))]),
    },
];

/// Requests a minute that a key of each plan may at most have.
const CEILINGS: [(&str, u64); 3] = [("pro", 1_000), ("team", 10_000), ("enterprise", 100_000)];

/// How many requests of a new minute may be spent before a row sees it: the rows that run beside it ask too.
const NEW_MINUTE: u64 = 32;

/// Every answer of a row, with the exchange that brought it.
pub(super) fn answers(seen: &Observation) -> impl Iterator<Item = (&Exchange, &AnswerSeen)> {
    seen.calls
        .iter()
        .flat_map(|call| &call.exchanges)
        .filter_map(|exchange| Some((exchange, exchange.answer.as_ref()?)))
}

/// A condition on every answer of the row; `now` is in seconds since the Unix epoch.
fn each(holds: impl Fn(&Exchange, &AnswerSeen, u64) -> bool + Send + Sync + 'static) -> Part {
    Part::row(Rule::Always { at_least: 1 }, move |scene| {
        let mut tally = Tally::default();
        for (exchange, answer) in answers(scene.seen) {
            tally.hold(holds(exchange, answer, scene.seen.now));
        }
        tally.measured()
    })
}

fn each_request_id() -> Part {
    Part::row(Rule::Always { at_least: 1 }, |scene| {
        let mut tally = Tally::default();
        let mut had: HashSet<String> = scene.seen.repeated_ids.iter().cloned().collect();
        for (_, answer) in answers(scene.seen) {
            let id = only(answer, "x-request-id").map(str::to_ascii_lowercase);
            // Of calls made at once, the replay may stand before the answer that it repeats.
            let replay = super::once::says_replayed(answer, scene);
            tally.hold(id.is_some_and(|id| is_uuid(&id) && (replay || had.insert(id))));
        }
        tally.measured()
    })
}

/// Twice the limit is what a minute that turns in between, or a bucket that fills up meanwhile,
/// allows at most; the executor counts over the whole run, and tells which answers came beyond.
fn each_within_budget() -> Part {
    Part::row(Rule::Always { at_least: 1 }, |scene| {
        let mut tally = Tally::default();
        for (_, answer) in answers(scene.seen) {
            let id = answer.header("x-request-id").map(str::to_ascii_lowercase);
            tally.hold(!id.is_some_and(|id| scene.seen.over_budget.contains(&id)));
        }
        tally.measured()
    })
}

/// The value of a header that stands exactly once.
fn only<'a>(answer: &'a AnswerSeen, name: &str) -> Option<&'a str> {
    let mut values = answer.headers.iter().filter(|(key, _)| key == name);
    let (_, value) = values.next()?;
    values.next().is_none().then_some(value.as_str())
}

/// Whether a request went to a route that there is: an unknown one may be refused by something that
/// knows neither callers nor their budgets, in the same words as an unknown model.
fn is_route(exchange: &Exchange) -> bool {
    let path = exchange.path.split('?').next().unwrap_or_default();
    let others = ["/chat/completions", "/responses", "/audio/speech"];
    path.contains("/models/")
        || JSON_ROUTES
            .iter()
            .chain(&others)
            .any(|route| path.ends_with(route))
}

/// Routes whose answers are JSON, whatever was asked.
const JSON_ROUTES: [&str; 5] = [
    "/models",
    "/embeddings",
    "/images/generations",
    "/audio/transcriptions",
    "/pipeline",
];

fn content_fits(exchange: &Exchange, answer: &AnswerSeen) -> bool {
    let path = exchange.path.split('?').next().unwrap_or_default();
    let ends = |route: &str| path.ends_with(route);
    let is_call = matches!(exchange.method.as_str(), "GET" | "POST");
    let media_type = only(answer, "content-type").and_then(|_| answer.media_type());
    let media_type = media_type.as_deref();
    let json = media_type == Some("application/json");
    let right = match answer.status {
        // Errors have a word of their own.
        400.. => true,
        _ if !is_call => true,
        300.. => false,
        _ if JSON_ROUTES.iter().any(|route| ends(route)) || path.contains("/models/") => json,
        _ if ends("/chat/completions") || ends("/responses") => {
            json || media_type == Some("text/event-stream")
        }
        _ if ends("/audio/speech") => {
            media_type.is_some_and(|kind| !json && !kind.starts_with("text/"))
        }
        _ => true,
    };
    right && (!json || !answer.whole || answer.json().is_some_and(|body| body.is_object()))
}

fn rate_limit_fits(exchange: &Exchange, answer: &AnswerSeen) -> bool {
    const LIMIT: &str = "x-ratelimit-limit";
    const REMAINING: &str = "x-ratelimit-remaining";
    const TIER: &str = "x-ratelimit-tier";
    let there = |name: &str| answer.header(name).is_some();
    let number = |name: &str| only(answer, name)?.parse::<u64>().ok();
    // A request without a key that counts may be answered with or without them, and so may one to
    // a route that is none.
    let known_model = || {
        let code = answer
            .envelope()
            .and_then(|error| error.get("code").cloned());
        code.is_some_and(|code| code == "model_not_found")
    };
    let promised = matches!(exchange.method.as_str(), "GET" | "POST")
        && match answer.status {
            200..=299 | 400 | 409 | 422 | 429 => true,
            404 => is_route(exchange) && known_model(),
            _ => false,
        };
    let complete = [LIMIT, REMAINING, TIER].iter().all(|name| there(name));
    if promised && !complete {
        return false;
    }
    let limit = number(LIMIT);
    let counts = |name: &str| !there(name) || number(name).is_some();
    let named = !there(TIER) || only(answer, TIER).is_some_and(|tier| !tier.trim().is_empty());
    let within = match (limit, number(REMAINING)) {
        (Some(limit), Some(remaining)) => limit > 0 && remaining <= limit,
        _ => true,
    };
    counts(LIMIT) && counts(REMAINING) && named && within
}

/// What is left of the limit, and the limit, by each answer of the row that says both.
fn budgets(seen: &Observation) -> Vec<(u64, u64)> {
    let number = |answer: &AnswerSeen, name: &str| {
        answer
            .header(name)
            .and_then(|value| value.parse::<u64>().ok())
    };
    answers(seen)
        .filter_map(|(_, answer)| {
            let limit = number(answer, "x-ratelimit-limit")?;
            Some((number(answer, "x-ratelimit-remaining")?, limit))
        })
        .collect()
}

fn rate_limit_falls() -> Part {
    Part::row(Rule::Always { at_least: 1 }, |scene| {
        let left = budgets(scene.seen);
        let mut tally = Tally::default();
        if let Some(((first, _), rest)) = left.split_first().filter(|(_, rest)| !rest.is_empty()) {
            let turned = |remaining: &u64, limit: &u64| {
                remaining > first && limit.saturating_sub(*remaining) <= NEW_MINUTE
            };
            tally.hold(
                rest.iter()
                    .any(|(remaining, limit)| remaining < first || turned(remaining, limit)),
            );
        }
        tally.measured()
    })
}

fn rate_limit_counts() -> Part {
    Part::row(Rule::Always { at_least: 2 }, |scene| {
        let left = budgets(scene.seen);
        let mut tally = Tally::default();
        if let Some(((first, _), rest)) = left.split_first().filter(|(_, rest)| !rest.is_empty()) {
            tally.hold(rest.iter().any(|(remaining, _)| remaining != first));
            tally.hold(left.iter().any(|(remaining, limit)| remaining < limit));
        }
        tally.measured()
    })
}

fn plan_fits(answer: &AnswerSeen) -> bool {
    let tier = answer
        .header("x-ratelimit-tier")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let limit = answer
        .header("x-ratelimit-limit")
        .and_then(|limit| limit.parse::<u64>().ok());
    CEILINGS
        .iter()
        .any(|(plan, ceiling)| tier == *plan && limit.is_some_and(|limit| limit <= *ceiling))
}

fn envelope_fits(answer: &AnswerSeen) -> bool {
    let json = answer.media_type().as_deref() == Some("application/json");
    let Some(error) = answer.envelope().filter(|_| json) else {
        return false;
    };
    let text = |key: &str| error.get(key).and_then(Value::as_str);
    let said = |key: &str| text(key).is_some_and(|text| !text.trim().is_empty());
    let code = said("code") || error.get("code").is_some_and(Value::is_null);
    let param = error
        .get("param")
        .is_none_or(|param| param.is_null() || param.is_string());
    said("message") && said("type") && code && param && type_fits(answer.status, text("type"))
}

/// Whether an answer that keeps a row from being judged is itself as the contract has it: a gateway
/// that refuses wrongly has answered wrongly.
pub(super) fn excuses(exchange: &Exchange, answer: &AnswerSeen) -> bool {
    // An answer to HEAD has no body to hold an envelope.
    (exchange.method == "HEAD" || envelope_fits(answer))
        && retry_after_fits(answer)
        && rate_limit_fits(exchange, answer)
        && only(answer, "x-request-id").is_some_and(is_uuid)
}

/// Whether the status has this type. A more specific one is kept where the contract says so, and a
/// spent idempotency key may be told in words of its own. The two refusals that a caller has to
/// tell apart from all others, because waiting or paying helps, have a status of their own.
fn type_fits(status: u16, kind: Option<&str>) -> bool {
    let kind = kind.unwrap_or_default();
    match status {
        400 | 422 => kind == "invalid_request_error" || kind.starts_with("idempotency"),
        401 => kind == "authentication_error",
        // Any type of its own will do, but not one that belongs to another status.
        403 => !OF_OTHER_STATUSES.contains(&kind),
        402 => kind == "insufficient_credits",
        404 => kind == "not_found_error",
        429 => kind == "rate_limit_error",
        500 | 502 | 503 => kind == "server_error",
        _ => !["insufficient_credits", "rate_limit_error"].contains(&kind),
    }
}

/// Types that say something else than that a key may not do this.
const OF_OTHER_STATUSES: [&str; 6] = [
    "invalid_request_error",
    "authentication_error",
    "insufficient_credits",
    "not_found_error",
    "rate_limit_error",
    "server_error",
];

fn retry_after_fits(answer: &AnswerSeen) -> bool {
    let said = answer.header("retry-after").map(str::trim);
    let sound = said.is_none_or(|wait| {
        let seconds = !wait.is_empty() && wait.bytes().all(|byte| byte.is_ascii_digit());
        seconds || http_date(wait).is_some()
    });
    sound
        && match answer.status {
            429 => said.is_some(),
            503 => true,
            _ => said.is_none(),
        }
}

fn date_fits(answer: &AnswerSeen, now: u64) -> bool {
    const DAY: u64 = 86_400;
    answer.header("date").is_none_or(|date| {
        http_date(date)
            .and_then(|date| u64::try_from(date).ok())
            .is_some_and(|date| date.abs_diff(now) <= DAY)
    })
}

#[cfg(test)]
mod tests;
