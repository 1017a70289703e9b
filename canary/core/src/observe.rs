//! What can be observed while a row runs: the SDK's view of each call, the wire's view beside it,
//! and, for `.local` rows, the scripted server's.
//!
//! Nothing here can be serialised. What leaves the process is measured first
//! ([`crate::evidence::Measured`]).

use std::{collections::BTreeMap, time::Duration};

use serde_json::Value;

use crate::input::Secret;

/// Everything that was observed while one row ran.
#[derive(Debug, Clone, Default)]
pub struct Observation {
    /// The calls, in the order of the row.
    pub calls: Vec<CallSeen>,
    /// What the scripted server saw; only in `.local` rows.
    pub server: Option<ServerSeen>,
    /// Keys that were presented or are configured: no answer may show one.
    pub secrets: Vec<Secret>,
    /// Request ids, in lower case, of this row's answers that another row's answer had before.
    pub repeated_ids: Vec<String>,
    /// Request ids, in lower case, of this row's answers that came although their key had more than
    /// any reading of the stated limit allows within a minute.
    pub over_budget: Vec<String>,
    /// Request ids, in lower case, of this row's answers that say they were made no later than one
    /// of their route that came whole seconds before they were asked for.
    pub stale: Vec<String>,
    /// Request ids, in lower case, of this row's answers that have the id of an earlier answer of the run.
    pub ids_again: Vec<String>,
    /// How often work ran under each idempotency key of this row, by the gateway's own books. Only
    /// a rehearsal can look into them.
    pub books: Option<BTreeMap<String, u64>>,
    /// When this process got no turn, by call. What it could not see come is not late.
    pub stalls: BTreeMap<String, Stalls>,
    /// When the row was observed, in seconds since the Unix epoch.
    pub now: u64,
}

/// Spans of a call's time in which the machine gave this process no turn: in order, and apart from
/// each other. Counted from the first byte of the call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stalls(pub Vec<(Duration, Duration)>);

impl Stalls {
    /// What the last of them take of the time between two moments. The stalls before them hid
    /// nothing: what came meanwhile would have been seen when each of them ended. There are two
    /// when the gateway is on the same machine, whose turn has to come before the caller's.
    fn at_the_end(&self, from: Duration, to: Duration) -> Duration {
        const TURNS: usize = 2;
        let meanwhile = self.0.iter().rev().map(|(began, ended)| {
            let ended = (*ended).min(to);
            ended.saturating_sub((*began).max(from))
        });
        meanwhile
            .filter(|stalled| !stalled.is_zero())
            .take(TURNS)
            .sum()
    }
}

impl Observation {
    /// How much of a call's time up to a moment, from another, was the gateway's: each event was
    /// waited for, less the stalls in which it could not be seen.
    pub fn watched(&self, call: &CallSeen, from: Duration, to: Duration) -> Duration {
        let events = call.events.iter().map(|event| event.at);
        let within = events.filter(|at| *at > from && *at < to);
        let mut last = from;
        let mut watched = Duration::ZERO;
        for at in within.chain([to]) {
            watched += at
                .saturating_sub(last)
                .saturating_sub(self.stalled(call, last, at));
            last = at;
        }
        watched
    }

    fn stalled(&self, call: &CallSeen, from: Duration, to: Duration) -> Duration {
        let stalls = self.stalls.get(&call.name);
        stalls.map_or(Duration::ZERO, |stalls| stalls.at_the_end(from, to))
    }

    /// The call of that name.
    pub fn call(&self, name: &str) -> Option<&CallSeen> {
        self.calls.iter().find(|call| call.name == name)
    }
}

/// One call, from both ends.
#[derive(Debug, Clone)]
pub struct CallSeen {
    /// Its name in the row.
    pub name: String,
    /// The request as the row asked for it, filled.
    pub asked: Value,
    /// How the SDK said the call ended.
    pub ending: Ending,
    /// The text of the answer as the SDK's typed answer has it: the message, the joined deltas, the
    /// transcript.
    pub text: Option<String>,
    /// The JSON answer as the SDK hands it on.
    pub document: Option<Value>,
    /// The stream's events as the SDK hands them on.
    pub events: Vec<EventSeen>,
    /// Binary answers: audio, images (decoded from base64 or fetched from their URL).
    pub media: Vec<MediaSeen>,
    /// The request id that the SDK exposes, on answers and errors alike.
    pub request_id: Option<String>,
    /// Whether the SDK says that the answer was replayed; absent on errors.
    pub replayed: Option<bool>,
    /// What went over the wire, oldest first.
    pub exchanges: Vec<Exchange>,
    /// From the first byte sent to the end of the call.
    pub took: Duration,
}

impl CallSeen {
    /// The last exchange: the one whose answer the caller got.
    pub fn last(&self) -> Option<&Exchange> {
        self.exchanges.last()
    }

    /// The answer of the last exchange.
    pub fn answer(&self) -> Option<&AnswerSeen> {
        self.last().and_then(|exchange| exchange.answer.as_ref())
    }

    /// The error, when the call ended in one.
    pub fn error(&self) -> Option<&ErrorSeen> {
        match &self.ending {
            Ending::Failed(error) => Some(error),
            Ending::Answered | Ending::Cancelled => None,
        }
    }
}

