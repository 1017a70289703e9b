//! One key, one run: stored answers, conflicts, and callers that wait for a run in flight (CONTRACT §1, "Idempotency").

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::header::HeaderMap;
use http::{HeaderName, HeaderValue, StatusCode};
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;

use crate::envelope::{ApiError, ErrorType};
use crate::reply::{Body, Reply, X_IDEMPOTENT_REPLAY};

/// Stored answers beyond this many bytes push out the oldest.
const KEPT_BYTES: usize = 64 * 1024 * 1024;
/// Keys beyond this many push out the oldest.
const KEPT_KEYS: usize = 10_000;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A caller's key. Keys of different callers never meet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) caller: usize,
    pub(crate) key: String,
}

/// Reads `Idempotency-Key`: one header, not blank, printable ASCII, at most 255 characters.
pub(crate) fn read_key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().trim();
    // A tab may stand in a header, and is not printable.
    let printable = text.chars().all(|character| matches!(character, ' '..='~'));
    if values.next().is_some() || text.is_empty() || text.len() > 255 || !printable {
        return Err(ApiError::invalid(
            "invalid_idempotency_key",
            "The Idempotency-Key header is not usable. Send one value of 1 to 255 printable ASCII characters.",
        ));
    }
    Ok(Some(text.to_owned()))
}

