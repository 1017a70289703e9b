//! Keeps a run within the gateway's own budget of requests a minute, as its rate-limit headers
//! state it, and says when a row that was limited all the same may have another turn.
//!
//! A matrix has more live requests than the smallest plan's minute allows. Sent at once, the last
//! of them would be limited, and their rows could not tell anything. No row is told that it waits:
//! the wait comes before its first call, outside every measured time.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use canary_core::{
    expect::http_date,
    observe::{AnswerSeen, Exchange},
};
use futures_util::future::BoxFuture;
use tokio::time::Instant;

/// The window that budgets count in.
const WINDOW: Duration = Duration::from_secs(60);

/// A little more than the window: the gateway's clock began later than ours.
const MARGIN: Duration = Duration::from_secs(1);

/// A stated budget below this is no plan's, and is kept only once an answer shows that it counts:
/// who states a small one and never takes anything from it would be waited for in vain.
const LEAST_BUDGET: u64 = 60;

/// A stated budget below this is smaller than what one row sends.
const LEAST_COUNTED: u64 = 10;

/// The longest `Retry-After` that is waited for, in seconds; the SDK's own rule for retries.
const LONGEST_RETRY_AFTER: u64 = 60;

/// How many turns one row may have.
const MOST_TURNS: u32 = 4;

/// After so many turns one after the other that were limited again, the gateway limits everything,
/// and waiting longer would only put off the verdict.
const MOST_FRUITLESS: u32 = 8;

/// Where the time is read, and how it passes: a minute is too long to be waited for in a test.
pub trait Watch: fmt::Debug + Send + Sync {
    /// The time.
    fn now(&self) -> Instant;
    /// Waits so long.
    fn wait(&self, time: Duration) -> BoxFuture<'_, ()>;
}

/// The machine's own clock.
#[derive(Debug)]
struct Machine;

impl Watch for Machine {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn wait(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(time))
    }
}

/// The requests of the last minute, and what the gateway said about its budget.
#[derive(Debug)]
pub struct Pace {
    sent: Mutex<Sent>,
    watch: Arc<dyn Watch>,
}

impl Default for Pace {
    fn default() -> Self {
        Self::by(Arc::new(Machine))
    }
}

#[derive(Debug, Default)]
struct Sent {
    budget: Option<u64>,
    at: VecDeque<Instant>,
    /// What the answers of the last minute said is left, oldest first.
    left: VecDeque<(Instant, u64)>,
    /// Nobody sends before: somebody else uses the budget up, or the gateway told us to wait.
    held_until: Option<Instant>,
    /// When the gateway last asked for a wait that is short.
    asked_at: Option<Instant>,
    /// Until when a wait was announced.
    announced_until: Option<Instant>,
    fruitless: u32,
}

impl Pace {
    /// A pace that is kept by this watch.
    pub fn by(watch: Arc<dyn Watch>) -> Self {
        Self {
            sent: Mutex::default(),
            watch,
        }
    }

    /// Waits until so many requests fit into the budget, and counts them. `announce` hears of a
    /// wait once, however many rows share it.
    pub async fn admit(&self, requests: usize, announce: &(dyn Fn(Duration) + Sync)) {
        loop {
            // The count is let go of before the wait: others look at it meanwhile.
            let taken = self.lock().take(self.watch.now(), requests);
            let Some((wait, news)) = taken else { return };
            if news {
                announce(wait);
            }
            self.watch.wait(wait).await;
        }
    }

    /// Takes in what answers said about the budget. `more` are the requests beyond those that were
    /// admitted.
    pub fn learn<'e>(&self, exchanges: impl Iterator<Item = &'e Exchange>, more: usize) {
        let now = self.watch.now();
        let mut sent = self.lock();
        sent.at.extend(std::iter::repeat_n(now, more));
        for exchange in exchanges {
            if let Some(answer) = &exchange.answer {
                sent.hear(now, answer);
            }
        }
    }

    /// The time by this pace's watch.
    pub fn now(&self) -> Instant {
        self.watch.now()
    }

    /// Whether a row that was limited in this turn, the first being 1, may have another one: when
    /// the gateway asked for a wait that is short since the turn `began`, and what it said before
    /// makes the limit believable. A gateway that limits out of the blue is not excused.
    pub fn another_turn(&self, turn: u32, began: Instant) -> bool {
        let mut sent = self.lock();
        if turn > 1 {
            sent.fruitless += 1;
        }
        let now = self.watch.now();
        // The wait itself may be over by now: what came meanwhile had to be judged first.
        let asked_to_wait = sent.asked_at.is_some_and(|at| at >= began);
        turn < MOST_TURNS
            && sent.fruitless < MOST_FRUITLESS
            && asked_to_wait
            && sent.is_nearly_used_up(now)
    }

    /// A row came through after it was limited.
    pub fn came_through(&self) {
        self.lock().fruitless = 0;
    }

    fn lock(&self) -> MutexGuard<'_, Sent> {
        // A poisoned count is still a count.
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn number(answer: &AnswerSeen, header: &str) -> Option<u64> {
    answer.header(header)?.trim().parse().ok()
}

