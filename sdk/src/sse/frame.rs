//! The decoder of the event-stream format (WHATWG HTML, section 9.2.6). Pure, bounded, and indifferent to how bytes are cut.
//!
//! A chunk is never copied when an event lies within it: frames are views of the chunk. Only an event that a chunk boundary
//! cuts is gathered in a buffer, and each byte is looked at once however small the chunks are.

use bytes::{Buf, Bytes, BytesMut};
use bytestring::ByteString;
use memchr::memchr2;

const BOM: &[u8] = b"\xEF\xBB\xBF";
/// How much room for cut lines is kept from one to the next, in bytes.
const KEPT_CARRY: usize = 64 * 1024;

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
    #[error("a server-sent event is not UTF-8: check the base URL, or what stands between")]
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
    carry: Vec<u8>,
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
            carry: Vec::new(),
            after_cr: false,
            first_line: true,
            event: None,
            data: Data::None,
            limit,
        }
    }

    /// Adds bytes. Read all frames before adding more; what is pushed while some are unread is copied behind them.
    #[inline]
    pub fn push(&mut self, chunk: Bytes) {
        if !self.chunk.is_empty() {
            self.push_behind(&chunk);
        } else if !self.absorb(&chunk) {
            self.chunk = chunk;
        }
    }

    /// Takes `chunk` if it is nothing but more of a cut line, within bounds: then there is no frame to look for, and the
    /// chunk need not be owned. Says whether it did. Only for when all frames have been read.
    #[inline]
    pub(crate) fn absorb(&mut self, chunk: &[u8]) -> bool {
        let absorbed = !self.carry.is_empty()
            && self.carry.len() + chunk.len() <= self.limit
            && !has_line_end(chunk);
        if absorbed {
            self.carry.extend_from_slice(chunk);
        }
        absorbed
    }

    fn push_behind(&mut self, chunk: &[u8]) {
        let mut joined = BytesMut::with_capacity(self.chunk.len() + chunk.len());
        joined.extend_from_slice(&self.chunk);
        joined.extend_from_slice(chunk);
        self.chunk = joined.freeze();
    }

    /// The next complete frame in what has been pushed, or `None` when more bytes are needed.
    ///
    /// # Errors
    ///
    /// [`FrameError`], after which the decoder is of no further use.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, FrameError> {
        while !self.chunk.is_empty() {
            if self.after_cr {
                self.after_cr = false;
                if self.chunk[0] == b'\n' {
                    self.chunk.advance(1);
                }
            }
            let Some(end) = memchr2(b'\n', b'\r', &self.chunk) else {
                return self.keep_rest().map(|()| None);
            };
            self.after_cr = self.chunk[end] == b'\r';
            let is_empty = end == 0 && self.carry.is_empty();
            if !is_empty {
                self.line(end)?;
            }
            self.chunk.advance(end + 1);
            if is_empty {
                self.first_line = false;
                if let Some(frame) = self.dispatch()? {
                    return Ok(Some(frame));
                }
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
            self.carried_line()?;
        }
        self.dispatch()
    }

    /// Reads the line that ends before byte `end` of the chunk and may have begun in earlier ones.
    fn line(&mut self, end: usize) -> Result<(), FrameError> {
        self.bound(self.carry.len() + end)?;
        if !self.carry.is_empty() {
            self.carry.extend_from_slice(&self.chunk[..end]);
            return self.carried_line();
        }
        let start = self.line_start(&self.chunk[..end]);
        self.first_line = false;
        match split_field(&self.chunk[start..end]) {
            (Field::Data, value) => {
                let value = self.chunk.slice(start + value..end);
                self.data_line(value)
            }
            (Field::Event, value) => {
                self.event = Some(self.chunk.slice(start + value..end));
                Ok(())
            }
            (Field::Ignored, _) => Ok(()),
        }
    }

    /// Reads the line gathered from several chunks.
    fn carried_line(&mut self) -> Result<(), FrameError> {
        let start = self.line_start(&self.carry);
        self.first_line = false;
        let (field, value) = split_field(&self.carry[start..]);
        let value = match field {
            Field::Ignored => Bytes::new(),
            _ => Bytes::copy_from_slice(&self.carry[start + value..]),
        };
        self.carry.clear();
        // One long line should not cost its length for the rest of the stream.
        self.carry.shrink_to(KEPT_CARRY);
        match field {
            Field::Data => self.data_line(value),
            Field::Event => {
                self.event = Some(value);
                Ok(())
            }
            Field::Ignored => Ok(()),
        }
    }

    /// Where a line's content starts: behind the BOM, if it is the first.
    fn line_start(&self, line: &[u8]) -> usize {
        if self.first_line && line.starts_with(BOM) {
            BOM.len()
        } else {
            0
        }
    }

    fn data_line(&mut self, value: Bytes) -> Result<(), FrameError> {
        self.bound(self.data.len() + value.len())?;
        self.data.push(value);
        Ok(())
    }

    fn keep_rest(&mut self) -> Result<(), FrameError> {
        if !self.chunk.is_empty() {
            self.bound(self.carry.len() + self.chunk.len())?;
            self.carry.extend_from_slice(&self.chunk);
            self.chunk = Bytes::new();
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

#[derive(Clone, Copy)]
enum Field {
    Data,
    Event,
    /// A comment, `id`, `retry`, or a name the format does not know.
    Ignored,
}

/// Which field a line is, and where its value starts.
fn split_field(line: &[u8]) -> (Field, usize) {
    let (field, after) = if let Some(after) = line.strip_prefix(b"data") {
        (Field::Data, after)
    } else if let Some(after) = line.strip_prefix(b"event") {
        (Field::Event, after)
    } else {
        return (Field::Ignored, line.len());
    };
    let name = line.len() - after.len();
    match after {
        [] => (field, name),
        [b':', b' ', ..] => (field, name + 2),
        [b':', ..] => (field, name + 1),
        _ => (Field::Ignored, line.len()),
    }
}

/// Whether a line ends in `bytes`. A search is made for long texts: it takes a small piece byte by byte, and small pieces are
/// what this is asked about again and again.
fn has_line_end(bytes: &[u8]) -> bool {
    const SMALL: usize = 64;
    match bytes.last_chunk::<8>() {
        Some(last) if bytes.len() <= SMALL => {
            let (words, _) = bytes.as_chunks::<8>();
            words
                .iter()
                .chain([last])
                .fold(0, |found, word| found | line_ends(*word))
                != 0
        }
        Some(_) => memchr2(b'\n', b'\r', bytes).is_some(),
        None => bytes.iter().any(|byte| matches!(byte, b'\n' | b'\r')),
    }
}

/// Not zero if one of eight bytes is LF or CR.
fn line_ends(word: [u8; 8]) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    let word = u64::from_ne_bytes(word);
    // A byte that is zero after this is the one looked for, and only then does a subtraction borrow into its high bit.
    let zeros = |bytes: u64| bytes.wrapping_sub(ONES) & !bytes;
    (zeros(word ^ (ONES * u64::from(b'\n'))) | zeros(word ^ (ONES * u64::from(b'\r')))) & HIGH
}

fn text(bytes: Bytes) -> Result<ByteString, FrameError> {
    ByteString::try_from(bytes).map_err(|_| FrameError::NotUtf8)
}

#[cfg(test)]
mod tests;
