//! One call on the wire: attempts, deadlines, and answers read whole or left open. Every operation goes through here.

use std::future::poll_fn;
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use bytestring::ByteString;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use serde::de::DeserializeOwned;
use tokio::time::error::Elapsed;
use tokio::time::{Instant, sleep, timeout_at};

use crate::answer::{Answer, Head};
use crate::client::Core;
use crate::error::{Error, ErrorKind, decode};
use crate::options::{RequestOptions, Settled};
use crate::request::Recipe;
use crate::retry::{backoff, policy};
use crate::sse::{EventStream, Protocol};
use crate::trace::Span;
use crate::transport::{BodyStream, HttpResponse};

/// The largest answer read into memory, in bytes.
const LARGEST_BODY: usize = 256 * 1024 * 1024;
/// How much of an error's body is read; the rest is given up with its connection.
const LARGEST_ERROR_BODY: usize = 64 * 1024;
/// How much of what a parser says of foreign text is shown, in characters.
pub(crate) const LONGEST_PARSER_WORDS: usize = 300;
/// How much room is made on the word of a `Content-Length` alone.
const TRUSTED_LENGTH: usize = 1024 * 1024;

/// A successful answer whose body is still to be read.
pub(crate) struct Open {
    pub(crate) operation: &'static str,
    pub(crate) head: Head,
    pub(crate) body: BodyStream,
    pub(crate) timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) span: Span,
}

/// Makes a call whose answer is JSON of the type `T`, again where the recipe allows it.
///
/// Everything that can be settled is settled before the future is made: what it does not carry, it does not have to move.
pub(crate) fn json<'a, T: DeserializeOwned>(
    core: &'a Core,
    recipe: Result<Recipe, Error>,
    options: &RequestOptions,
) -> impl Future<Output = Result<Answer<T>, Error>> + Send + use<'a, T> {
    let call = Call::prepare(core, recipe, options);
    async move {
        let call = call?;
        let (head, bytes) = call.whole().await?;
        decode_json(head, bytes, call.recipe.operation)
    }
}

/// Makes a call whose answer is read as it arrives. Sent once.
pub(crate) fn open<'a>(
    core: &'a Core,
    recipe: Result<Recipe, Error>,
    options: &RequestOptions,
) -> impl Future<Output = Result<Open, Error>> + Send + use<'a> {
    let call = Call::prepare(core, recipe, options);
    async move { call?.open().await }
}

/// Makes a call whose answer is a stream of events of the type `T`. Sent once.
pub(crate) fn events<'a, T: Protocol>(
    core: &'a Core,
    recipe: Result<Recipe, Error>,
    options: &RequestOptions,
) -> impl Future<Output = Result<EventStream<T>, Error>> + Send + use<'a, T> {
    let opening = open(core, recipe, options);
    async move { EventStream::new(opening.await?, core.max_event_bytes) }
}

/// A call that is ready to be sent.
struct Call<'a> {
    core: &'a Core,
    recipe: Recipe,
    settled: Settled,
}

impl<'a> Call<'a> {
    fn prepare(
        core: &'a Core,
        recipe: Result<Recipe, Error>,
        options: &RequestOptions,
    ) -> Result<Box<Self>, Error> {
        let recipe = recipe?;
        let settled = options.settle(&core.defaults)?;
        Ok(Box::new(Self {
            core,
            recipe,
            settled,
        }))
    }

    async fn whole(&self) -> Result<(Head, Bytes), Error> {
        let Self {
            core,
            recipe,
            settled,
        } = self;
        let span = Span::of(recipe, &core.redactor);
        let deadline = Instant::now() + settled.timeout;
        let has_key = settled.idempotency_key.is_some();
        let retries = recipe.replay.retries(has_key, settled.max_retries);
        let mut retry = 0;
        loop {
            let error = match self.attempt(deadline).await {
                Ok((head, bytes)) => {
                    span.answered(&head);
                    return Ok((head, bytes));
                }
                Err(error) => error,
            };
            span.failed(&error, retry);
            if retry >= retries || !policy::is_transient(&error) {
                return Err(error);
            }
            let asked = error.retry_after();
            let wait = backoff::delay(retry, settled.retry_base, asked, core.jitter());
            // A wait that outlasts the call would only turn this error into a less helpful timeout.
            if Instant::now() + wait >= deadline {
                return Err(error);
            }
            sleep(wait).await;
            retry += 1;
        }
    }

