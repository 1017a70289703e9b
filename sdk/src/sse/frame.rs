//! The decoder of the event-stream format (WHATWG HTML, section 9.2.6). Pure, bounded, and indifferent to how bytes are cut.
//!
//! A chunk is never copied when an event lies within it: frames are views of the chunk. Only an event that a chunk boundary
//! cuts is gathered in a buffer, and each byte is looked at once however small the chunks are.

use bytes::{Buf, Bytes, BytesMut};
use bytestring::ByteString;
use memchr::memchr2;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// One event: its name, if it had one, and its data lines joined by line feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Frame {
    /// The last `event` field.
    pub event: Option<ByteString>,
    /// The `data` fields.
    pub data: ByteString,
}

/// Why bytes are not an acceptable event stream. The decoder is of no further use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// An event or a line grew past the bound.
    #[error(
        "a server-sent event is larger than {limit} bytes: raise the client's max_event_bytes if that is expected"
    )]
    TooLarge {
        /// The bound, in bytes.
        limit: usize,
    },
    /// A field of an event is not UTF-8. The format would replace the bytes; JSON must not be guessed at.
    #[error("a server-sent event is not UTF-8")]
    NotUtf8,
}

/// Turns bytes into [`Frame`]s.
///
/// Lines end in LF, CR or CRLF; a BOM at the start, comments, unknown fields and `id` and `retry` are skipped; an event
/// without data is no event. [`finish`](Self::finish) gives the event that the end of the stream cut off before its blank
/// line, which the format would drop and some servers send.
///
/// ```
/// use bytes::Bytes;
/// use runinfra::sse::FrameDecoder;
///
/// # fn main() -> Result<(), runinfra::sse::FrameError> {
/// let mut decoder = FrameDecoder::new(1024);
/// decoder.push(Bytes::from_static(b"data: one\n\ndata: t"));
/// assert_eq!(decoder.next_frame()?.unwrap().data, "one");
/// assert!(decoder.next_frame()?.is_none());
/// decoder.push(Bytes::from_static(b"wo\n\n"));
/// assert_eq!(decoder.next_frame()?.unwrap().data, "two");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct FrameDecoder {
    /// What has been pushed and not been read yet.
    chunk: Bytes,
    /// The line that the previous chunk cut off.
    carry: BytesMut,
    /// The last byte was a CR: an LF that follows belongs to it.
    after_cr: bool,
    /// No line has ended yet, so a BOM may still come.
    first_line: bool,
    event: Option<Bytes>,
    data: Data,
    limit: usize,
}

/// The data lines of the event being read. Almost always there is one, and then nothing is joined.
#[derive(Debug, Default)]
enum Data {
    #[default]
    None,
    One(Bytes),
    Many(BytesMut),
}

impl Data {
    fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::One(line) => line.len(),
            Self::Many(lines) => lines.len(),
        }
    }

    fn push(&mut self, line: Bytes) {
        *self = match std::mem::take(self) {
            Self::None => Self::One(line),
            Self::One(first) => {
                let mut lines = BytesMut::with_capacity(first.len() + line.len() + 1);
                lines.extend_from_slice(&first);
                lines.extend_from_slice(b"\n");
                lines.extend_from_slice(&line);
                Self::Many(lines)
            }
            Self::Many(mut lines) => {
                lines.extend_from_slice(b"\n");
                lines.extend_from_slice(&line);
                Self::Many(lines)
            }
        };
    }
}

