//! Wall-clock time as a value, so that tests can turn a minute in no time.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Where the gateway reads the time for `created` fields and rate-limit windows.
///
/// Pacing of streams is not read from here: it is always real time.
#[derive(Clone, Default)]
pub struct Clock {
    manual: Option<Arc<AtomicU64>>,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still until [`Clock::advance`] moves it. Clones share the same hands.
    pub fn manual(since_epoch: Duration) -> Self {
        Self {
            manual: Some(Arc::new(AtomicU64::new(millis(since_epoch)))),
        }
    }

    /// Moves a manual clock forward; the machine's clock ignores it.
    pub fn advance(&self, by: Duration) {
        if let Some(hands) = &self.manual {
            hands.fetch_add(millis(by), Ordering::SeqCst);
        }
    }

    /// Time since the Unix epoch.
    pub fn now(&self) -> Duration {
        match &self.manual {
            Some(hands) => Duration::from_millis(hands.load(Ordering::SeqCst)),
            None => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default(),
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.manual.is_some() {
            "Clock(manual)"
        } else {
            "Clock(system)"
        })
    }
}
