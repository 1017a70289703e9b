use crate::media::{Container, listen};

const MP3: &[u8] = include_bytes!("../testdata/tone.mp3");
/// Two and a half seconds of silence and a tone, at a variable rate, written as a stream.
const QUIET_MP3: &[u8] = include_bytes!("../testdata/quiet.mp3");
const AAC: &[u8] = include_bytes!("../testdata/tone.aac");
const M4A: &[u8] = include_bytes!("../testdata/tone.m4a");
const FLAC: &[u8] = include_bytes!("../testdata/tone.flac");
const OPUS: &[u8] = include_bytes!("../testdata/tone.opus");
const VORBIS: &[u8] = include_bytes!("../testdata/tone.ogg");
const WAV: &[u8] = include_bytes!("../testdata/tone.wav");
const STREAMED_WAV: &[u8] = include_bytes!("../testdata/streamed.wav");

const ALL: [(&str, Container, &[u8]); 8] = [
    ("mp3", Container::Mp3, MP3),
    ("aac", Container::Aac, AAC),
    ("m4a", Container::Aac, M4A),
    ("flac", Container::Flac, FLAC),
    ("opus", Container::Opus, OPUS),
    ("vorbis", Container::Opus, VORBIS),
    ("wav", Container::Wav, WAV),
    ("streamed wav", Container::Wav, STREAMED_WAV),
];

#[test]
fn recordings_of_another_encoder_are_heard() {
    for (name, container, bytes) in ALL {
        assert_eq!(Container::sniff(bytes), Some(container), "{name}");
        let sound = listen(bytes, container).unwrap_or_else(|| panic!("{name} is not decoded"));
        assert!((1.4..1.7).contains(&sound.seconds), "{name}: {sound:?}");
        assert!(sound.heard > 0.8 && sound.is_audible(), "{name}: {sound:?}");
    }
}

#[test]
fn a_file_that_begins_with_silence_and_states_no_length_is_whole() {
    let sound = listen(QUIET_MP3, Container::Mp3).expect("decoded");
    assert!((3.5..4.5).contains(&sound.seconds), "{sound:?}");
}

#[test]
fn a_file_that_went_through_a_text_filter_is_damaged() {
    for (name, container, bytes) in ALL {
        let text = String::from_utf8_lossy(bytes).replace('\n', "\r\n");
        let sound = listen(text.as_bytes(), container);
        assert!(
            sound.is_none_or(|sound| !(1.3..1.8).contains(&sound.seconds)),
            "{name}: {sound:?}"
        );
    }
}

#[test]
fn half_a_file_is_damaged_or_half_as_long() {
    for (name, container, bytes) in ALL {
        let sound = listen(&bytes[..bytes.len() / 2], container);
        assert!(
            sound.is_none_or(|sound| sound.seconds < 1.0),
            "{name}: {sound:?}"
        );
        // A head alone.
        let sound = listen(&bytes[..44], container);
        assert!(
            sound.is_none_or(|sound| sound.seconds < 0.1),
            "{name}: {sound:?}"
        );
    }
}

#[test]
fn no_bytes_make_a_decoder_panic() {
    for (name, container, bytes) in ALL {
        let mut bytes = bytes.to_vec();
        let size = bytes.len();
        for at in (0..200).map(|step| step * 7_919 % size) {
            bytes[at] = bytes[at].wrapping_mul(31).wrapping_add(17);
            if at % 5 == 0 {
                let _ = listen(&bytes, container);
            }
        }
        assert_eq!(listen(b"", container), None, "{name}");
        assert_eq!(listen(&[0xFF; 64], container), None, "{name}");
    }
}
