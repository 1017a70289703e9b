//! A text as it reads after decoding, with the way back to where each byte came from.

use std::borrow::Cow;

/// One way to decode a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decoder {
    /// Backslash escapes of JSON, Rust and JavaScript; a backslash before a line break joins lines.
    Escapes,
    /// Percent-codes.
    Percent,
    /// The entities of XML and numeric ones.
    Entities,
    /// White space is left out.
    Unwrap,
}

/// Decoders that yield a text in which the shapes of secrets may be looked for.
pub(super) const READABLE: [Decoder; 3] = [Decoder::Escapes, Decoder::Percent, Decoder::Entities];

/// A text, decoded or not.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    from: Option<(&'a View<'a>, Decoder)>,
}

impl<'a> View<'a> {
    /// The text as it stands.
    pub(super) fn raw(text: &'a str) -> Self {
        Self {
            bytes: Cow::Borrowed(text.as_bytes()),
            from: None,
        }
    }

    /// The view after one more decoder.
    pub(super) fn decode(&'a self, decoder: Decoder) -> Self {
        let mut bytes = Vec::with_capacity(self.bytes.len());
        decoder.run(&self.bytes, |piece| {
            bytes.extend_from_slice(piece.bytes);
            true
        });
        View {
            bytes: Cow::Owned(bytes),
            from: Some((self, decoder)),
        }
    }

    /// Whether a decoder has anything to do here.
    pub(super) fn has(&self, decoder: Decoder) -> bool {
        let mut found = false;
        decoder.run(&self.bytes, |piece| {
            found = !piece.literal;
            !found
        });
        found
    }

    /// The decoders behind this view.
    pub(super) fn decoders(&self) -> impl Iterator<Item = Decoder> + use<'_, 'a> {
        let mut view = Some(self);
        std::iter::from_fn(move || {
            let (parent, decoder) = view?.from?;
            view = Some(parent);
            Some(decoder)
        })
    }

    /// Where the byte at `position` of this view begins in the text as it stands.
    pub(super) fn locate(&self, position: usize) -> usize {
        let Some((parent, decoder)) = self.from else {
            return position;
        };
        let mut written = 0;
        let mut origin = parent.bytes.len();
        decoder.run(&parent.bytes, |piece| {
            if written + piece.bytes.len() > position {
                origin = if piece.literal {
                    piece.at + (position - written)
                } else {
                    piece.at
                };
                return false;
            }
            written += piece.bytes.len();
            true
        });
        parent.locate(origin)
    }
}

/// A run of output.
struct Piece<'a> {
    bytes: &'a [u8],
    /// Where it begins in the input.
    at: usize,
    /// Whether it is a copy of the input.
    literal: bool,
}

/// A decoded character or byte, and how many bytes of input it took.
struct Decoded {
    bytes: [u8; 4],
    length: usize,
    taken: usize,
}

impl Decoded {
    fn character(character: char, taken: usize) -> Self {
        let mut bytes = [0; 4];
        let length = character.encode_utf8(&mut bytes).len();
        Self {
            bytes,
            length,
            taken,
        }
    }

    fn nothing(taken: usize) -> Self {
        Self {
            bytes: [0; 4],
            length: 0,
            taken,
        }
    }
}

impl Decoder {
    /// Hands the output to `emit`, in order, until it says to stop.
    fn run(self, input: &[u8], emit: impl FnMut(Piece<'_>) -> bool) {
        match self {
            Self::Escapes => replace(input, b'\\', escape, emit),
            Self::Percent => replace(input, b'%', percent, emit),
            Self::Entities => replace(input, b'&', entity, emit),
            Self::Unwrap => unwrap(input, emit),
        }
    }
}

fn replace(
    input: &[u8],
    marker: u8,
    decode: fn(&[u8]) -> Option<Decoded>,
    mut emit: impl FnMut(Piece<'_>) -> bool,
) {
    let mut copied = 0;
    let mut from = 0;
    while let Some(found) = memchr::memchr(marker, &input[from..]) {
        let at = from + found;
        let Some(decoded) = decode(&input[at..]) else {
            from = at + 1;
            continue;
        };
        let literal = Piece {
            bytes: &input[copied..at],
            at: copied,
            literal: true,
        };
        let piece = Piece {
            bytes: &decoded.bytes[..decoded.length],
            at,
            literal: false,
        };
        if !literal.bytes.is_empty() && !emit(literal) || !emit(piece) {
            return;
        }
        from = at + decoded.taken;
        copied = from;
    }
    emit(Piece {
        bytes: &input[copied..],
        at: copied,
        literal: true,
    });
}

fn unwrap(input: &[u8], mut emit: impl FnMut(Piece<'_>) -> bool) {
    let mut at = 0;
    for bytes in input.split(u8::is_ascii_whitespace) {
        let piece = Piece {
            bytes,
            at,
            literal: true,
        };
        if !bytes.is_empty() && !emit(piece) {
            return;
        }
        at += bytes.len() + 1;
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(digits).ok()?;
    let all = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    all.then(|| u32::from_str_radix(text, 16).ok())?
}

fn escape(input: &[u8]) -> Option<Decoded> {
    let character = match input.get(1)? {
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'0' => '\0',
        byte @ (b'"' | b'\'' | b'/' | b'\\') => char::from(*byte),
        b'\n' => return Some(Decoded::nothing(2)),
        b'x' => {
            let byte = u8::try_from(hex(input.get(2..4)?)?).ok()?;
            return Some(Decoded {
                bytes: [byte, 0, 0, 0],
                length: 1,
                taken: 4,
            });
        }
        b'u' => return unicode(input),
        _ => return None,
    };
    Some(Decoded::character(character, 2))
}

/// `\u0041`, a pair of surrogates, or `\u{41}`.
fn unicode(input: &[u8]) -> Option<Decoded> {
    if input.get(2) == Some(&b'{') {
        let end = input.iter().take(10).position(|byte| *byte == b'}')?;
        let code = hex(&input[3..end])?;
        return Some(Decoded::character(char::from_u32(code)?, end + 1));
    }
    let high = hex(input.get(2..6)?)?;
    if let Some(character) = char::from_u32(high) {
        return Some(Decoded::character(character, 6));
    }
    let low = input
        .get(6..12)
        .filter(|next| next.starts_with(b"\\u"))
        .and_then(|next| hex(&next[2..]))?;
    let units = [u16::try_from(high).ok()?, u16::try_from(low).ok()?];
    let character = char::decode_utf16(units).next()?.ok()?;
    Some(Decoded::character(character, 12))
}

fn percent(input: &[u8]) -> Option<Decoded> {
    let byte = u8::try_from(hex(input.get(1..3)?)?).ok()?;
    Some(Decoded {
        bytes: [byte, 0, 0, 0],
        length: 1,
        taken: 3,
    })
}

fn entity(input: &[u8]) -> Option<Decoded> {
    let end = input.iter().take(12).position(|byte| *byte == b';')?;
    let character = match &input[1..end] {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        b"nbsp" => ' ',
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(hex(digits)?)?,
        [b'#', digits @ ..] => {
            let text = std::str::from_utf8(digits).ok()?;
            char::from_u32(text.parse().ok()?)?
        }
        _ => return None,
    };
    Some(Decoded::character(character, end + 1))
}
