//! Streams of typed events: frames from a body, read under an idle deadline, ended only by their terminal event.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http::HeaderMap;
use serde_json::{Map, Value};

use super::event::Event;
use super::frame::{Frame, FrameDecoder, FrameError};
use crate::answer::Head;
use crate::error::{Error, ErrorKind, decode};
use crate::exchange::{LONGEST_PARSER_WORDS, Open, broken};
use crate::idle::Idle;
use crate::trace::Span;
use crate::transport::{BodyStream, TransportError};

/// How a family of streams ends, which is all that tells one from another.
pub(crate) trait Protocol: Sized {
    /// What the end of such a stream is called, for messages.
    const TERMINAL: &'static str;
    /// Whether `[DONE]` ends the stream. Otherwise it may only follow the end.
    const DONE_ENDS: bool;

    /// Reads a frame's data.
    fn read(data: &str) -> serde_json::Result<Read<Self>>;
}

/// What a frame is to its stream.
pub(crate) enum Read<T> {
    /// An event; more follow.
    More(T),
    /// The last event.
    Last(T),
    /// No event: the gateway reports that it failed.
    Failure,
}

/// Typed events as they arrive.
///
/// A [`Stream`] of `Result<Event<T>, Error>`; [`next`](Self::next) is there for callers without a stream library. It ends
/// after its terminal event; a body that ends earlier is an error, and nothing follows an error. It never waits longer than
/// the idle timeout for the next byte, however long the stream takes as a whole, and reads no further than it is asked to: a
/// slow reader slows the gateway down instead of filling memory. Dropping it gives the connection up.
pub struct EventStream<T> {
    head: Head,
    body: BodyStream,
    decoder: FrameDecoder,
    idle: Idle,
    state: State,
    turns_left: u8,
    operation: &'static str,
    span: Span,
    value: std::marker::PhantomData<fn() -> T>,
}

/// How many pieces that follow the terminal event are looked through for the end of the body.
const LAST_LOOKS: usize = 4;
/// How many turns the connection's own task gets to find it.
const LAST_TURNS: u8 = 3;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Reading,
    /// The body has ended; one last frame may be left in the decoder.
    Drained,
    /// The terminal event has come; the end of the body may still be on its way.
    Ended,
    Over,
}

#[expect(
    private_bounds,
    reason = "which types are streamed is the crate's business; callers name the stream by its event type"
)]
impl<T: Protocol> EventStream<T> {
    /// Takes over an answer that has just been opened. Refuses one that is not an event stream.
    pub(crate) fn new(open: Open, limit: usize) -> Result<Self, Error> {
        let operation = open.operation;
        if open.head.media_type().as_deref() != Some("text/event-stream") {
            let shown = open.head.shown_content_type();
            return Err(open.head.error(
                ErrorKind::ResponseShape,
                format!("{operation}: the answer is {shown}, not text/event-stream: check the base URL, or what stands between"),
            ));
        }
        Ok(Self {
            head: open.head,
            body: open.body,
            decoder: FrameDecoder::new(limit),
            idle: Idle::new(open.idle_timeout),
            state: State::Reading,
            turns_left: LAST_TURNS,
            operation,
            span: open.span,
            value: std::marker::PhantomData,
        })
    }