impl FrameDecoder {
    /// A decoder that refuses events of more than `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self {
            chunk: Bytes::new(),
            carry: BytesMut::new(),
            after_cr: false,
            first_line: true,
            event: None,
            data: Data::None,
            limit,
        }
    }

    /// Adds bytes. Read all frames before adding more; what is pushed while some are unread is copied behind them.
    pub fn push(&mut self, chunk: Bytes) {
        if self.chunk.is_empty() {
            self.chunk = chunk;
        } else {
            let mut joined = BytesMut::with_capacity(self.chunk.len() + chunk.len());
            joined.extend_from_slice(&self.chunk);
            joined.extend_from_slice(&chunk);
            self.chunk = joined.freeze();
        }
    }

    /// The next complete frame in what has been pushed, or `None` when more bytes are needed.
    ///
    /// # Errors
    ///
    /// [`FrameError`], after which the decoder is of no further use.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, FrameError> {
        while let Some(line) = self.next_line()? {
            if line.is_empty() {
                if let Some(frame) = self.dispatch()? {
                    return Ok(Some(frame));
                }
            } else {
                self.field(&line)?;
            }
        }
        Ok(None)
    }

    /// The frame that the end of the stream left without its blank line, if there is one.
    ///
    /// # Errors
    ///
    /// [`FrameError`], as from [`next_frame`](Self::next_frame).
    pub fn finish(&mut self) -> Result<Option<Frame>, FrameError> {
        if let Some(frame) = self.next_frame()? {
            return Ok(Some(frame));
        }
        if !self.carry.is_empty() {
            let line = self.carry.split().freeze();
            let line = self.without_bom(line);
            self.field(&line)?;
        }
        self.dispatch()
    }

    fn next_line(&mut self) -> Result<Option<Bytes>, FrameError> {
        if self.after_cr && !self.chunk.is_empty() {
            self.after_cr = false;
            if self.chunk[0] == b'\n' {
                self.chunk.advance(1);
            }
        }
        let Some(end) = memchr2(b'\n', b'\r', &self.chunk) else {
            return self.keep_rest();
        };
        let ended_by = self.chunk[end];
        let line = if self.carry.is_empty() {
            self.chunk.split_to(end)
        } else {
            self.bound(self.carry.len() + end)?;
            self.carry.extend_from_slice(&self.chunk[..end]);
            self.chunk.advance(end);
            self.carry.split().freeze()
        };
        self.bound(line.len())?;
        self.chunk.advance(1);
        if ended_by == b'\r' {
            self.after_cr = true;
        }
        Ok(Some(self.without_bom(line)))
    }

    fn keep_rest(&mut self) -> Result<Option<Bytes>, FrameError> {
        if !self.chunk.is_empty() {
            self.bound(self.carry.len() + self.chunk.len())?;
            self.carry.extend_from_slice(&self.chunk);
            self.chunk = Bytes::new();
        }
        Ok(None)
    }

    fn without_bom(&mut self, mut line: Bytes) -> Bytes {
        if std::mem::take(&mut self.first_line) && line.starts_with(BOM) {
            line.advance(BOM.len());
        }
        line
    }

    fn field(&mut self, line: &Bytes) -> Result<(), FrameError> {
        match split_field(line) {
            (b"data", value_at) => {
                self.bound(self.data.len() + (line.len() - value_at))?;
                self.data.push(line.slice(value_at..));
            }
            (b"event", value_at) => self.event = Some(line.slice(value_at..)),
            _ => {}
        }
        Ok(())
    }

    fn dispatch(&mut self) -> Result<Option<Frame>, FrameError> {
        let event = self.event.take();
        let data = match std::mem::take(&mut self.data) {
            Data::None => return Ok(None),
            Data::One(line) => line,
            Data::Many(lines) => lines.freeze(),
        };
        Ok(Some(Frame {
            event: event.map(text).transpose()?,
            data: text(data)?,
        }))
    }

    fn bound(&self, len: usize) -> Result<(), FrameError> {
        if len > self.limit {
            Err(FrameError::TooLarge { limit: self.limit })
        } else {
            Ok(())
        }
    }
}

/// The name of a line's field, and where its value starts. A comment has an empty name.
fn split_field(line: &[u8]) -> (&[u8], usize) {
    // Names are short: looking through the value for a colon would read every byte of it once more.
    let name_end = line.iter().take(8).position(|byte| *byte == b':');
    let Some(colon) = name_end else {
        return (line, line.len());
    };
    let space = usize::from(line.get(colon + 1) == Some(&b' '));
    (&line[..colon], colon + 1 + space)
}

fn text(bytes: Bytes) -> Result<ByteString, FrameError> {
    ByteString::try_from(bytes).map_err(|_| FrameError::NotUtf8)
}

#[cfg(test)]
mod tests;
