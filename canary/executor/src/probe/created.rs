//! What a run's answers say about when they were made, held against each other.
//!
//! A clock that stands still shows in no single answer: one that was made when the gateway started is
//! fresh for as long as the run is young.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use canary_core::{expect::created, observe::CallSeen};

/// After so long, one answer must say a later time than another, even where both are rounded down
/// and two machines of one service are a little apart.
const LATER: Duration = Duration::from_secs(4);

/// When answers came, and when they say that they were made, by route.
#[derive(Debug, Default)]
pub struct Created(Mutex<BTreeMap<String, Vec<(Instant, u64)>>>);

impl Created {
    /// Notes a row's answers, each with when its call began, and gives the request ids of those
    /// that say no later time than one of their route that had come seconds before.
    pub(super) fn note<'c>(
        &self,
        calls: impl Iterator<Item = (Instant, &'c CallSeen)>,
    ) -> Vec<String> {
        // A poisoned list still holds true times.
        let mut routes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut stale = Vec::new();
        for (began, call) in calls {
            let (Some(created), Some(exchange), Some(answer)) =
                (created(call), call.last(), call.answer())
            else {
                continue;
            };
            let earlier = routes.entry(exchange.path.clone()).or_default();
            let asked = began + exchange.at;
            let is_late =
                |(ended, other): &(Instant, u64)| *ended + LATER <= asked && *other >= created;
            if earlier.iter().any(is_late) {
                let id = answer.header("x-request-id").map(str::to_ascii_lowercase);
                stale.extend(id);
            }
            earlier.push((began + exchange.ended(), created));
        }
        stale
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::probe::sample;

    fn call(path: &str, id: &str, took: u64, document: Value) -> CallSeen {
        let exchange = sample::exchange("POST", path, took, &[("x-request-id", id)]);
        CallSeen {
            document: Some(document),
            ..sample::call(vec![exchange])
        }
    }

    #[test]
    fn a_clock_that_stands_still_is_told_by_the_answers_that_come_later() {
        const CHAT: &str = "/v1/chat/completions";
        let created = Created::default();
        let start = Instant::now();
        let note = |seconds: u64, call: &CallSeen| {
            let began = start + Duration::from_secs(seconds);
            created.note([(began, call)].into_iter())
        };
        let at = |id: &str, time: u64| call(CHAT, id, 1, json!({ "created": time }));
        assert!(note(0, &at("a", 1_000)).is_empty());
        assert!(note(3, &at("b", 1_000)).is_empty(), "too soon to tell");
        assert_eq!(note(5, &at("C", 1_000)), ["c"]);
        assert_eq!(note(9, &at("d", 999)), ["d"], "it goes back");
        assert!(note(9, &at("e", 1_001)).is_empty(), "it moved");
        // Nothing is known of the other routes, nor of what says no time.
        let response = call("/v1/responses", "f", 1, json!({ "created_at": 1_000.0 }));
        assert!(note(9, &response).is_empty());
        assert_eq!(note(15, &response), ["f"]);
        for silent in [
            call("/v1/models", "g", 1, json!({ "created": 5 })),
            call(CHAT, "h", 1, json!({ "created": null })),
        ] {
            assert!(note(20, &silent).is_empty());
            assert!(note(30, &silent).is_empty());
        }
    }

    #[test]
    fn an_answer_that_takes_long_may_say_when_it_was_begun() {
        let created = Created::default();
        let start = Instant::now();
        let slow = call(
            "/v1/images/generations",
            "a",
            60,
            json!({ "created": 1_060 }),
        );
        let meanwhile = call(
            "/v1/images/generations",
            "b",
            1,
            json!({ "created": 1_010 }),
        );
        let calls = [
            (start, &slow),
            (start + Duration::from_secs(10), &meanwhile),
        ];
        assert!(created.note(calls.into_iter()).is_empty());
    }
}