    /// One attempt, read to its end. One deadline, and so one timer, covers both halves.
    async fn attempt(&self, deadline: Instant) -> Result<(Head, Bytes), Error> {
        let mut arrived = None;
        let reading = async {
            let (head, mut body) = self.send().await?;
            let head = arrived.insert(head);
            admit(head, &mut body).await?;
            read_all(head, &mut body, self.recipe.operation).await
        };
        let read = timeout_at(deadline, reading).await;
        self.in_time(read, arrived)
    }

    async fn open(&self) -> Result<Open, Error> {
        let span = Span::of(&self.recipe, &self.core.redactor);
        let deadline = Instant::now() + self.settled.timeout;
        let mut arrived = None;
        let opening = async {
            let (head, mut body) = self.send().await?;
            admit(arrived.insert(head), &mut body).await?;
            Ok(body)
        };
        let opened = timeout_at(deadline, opening).await;
        match self.in_time(opened, arrived) {
            Ok((head, body)) => {
                span.answered(&head);
                let Settled {
                    timeout,
                    idle_timeout,
                    ..
                } = self.settled;
                Ok(Open {
                    operation: self.recipe.operation,
                    head,
                    body,
                    timeout,
                    idle_timeout,
                    span,
                })
            }
            Err(error) => {
                span.failed(&error, 0);
                Err(error)
            }
        }
    }

    /// What an attempt comes to, given the head that had arrived when it ended or its time did.
    fn in_time<T>(
        &self,
        read: Result<Result<T, Error>, Elapsed>,
        arrived: Option<Head>,
    ) -> Result<(Head, T), Error> {
        let operation = self.recipe.operation;
        match (read, arrived) {
            (Ok(Ok(value)), Some(head)) => Ok((head, value)),
            (Ok(Err(error)), _) => Err(error),
            // The status has said what happened, even if the words that go with it never came.
            (_, Some(head)) if !head.status.is_success() => Err(failure(&head, &[])),
            (_, Some(head)) => Err(unfinished(&head, operation)),
            (_, None) => Err(late(operation, self.settled.timeout)),
        }
    }

    /// Sends one attempt and waits for the head of its answer.
    async fn send(&self) -> Result<(Head, BodyStream), Error> {
        let Self {
            core,
            recipe,
            settled,
        } = self;
        let request = recipe.attempt(&core.headers, settled);
        let response = core.transport.send(request).await;
        let HttpResponse {
            status,
            headers,
            body,
        } = response
            .map_err(|failure| Error::transport(recipe.operation, &failure, &core.redactor))?;
        Ok((
            Head {
                status,
                headers,
                redactor: core.redactor.clone(),
            },
            body,
        ))
    }
}

/// Lets a success through, and reads anything else into the error it is.
async fn admit(head: &Head, body: &mut BodyStream) -> Result<(), Error> {
    if head.status.is_success() {
        refuse_compression(head)
    } else {
        Err(failure(head, &error_body(body).await))
    }
}

fn failure(head: &Head, body: &[u8]) -> Error {
    decode::answer(
        head.status,
        &head.headers,
        body,
        SystemTime::now(),
        &head.redactor,
    )
}

fn late(operation: &str, timeout: Duration) -> Error {
    Error::new(
        ErrorKind::Timeout,
        format!("{operation} had no answer within {timeout:?}: allow more time, or ask for less"),
    )
}

fn unfinished(head: &Head, operation: &str) -> Error {
    let found = "the body did not end in time: allow more time, or ask for less";
    head.error(ErrorKind::Timeout, format!("{operation}: {found}"))
}

