//! How long a request's head may take, watched with one timer a connection instead of one a request.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::rt::{Sleep, Timer};

/// hyper's timer of one connection.
///
/// hyper asks for a sleep with every head and drops it when the head is there. Such a sleep only knows when it ends: whoever drives the
/// connection waits for [`Alarm::next`] beside it, which wakes the task in time for hyper to look at its sleep again.
#[derive(Debug, Clone)]
pub(super) struct Alarm {
    timeout: Duration,
    /// When the latest sleep ends. hyper's sleeps are all equally long, so that no later one ends earlier.
    latest: Arc<Mutex<Instant>>,
}

impl Alarm {
    pub(super) fn new(timeout: Duration) -> Self {
        Self {
            timeout,
            latest: Arc::new(Mutex::new(Instant::now())),
        }
    }

    /// When to look again: at the end of the latest sleep, and where that has passed, when the next one could end at the earliest.
    pub(super) fn next(&self) -> tokio::time::Instant {
        let now = Instant::now();
        let latest = *self.latest();
        if latest > now {
            latest.into()
        } else {
            (now + self.timeout).into()
        }
    }

    fn latest(&self) -> MutexGuard<'_, Instant> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Timer for Alarm {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(Instant::now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        *self.latest() = deadline;
        Box::pin(Until(deadline))
    }
}

/// Over at a moment, of which it tells nobody by itself.
struct Until(Instant);

impl Future for Until {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if Instant::now() < self.0 {
            return Poll::Pending;
        }
        Poll::Ready(())
    }
}

impl Sleep for Until {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alarm_rings_when_the_latest_sleep_ends() {
        let timeout = Duration::from_secs(30);
        let alarm = Alarm::new(timeout);
        let before = Instant::now();
        assert!(alarm.next() >= (before + timeout).into());
        let _first = alarm.sleep_until(before + Duration::from_secs(40));
        let end = before + Duration::from_secs(41);
        let _second = alarm.clone().sleep_until(end);
        assert_eq!(alarm.next(), end.into());
    }

    #[test]
    fn a_sleep_is_over_at_its_end() {
        let alarm = Alarm::new(Duration::ZERO);
        let now = Instant::now();
        let mut context = Context::from_waker(std::task::Waker::noop());
        let mut poll = |end| {
            alarm
                .sleep_until(end)
                .as_mut()
                .poll(&mut context)
                .is_ready()
        };
        assert!(poll(now));
        assert!(!poll(now + Duration::from_secs(600)));
    }
}
