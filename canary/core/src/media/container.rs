//! The containers of `POST /audio/speech`, told apart by their first bytes and by media types.

/// A container that speech can be asked in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Container {
    /// MPEG audio.
    Mp3,
    /// Ogg, with Opus in it or another codec of its family.
    Opus,
    /// AAC, in ADTS frames or in MP4.
    Aac,
    /// FLAC.
    Flac,
    /// RIFF WAVE.
    Wav,
    /// Bare samples: signed, 16 bits, little-endian, one channel, 24,000 a second (as in OpenAI's
    /// speech API).
    Pcm,
}

impl Container {
    /// Every container.
    pub const ALL: [Self; 6] = [
        Self::Mp3,
        Self::Opus,
        Self::Aac,
        Self::Flac,
        Self::Wav,
        Self::Pcm,
    ];

    /// The container that `response_format` names with this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }

    /// The word in `response_format`.
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

    /// Which container the bytes are in, as far as they say so themselves: bare samples do not.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [
                b'R',
                b'I',
                b'F',
                b'F' | b'X',
                _,
                _,
                _,
                _,
                b'W',
                b'A',
                b'V',
                b'E',
                ..,
            ] => Some(Self::Wav),
            [b'f', b'L', b'a', b'C', ..] => Some(Self::Flac),
            [b'O', b'g', b'g', b'S', ..] => Some(Self::Opus),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(Self::Aac),
            [b'I', b'D', b'3', ..] => {
                let tagged = behind_tag(bytes).and_then(Self::of_frame);
                Some(tagged.unwrap_or(Self::Mp3))
            }
            _ => Self::of_frame(bytes),
        }
    }

    /// MPEG audio and ADTS frames begin with eleven set bits; the two layer bits tell them apart.
    fn of_frame(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xFF, second, ..] if second & 0xF6 == 0xF0 => Some(Self::Aac),
            [0xFF, second, third, ..]
                if second & 0xE0 == 0xE0 && second & 0x06 != 0 && third >> 4 != 0xF =>
            {
                Some(Self::Mp3)
            }
            _ => None,
        }
    }

    /// Whether the bytes can be this container. Bare samples can be anything but another container
    /// and text.
    pub fn fits(self, bytes: &[u8]) -> bool {
        let found = Self::sniff(bytes);
        if self != Self::Pcm {
            return found == Some(self);
        }
        // Two bytes of loud samples can look like the sync word of a frame, so only what is longer
        // and surer counts against them.
        let other = matches!(found, Some(one) if !matches!(one, Self::Mp3 | Self::Aac))
            || bytes.starts_with(b"ID3");
        let text = bytes
            .iter()
            .all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | 0x20..=0x7E));
        !other && !text && bytes.len().is_multiple_of(2)
    }

    /// Whether a content type, whatever its parameters, names this container's family.
    pub fn is_named_by(self, content_type: &str) -> bool {
        let essence = content_type.split(';').next().unwrap_or_default();
        let essence = essence.trim().to_ascii_lowercase();
        let names: &[&str] = match self {
            Self::Mp3 => &[
                "audio/mpeg",
                "audio/mp3",
                "audio/x-mp3",
                "audio/x-mpeg",
                "audio/mpeg3",
            ],
            Self::Opus => &["audio/ogg", "audio/opus", "audio/x-opus", "application/ogg"],
            Self::Aac => &[
                "audio/aac",
                "audio/aacp",
                "audio/x-aac",
                "audio/mp4",
                "audio/m4a",
                "audio/x-m4a",
                "audio/x-hx-aac-adts",
                "audio/vnd.dlna.adts",
            ],
            Self::Flac => &[
                "audio/flac",
                "audio/x-flac",
                "application/flac",
                "application/x-flac",
            ],
            Self::Wav => &["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"],
            // Bare samples have no registered type of their own.
            Self::Pcm => &[
                "audio/pcm",
                "audio/x-pcm",
                "audio/l16",
                "audio/raw",
                "audio/x-raw",
                "application/octet-stream",
            ],
        };
        names.contains(&essence.as_str())
    }
}

