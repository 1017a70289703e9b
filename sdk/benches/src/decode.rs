//! From chunks of bytes to typed chunks of a chat. Everyone reads the same type with the same JSON parser.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt as _, Stream, StreamExt as _};
use http::{HeaderMap, HeaderValue, StatusCode};
use runinfra::sse::FrameDecoder;
use runinfra::transport::{HttpRequest, HttpResponse, Transport, TransportError};
use runinfra::types::{ChatCompletionChunk, ChatCompletionRequest, ChatMessage};

/// The least that can be done: split lines, check UTF-8 once a line, parse. Like everyone else it is handed chunks it owns.
pub fn floor(chunks: &[Bytes]) -> usize {
    let mut count = 0;
    let mut carry: Vec<u8> = Vec::new();
    let mut line = |line: &[u8]| {
        let Some(data) = std::str::from_utf8(line).unwrap().strip_prefix("data: ") else {
            return;
        };
        if data != "[DONE]" {
            let chunk: ChatCompletionChunk = serde_json::from_str(data).unwrap();
            count += usize::from(std::hint::black_box(&chunk).created > 0);
        }
    };
    for chunk in chunks.iter().cloned() {
        let mut rest = &chunk[..];
        while let Some(end) = memchr::memchr(b'\n', rest) {
            if carry.is_empty() {
                line(&rest[..end]);
            } else {
                carry.extend_from_slice(&rest[..end]);
                line(&carry);
                carry.clear();
            }
            rest = &rest[end + 1..];
        }
        carry.extend_from_slice(rest);
    }
    count
}

/// This crate's decoder.
pub fn runinfra(chunks: &[Bytes]) -> usize {
    let mut decoder = FrameDecoder::new(16 << 20);
    let mut count = 0;
    for chunk in chunks {
        decoder.push(chunk.clone());
        while let Some(frame) = decoder.next_frame().unwrap() {
            count += typed(&frame.data);
        }
    }
    count
}

fn typed(data: &str) -> usize {
    if data == "[DONE]" {
        return 0;
    }
    let chunk: ChatCompletionChunk = serde_json::from_str(data).unwrap();
    usize::from(std::hint::black_box(&chunk).created > 0)
}

fn source(chunks: &[Bytes]) -> BoxStream<'_, Result<Bytes, Infallible>> {
    stream::iter(chunks.iter().cloned().map(Ok)).boxed()
}

/// `eventsource-stream`.
pub fn eventsource_stream(chunks: &[Bytes]) -> usize {
    let mut events = eventsource_stream::EventStream::new(source(chunks));
    let mut count = 0;
    while let Some(event) = events.next().now_or_never().flatten() {
        count += typed(&event.unwrap().data);
    }
    count
}

/// `sseer`.
pub fn sseer(chunks: &[Bytes]) -> usize {
    let mut events = sseer::event_stream::EventStream::new(source(chunks));
    let mut count = 0;
    while let Some(event) = events.next().now_or_never().flatten() {
        count += typed(&event.unwrap().data);
    }
    count
}

/// `sse-stream`.
pub fn sse_stream(chunks: &[Bytes]) -> usize {
    let mut events = sse_stream::SseByteStream::new(source(chunks));
    let mut count = 0;
    while let Some(event) = events.next().now_or_never().flatten() {
        count += event.unwrap().data.as_deref().map_or(0, typed);
    }
    count
}

/// The whole public path of a stream, with a transport that has the bytes already.
pub struct PublicPath {
    client: runinfra::Client,
}

struct InProcess(Arc<[Bytes]>);

struct Ready {
    chunks: Arc<[Bytes]>,
    next: usize,
}

impl Stream for Ready {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let at = self.next;
        self.next += 1;
        // Cloned in place: a copy of a copy would be a cost of this transport, not of the path.
        match self.chunks.get(at) {
            Some(chunk) => Poll::Ready(Some(Ok(chunk.clone()))),
            None => Poll::Ready(None),
        }
    }
}

impl Transport for InProcess {
    fn send(
        &self,
        _: HttpRequest,
    ) -> futures_util::future::BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let mut headers = HeaderMap::new();
        headers.insert(
            "content-type",
            HeaderValue::from_static("text/event-stream"),
        );
        headers.insert(
            "x-request-id",
            HeaderValue::from_static("7d3c0a52-4b1e-4f0e-9d55-0d8e6f1a2b3c"),
        );
        let body = Box::pin(Ready {
            chunks: Arc::clone(&self.0),
            next: 0,
        });
        Box::pin(async move { Ok(HttpResponse::new(StatusCode::OK, headers, body)) })
    }
}

impl PublicPath {
    pub fn new(chunks: &[Bytes]) -> Self {
        let client = runinfra::Client::builder()
            .api_key("rp_live_bench")
            .transport(Arc::new(InProcess(chunks.into())))
            .build()
            .unwrap();
        Self { client }
    }

    /// Reads a whole stream. Needs a runtime around it, for the timer that never fires.
    pub fn read(&self) -> usize {
        let request = ChatCompletionRequest::new("m", [ChatMessage::user("hi")]);
        let read = async {
            let mut stream = self
                .client
                .chat()
                .completions()
                .stream(request)
                .await
                .unwrap();
            let mut count = 0;
            while let Some(event) = stream.next().await {
                count += usize::from(std::hint::black_box(&event.unwrap()).created > 0);
            }
            count
        };
        read.now_or_never().unwrap()
    }
}
