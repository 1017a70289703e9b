//! Any audio file to one channel of samples at a rate the modem likes.

use std::panic::catch_unwind;

use super::sniff::{Kind, sniff};
use super::{MAX_SECONDS, readers};

/// Audio that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// No known container, and samples without a header were not declared.
    #[error(
        "the {length} bytes are no audio format that is supported; send WAV, FLAC, MP3, AAC, M4A, Ogg Opus or Ogg Vorbis"
    )]
    Unrecognised {
        /// Size of the file.
        length: usize,
    },
    /// The container was recognised but is damaged, or its codec is not supported.
    #[error("reading the {kind} audio failed: {reason}; send an intact file")]
    Damaged {
        /// The container.
        kind: &'static str,
        /// What the decoder said.
        reason: String,
    },
    /// A well-formed file without a single sample.
    #[error("the {kind} file holds no audio; record something and send it again")]
    Empty {
        /// The container.
        kind: &'static str,
    },
    /// A sample rate or channel count outside what speech uses.
    #[error(
        "{rate} Hz with {channels} channels is not supported; send 8 to 192 kHz with 1 to 8 channels"
    )]
    UnsupportedLayout {
        /// Samples a second in each channel.
        rate: u32,
        /// Channels.
        channels: usize,
    },
    /// More audio than is accepted.
    #[error("the audio is longer than {} minutes; send it in parts", MAX_SECONDS / 60.0)]
    TooLong,
}

/// One channel of audio.
#[derive(Debug)]
pub(super) struct Audio {
    pub(super) samples: Vec<f32>,
    pub(super) rate: u32,
    /// Length of the file's audio.
    pub(super) seconds: f64,
}

/// Decodes `bytes` to one channel.
///
/// The decoders are other people's code and read foreign bytes: should one of them panic (with overflow checks on, some
/// do), that is a damaged file like any other.
pub(super) fn decode(bytes: &[u8], declared: Option<&str>) -> Result<Audio, DecodeError> {
    let unrecognised = DecodeError::Unrecognised {
        length: bytes.len(),
    };
    let kind = sniff(bytes, declared).ok_or(unrecognised)?;
    catch_unwind(|| match kind {
        Kind::Raw {
            rate,
            channels,
            big_endian,
        } => readers::raw(bytes, rate, channels, big_endian),
        Kind::OggOpus => readers::ogg_opus(bytes),
        Kind::M4a => readers::m4a(bytes),
        Kind::Container(extension) => readers::container(bytes, extension),
    })
    .unwrap_or_else(|_| Err(DecodeError::damaged(kind.name(), &"its decoder gave up")))
}

impl DecodeError {
    pub(super) fn damaged(kind: &'static str, reason: &dyn std::fmt::Display) -> Self {
        Self::Damaged {
            kind,
            reason: reason.to_string(),
        }
    }
}