/// How the SDK said a call ended.
#[derive(Debug, Clone)]
pub enum Ending {
    /// With an answer, whole.
    Answered,
    /// The row stopped reading before the end, as it meant to.
    Cancelled,
    /// With an error.
    Failed(ErrorSeen),
}

/// An error of the SDK.
#[derive(Debug, Clone, Default)]
pub struct ErrorSeen {
    /// The SDK's kind, in its own word.
    pub kind: String,
    /// HTTP status, when there was an answer.
    pub status: Option<u16>,
    /// `error.type` of the envelope.
    pub error_type: Option<String>,
    /// `error.code` of the envelope.
    pub code: Option<String>,
    /// `error.param` of the envelope.
    pub param: Option<String>,
    /// How long the gateway asked to wait.
    pub retry_after: Option<Duration>,
    /// `current_balance_cents`, `required_cents` and `topup_url` of a 402.
    pub credits: Option<(Option<i64>, Option<i64>, Option<String>)>,
    /// Every way the error can be shown: `Display`, `Debug`, and both for each source below it.
    pub renderings: Vec<String>,
}

/// One event of a stream.
#[derive(Debug, Clone)]
pub struct EventSeen {
    /// When it came, counted from the first byte sent.
    pub at: Duration,
    /// The event's data.
    pub data: Value,
}

/// A binary answer.
#[derive(Debug, Clone)]
pub struct MediaSeen {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The content type that came with them, when one did.
    pub content_type: Option<String>,
}

/// One request and what came back for it.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The request's method.
    pub method: String,
    /// Path and query as sent.
    pub path: String,
    /// The request's headers, names in lower case; the authorization is not among them.
    pub headers: Vec<(String, String)>,
    /// When it was sent, counted from the first byte of the call.
    pub at: Duration,
    /// What came back.
    pub answer: Option<AnswerSeen>,
    /// Why nothing or not everything came back.
    pub broken: Option<Broken>,
}

impl Exchange {
    /// When the last piece of the answer came, or when the request was sent if nothing came.
    pub fn ended(&self) -> Duration {
        let last = self
            .answer
            .as_ref()
            .and_then(|answer| answer.arrivals.last());
        last.map_or(self.at, |(at, _)| *at)
    }
}

/// What came back for a request.
#[derive(Debug, Clone)]
pub struct AnswerSeen {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in lower case, in the order received.
    pub headers: Vec<(String, String)>,
    /// The body as far as it came and was kept.
    pub body: Vec<u8>,
    /// When pieces of the body came (counted from the first byte of the call), and how many bytes
    /// each brought.
    pub arrivals: Vec<(Duration, usize)>,
    /// Whether the body was read, and kept, to its end.
    pub whole: bool,
}

impl AnswerSeen {
    /// The value of a header, when it is there.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Every value of a header that is a list: its lines joined, as RFC 9110 (section 5.2) has it.
    pub fn header_list(&self, name: &str) -> String {
        let values: Vec<&str> = self
            .headers
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect();
        values.join(", ")
    }

    /// The content type without its parameters, in lower case.
    pub fn media_type(&self) -> Option<String> {
        let value = self.header("content-type")?;
        Some(
            value
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase(),
        )
    }

    /// The body as JSON, when it is JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The object under `error` of a proper envelope: `message` and `type` are strings.
    pub fn envelope(&self) -> Option<Value> {
        let error = self.json()?.get("error")?.clone();
        let text = |key: &str| error.get(key).is_some_and(Value::is_string);
        (text("message") && text("type")).then_some(error)
    }
}

/// Why nothing or not everything came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// No connection could be made.
    Connect,
    /// The connection broke after it was made.
    Connection,
    /// It took too long.
    Timeout,
    /// Anything else.
    Other,
}

/// What the scripted server of a `.local` row saw.
#[derive(Debug, Clone, Default)]
pub struct ServerSeen {
    /// How many connections were accepted.
    pub connections: u64,
    /// The requests, oldest first.
    pub requests: Vec<RequestSeen>,
    /// How many connections the client closed while an answer was still under way.
    pub abandoned: u64,
}

/// A request as the scripted server received it.
#[derive(Debug, Clone)]
pub struct RequestSeen {
    /// When it came, counted from the start of the row.
    pub at: Duration,
    /// Method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Headers, names in lower case, in the order received.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl RequestSeen {
    /// The value of a header, when it is there.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_stalls_hid_what_came_at_the_end() {
        let ms = Duration::from_millis;
        let span = |began, ended| (ms(began), ms(ended));
        let stalls = Stalls(vec![span(10, 30), span(50, 90), span(95, 99)]);
        let table = [
            ((0, 100), 44),
            ((0, 92), 60),
            ((0, 5), 0),
            ((15, 20), 5),
            ((20, 60), 20),
            ((30, 50), 0),
            ((90, 80), 0),
        ];
        for ((from, to), stalled) in table {
            let found = stalls.at_the_end(ms(from), ms(to));
            assert_eq!(found, ms(stalled), "{from} to {to}");
        }
    }
}
