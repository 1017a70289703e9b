//! Audio as it comes back: read whole, or as it arrives.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::HeaderMap;
use tokio::time::Instant;

use crate::answer::Head;
use crate::error::{Error, ErrorKind};
use crate::exchange::{Open, broken, collect};
use crate::header;
use crate::idle::Idle;
use crate::transport::BodyStream;

const OPERATION: &str = "audio.speech.create";

/// Media types of audio whose names do not begin with `audio/`: RFC 5334 for Ogg, the old name of FLAC, and bare samples.
const AUDIO_UNDER_OTHER_NAMES: [&str; 4] = [
    "application/octet-stream",
    "application/ogg",
    "application/flac",
    "application/x-flac",
];

/// Speech whose bytes are still to be read. Dropping it gives the connection up.
pub struct Speech {
    head: Head,
    body: BodyStream,
    timeout: Duration,
    idle_timeout: Duration,
}

impl Speech {
    /// Takes over an answer that has just been opened. Refuses one that is not audio.
    pub(crate) fn new(open: Open) -> Result<Self, Error> {
        let media_type = open.head.media_type().unwrap_or_default();
        if !media_type.starts_with("audio/")
            && !AUDIO_UNDER_OTHER_NAMES.contains(&media_type.as_str())
        {
            let shown = open.head.shown_content_type();
            return Err(open.head.error(
                ErrorKind::ResponseShape,
                format!("{OPERATION}: the answer is {shown}, not audio: check the base URL, or what stands between"),
            ));
        }
        Ok(Self {
            head: open.head,
            body: open.body,
            timeout: open.timeout,
            idle_timeout: open.idle_timeout,
        })
    }

    /// The gateway's `X-Request-Id`: quote it to support.
    pub fn request_id(&self) -> Option<&str> {
        self.head.request_id()
    }

    /// What kind of audio it is, as the gateway says.
    pub fn content_type(&self) -> Option<&str> {
        self.head.content_type()
    }

    /// Whether the gateway replayed a stored answer instead of speaking again.
    pub fn replayed(&self) -> bool {
        header::replayed(&self.head.headers)
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.head.status.as_u16()
    }

    /// The headers, as they came.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// Reads all of it, within the call's timeout counted anew from here; no idle timeout applies.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let model = gateway.models().tts;
    /// # let request = runinfra::types::SpeechRequest::new(model, "hello world", "alloy");
    /// # let speech = client.audio().speech().create(request).await?;
    /// let is_mp3 = speech.content_type() == Some("audio/mpeg");
    /// let audio = speech.bytes().await?;
    /// println!("{} bytes, MP3: {is_mp3}", audio.len());
    /// # assert!(!audio.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Connection`] when it breaks off, [`ErrorKind::Timeout`] when it takes too long,
    /// [`ErrorKind::ResponseShape`] when it is empty.
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        let deadline = Instant::now() + self.timeout;
        let bytes = collect(&self.head, &mut self.body, deadline, OPERATION).await?;
        if bytes.is_empty() {
            return Err(empty(&self.head));
        }
        Ok(bytes)
    }

    /// Reads it as it arrives, however long it takes as a whole; only silence is bounded, by the idle timeout.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let model = gateway.models().tts;
    /// # let request = runinfra::types::SpeechRequest::new(model, "hello world", "alloy");
    /// # let speech = client.audio().speech().create(request).await?;
    /// let mut pieces = speech.into_stream();
    /// let mut played = 0;
    /// while let Some(piece) = pieces.next().await {
    ///     // Hand each to a player, a file or another connection.
    ///     played += piece?.len();
    /// }
    /// # assert!(played > 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_stream(self) -> SpeechStream {
        SpeechStream {
            head: self.head,
            body: Some(self.body),
            idle: Idle::new(self.idle_timeout),
            any: false,
        }
    }
}

fn empty(head: &Head) -> Error {
    head.error(
        ErrorKind::ResponseShape,
        format!("{OPERATION}: the audio is empty: try another text or voice, or quote the request id to support"),
    )
}

impl fmt::Debug for Speech {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Speech")
            .field("status", &self.status())
            .field("request_id", &self.head.masked_request_id())
            .field("content_type", &self.head.shown_content_type())
            .finish_non_exhaustive()
    }
}

/// Pieces of speech as they arrive: a [`Stream`] of `Result<Bytes, Error>`. Nothing follows an error.
pub struct SpeechStream {
    head: Head,
    body: Option<BodyStream>,
    idle: Idle,
    any: bool,
}

impl SpeechStream {
    /// The next piece; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The gateway's `X-Request-Id`, known before the first piece.
    pub fn request_id(&self) -> Option<&str> {
        self.head.request_id()
    }

    /// What kind of audio it is, as the gateway says.
    pub fn content_type(&self) -> Option<&str> {
        self.head.content_type()
    }

    /// Whether the gateway replayed a stored answer instead of speaking again.
    pub fn replayed(&self) -> bool {
        header::replayed(&self.head.headers)
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.head.status.as_u16()
    }

    /// The headers, as they came.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    fn stalled(&self) -> Error {
        let limit = self.idle.limit();
        self.head.error(ErrorKind::Timeout, format!("{OPERATION}: the audio stopped coming for {limit:?}: allow a longer idle timeout, or look at the gateway"))
    }
}

impl Stream for SpeechStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(body) = &mut self.body else {
            return Poll::Ready(None);
        };
        let error = match body.as_mut().poll_next(context) {
            Poll::Ready(Some(Ok(piece))) => {
                self.idle.progressed();
                self.any |= !piece.is_empty();
                return Poll::Ready(Some(Ok(piece)));
            }
            Poll::Ready(Some(Err(failure))) => broken(&self.head, &failure, OPERATION),
            Poll::Ready(None) if self.any => {
                self.body = None;
                return Poll::Ready(None);
            }
            Poll::Ready(None) => empty(&self.head),
            Poll::Pending if self.idle.is_over(context) => self.stalled(),
            Poll::Pending => return Poll::Pending,
        };
        self.body = None;
        Poll::Ready(Some(Err(error)))
    }
}

impl fmt::Debug for SpeechStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpeechStream")
            .field("status", &self.status())
            .field("request_id", &self.head.masked_request_id())
            .finish_non_exhaustive()
    }
}
