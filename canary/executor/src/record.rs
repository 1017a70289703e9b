//! A transport that writes down each exchange on its way through: the wire's view of a call, beside
//! the SDK's.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use bytes::Bytes;
use canary_core::observe::{AnswerSeen, Broken, Exchange};
use futures_util::{Stream, future::BoxFuture};
use http::HeaderMap;
use runinfra::transport::{
    BodyStream, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind,
};

/// How much of an answer's body is kept for judging: several large pictures in base64.
const KEPT_BYTES: usize = 64 << 20;

/// Records what passes through another transport.
pub struct Recorder {
    inner: Arc<dyn Transport>,
    log: Log,
    kept: usize,
}

/// The exchanges recorded so far. Cloning shares them.
#[derive(Clone)]
pub struct Log {
    began: Instant,
    exchanges: Arc<Mutex<Vec<Exchange>>>,
}

impl Log {
    /// An empty log whose clock starts now.
    pub fn start() -> Self {
        Self {
            began: Instant::now(),
            exchanges: Arc::default(),
        }
    }

    /// When the log was started.
    pub fn began(&self) -> Instant {
        self.began
    }

    /// Time since the log was started.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// Takes out what was recorded. What comes later is not written down.
    pub fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut *self.lock())
    }

    /// Looks at the last answer so far.
    pub fn look_at_last<T>(&self, look: impl FnOnce(&AnswerSeen) -> T) -> Option<T> {
        self.lock()
            .last()
            .and_then(|exchange| exchange.answer.as_ref())
            .map(look)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Exchange>> {
        // A poisoned log still holds true records.
        self.exchanges
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, request: &HttpRequest) -> usize {
        let mut exchanges = self.lock();
        let query = request
            .url
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        exchanges.push(Exchange {
            method: request.method.to_string(),
            path: format!("{}{query}", request.url.path()),
            headers: texts(&request.headers)
                .filter(|(name, _)| name != "authorization")
                .collect(),
            at: self.elapsed(),
            answer: None,
            broken: None,
        });
        exchanges.len() - 1
    }

    fn note(&self, at: usize, change: impl FnOnce(&mut Exchange, Duration)) {
        let now = self.elapsed();
        if let Some(exchange) = self.lock().get_mut(at) {
            change(exchange, now);
        }
    }
}

fn texts(headers: &HeaderMap) -> impl Iterator<Item = (String, String)> {
    headers.iter().map(|(name, value)| {
        (
            name.as_str().to_owned(),
            String::from_utf8_lossy(value.as_bytes()).into_owned(),
        )
    })
}

fn broken(error: &TransportError) -> Broken {
    match error.kind() {
        TransportErrorKind::Connect => Broken::Connect,
        TransportErrorKind::Connection => Broken::Connection,
        TransportErrorKind::Timeout => Broken::Timeout,
        _ => Broken::Other,
    }
}

impl Recorder {
    /// Records into `log` what passes through `inner`.
    pub fn new(inner: Arc<dyn Transport>, log: Log) -> Self {
        Self {
            inner,
            log,
            kept: KEPT_BYTES,
        }
    }
}

impl Transport for Recorder {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            let at = self.log.begin(&request);
            let mut response = match self.inner.send(request).await {
                Ok(response) => response,
                Err(error) => {
                    self.log
                        .note(at, |exchange, _| exchange.broken = Some(broken(&error)));
                    return Err(error);
                }
            };
            self.log.note(at, |exchange, _| {
                exchange.answer = Some(AnswerSeen {
                    status: response.status.as_u16(),
                    headers: texts(&response.headers).collect(),
                    body: Vec::new(),
                    arrivals: Vec::new(),
                    whole: false,
                });
            });
            let empty: BodyStream = Box::pin(futures_util::stream::empty());
            let body = std::mem::replace(&mut response.body, empty);
            response.body = Box::pin(Recorded {
                body,
                log: self.log.clone(),
                at,
                kept: self.kept,
            });
            Ok(response)
        })
    }
}

/// A body that is written down as it is read.
struct Recorded {
    body: BodyStream,
    log: Log,
    at: usize,
    kept: usize,
}

impl Stream for Recorded {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = self.body.as_mut().poll_next(context);
        if let Poll::Ready(item) = &polled {
            let kept = self.kept;
            self.log.note(self.at, |exchange, now| {
                match (item, &mut exchange.answer) {
                    (Some(Ok(bytes)), Some(answer)) => {
                        answer.arrivals.push((now, bytes.len()));
                        let room = kept.saturating_sub(answer.body.len());
                        answer
                            .body
                            .extend_from_slice(&bytes[..bytes.len().min(room)]);
                    }
                    (Some(Err(error)), _) => exchange.broken = Some(broken(error)),
                    (None, Some(answer)) => {
                        let came: usize = answer.arrivals.iter().map(|(_, bytes)| bytes).sum();
                        // What was not kept to its last byte cannot be judged as a whole.
                        answer.whole = came == answer.body.len() && exchange.broken.is_none();
                    }
                    _ => {}
                }
            });
        }
        polled
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;
    use http::{HeaderMap, Method, StatusCode};

    use super::*;

    /// Answers with ten bytes in two pieces.
    struct Ten;

    impl Transport for Ten {
        fn send(&self, _: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
            let pieces = [&b"01234"[..], b"56789"].map(|piece| Ok(Bytes::from_static(piece)));
            let body = Box::pin(futures_util::stream::iter(pieces));
            Box::pin(async { Ok(HttpResponse::new(StatusCode::OK, HeaderMap::new(), body)) })
        }
    }

    async fn recorded(kept: usize) -> Exchange {
        let log = Log::start();
        let recorder = Recorder {
            kept,
            ..Recorder::new(Arc::new(Ten), log.clone())
        };
        let url = url::Url::parse("http://127.0.0.1/v1/models").unwrap();
        let request = HttpRequest::new(Method::GET, url, HeaderMap::new(), Bytes::new());
        let mut body = recorder.send(request).await.unwrap().body;
        while body.next().await.is_some() {}
        assert_eq!(log.look_at_last(|answer| answer.status), Some(200));
        let mut exchanges = log.take();
        assert!(log.take().is_empty(), "it was taken out");
        exchanges.remove(0)
    }

    #[tokio::test]
    async fn a_body_that_was_not_kept_to_its_end_is_not_whole() {
        for (kept, body, whole) in [
            (10, "0123456789", true),
            (9, "012345678", false),
            (3, "012", false),
        ] {
            let answer = recorded(kept).await.answer.unwrap();
            assert_eq!((answer.body, answer.whole), (body.into(), whole), "{kept}");
            assert_eq!(answer.arrivals.len(), 2);
        }
    }
}
