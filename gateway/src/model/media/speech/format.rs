use std::fmt;
use std::str::FromStr;

/// Audio formats of `POST /audio/speech` (`response_format`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AudioFormat {
    /// MPEG Layer III.
    #[default]
    Mp3,
    /// Opus in Ogg.
    Opus,
    /// AAC-LC in ADTS frames.
    Aac,
    /// FLAC, 16 bit.
    Flac,
    /// RIFF WAVE, 16-bit PCM.
    Wav,
    /// Signed 16-bit little-endian samples without a header.
    Pcm,
}

impl AudioFormat {
    /// Every format, in the order the documents list them.
    pub const ALL: [Self; 6] = [
        Self::Mp3,
        Self::Opus,
        Self::Aac,
        Self::Flac,
        Self::Wav,
        Self::Pcm,
    ];

    /// The word `response_format` uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mp3 => "mp3",
            Self::Opus => "opus",
            Self::Aac => "aac",
            Self::Flac => "flac",
            Self::Wav => "wav",
            Self::Pcm => "pcm",
        }
    }

    /// The media type of such a file (for Opus as RFC 7845 §9 has it).
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Mp3 => "audio/mpeg",
            Self::Opus => "audio/ogg; codecs=opus",
            Self::Aac => "audio/aac",
            Self::Flac => "audio/flac",
            Self::Wav => "audio/wav",
            Self::Pcm => "audio/pcm",
        }
    }
}

impl fmt::Display for AudioFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A `response_format` that names no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an audio format; use one of mp3, opus, aac, flac, wav, pcm")]
pub struct UnknownFormat(String);

impl FromStr for AudioFormat {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == name)
            .ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}
