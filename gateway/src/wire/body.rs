//! Response bodies: whole, paced, or played from steps.

use std::collections::VecDeque;
use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::Sleep;

use crate::sse::Event;
use crate::wire::{Abort, Step};

/// The end of a body that was cut on purpose.
#[derive(Debug, thiserror::Error)]
#[error("the body was cut short by the fault under test")]
pub(crate) struct Interrupted;

/// A body as hyper reads it.
#[derive(Debug)]
pub(crate) enum WireBody {
    /// Everything at once.
    Whole(Option<Bytes>),
    /// One event at a time with the same pause between any two.
    Events {
        left: std::vec::IntoIter<Event>,
        pace: Duration,
        pause: Option<Pin<Box<Sleep>>>,
        /// An event was handed over, and the pause after it is still to come.
        due: bool,
    },
    /// Whatever a fault made of it.
    Steps {
        left: VecDeque<Step>,
        pause: Option<Pin<Box<Sleep>>>,
        abort: Abort,
    },
}

impl WireBody {
    pub(crate) fn whole(bytes: Bytes) -> Self {
        Self::Whole(Some(bytes).filter(|bytes| !bytes.is_empty()))
    }

    pub(crate) fn events(events: Vec<Event>, pace: Duration) -> Self {
        Self::Events {
            left: events.into_iter(),
            pace,
            pause: None,
            due: false,
        }
    }

    pub(crate) fn steps(left: VecDeque<Step>, abort: Abort) -> Self {
        Self::Steps {
            left,
            pause: None,
            abort,
        }
    }
}

impl Body for WireBody {
    type Data = Bytes;
    type Error = Interrupted;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Interrupted>>> {
        match self.get_mut() {
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Events {
                left,
                pace,
                pause,
                due,
            } => {
                if *due && !pace.is_zero() && left.len() > 0 {
                    *due = false;
                    restart(pause, *pace);
                }
                if left.len() > 0 {
                    ready!(wait(pause, context));
                }
                *due = true;
                Poll::Ready(left.next().map(|event| Ok(Frame::data(event.frame()))))
            }
            Self::Steps { left, pause, abort } => play(left, pause, abort, context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.is_none(),
            // Even an empty remainder is polled, so that a cut is never mistaken for an end.
            Self::Events { .. } | Self::Steps { .. } => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            Self::Events { .. } | Self::Steps { .. } => SizeHint::default(),
        }
    }
}

fn play(
    left: &mut VecDeque<Step>,
    pause: &mut Option<Pin<Box<Sleep>>>,
    abort: &Abort,
    context: &mut Context<'_>,
) -> Poll<Option<Result<Frame<Bytes>, Interrupted>>> {
    loop {
        ready!(wait(pause, context));
        match left.pop_front() {
            None => return Poll::Ready(None),
            Some(Step::Bytes(bytes)) if bytes.is_empty() => {}
            Some(Step::Bytes(bytes)) => return Poll::Ready(Some(Ok(Frame::data(bytes)))),
            Some(Step::Pause(time)) => restart(pause, time),
            Some(Step::Stall) => {
                left.push_front(Step::Stall);
                return Poll::Pending;
            }
            Some(Step::Cut | Step::Head(..)) => return Poll::Ready(Some(Err(Interrupted))),
            Some(Step::Reset) => {
                abort.arm();
                return Poll::Ready(Some(Err(Interrupted)));
            }
        }
    }
}

fn restart(pause: &mut Option<Pin<Box<Sleep>>>, time: Duration) {
    let deadline = tokio::time::Instant::now() + time;
    match pause {
        Some(sleep) => sleep.as_mut().reset(deadline),
        None => *pause = Some(Box::pin(tokio::time::sleep_until(deadline))),
    }
}

fn wait(pause: &mut Option<Pin<Box<Sleep>>>, context: &mut Context<'_>) -> Poll<()> {
    match pause {
        Some(sleep) => sleep.as_mut().poll(context),
        None => Poll::Ready(()),
    }
}
