//! The longest silence a body may keep. A body that keeps sending never meets it, however long it takes as a whole.

use std::future::Future as _;
use std::pin::Pin;
use std::task::Context;
use std::time::Duration;

use tokio::time::{Instant, Sleep};

pub(crate) struct Idle {
    limit: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
    /// Bytes have come since the deadline was set.
    stale: bool,
}

impl Idle {
    pub(crate) fn new(limit: Duration) -> Self {
        Self {
            limit,
            sleep: None,
            stale: false,
        }
    }

    pub(crate) fn limit(&self) -> Duration {
        self.limit
    }

    /// Bytes have come.
    pub(crate) fn progressed(&mut self) {
        self.stale = true;
    }

    /// Whether the silence has lasted too long. Asked only while the body has nothing, so that a slow reader is not taken
    /// for a silent gateway.
    pub(crate) fn is_over(&mut self, context: &mut Context<'_>) -> bool {
        let limit = self.limit;
        let sleep = self
            .sleep
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        if std::mem::take(&mut self.stale) {
            sleep.as_mut().reset(Instant::now() + limit);
        }
        sleep.as_mut().poll(context).is_ready()
    }
}
