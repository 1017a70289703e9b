//! When this process got no turn: a busy machine must not make a gateway look slow.
//!
//! A task beats a hundred times a second. A beat that comes late shows that what arrived meanwhile
//! could not be seen either. A gateway that is slow does not make it late.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use canary_core::observe::Stalls;
use tokio::task::JoinHandle;

/// Time between two beats.
const PERIOD: Duration = Duration::from_millis(10);

/// What a beat may be late on a machine that has nothing else to do.
const PUNCTUAL: Duration = Duration::from_millis(10);

/// How many late beats are remembered: more than come in the longest row.
const REMEMBERED: usize = 100_000;

/// Beats until it is dropped.
#[derive(Debug)]
pub struct Pulse {
    beats: Arc<Mutex<Beats>>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Beats {
    last: Instant,
    late: VecDeque<(Instant, Instant)>,
}

impl Pulse {
    /// Begins to beat on the current tokio runtime.
    ///
    /// # Panics
    /// Outside a tokio runtime with time enabled, as every tokio timer does.
    pub fn start() -> Self {
        let beats = Arc::new(Mutex::new(Beats {
            last: Instant::now(),
            late: VecDeque::new(),
        }));
        let shared = Arc::clone(&beats);
        let task = tokio::spawn(async move {
            loop {
                tokio::time::sleep(PERIOD).await;
                lock(&shared).beat(Instant::now());
            }
        });
        Self { beats, task }
    }

    /// When there was no turn since `began`, counted from there, up to now.
    pub fn stalls_since(&self, began: Instant) -> Stalls {
        lock(&self.beats).since(began, Instant::now())
    }
}

impl Drop for Pulse {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(beats: &Mutex<Beats>) -> MutexGuard<'_, Beats> {
    // Poisoned beats are still beats.
    beats.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Beats {
    fn beat(&mut self, now: Instant) {
        if let Some(late) = self.lateness(now) {
            self.late.push_back(late);
            if self.late.len() > REMEMBERED {
                self.late.pop_front();
            }
        }
        self.last = now;
    }

    /// The span by which a beat that came now would be late, when it would be.
    fn lateness(&self, now: Instant) -> Option<(Instant, Instant)> {
        let due = self.last + PERIOD;
        (now.saturating_duration_since(due) > PUNCTUAL).then_some((due, now))
    }

    fn since(&self, began: Instant, now: Instant) -> Stalls {
        let late = self.late.iter().copied().chain(self.lateness(now));
        let spans = late.filter(|(_, ended)| *ended > began);
        let from = |at: Instant| at.saturating_duration_since(began);
        Stalls(spans.map(|(due, ended)| (from(due), from(ended))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stalls(beats_at: &[u64], began: u64, now: u64) -> Vec<(u64, u64)> {
        let zero = Instant::now();
        let at = |ms: u64| zero + Duration::from_millis(ms);
        let mut beats = Beats {
            last: zero,
            late: VecDeque::new(),
        };
        for ms in beats_at {
            beats.beat(at(*ms));
        }
        let Stalls(spans) = beats.since(at(began), at(now));
        let ms = |span: Duration| u64::try_from(span.as_millis()).unwrap();
        spans
            .iter()
            .map(|(from, to)| (ms(*from), ms(*to)))
            .collect()
    }

    #[test]
    fn only_late_beats_are_stalls() {
        assert_eq!(stalls(&[10, 21, 41, 51], 0, 55), [], "nearly punctual");
        assert_eq!(stalls(&[10, 510, 520], 0, 525), [(20, 510)]);
        assert_eq!(
            stalls(&[10, 510, 520], 500, 525),
            [(0, 10)],
            "begun meanwhile"
        );
        assert_eq!(stalls(&[10, 510, 520], 515, 525), [], "before");
        assert_eq!(stalls(&[10], 0, 300), [(20, 300)], "not over yet");
    }

    #[tokio::test]
    async fn a_runtime_that_is_kept_from_running_is_noticed() {
        let pulse = Pulse::start();
        let began = Instant::now();
        // The only thread of this runtime has no turn for anything else.
        std::thread::sleep(Duration::from_millis(120));
        tokio::task::yield_now().await;
        let Stalls(spans) = pulse.stalls_since(began);
        let stalled: Duration = spans
            .iter()
            .map(|(from, to)| to.saturating_sub(*from))
            .sum();
        assert!(stalled >= Duration::from_millis(100), "{spans:?}");
    }
}