/// What stands behind an `ID3v2` tag, whose size is written in four bytes of seven bits; all of a
/// file without one. [`None`] where the tag claims to be longer than the file.
pub(super) fn behind_tag(bytes: &[u8]) -> Option<&[u8]> {
    let [b'I', b'D', b'3', _, _, _, size @ ..] = bytes else {
        return Some(bytes);
    };
    let (size, rest) = size.split_first_chunk::<4>()?;
    let size = size
        .iter()
        .fold(0, |size, byte| size * 128 + usize::from(byte & 0x7F));
    rest.get(size..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_told_by_its_sync_word_layer_and_rate() {
        for (frame, container) in [
            ([0xFF, 0xFB, 0x90], Some(Container::Mp3)),
            ([0xFF, 0xE2, 0x90], Some(Container::Mp3)),
            ([0xFF, 0xF9, 0x50], Some(Container::Aac)),
            ([0xFF, 0xF1, 0x50], Some(Container::Aac)),
            ([0xFF, 0x1B, 0x90], None),
            ([0xFF, 0xE0, 0x90], None),
            ([0xFF, 0xFB, 0xF0], None),
            ([0xFE, 0xFB, 0x90], None),
        ] {
            assert_eq!(Container::sniff(&frame), container, "{frame:02X?}");
        }
        // Seven bits a byte: 130 bytes of tag.
        let mut tagged = b"ID3\x04\x00\x00\x00\x00\x01\x02".to_vec();
        tagged.resize(140, 0);
        tagged.extend([0xFF, 0xF1, 0x50]);
        assert_eq!(Container::sniff(&tagged), Some(Container::Aac));
        tagged.insert(10, 0);
        assert_eq!(
            Container::sniff(&tagged),
            Some(Container::Mp3),
            "a tag that ends elsewhere"
        );
    }

    #[test]
    fn the_size_of_a_tag_has_seven_bits_a_byte() {
        for (size, length) in [
            ([0, 0, 0, 0], 0),
            ([0, 0, 0, 0x83], 3),
            ([0, 0, 1, 0], 128),
            ([0, 0, 0x7F, 0x7F], 16_383),
            ([0, 1, 0, 2], 16_386),
        ] {
            let mut file = [b"ID3\x04\0\0".as_slice(), &size].concat();
            file.resize(10 + length, 1);
            file.extend(b"frames");
            assert_eq!(behind_tag(&file), Some(b"frames".as_slice()), "{size:?}");
            let cut = file.len() - b"frames".len() - 1;
            assert_eq!(behind_tag(&file[..cut]), None, "{size:?} cut");
        }
        assert_eq!(behind_tag(b"frames"), Some(b"frames".as_slice()));
        assert_eq!(behind_tag(b"ID3"), Some(b"ID3".as_slice()), "too short");
    }

    #[test]
    fn containers_are_told_apart_by_their_first_bytes() {
        let opus = [b"OggS".as_slice(), &[0; 24], b"OpusHead"].concat();
        let vorbis = [b"OggS".as_slice(), &[0; 24], b"\x01vorbis"].concat();
        let tagged_aac = [b"ID3\x04\0\0\0\0\0\x02zz".as_slice(), &[0xFF, 0xF1, 0x50]].concat();
        let table: [(&[u8], Option<Container>); 12] = [
            (b"RIFF\0\0\0\0WAVEfmt ", Some(Container::Wav)),
            (b"RIFF\0\0\0\0WEBPVP8 ", None),
            (b"fLaC\0", Some(Container::Flac)),
            (&opus, Some(Container::Opus)),
            (&vorbis, Some(Container::Opus)),
            (b"\0\0\0\x20ftypM4A ", Some(Container::Aac)),
            (&[0xFF, 0xF1, 0x50, 0x80], Some(Container::Aac)),
            (&[0xFF, 0xFB, 0x90, 0x64], Some(Container::Mp3)),
            (b"ID3\x03\0\0\0\0\0\0", Some(Container::Mp3)),
            (&tagged_aac, Some(Container::Aac)),
            (b"{\"audio\": \"\"}", None),
            (b"", None),
        ];
        for (bytes, wanted) in table {
            assert_eq!(Container::sniff(bytes), wanted, "{bytes:?}");
        }
    }

    #[test]
    fn bare_samples_are_neither_a_container_nor_text() {
        assert!(Container::Pcm.fits(&[0, 0, 1, 0, 0xFE, 0xFF]));
        assert!(Container::Pcm.fits(&[0xFF, 0xFB, 0x90, 0x64]));
        assert!(!Container::Pcm.fits(&[0, 0, 1]));
        assert!(!Container::Pcm.fits(b"RIFF\0\0\0\0WAVEfmt "));
        assert!(!Container::Pcm.fits(b"UklGRgAA"));
        assert!(!Container::Pcm.fits(b""));
        assert!(!Container::Mp3.fits(b"RIFF\0\0\0\0WAVEfmt "));
    }

    #[test]
    fn a_content_type_names_one_family() {
        for (container, name) in [
            (Container::Mp3, "audio/mpeg"),
            (Container::Opus, "audio/ogg; codecs=opus"),
            (Container::Aac, "audio/aac"),
            (Container::Flac, "audio/flac"),
            (Container::Wav, "Audio/WAV"),
            (Container::Pcm, "audio/pcm;rate=24000"),
        ] {
            let named: Vec<_> = Container::ALL
                .into_iter()
                .filter(|one| one.is_named_by(name))
                .collect();
            assert_eq!(named, [container], "{name}");
            assert_eq!(Container::named(container.as_str()), Some(container));
        }
        assert!(!Container::Wav.is_named_by("application/octet-stream"));
    }
}