/// What a key is bound to: the route and the content of the body.
pub(crate) fn fingerprint(parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

#[derive(Debug)]
enum Outcome {
    Running(watch::Receiver<()>),
    Answer(Arc<Reply>),
    /// It ran, but its answer cannot be sent again.
    Unavailable(&'static str),
}

#[derive(Debug)]
struct Entry {
    bound_to: [u8; 32],
    outcome: Outcome,
}

#[derive(Debug, Default)]
struct Kept {
    entries: HashMap<Key, Entry>,
    order: VecDeque<(Key, usize)>,
    bytes: usize,
}

/// Every key seen and what became of it.
#[derive(Debug)]
pub(crate) struct Ledger {
    kept: Mutex<Kept>,
    max_stored_answer: usize,
}

/// What to do with a keyed request.
#[derive(Debug)]
pub(crate) enum Claim<'a> {
    /// Nobody ran it yet: run it and settle the ticket.
    Run(Ticket<'a>),
    /// It is running now: wait, then claim again.
    Wait(watch::Receiver<()>),
    /// It ran: send this.
    Replay(Reply),
    /// It must not run, and there is nothing to send.
    Refuse(ApiError),
}

impl Ledger {
    pub(crate) fn new(max_stored_answer: usize) -> Self {
        Self {
            kept: Mutex::default(),
            max_stored_answer,
        }
    }

    /// Decides over a key. With `bound` false, the body it came with first does not matter.
    pub(crate) fn claim(&self, key: &Key, bound_to: [u8; 32], bound: bool) -> Claim<'_> {
        let mut kept = self.kept();
        if let Some(entry) = kept.entries.get(key) {
            if bound && entry.bound_to != bound_to {
                return Claim::Refuse(conflict());
            }
            return match &entry.outcome {
                Outcome::Running(done) => Claim::Wait(done.clone()),
                Outcome::Answer(reply) => {
                    let mut reply = Reply::clone(reply);
                    reply
                        .headers
                        .insert(X_IDEMPOTENT_REPLAY, HeaderValue::from_static("true"));
                    Claim::Replay(reply)
                }
                Outcome::Unavailable(why) => Claim::Refuse(unavailable(why)),
            };
        }
        let (running, done) = watch::channel(());
        kept.entries.insert(
            key.clone(),
            Entry {
                bound_to,
                outcome: Outcome::Running(done),
            },
        );
        Claim::Run(Ticket {
            ledger: self,
            key: Some(key.clone()),
            _running: running,
        })
    }

    fn settle(&self, key: Key, outcome: Option<Outcome>) {
        let mut kept = self.kept();
        let Some(outcome) = outcome else {
            kept.entries.remove(&key);
            return;
        };
        let size = match &outcome {
            Outcome::Answer(reply) => match &reply.body {
                Body::Whole(bytes) => bytes.len(),
                Body::Events(_) => 0,
            },
            _ => 0,
        };
        if let Some(entry) = kept.entries.get_mut(&key) {
            entry.outcome = outcome;
        }
        kept.bytes += size;
        kept.order.push_back((key, size));
        while kept.bytes > KEPT_BYTES || kept.order.len() > KEPT_KEYS {
            let Some((oldest, freed)) = kept.order.pop_front() else {
                break;
            };
            kept.entries.remove(&oldest);
            kept.bytes -= freed;
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to run under a key. Dropping it unsettled frees the key, as when a caller leaves before the run.
#[derive(Debug)]
pub(crate) struct Ticket<'a> {
    ledger: &'a Ledger,
    key: Option<Key>,
    _running: watch::Sender<()>,
}

impl Ticket<'_> {
    /// Keeps a successful answer for replay; a refusal frees the key unless `refusals` says to keep it too.
    pub(crate) fn settle(mut self, reply: &Reply, refusals: bool) {
        let Some(key) = self.key.take() else { return };
        let outcome = match &reply.body {
            _ if !reply.status.is_success() && !refusals => None,
            Body::Events(_) => Some(Outcome::Unavailable("a stream is not stored")),
            Body::Whole(bytes) if bytes.len() > self.ledger.max_stored_answer => {
                Some(Outcome::Unavailable("the answer was too large to store"))
            }
            Body::Whole(_) => Some(Outcome::Answer(Arc::new(reply.clone()))),
        };
        self.ledger.settle(key, outcome);
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.ledger.settle(key, None);
        }
    }
}

fn conflict() -> ApiError {
    ApiError::new(
        StatusCode::CONFLICT,
        ErrorType::Idempotency,
        "idempotency_conflict",
        "This Idempotency-Key was used with another request. Use a new key for a new request.",
    )
}

fn unavailable(why: &str) -> ApiError {
    ApiError::new(
        StatusCode::CONFLICT,
        ErrorType::Idempotency,
        "idempotency_replay_unavailable",
        format!(
            "This Idempotency-Key already ran and was charged once, but {why}, so it cannot be sent again. It was not run again."
        ),
    )
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::HeaderValue;

    use super::*;

    fn key(number: usize) -> Key {
        Key {
            caller: 0,
            key: number.to_string(),
        }
    }

    fn run(ledger: &Ledger, number: usize, body: &Bytes) {
        let Claim::Run(ticket) = ledger.claim(&key(number), [0; 32], true) else {
            panic!("key {number} was not free");
        };
        ticket.settle(&Reply::json(StatusCode::OK, body.clone()), false);
    }

    fn is_known(ledger: &Ledger, number: usize) -> bool {
        ledger.kept().entries.contains_key(&key(number))
    }

    #[test]
    fn keys_are_one_printable_header_of_at_most_255_characters() {
        let read = |values: &[&[u8]]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append("idempotency-key", HeaderValue::from_bytes(value).unwrap());
            }
            read_key(&headers).map_err(|refusal| refusal.code)
        };
        let longest = "k".repeat(255);
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&[b" order 7 "]), Ok(Some("order 7".to_owned())));
        assert_eq!(read(&[longest.as_bytes()]), Ok(Some(longest.clone())));
        let refused: [&[&[u8]]; 6] = [
            &[b""],
            &[b"   "],
            &[b"a", b"a"],
            &[b"a\tb"],
            &["gr\u{fc}n".as_bytes()],
            &[&[b'k'; 256]],
        ];
        for values in refused {
            assert_eq!(read(values), Err("invalid_idempotency_key"), "{values:?}");
        }
    }

    #[test]
    fn the_oldest_keys_make_room_for_new_ones() {
        let ledger = Ledger::new(1_000);
        for number in 0..KEPT_KEYS + 50 {
            run(&ledger, number, &Bytes::new());
        }
        let kept = ledger.kept();
        assert_eq!(kept.entries.len(), KEPT_KEYS);
        assert_eq!(kept.order.len(), KEPT_KEYS);
        drop(kept);
        assert!(!is_known(&ledger, 49) && is_known(&ledger, 50));
    }

    #[test]
    fn the_oldest_answers_make_room_for_new_ones() {
        let size = 8 * 1024 * 1024;
        let ledger = Ledger::new(size);
        let body = Bytes::from(vec![0; size]);
        for number in 0..20 {
            run(&ledger, number, &body);
        }
        let kept = ledger.kept();
        assert_eq!(kept.bytes, KEPT_BYTES);
        assert_eq!(kept.entries.len(), KEPT_BYTES / size);
        drop(kept);
        assert!(!is_known(&ledger, 11) && is_known(&ledger, 12));
    }

    #[test]
    fn answers_too_large_to_store_leave_their_key_and_no_bytes() {
        let ledger = Ledger::new(10);
        run(&ledger, 0, &Bytes::from_static(b"0123456789+"));
        assert_eq!(ledger.kept().bytes, 0);
        let again = ledger.claim(&key(0), [0; 32], true);
        assert!(
            matches!(again, Claim::Refuse(refusal) if refusal.code == "idempotency_replay_unavailable")
        );
    }

    #[test]
    fn a_run_that_is_given_up_frees_its_key() {
        let ledger = Ledger::new(10);
        drop(ledger.claim(&key(0), [0; 32], true));
        assert!(!is_known(&ledger, 0));
        run(&ledger, 0, &Bytes::new());
    }
}