/// How many seconds an answer asks to wait: a number of them, or the time until a date, by the
/// answer's own clock where it shows one and by ours where it does not.
fn asked_to_wait(answer: &AnswerSeen) -> Option<u64> {
    number(answer, "retry-after").or_else(|| {
        let until = http_date(answer.header("retry-after")?)?;
        let ours = || SystemTime::now().duration_since(UNIX_EPOCH).ok();
        let now = answer.header("date").and_then(http_date);
        let now = now.or_else(|| i64::try_from(ours()?.as_secs()).ok())?;
        u64::try_from(until.saturating_sub(now)).ok()
    })
}

impl Sent {
    /// How long to wait before so many more requests, and whether nobody was told of it yet.
    /// [`None`] when they may be sent now; then they are counted.
    fn take(&mut self, now: Instant, requests: usize) -> Option<(Duration, bool)> {
        let Some(wait) = self.wait(now, requests) else {
            self.at.extend(std::iter::repeat_n(now, requests));
            return None;
        };
        // As the window slides, room comes a little at a time; nobody has to hear of that.
        let news = wait > MARGIN && self.announced_until.is_none_or(|until| until <= now);
        if news {
            self.announced_until = Some(now + wait);
        }
        Some((wait, news))
    }

    /// How long to wait before so many more requests fit; [`None`] when they do. A tenth of the
    /// budget is left to whoever else uses the key.
    fn wait(&mut self, now: Instant, requests: usize) -> Option<Duration> {
        while self
            .at
            .front()
            .is_some_and(|at| now.duration_since(*at) >= WINDOW + MARGIN)
        {
            self.at.pop_front();
        }
        let held = self.held_until.filter(|until| *until > now);
        let full = self.room_at(requests).filter(|until| *until > now);
        held.max(full).map(|until| until.duration_since(now))
    }

    /// When so many more requests fit into what the gateway says is its budget.
    fn room_at(&self, requests: usize) -> Option<Instant> {
        let budget = self.budget?;
        let most = usize::try_from(budget - budget / 10).unwrap_or(usize::MAX);
        let over = (self.at.len() + requests)
            .checked_sub(most)
            .filter(|over| *over > 0)?;
        // The request that has to leave the window before these fit; a row larger than the whole
        // budget waits for an empty window.
        let leaves = self.at.get(over.min(self.at.len()).checked_sub(1)?)?;
        Some(*leaves + WINDOW + MARGIN)
    }

    fn hear(&mut self, now: Instant, answer: &AnswerSeen) {
        // Who was not let in was told nobody's budget.
        if answer.status == 401 {
            return;
        }
        let left = number(answer, "x-ratelimit-remaining");
        let limit = number(answer, "x-ratelimit-limit").filter(|limit| *limit >= LEAST_COUNTED);
        let counts = |limit: &u64| left.is_some_and(|left| left < limit / 2);
        let kept = limit.filter(|limit| *limit >= LEAST_BUDGET || counts(limit));
        self.budget = self.budget.into_iter().chain(kept).min();
        if answer.status == 429 {
            let asked = asked_to_wait(answer).filter(|wait| *wait <= LONGEST_RETRY_AFTER);
            if let Some(asked) = asked.filter(|_| left.is_none_or(|left| left == 0)) {
                self.asked_at = Some(now);
                self.hold(now + Duration::from_secs(asked) + MARGIN);
            }
            return;
        }
        let (Some(limit), Some(left)) = (limit, left) else {
            return;
        };
        self.left.push_back((now, left));
        if left < limit / 10 {
            self.hold(now + WINDOW + MARGIN);
        }
    }

    fn hold(&mut self, until: Instant) {
        self.held_until = self.held_until.max(Some(until));
    }

    /// Whether an answer of the last minute said that less than a fifth is left.
    fn is_nearly_used_up(&mut self, now: Instant) -> bool {
        while self
            .left
            .front()
            .is_some_and(|(at, _)| now.duration_since(*at) >= WINDOW + MARGIN)
        {
            self.left.pop_front();
        }
        let Some(budget) = self.budget else {
            return false;
        };
        let least = self.left.iter().map(|(_, left)| *left).min();
        least.is_none_or(|left| left < budget / 5)
    }
}

#[cfg(test)]
mod tests;
