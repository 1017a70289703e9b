//! What kind of audio the bytes are.

use super::super::speech::SAMPLE_RATE;

/// How to read some audio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A container that names its codec itself; the extension is a hint for the probe.
    Container(&'static str),
    /// Opus in Ogg.
    OggOpus,
    /// AAC in MP4.
    M4a,
    /// 16-bit samples without a header.
    Raw {
        /// Samples a second in each channel.
        rate: u32,
        /// Interleaved channels.
        channels: u16,
        /// Byte order of a sample.
        big_endian: bool,
    },
}

impl Kind {
    /// A short name for messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Container(extension) => extension,
            Self::OggOpus => "opus",
            Self::M4a => "m4a",
            Self::Raw { .. } => "pcm",
        }
    }
}

/// Recognises audio by its first bytes, and samples without a header by what was declared.
pub(super) fn sniff(bytes: &[u8], declared: Option<&str>) -> Option<Kind> {
    container(bytes).or_else(|| raw(declared?))
}

fn container(bytes: &[u8]) -> Option<Kind> {
    let head = &bytes[..bytes.len().min(64)];
    let extension = match head {
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'A',
            b'V',
            b'E',
            ..,
        ] => "wav",
        [b'f', b'L', b'a', b'C', ..] => "flac",
        [b'O', b'g', b'g', b'S', ..] if head.windows(8).any(|eight| eight == b"OpusHead") => {
            return Some(Kind::OggOpus);
        }
        [b'O', b'g', b'g', b'S', ..] => "ogg",
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => return Some(Kind::M4a),
        [b'I', b'D', b'3', ..] => "mp3",
        // MPEG audio sync: eleven set bits, then version and layer; ADTS has the layer bits clear and twelve set bits.
        [0xFF, second, ..] if second & 0xF6 == 0xF0 => "aac",
        [0xFF, second, ..] if second & 0xE0 == 0xE0 && second & 0x06 != 0 => "mp3",
        _ => return None,
    };
    Some(Kind::Container(extension))
}

/// Reads `audio/pcm;rate=16000;channels=2` and its like. `audio/l16` is in network byte order (RFC 2586).
fn raw(declared: &str) -> Option<Kind> {
    let mut parts = declared
        .split(';')
        .map(|part| part.trim().to_ascii_lowercase());
    let media_type = parts.next()?;
    if !matches!(
        media_type.as_str(),
        "audio/pcm" | "audio/x-pcm" | "audio/raw" | "audio/x-raw" | "audio/l16"
    ) {
        return None;
    }
    let (mut rate, mut channels) = (SAMPLE_RATE, 1);
    for (name, value) in parts.filter_map(|part| {
        part.split_once('=')
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
    }) {
        match name.as_str() {
            "rate" => rate = value.parse().ok()?,
            "channels" => channels = value.parse().ok()?,
            _ => {}
        }
    }
    Some(Kind::Raw {
        rate,
        channels,
        big_endian: media_type == "audio/l16",
    })
}

#[cfg(test)]
mod tests {
    use super::{Kind, sniff};

    #[test]
    fn magic_bytes_win_over_the_declared_type() {
        assert_eq!(
            sniff(b"RIFF\0\0\0\0WAVEfmt ", Some("audio/pcm")),
            Some(Kind::Container("wav"))
        );
        assert_eq!(sniff(b"fLaC", None), Some(Kind::Container("flac")));
        assert_eq!(
            sniff(&[0xFF, 0xF1, 0x50, 0x80], None),
            Some(Kind::Container("aac"))
        );
        assert_eq!(
            sniff(&[0xFF, 0xF3, 0x84, 0xC4], None),
            Some(Kind::Container("mp3"))
        );
        assert_eq!(sniff(b"\0\0\0\x20ftypM4A ", None), Some(Kind::M4a));
        assert_eq!(sniff(b"plain text", Some("audio/wav")), None);
        assert_eq!(sniff(b"", None), None);
    }

    #[test]
    fn raw_samples_need_a_declaration() {
        let raw = |rate, channels, big_endian| {
            Some(Kind::Raw {
                rate,
                channels,
                big_endian,
            })
        };
        assert_eq!(sniff(b"\x01\x02", Some("audio/pcm")), raw(24_000, 1, false));
        assert_eq!(
            sniff(b"\x01\x02", Some("Audio/L16; rate=8000; channels=2")),
            raw(8_000, 2, true)
        );
        assert_eq!(sniff(b"\x01\x02", Some("audio/pcm; rate=fast")), None);
        assert_eq!(sniff(b"\x01\x02", None), None);
    }
}
