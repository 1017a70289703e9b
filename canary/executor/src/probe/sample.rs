//! Observations made by hand, for the tests of what is known across calls.

use std::time::Duration;

use canary_core::observe::{AnswerSeen, CallSeen, Ending, Exchange};
use serde_json::Value;

/// A request that was answered 200 after so many seconds, with these headers.
pub(crate) fn exchange(method: &str, path: &str, took: u64, headers: &[(&str, &str)]) -> Exchange {
    let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Exchange {
        method: method.to_owned(),
        path: path.to_owned(),
        headers: Vec::new(),
        at: Duration::ZERO,
        answer: Some(AnswerSeen {
            status: 200,
            headers: headers.iter().map(text).collect(),
            body: Vec::new(),
            arrivals: vec![(Duration::from_secs(took), 1)],
            whole: true,
        }),
        broken: None,
    }
}

/// A call of these exchanges.
pub(crate) fn call(exchanges: Vec<Exchange>) -> CallSeen {
    CallSeen {
        name: "call".to_owned(),
        asked: Value::Null,
        ending: Ending::Answered,
        text: None,
        document: None,
        events: Vec::new(),
        media: Vec::new(),
        request_id: None,
        replayed: None,
        exchanges,
        took: Duration::ZERO,
    }
}
