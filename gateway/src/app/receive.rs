//! Taking in a request's body: bounded in size and in time, and not cut off while its sender still writes.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http::header::{EXPECT, HeaderMap};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use tokio::time::error::Elapsed;

use crate::envelope::{ApiError, ErrorType};

/// A sender of a refused body is listened to for this many bytes, then the connection closes.
const MOST_DISCARDED: usize = 32 * 1024 * 1024;

/// A body that has not been read yet.
pub(super) struct Receiver {
    body: Incoming,
    /// The sender waits for a word before it sends anything (RFC 9110, section 10.1.1).
    waits: bool,
    timeout: Duration,
}

/// Why a body did not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unread {
    TooLarge,
    Broken,
}

impl Receiver {
    pub(super) fn new(headers: &HeaderMap, body: Incoming, timeout: Duration) -> Self {
        Self {
            body,
            waits: headers.contains_key(EXPECT),
            timeout,
        }
    }

    /// The whole body, of at most `most` bytes.
    pub(super) async fn read(mut self, most: usize) -> Result<Bytes, ApiError> {
        match self.within_time(most).await {
            Ok(Ok(bytes)) => Ok(bytes),
            Ok(Err(Unread::TooLarge)) => {
                self.discard().await;
                Err(ApiError::unprocessable(
                    "request_too_large",
                    format!("The body is larger than the {most} bytes that this route takes."),
                ))
            }
            Ok(Err(Unread::Broken)) => Err(ApiError::invalid(
                "truncated_body",
                "The body ended before it was complete.",
            )),
            Err(_) => Err(ApiError::new(
                StatusCode::REQUEST_TIMEOUT,
                ErrorType::InvalidRequest,
                "request_timeout",
                "The body did not arrive in time.",
            )),
        }
    }

    /// Most bodies came with their heads: nothing has to be timed then.
    async fn within_time(&mut self, most: usize) -> Result<Result<Bytes, Unread>, Elapsed> {
        let mut reading = pin!(whole(&mut self.body, most));
        match poll_fn(|context| Poll::Ready(reading.as_mut().poll(context))).await {
            Poll::Ready(read) => Ok(read),
            Poll::Pending => tokio::time::timeout(self.timeout, reading).await,
        }
    }

    /// Takes in what a refused caller is still sending, so that it reads the refusal instead of a reset. Nothing of it is kept. A caller
    /// that waits for `100 Continue` gets the refusal instead.
    pub(super) async fn discard(mut self) {
        if self.waits {
            return;
        }
        let draining = async {
            let mut seen = 0;
            while let Some(Ok(frame)) = self.body.frame().await {
                seen += frame.data_ref().map_or(0, Bytes::len);
                if seen > MOST_DISCARDED {
                    break;
                }
            }
        };
        // Too slow or too long: the connection closes after the refusal.
        let _ = tokio::time::timeout(self.timeout, draining).await;
    }
}

/// All of a body. One that came in one piece, as most do, is not copied.
async fn whole(body: &mut Incoming, most: usize) -> Result<Bytes, Unread> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > most {
        return Err(Unread::TooLarge);
    }
    let mut read = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() else {
            continue;
        };
        if read.len() + data.len() > most {
            return Err(Unread::TooLarge);
        }
        if read.is_empty() && body.is_end_stream() {
            return Ok(data);
        }
        read.extend_from_slice(&data);
    }
    Ok(read.freeze())
}
