//! What arrived, what ran and what was charged: the gateway's own account, against which a client's claims are checked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use uuid::Uuid;

/// How many arrivals, and how many executions, are kept. Older ones are forgotten first.
const KEPT: usize = 65_536;

/// One request as it arrived. Never holds a key, a header's secret or a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Arrival {
    /// Counts from 0 over the gateway's life.
    pub sequence: u64,
    /// The `X-Request-Id` of the answer.
    pub request_id: Uuid,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path, without a query.
    pub path: String,
    /// `X-Client-Request-Id`.
    pub client_request_id: Option<String>,
    /// `Idempotency-Key`.
    pub idempotency_key: Option<String>,
    /// `X-RunInfra-SDK`.
    pub sdk: Option<String>,
    /// `X-RunInfra-SDK-Version`.
    pub sdk_version: Option<String>,
    /// The status answered with; `None` while the answer is being made or when the caller left first.
    pub status: Option<u16>,
}

/// One run of a model. A replayed answer adds none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Execution {
    /// The request that ran it.
    pub request_id: Uuid,
    /// The key it was bound to, if any.
    pub idempotency_key: Option<String>,
    /// The operation, e.g. `chat.completions.create`.
    pub operation: &'static str,
    /// What it was charged. Zero for free operations and refused requests.
    pub charged_cents: u64,
}

/// Everything the journal knows, at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Snapshot {
    /// Requests, oldest first.
    pub arrivals: Vec<Arrival>,
    /// Runs, oldest first.
    pub executions: Vec<Execution>,
}

impl Snapshot {
    /// How often a model ran under this idempotency key.
    pub fn executions_for_key(&self, key: &str) -> usize {
        self.executions
            .iter()
            .filter(|execution| execution.idempotency_key.as_deref() == Some(key))
            .count()
    }

    /// Cents charged under this idempotency key.
    pub fn charged_for_key(&self, key: &str) -> u64 {
        self.executions
            .iter()
            .filter(|execution| execution.idempotency_key.as_deref() == Some(key))
            .map(|execution| execution.charged_cents)
            .sum()
    }

    /// How often a model ran for the answer with this `X-Request-Id`.
    pub fn executions_for_request(&self, request_id: Uuid) -> usize {
        self.executions
            .iter()
            .filter(|execution| execution.request_id == request_id)
            .count()
    }

    /// Cents charged in all.
    pub fn charged_cents(&self) -> u64 {
        self.executions
            .iter()
            .map(|execution| execution.charged_cents)
            .sum()
    }
}

/// A handle to one gateway's journal. Clones read the same journal.
#[derive(Debug, Clone, Default)]
pub struct Journal {
    book: Arc<Mutex<Book>>,
}

#[derive(Debug, Default)]
struct Book {
    next: u64,
    arrivals: VecDeque<Arrival>,
    executions: VecDeque<Execution>,
    /// Sequence numbers of the latest answers, and the number of all answers ever.
    answers: VecDeque<u64>,
    answered: u64,
}

impl Book {
    /// Where an arrival stands, unless it was forgotten.
    fn place(&self, sequence: u64) -> Option<usize> {
        let first = self.arrivals.front()?.sequence;
        usize::try_from(sequence.checked_sub(first)?).ok()
    }
}

impl Journal {
    /// A copy of everything known now.
    pub fn snapshot(&self) -> Snapshot {
        let book = self.book();
        Snapshot {
            arrivals: book.arrivals.iter().cloned().collect(),
            executions: book.executions.iter().cloned().collect(),
        }
    }

    /// The arrivals that were answered after the first `count` answers, in the order of their answers, for whoever follows
    /// the journal, and how many answers there were in all. A caller who left before the answer was made is never among them.
    pub fn answered_since(&self, count: u64) -> (Vec<Arrival>, u64) {
        let book = self.book();
        let forgotten = book.answered - book.answers.len() as u64;
        let known = usize::try_from(count.saturating_sub(forgotten)).unwrap_or(usize::MAX);
        let answers = book.answers.iter().skip(known);
        let arrivals = answers
            .filter_map(|sequence| book.arrivals.get(book.place(*sequence)?))
            .cloned()
            .collect();
        (arrivals, book.answered)
    }

    /// Notes an arrival and returns its sequence number.
    pub(crate) fn arrive(&self, mut arrival: Arrival) -> u64 {
        let mut book = self.book();
        let sequence = book.next;
        book.next += 1;
        arrival.sequence = sequence;
        push(&mut book.arrivals, arrival);
        sequence
    }

    /// Notes the status that an arrival was answered with.
    pub(crate) fn answer(&self, sequence: u64, status: u16) {
        let mut book = self.book();
        book.answered += 1;
        push(&mut book.answers, sequence);
        if let Some(place) = book.place(sequence)
            && let Some(arrival) = book.arrivals.get_mut(place)
        {
            arrival.status = Some(status);
        }
    }

    pub(crate) fn execute(&self, execution: Execution) {
        push(&mut self.book().executions, execution);
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn push<T>(entries: &mut VecDeque<T>, entry: T) {
    if entries.len() == KEPT {
        entries.pop_front();
    }
    entries.push_back(entry);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrival() -> Arrival {
        Arrival {
            sequence: 0,
            request_id: Uuid::nil(),
            method: "GET".to_owned(),
            path: "/v1/models".to_owned(),
            client_request_id: None,
            idempotency_key: None,
            sdk: None,
            sdk_version: None,
            status: None,
        }
    }

    #[test]
    fn the_oldest_entries_make_room_for_new_ones() {
        let journal = Journal::default();
        for _ in 0..KEPT + 10 {
            journal.arrive(arrival());
            journal.execute(Execution {
                request_id: Uuid::nil(),
                idempotency_key: None,
                operation: "chat.completions.create",
                charged_cents: 2,
            });
        }
        // Forgotten, kept, and not there yet.
        journal.answer(3, 200);
        journal.answer(10, 201);
        journal.answer(KEPT as u64 + 10, 202);
        let book = journal.snapshot();
        assert_eq!((book.arrivals.len(), book.executions.len()), (KEPT, KEPT));
        let first = &book.arrivals[0];
        assert_eq!((first.sequence, first.status), (10, Some(201)));
        assert!(book.arrivals[1..].iter().all(|one| one.status.is_none()));
    }

    #[test]
    fn answers_are_followed_in_their_own_order() {
        let journal = Journal::default();
        for _ in 0..3 {
            journal.arrive(arrival());
        }
        let sequences = |count| -> Vec<u64> {
            let (answered, _) = journal.answered_since(count);
            answered.iter().map(|one| one.sequence).collect()
        };
        // Whoever asked first has left, or waits still.
        journal.answer(2, 200);
        journal.answer(1, 200);
        assert_eq!(journal.answered_since(0).1, 2);
        assert_eq!(sequences(0), [2, 1]);
        assert_eq!(sequences(1), [1]);
        assert_eq!(sequences(2), Vec::<u64>::new());
        for sequence in 3..KEPT as u64 + 3 {
            journal.arrive(arrival());
            journal.answer(sequence, 200);
        }
        assert_eq!(sequences(0).len(), KEPT);
        assert_eq!(sequences(KEPT as u64), [KEPT as u64 + 1, KEPT as u64 + 2]);
    }
}
