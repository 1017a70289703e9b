//! What is known about a row's answers beyond its calls: ids that were there before, keys that must
//! not be shown, and what the gateway's own books say.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::{Mutex, PoisonError},
};

use canary_core::{
    expect::answer_id,
    input::{Secret, Value as Input},
    matrix::Row,
    observe::CallSeen,
    template::fill_text,
};

use super::World;
use crate::scope::RowScope;

/// What a gateway wrote down about the work it did.
pub trait Books: Send + Sync {
    /// How often work ran under an idempotency key.
    fn runs_under(&self, key: &str) -> u64;
}

/// The request ids of a run: each must be new.
#[derive(Debug, Default)]
pub struct RequestIds(Mutex<HashSet<String>>);

impl RequestIds {
    /// Notes the ids of a row's answers, and says which of them an earlier row's answers had.
    pub(super) fn note(&self, calls: &[CallSeen]) -> Vec<String> {
        let ids = request_ids(calls);
        // A poisoned set still holds true ids.
        let mut had = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ids.into_iter()
            .filter(|id| !had.insert(id.clone()))
            .collect()
    }
}

/// The ids that the answers of a run gave themselves: each must be new.
#[derive(Debug, Default)]
pub struct AnswerIds(Mutex<HashSet<String>>);

impl AnswerIds {
    /// Notes the ids of a row's answers, and gives the request ids of those whose id was there before.
    pub(super) fn note(&self, calls: &[CallSeen]) -> Vec<String> {
        // A poisoned set still holds true ids.
        let mut had = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let again = calls
            .iter()
            .filter(|call| answer_id(call).is_some_and(|id| !had.insert(id.to_owned())));
        let request_ids = again.filter_map(|call| call.answer()?.header("x-request-id"));
        request_ids.map(str::to_ascii_lowercase).collect()
    }
}

/// The request ids of a row's answers, in lower case.
pub(super) fn request_ids(calls: &[CallSeen]) -> BTreeSet<String> {
    let answers = calls
        .iter()
        .flat_map(|call| &call.exchanges)
        .filter_map(|exchange| exchange.answer.as_ref());
    answers
        .filter_map(|answer| answer.header("x-request-id"))
        .map(str::to_ascii_lowercase)
        .collect()
}

/// Every key that is configured or that the row presented.
pub(super) fn secrets(row: &Row, scope: &RowScope<'_>, world: &World) -> Vec<Secret> {
    const KEYS: [&str; 3] = [
        "RUNINFRA_API_KEY",
        "RUNINFRA_PIPELINE_API_KEY",
        "RUNINFRA_VOICE_PIPELINE_API_KEY",
    ];
    let configured = KEYS
        .iter()
        .filter_map(|name| match world.inputs.value(name) {
            Some(Input::Secret(key)) => Some(key.clone()),
            _ => None,
        });
    let presented = row.calls.iter().filter_map(|call| {
        let by_hand = call
            .request
            .get("headers")
            .and_then(|headers| headers.get("authorization"));
        let written = fill_text(call.client.key.as_ref().or(by_hand)?, scope).ok()??;
        // Without the scheme; what is too short to be a key is in every answer.
        let key = written.rsplit(' ').next().unwrap_or_default();
        (key.len() >= 8).then(|| Secret::new(key))
    });
    configured.chain(presented).collect()
}

/// How often work ran under each idempotency key that the calls sent.
pub(super) fn runs(books: &dyn Books, calls: &[CallSeen]) -> BTreeMap<String, u64> {
    let sent = calls
        .iter()
        .flat_map(|call| &call.exchanges)
        .flat_map(|exchange| &exchange.headers)
        .filter(|(name, _)| name == "idempotency-key");
    sent.map(|(_, key)| (key.clone(), books.runs_under(key)))
        .collect()
}

#[cfg(test)]
mod tests {
    use canary_core::observe::Exchange;

    use super::*;
    use crate::probe::sample;

    fn call(ids: &[&str]) -> CallSeen {
        let exchange = |id: &&str| Exchange {
            headers: vec![("idempotency-key".to_owned(), "k1".to_owned())],
            ..sample::exchange("GET", "/v1/models", 0, &[("x-request-id", id)])
        };
        sample::call(ids.iter().map(exchange).collect())
    }

    #[test]
    fn an_answers_id_is_there_once_also_within_a_row() {
        let answer = |request: &str, id: &str| {
            let headers = [("x-request-id", request)];
            let exchange = sample::exchange("POST", "/v1/responses", 0, &headers);
            CallSeen {
                document: Some(serde_json::json!({ "id": id })),
                ..sample::call(vec![exchange])
            }
        };
        let ids = AnswerIds::default();
        assert!(ids.note(&[answer("r1", "a"), answer("r2", "b")]).is_empty());
        assert_eq!(ids.note(&[answer("R3", "b"), answer("r4", "c")]), ["r3"]);
        assert_eq!(ids.note(&[answer("r5", "d"), answer("r6", "d")]), ["r6"]);
    }

    #[test]
    fn an_id_that_an_earlier_row_had_is_told_and_not_one_of_the_same_row() {
        let ids = RequestIds::default();
        assert!(ids.note(&[call(&["a", "b"]), call(&["a"])]).is_empty());
        assert_eq!(ids.note(&[call(&["c", "B"])]), ["b"]);
        assert_eq!(ids.note(&[call(&["c"])]), ["c"]);
    }

    #[test]
    fn the_books_are_asked_for_each_key_that_was_sent() {
        struct Twice;
        impl Books for Twice {
            fn runs_under(&self, key: &str) -> u64 {
                if key == "k1" { 2 } else { 0 }
            }
        }
        let runs = runs(&Twice, &[call(&["a"]), call(&["b"])]);
        assert_eq!(runs, BTreeMap::from([("k1".to_owned(), 2)]));
    }
}
