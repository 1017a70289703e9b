//! When answers say that they were made.

use std::time::Duration;

use serde_json::Value;

use super::{Scene, Tally, Word as Entry, build::Part, once::says_replayed, wire::http_date};
use crate::{judge::Rule, observe::CallSeen};

pub(super) const WORDS: &[Entry] = &[Entry {
    word: "each_created",
    argument: "",
    about: "Where an answer says when it was made, that is when it was asked for: by its own Date, give or take ten seconds and the time that it took, and after what its route made seconds before. A replay keeps its own time.",
    read: |_| {
        Some(vec![Part::row(Rule::Always { at_least: 1 }, |scene| {
            let mut tally = Tally::default();
            for call in &scene.seen.calls {
                if call.answer().is_some() {
                    tally.hold_at(is_of_its_time(call, scene), "created");
                }
            }
            tally.measured()
        })])
    },
}];

/// How far `created` may be from the answer's Date beyond the time that the answer took: both are
/// whole seconds, and two machines, with clocks that differ by seconds, may have had a hand in it.
const APART: Duration = Duration::from_secs(10);

/// Routes whose answers say when they were made. A catalog says it of models.
const ROUTES: [&str; 3] = ["/chat/completions", "/responses", "/images/generations"];

/// When a call's answer says that it was made, in seconds since the Unix epoch.
pub fn created(call: &CallSeen) -> Option<u64> {
    let envelope = envelope(call, &ROUTES)?;
    let stated = envelope
        .get("created")
        .or_else(|| envelope.get("created_at"))?;
    whole_seconds(stated)
}

/// The object that an answer of one of these routes is, or that its first event has.
pub(super) fn envelope<'c>(call: &'c CallSeen, routes: &[&str]) -> Option<&'c Value> {
    let exchange = call.last()?;
    let path = exchange.path.split('?').next().unwrap_or_default();
    let says = exchange.method == "POST" && routes.iter().any(|route| path.ends_with(route));
    if !says || exchange.answer.as_ref()?.status != 200 {
        return None;
    }
    call.document.as_ref().or_else(|| {
        let first = &call.events.first()?.data;
        Some(first.get("response").unwrap_or(first))
    })
}

/// Some write the time as a float.
fn whole_seconds(stated: &Value) -> Option<u64> {
    stated.as_u64().or_else(|| {
        let stated = stated.as_f64().filter(|stated| *stated >= 0.0)?;
        let whole = format!("{:.0}", stated.floor());
        whole.parse().ok()
    })
}

fn is_of_its_time(call: &CallSeen, scene: &Scene<'_>) -> bool {
    let (Some(created), Some(exchange), Some(answer)) = (created(call), call.last(), call.answer())
    else {
        return true;
    };
    if says_replayed(answer, scene) {
        return true;
    }
    let id = answer.header("x-request-id").map(str::to_ascii_lowercase);
    let stands_still = id.is_some_and(|id| scene.seen.stale.contains(&id));
    let date = answer
        .header("date")
        .and_then(|date| u64::try_from(http_date(date)?).ok());
    let took = exchange.ended().saturating_sub(exchange.at);
    let apart = (took + APART).as_secs();
    !stands_still && date.is_none_or(|date| date.abs_diff(created) <= apart)
}

#[cfg(test)]
mod tests;