    /// The next event; `None` after the last.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let model = gateway.models().llm;
    /// use runinfra::types::{ChatCompletionRequest, ChatMessage};
    ///
    /// let request = ChatCompletionRequest::new(model, [ChatMessage::user("Count to three.")]);
    /// let mut stream = client.chat().completions().stream(request).await?;
    /// println!("request {:?}", stream.request_id());
    /// let mut text = String::new();
    /// while let Some(event) = stream.next().await {
    ///     // An error here is the last item: what is in `text` is then incomplete.
    ///     text.push_str(event?.text().unwrap_or_default());
    /// }
    /// # assert!(!text.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&mut self) -> Option<Result<Event<T>, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    fn poll_step(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Event<T>>, Error>> {
        loop {
            let frame = if self.state == State::Drained {
                self.decoder.finish()
            } else {
                self.decoder.next_frame()
            };
            match frame.map_err(|error| self.unreadable(&error))? {
                Some(frame) => return Poll::Ready(self.event(frame)),
                None if self.state == State::Drained => return Poll::Ready(Err(self.cut())),
                None => {}
            }
            match self.poll_chunk(context) {
                Poll::Ready(Some(Ok(chunk))) => self.decoder.push(chunk),
                Poll::Ready(Some(Err(failure))) => {
                    return Poll::Ready(Err(broken(&self.head, &failure, self.operation)));
                }
                Poll::Ready(None) => self.state = State::Drained,
                Poll::Pending if self.idle.is_over(context) => {
                    return Poll::Ready(Err(self.stalled()));
                }
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// The next chunk that may hold the end of a frame. Smaller cuts go to the decoder as they are looked at: moving each of
    /// them about would cost more than decoding it.
    #[inline]
    fn poll_chunk(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportError>>> {
        loop {
            let polled = self.body.as_mut().poll_next(context);
            let Poll::Ready(Some(Ok(chunk))) = &polled else {
                return polled;
            };
            self.idle.progressed();
            if !self.decoder.absorb(chunk) {
                return polled;
            }
        }
    }

    /// Reads one frame; `None` when it ends the stream.
    fn event(&mut self, frame: Frame) -> Result<Option<Event<T>>, Error> {
        if frame.data.trim_ascii() == "[DONE]" {
            return if T::DONE_ENDS {
                Ok(None)
            } else {
                Err(self.cut())
            };
        }
        let value = match T::read(&frame.data) {
            Ok(Read::More(value)) => value,
            Ok(Read::Last(value)) => {
                self.end();
                value
            }
            Ok(Read::Failure) => return Err(self.reported(&frame).unwrap_or_else(|| self.cut())),
            Err(error) => return Err(self.misread(&frame, &error)),
        };
        Ok(Some(Event::new(value, frame, self.head.redactor.clone())))
    }

    /// A frame that is not an event: an error the gateway reports, JSON of another shape, or no JSON at all.
    fn misread(&self, frame: &Frame, error: &serde_json::Error) -> Error {
        if let Some(reported) = self.reported(frame) {
            return reported;
        }
        if self.state == State::Drained {
            return self.cut();
        }
        let words = error.to_string();
        let found = self.head.redactor.excerpt(&words, LONGEST_PARSER_WORDS);
        if error.is_data() {
            return self.head.error(
                ErrorKind::ResponseShape,
                format!(
                    "{}: an event does not have the contract's shape: {found}; check the base URL, or quote the request id to support",
                    self.operation
                ),
            );
        }
        self.head.error(
            ErrorKind::StreamParse,
            format!(
                "{}: an event is not JSON: {found}; check the base URL, or what stands between",
                self.operation
            ),
        )
    }

    fn reported(&self, frame: &Frame) -> Option<Error> {
        let mut members: Map<String, Value> = serde_json::from_str(&frame.data).ok()?;
        let is_error = members.get("type").and_then(Value::as_str) == Some("error")
            || frame.event.as_deref() == Some("error");
        let error = match members.remove("error") {
            Some(error) if !error.is_null() => error,
            _ if is_error => Value::Object(members),
            _ => return None,
        };
        Some(decode::frame(
            &error,
            self.head.status,
            self.head.masked_request_id().as_deref(),
            &self.head.redactor,
        ))
    }

    fn unreadable(&self, error: &FrameError) -> Error {
        // The end of the body may have cut a character in two.
        if self.state == State::Drained {
            return self.cut();
        }
        self.head.error(
            ErrorKind::StreamParse,
            format!("{}: {error}", self.operation),
        )
    }

    fn cut(&self) -> Error {
        self.head.error(
            ErrorKind::Connection,
            format!(
                "{}: the stream ended without {}: what has arrived is incomplete",
                self.operation,
                T::TERMINAL
            ),
        )
    }

    fn stalled(&self) -> Error {
        let limit = self.idle.limit();
        self.head.error(
            ErrorKind::Timeout,
            format!("{}: the stream was silent for {limit:?}: allow a longer idle timeout, or look at the gateway", self.operation),
        )
    }

    fn end(&mut self) {
        if self.state == State::Drained {
            // A body must not be asked for more after its end.
            self.close();
        } else {
            self.state = State::Ended;
        }
    }

    /// Looks for the end of the body, which tends to come with the terminal event, so that the connection can be used again.
    /// The task that reads the connection may need a turn for that; it gets a few, and no time.
    fn poll_end(&mut self, context: &mut Context<'_>) -> Poll<()> {
        for _ in 0..LAST_LOOKS {
            match self.body.as_mut().poll_next(context) {
                Poll::Ready(Some(Ok(_))) => {}
                Poll::Ready(_) => break,
                Poll::Pending if self.turns_left == 0 => break,
                Poll::Pending => {
                    self.turns_left -= 1;
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
            }
        }
        self.close();
        Poll::Ready(())
    }

    /// Lets go of the body now, not when the caller gets round to dropping the stream.
    fn close(&mut self) {
        self.state = State::Over;
        self.body = Box::pin(Nothing);
    }
}

impl<T> EventStream<T> {
    /// The gateway's `X-Request-Id`, known before the first event.
    pub fn request_id(&self) -> Option<&str> {
        self.head.request_id()
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.head.status.as_u16()
    }

    /// The headers, as they came.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }
}

impl<T: Protocol> Stream for EventStream<T> {
    type Item = Result<Event<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.state {
            State::Over => return Poll::Ready(None),
            State::Ended => return self.poll_end(context).map(|()| None),
            State::Reading | State::Drained => {}
        }
        match self.poll_step(context) {
            Poll::Ready(Ok(Some(event))) => Poll::Ready(Some(Ok(event))),
            Poll::Ready(Ok(None)) => {
                self.end();
                self.poll_end(context).map(|()| None)
            }
            Poll::Ready(Err(error)) => {
                self.close();
                self.span.failed(&error, 0);
                Poll::Ready(Some(Err(error)))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("operation", &self.operation)
            .field("status", &self.status())
            .field("request_id", &self.head.masked_request_id())
            .finish_non_exhaustive()
    }
}

/// A body with nothing left in it.
struct Nothing;

impl Stream for Nothing {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(None)
    }
}
