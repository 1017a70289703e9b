//! Keeps a run within the gateway's own budget of requests a minute, as its rate-limit headers
//! state it.
//!
//! A matrix has more live requests than the smallest plan's minute allows. Sent at once, the last
//! of them would be limited, and their rows could not tell anything. No row is told that it waits:
//! the wait comes before its first call, outside every measured time.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use canary_core::{
    matrix::{Row, Venue},
    observe::{CallSeen, Exchange},
};
use tokio::time::Instant;

/// The window that budgets count in.
const WINDOW: Duration = Duration::from_secs(60);

/// A little more than the window: the gateway's clock began later than ours.
const MARGIN: Duration = Duration::from_secs(1);

/// A stated budget below this is no plan's; a row will find out what it is.
const LEAST_BUDGET: u64 = 60;

/// The requests of the last minute, and what the gateway said its budget is.
#[derive(Debug, Default)]
pub struct Pace(Mutex<Sent>);

#[derive(Debug, Default)]
struct Sent {
    budget: Option<u64>,
    at: VecDeque<Instant>,
}

impl Pace {
    /// Waits until a live row's calls fit into the budget, and counts them.
    pub async fn admit(&self, row: &Row) {
        if row.venue != Venue::Live {
            return;
        }
        let requests = row.calls.len();
        loop {
            let wait = {
                let mut sent = self.lock();
                let now = Instant::now();
                let wait = sent.wait(now, requests);
                if wait.is_none() {
                    sent.at.extend(std::iter::repeat_n(now, requests));
                }
                wait
            };
            match wait {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return,
            }
        }
    }

    /// Takes in what a live row's answers said about the budget, and the requests beyond one a
    /// call.
    pub fn learn(&self, calls: &[CallSeen]) {
        let mut sent = self.lock();
        for call in calls {
            let more = call.exchanges.len().saturating_sub(1);
            sent.at.extend(std::iter::repeat_n(Instant::now(), more));
            let stated = call.exchanges.iter().filter_map(budget);
            let least = stated.filter(|budget| *budget >= LEAST_BUDGET).min();
            sent.budget = sent.budget.into_iter().chain(least).min();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Sent> {
        // A poisoned count is still a count.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn budget(exchange: &Exchange) -> Option<u64> {
    let answer = exchange.answer.as_ref()?;
    answer.header("x-ratelimit-limit")?.parse().ok()
}

impl Sent {
    /// How long to wait before `requests` more fit; [`None`] when they do. A tenth of the budget is
    /// left to whoever else uses the key.
    fn wait(&mut self, now: Instant, requests: usize) -> Option<Duration> {
        while self
            .at
            .front()
            .is_some_and(|at| now.duration_since(*at) >= WINDOW + MARGIN)
        {
            self.at.pop_front();
        }
        let budget = self.budget?;
        let most = usize::try_from(budget - budget / 10).unwrap_or(usize::MAX);
        let over = (self.at.len() + requests)
            .checked_sub(most)
            .filter(|over| *over > 0)?;
        // The request that has to leave the window before these fit; a row larger than the whole
        // budget waits for an empty window.
        let leaves = self.at.get(over.min(self.at.len()).checked_sub(1)?)?;
        Some((*leaves + WINDOW + MARGIN).saturating_duration_since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_wait_until_the_window_has_room() {
        let start = Instant::now();
        let mut sent = Sent::default();
        sent.at.extend(std::iter::repeat_n(start, 90));
        assert_eq!(sent.wait(start, 1_000), None, "no budget is known");
        sent.budget = Some(100);
        assert_eq!(sent.wait(start, 0), None);
        assert_eq!(sent.wait(start, 1), Some(WINDOW + MARGIN));
        let later = start + Duration::from_secs(20);
        assert_eq!(sent.wait(later, 5), Some(Duration::from_secs(41)));
        let after = start + WINDOW + MARGIN;
        assert_eq!(sent.wait(after, 90), None, "the window is empty again");
        assert!(sent.at.is_empty());
        assert_eq!(sent.wait(after, 500), None, "nothing is left to wait for");
    }
}
