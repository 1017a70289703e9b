//! Frames: a header byte, the payload, a CRC-32.
//!
//! Bit 7 of the header says that the payload goes on with the word the previous frame ended in; the low bits hold the
//! payload length less one.

use super::plan::{Pace, TONES_PER_BAND};

const CONTINUES: u8 = 0x80;
const CHECKSUM_BYTES: usize = 4;

/// Nibbles that an error search may replace. Eight keep a wrong match on the checksum improbable (2⁸ tries against 2³²).
const REPAIRABLE_NIBBLES: usize = 8;

/// Ratio of the best to the second-best tone under which a nibble counts as doubtful.
const CLEAR_RATIO: f32 = 1.5;

/// Some text of one frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Payload {
    /// UTF-8, unless damage slipped through the checksum.
    pub(super) bytes: Vec<u8>,
    /// Whether the text goes on with the last word of the frame before.
    pub(super) continues: bool,
}

/// One received nibble: what it most probably is, what it may be instead, and how clear the case is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nibble {
    pub(super) best: u8,
    pub(super) second: u8,
    pub(super) ratio: f32,
}

/// Cuts a text into payloads at word boundaries. White space between words becomes one space.
pub(super) fn split(text: &str, pace: Pace) -> Vec<Payload> {
    let capacity = pace.frame_capacity();
    let mut payloads: Vec<Payload> = Vec::new();
    let mut current = String::new();
    for word in text.split_whitespace() {
        if !current.is_empty() && current.len() + 1 + word.len() > capacity {
            payloads.push(Payload {
                bytes: std::mem::take(&mut current).into_bytes(),
                continues: false,
            });
        }
        if word.len() > capacity {
            payloads.extend(split_word(word, capacity));
            continue;
        }
        if !current.is_empty() {
            current.push(' ');
        }
        current.push_str(word);
    }
    if !current.is_empty() {
        payloads.push(Payload {
            bytes: current.into_bytes(),
            continues: false,
        });
    }
    payloads
}

fn split_word(word: &str, capacity: usize) -> Vec<Payload> {
    let mut pieces = Vec::new();
    let mut rest = word;
    while !rest.is_empty() {
        let cut = rest.floor_char_boundary_compat(capacity);
        let (piece, tail) = rest.split_at(cut);
        pieces.push(Payload {
            bytes: piece.as_bytes().to_vec(),
            continues: !pieces.is_empty(),
        });
        rest = tail;
    }
    pieces
}

/// `str::floor_char_boundary` is newer than the oldest supported compiler.
trait FloorCharBoundary {
    fn floor_char_boundary_compat(&self, index: usize) -> usize;
}

impl FloorCharBoundary for str {
    fn floor_char_boundary_compat(&self, index: usize) -> usize {
        if index >= self.len() {
            return self.len();
        }
        (0..=index)
            .rev()
            .find(|&i| self.is_char_boundary(i))
            .unwrap_or(0)
    }
}

/// The bytes of a frame that carries `payload`, which holds 1 to 128 bytes.
pub(super) fn pack(payload: &Payload) -> Vec<u8> {
    let length = payload.bytes.len().clamp(1, 128) as u8 - 1;
    let mut bytes = vec![length | if payload.continues { CONTINUES } else { 0 }];
    bytes.extend_from_slice(&payload.bytes);
    bytes.extend_from_slice(&crc32fast::hash(&bytes).to_be_bytes());
    bytes
}

/// Length in bytes of the frame that `header` opens.
pub(super) fn frame_length(header: u8) -> usize {
    usize::from(header & !CONTINUES) + 1 + 1 + CHECKSUM_BYTES
}

/// Reads a frame whose checksum holds.
pub(super) fn unpack(bytes: &[u8]) -> Option<Payload> {
    let header = *bytes.first()?;
    let body = bytes.get(..frame_length(header))?;
    let (covered, checksum) = body.split_last_chunk::<CHECKSUM_BYTES>()?;
    (crc32fast::hash(covered) == u32::from_be_bytes(*checksum)).then(|| Payload {
        bytes: covered[1..].to_vec(),
        continues: header & CONTINUES != 0,
    })
}

/// Joins nibbles, high one first, into bytes.
pub(super) fn join(nibbles: &[Nibble]) -> Vec<u8> {
    nibbles
        .chunks_exact(2)
        .map(|pair| pair[0].best << 4 | pair[1].best)
        .collect()
}

/// Splits a byte into its nibbles, high one first.
pub(super) fn nibbles(byte: u8) -> [usize; 2] {
    [usize::from(byte >> 4), usize::from(byte) % TONES_PER_BAND]
}

/// Reads a frame, replacing its most doubtful nibbles by their second-best reading until the checksum holds.
///
/// The header itself is taken as given. Gives up at once when more nibbles are doubtful than may be replaced.
pub(super) fn repair(received: &[Nibble]) -> Option<Payload> {
    let mut doubtful: Vec<usize> = (2..received.len()).collect();
    doubtful.sort_by(|&a, &b| received[a].ratio.total_cmp(&received[b].ratio));
    if doubtful
        .get(REPAIRABLE_NIBBLES)
        .is_some_and(|&next| received[next].ratio < CLEAR_RATIO)
    {
        return None;
    }
    doubtful.truncate(REPAIRABLE_NIBBLES);
    (1_u32..1 << doubtful.len()).find_map(|choice| {
        let mut attempt = received.to_vec();
        for (bit, &position) in doubtful.iter().enumerate() {
            if choice >> bit & 1 == 1 {
                attempt[position].best = attempt[position].second;
            }
        }
        unpack(&join(&attempt))
    })
}
