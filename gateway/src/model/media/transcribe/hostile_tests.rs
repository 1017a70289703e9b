//! Bytes nobody should send.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::decode::DecodeError;
use super::transcribe;
use crate::model::media::speech::{AudioFormat, synthesize};

/// A short recording in every format with a container, and an M4A file.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let formats = [
        AudioFormat::Wav,
        AudioFormat::Flac,
        AudioFormat::Mp3,
        AudioFormat::Opus,
        AudioFormat::Aac,
    ];
    let mut files: Vec<Vec<u8>> = formats
        .into_iter()
        .map(|format| synthesize("hi", "alloy", format).unwrap())
        .collect();
    let samples = vec![0.25_f32; 4_096];
    files.push(
        syom::encode_with(
            &[&samples],
            16_000,
            &syom::EncodeOptions::m4a().with_bitrate_bps(48_000),
        )
        .unwrap(),
    );
    files
});

const MAGIC: [&[u8]; 8] = [
    b"RIFF\xff\xff\xff\xffWAVEfmt ",
    b"fLaC\x00\x00\x00\x22",
    b"OggS\x00\x02",
    b"OggS\x00\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead\x01\x01",
    b"ID3\x04\0\0\x7f\x7f\x7f\x7f",
    b"\xff\xfb\x90\x44",
    b"\xff\xf1\x50\x80",
    b"\0\0\0\x20ftypM4A ",
];

#[test]
fn bytes_that_are_no_audio_are_refused() {
    for bytes in [
        &b""[..],
        b"x",
        b"hello, this is text",
        b"\x89PNG\r\n\x1a\n",
        &[0; 4_096],
    ] {
        let error = transcribe(bytes, Some("audio/mpeg")).unwrap_err();
        assert_eq!(
            error,
            DecodeError::Unrecognised {
                length: bytes.len()
            }
        );
    }
}

#[test]
fn bare_magic_is_an_error_not_silence() {
    for magic in MAGIC {
        assert!(transcribe(magic, None).is_err(), "{magic:?}");
        let padded = [magic, &[0; 600]].concat();
        assert!(transcribe(&padded, None).is_err(), "{magic:?} and zeros");
    }
}

#[test]
fn absurd_layouts_are_refused() {
    let layout = |rate: &str| transcribe(&[0; 64], Some(&format!("audio/pcm;{rate}"))).unwrap_err();
    assert_eq!(
        layout("rate=1"),
        DecodeError::UnsupportedLayout {
            rate: 1,
            channels: 1
        }
    );
    assert_eq!(
        layout("rate=4000000000"),
        DecodeError::UnsupportedLayout {
            rate: 4_000_000_000,
            channels: 1
        }
    );
    assert_eq!(
        layout("channels=0"),
        DecodeError::UnsupportedLayout {
            rate: 24_000,
            channels: 0
        }
    );
    assert_eq!(
        transcribe(&[], Some("audio/pcm")).unwrap_err(),
        DecodeError::Empty { kind: "pcm" }
    );
}

#[test]
fn audio_beyond_the_longest_is_refused() {
    let long = vec![0_u8; 8_000 * 2 * 1_801];
    assert_eq!(
        transcribe(&long, Some("audio/pcm;rate=8000")).unwrap_err(),
        DecodeError::TooLong
    );
}

#[test]
fn a_streamed_wav_whose_header_knows_no_length_is_read_to_its_end() {
    let mut wav = synthesize("hi", "alloy", AudioFormat::Wav).unwrap();
    wav[4..8].copy_from_slice(&[0xFF; 4]);
    wav[40..44].copy_from_slice(&[0xFF; 4]);
    assert_eq!(transcribe(&wav, None).unwrap().text, "hi");
}

#[test]
fn a_header_that_overflows_the_decoder_is_a_damaged_file() {
    let mut wav = synthesize("hi", "alloy", AudioFormat::Wav).unwrap();
    wav[22..24].copy_from_slice(&[0xFF; 2]);
    assert!(transcribe(&wav, None).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn random_bytes_never_panic(
        magic in proptest::option::of(0..MAGIC.len()),
        tail in proptest::collection::vec(any::<u8>(), 0..2_000),
    ) {
        let bytes = [magic.map_or(&b""[..], |index| MAGIC[index]), &tail].concat();
        let _ = transcribe(&bytes, None);
        let _ = transcribe(&bytes, Some("audio/pcm;rate=8000"));
    }

    #[test]
    fn damaged_files_never_panic(
        file in any::<prop::sample::Index>(),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..16),
        head_only in any::<bool>(),
        keep in any::<prop::sample::Index>(),
    ) {
        let mut bytes = FILES[file.index(FILES.len())].clone();
        let reach = if head_only { bytes.len().min(200) } else { bytes.len() };
        for (at, value) in damage {
            bytes[at.index(reach)] = value;
        }
        bytes.truncate(keep.index(bytes.len() * 2).min(bytes.len() - 1) + 1);
        let _ = transcribe(&bytes, None);
    }
}