/// Reads a body to its end, or to the deadline.
pub(crate) async fn collect(
    head: &Head,
    body: &mut BodyStream,
    deadline: Instant,
    operation: &str,
) -> Result<Bytes, Error> {
    let read = timeout_at(deadline, read_all(head, body, operation)).await;
    read.unwrap_or_else(|_| Err(unfinished(head, operation)))
}

async fn read_all(head: &Head, body: &mut BodyStream, operation: &str) -> Result<Bytes, Error> {
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(chunk) = next_chunk(body).await {
        let chunk = chunk.map_err(|failure| broken(head, &failure, operation))?;
        if first.len() + rest.len() + chunk.len() > LARGEST_BODY {
            return Err(head.error(
                ErrorKind::ResponseShape,
                format!("{operation}: the body is larger than {LARGEST_BODY} bytes, as no answer to it should be: ask for less, or check the base URL"),
            ));
        }
        // Most answers come in one piece, which needs no copy.
        if first.is_empty() && rest.is_empty() {
            first = chunk;
        } else {
            if rest.is_empty() {
                rest.reserve(announced(head).max(first.len() + chunk.len()));
                rest.extend_from_slice(&std::mem::take(&mut first));
            }
            rest.extend_from_slice(&chunk);
        }
    }
    Ok(if rest.is_empty() {
        first
    } else {
        rest.freeze()
    })
}

fn announced(head: &Head) -> usize {
    let length = head
        .headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    length.unwrap_or(0).min(TRUSTED_LENGTH)
}

/// What can be had of an error's body. Its status already says what happened, so nothing that goes wrong here matters.
async fn error_body(body: &mut BodyStream) -> BytesMut {
    let mut bytes = BytesMut::new();
    while let Some(Ok(chunk)) = next_chunk(body).await {
        let room = LARGEST_ERROR_BODY - bytes.len();
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if bytes.len() == LARGEST_ERROR_BODY {
            break;
        }
    }
    bytes
}

pub(crate) async fn next_chunk(
    body: &mut BodyStream,
) -> Option<Result<Bytes, crate::transport::TransportError>> {
    poll_fn(|context| body.as_mut().poll_next(context)).await
}

/// The body broke after its head had arrived.
pub(crate) fn broken(
    head: &Head,
    failure: &crate::transport::TransportError,
    operation: &str,
) -> Error {
    Error::transport(
        &format!("reading the answer to {operation}"),
        failure,
        &head.redactor,
    )
    .with_trace(head.status, head.masked_request_id().as_deref())
}

fn refuse_compression(head: &Head) -> Result<(), Error> {
    let Some(encoding) = head.headers.get(CONTENT_ENCODING) else {
        return Ok(());
    };
    let encoding = encoding.to_str().unwrap_or("?").trim();
    if encoding.is_empty() || encoding.eq_ignore_ascii_case("identity") {
        return Ok(());
    }
    let shown = head.redactor.excerpt(encoding, 40);
    Err(head.error(
        ErrorKind::ResponseShape,
        format!("the answer is encoded as {shown}, which was not asked for: a proxy in between recodes answers"),
    ))
}

fn decode_json<T: DeserializeOwned>(
    head: Head,
    bytes: Bytes,
    operation: &str,
) -> Result<Answer<T>, Error> {
    let Ok(raw) = ByteString::try_from(bytes) else {
        return Err(head.error(
            ErrorKind::ResponseShape,
            format!(
                "{operation}: the body is not UTF-8: check the base URL, or what stands between"
            ),
        ));
    };
    match serde_json::from_str(&raw) {
        Ok(value) => Ok(Answer::new(value, head, raw)),
        Err(error) => {
            // The parser quotes values it did not expect; they are foreign text.
            let found = head
                .redactor
                .excerpt(&error.to_string(), LONGEST_PARSER_WORDS);
            let shown = head.shown_content_type();
            Err(head.error(
                ErrorKind::ResponseShape,
                format!(
                    "{operation}: the answer ({shown}) does not have the contract's shape: {found}; check the base URL, or quote the request id to support"
                ),
            ))
        }
    }
}
