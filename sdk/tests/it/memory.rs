//! A transport without a network. Under paused time nothing but the script decides what is late: the clock goes on only when
//! everybody waits for it, however busy the machine is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use futures_util::stream;
use runinfra::transport::{HttpRequest, HttpResponse, Transport, TransportError};
use runinfra::{Client, ClientBuilder};

use crate::support::{KEY, REQUEST_ID};

/// One thing that happens to an answer, in order.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// The head arrives; only once, and before any of the body.
    Head(u16, &'static str),
    Send(Bytes),
    /// Time passes.
    Pause(Duration),
    /// Nothing is there yet, but time does not pass either.
    Turn,
    /// Nothing comes any more.
    Hold,
}

/// Answers requests in order with these, and the last one from then on.
pub(crate) struct Memory {
    replies: Vec<Vec<Step>>,
    calls: AtomicUsize,
}

impl Memory {
    pub(crate) fn script(replies: impl Into<Vec<Vec<Step>>>) -> Arc<Self> {
        Arc::new(Self {
            replies: replies.into(),
            calls: AtomicUsize::new(0),
        })
    }

    pub(crate) fn builder(self: &Arc<Self>) -> ClientBuilder {
        Client::builder()
            .api_key(KEY)
            .base_url("http://localhost/v1")
            .retry_base(Duration::ZERO)
            .transport(Arc::clone(self) as Arc<dyn Transport>)
    }

    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
}

impl Transport for Memory {
    fn send(&self, _: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        let mut steps = self.replies[call.min(self.replies.len() - 1)]
            .clone()
            .into_iter();
        Box::pin(async move {
            let (status, content_type) = loop {
                match steps.next() {
                    Some(Step::Head(status, content_type)) => break (status, content_type),
                    Some(step) => assert!(waited(step).await.is_none(), "a body before its head"),
                    None => panic!("an answer without a head"),
                }
            };
            let response = http::Response::builder()
                .status(status)
                .header("content-type", content_type)
                .header("x-request-id", REQUEST_ID);
            let (head, ()) = response.body(()).unwrap().into_parts();
            let body = stream::unfold(steps, |mut steps| async move {
                loop {
                    if let Some(bytes) = waited(steps.next()?).await {
                        return Some((Ok(bytes), steps));
                    }
                }
            });
            Ok(HttpResponse::new(head.status, head.headers, Box::pin(body)))
        })
    }
}

/// Does what a step says, and hands over what it sends.
async fn waited(step: Step) -> Option<Bytes> {
    match step {
        Step::Send(bytes) => return Some(bytes),
        Step::Pause(time) => tokio::time::sleep(time).await,
        Step::Turn => tokio::task::yield_now().await,
        Step::Hold => std::future::pending().await,
        Step::Head(..) => panic!("a second head"),
    }
    None
}
