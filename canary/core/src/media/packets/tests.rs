use super::{has_frame_count, is_unknown, with_open_end};
use crate::media::{
    Container, Sound,
    crafted::{adts_frames, pages, sealed},
    listen,
};

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

/// Whether a recording is heard, and is as long as the tone of the test data.
fn is_the_tone(sound: Option<Sound>) -> bool {
    sound.is_some_and(|sound| (1.4..1.7).contains(&sound.seconds) && sound.is_audible())
}

#[test]
fn a_length_is_unknown_where_encoders_had_not_counted_yet() {
    for (length, unknown) in [
        (0, true),
        (1, false),
        (24_000, false),
        (0x7FFF_EFFF, false),
        (0x7FFF_F000, true),
        (0x7FFF_FFFF, true),
        (0x8000_0000, false),
        (0xFFFF_EFFF, false),
        (0xFFFF_F000, true),
        (0xFFFF_FFFF, true),
        (1 << 36, true),
    ] {
        assert_eq!(is_unknown(length), unknown, "{length:#X}");
    }
}

/// The tone with other lengths in its head: of the file, and of the samples.
fn wav(file: u32, samples: u32) -> Vec<u8> {
    let mut bytes = WAV.to_vec();
    bytes[4..8].copy_from_slice(&file.to_le_bytes());
    bytes[40..44].copy_from_slice(&samples.to_le_bytes());
    bytes
}

#[test]
fn a_wav_that_was_streamed_is_heard_whatever_stands_for_its_length() {
    for length in [0, 0x7FFF_F000, 0x7FFF_FFFF, 0xFFFF_F000, u32::MAX] {
        for file in [0, length, length.saturating_add(36)] {
            let bytes = wav(file, length);
            assert!(
                is_the_tone(listen(&bytes, Container::Wav)),
                "{file:#X} {length:#X}"
            );
            let opened = with_open_end(&bytes).expect("a length that nothing has");
            assert_eq!(opened, wav(u32::MAX, u32::MAX), "{file:#X} {length:#X}");
        }
    }
    assert_eq!(with_open_end(WAV), None, "it states its length");
    for bytes in [
        b"data".as_slice(),
        b"RIFFxdata",
        b"RIFF\0\0\0\0WAVEdata\0\0\0",
    ] {
        assert_eq!(with_open_end(bytes), None, "{bytes:?}");
    }
}

#[test]
fn a_wav_that_lacks_half_of_what_it_states_is_damaged() {
    let samples = u32::try_from(WAV.len() - 44).unwrap();
    assert_eq!(
        listen(&wav(2 * samples + 36, 2 * samples), Container::Wav),
        None
    );
    // Such a file can state its frames in a chunk of their own.
    let stating = |frames: u32| {
        let at = STREAMED_WAV.windows(4).position(|four| four == b"LIST");
        let (before, after) = STREAMED_WAV.split_at(at.unwrap());
        let fact = [
            b"fact".as_slice(),
            &4_u32.to_le_bytes(),
            &frames.to_le_bytes(),
        ]
        .concat();
        listen(&[before, &fact, after].concat(), Container::Wav)
    };
    assert!(is_the_tone(stating(samples / 2)));
    assert!(is_the_tone(stating(u32::MAX)), "as good as no number");
    assert_eq!(stating(samples), None, "twice what is there");
}

#[test]
fn an_mp3_states_its_frames_behind_its_first_head() {
    let tag = b"ID3\x04\0\0\0\0\x01\x02".as_slice();
    let tagged = |length: usize, rest: &[u8]| [tag, &vec![0; length], rest].concat();
    let named = |before: usize, name: &str| [&vec![0xFF; before], name.as_bytes()].concat();
    for name in ["Xing", "Info", "VBRI"] {
        for before in [13, 36, 44] {
            assert!(has_frame_count(&named(before, name)), "{name} at {before}");
            assert!(has_frame_count(&tagged(130, &named(before, name))));
        }
        assert!(!has_frame_count(&named(45, name)), "{name} in the sound");
        assert!(
            !has_frame_count(&tagged(100, &named(0, name))),
            "{name} inside the tag, which ends later"
        );
    }
    assert!(!has_frame_count(&named(36, "LAME")) && !has_frame_count(b""));
    assert!(has_frame_count(MP3) && !has_frame_count(QUIET_MP3));
}

#[test]
fn an_mp3_that_lacks_half_of_what_it_states_is_damaged() {
    assert_eq!(listen(&MP3[..MP3.len() / 2], Container::Mp3), None);
    let quiet = listen(&QUIET_MP3[..QUIET_MP3.len() / 2], Container::Mp3);
    assert!(quiet.is_some(), "it states nothing");
}

#[test]
fn flac_is_held_against_the_checksum_of_its_samples() {
    // It is the last field of the first block, which begins behind the file's four letters.
    for at in [26, 41] {
        let mut bytes = FLAC.to_vec();
        bytes[at] ^= 1;
        assert_eq!(listen(&bytes, Container::Flac), None, "byte {at}");
    }
}

#[test]
fn a_file_of_bare_frames_states_no_length() {
    // Small frames where the reader looks to guess how many there are, and large ones between.
    let frames = adts_frames(AAC);
    let small = frames.iter().min_by_key(|frame| frame.len()).unwrap();
    let large = frames[1..frames.len() - 1].concat();
    let quarter = [small.repeat(120), large.repeat(4)].concat();
    let sound = listen(&quarter.repeat(4), Container::Aac).expect("decoded");
    let frames = 4.0 * (120.0 + 4.0 * 35.0);
    assert!(
        (sound.seconds - frames * 1_024.0 / 24_000.0).abs() < 0.1,
        "{sound:?}"
    );
}

#[test]
fn bare_frames_with_a_hole_between_them_are_damaged() {
    let frames = adts_frames(AAC);
    let (before, after) = frames.split_at(frames.len() / 2);
    let with_hole = |size: usize| {
        let bytes = [before.concat(), vec![0; size], after.concat()].concat();
        listen(&bytes, Container::Aac)
    };
    assert!(is_the_tone(with_hole(300)), "tags and padding");
    assert_eq!(with_hole(2_000), None);
}

#[test]
fn what_stands_around_the_frames_of_an_mp4_may_be_longer_than_they_are() {
    let size = 40_000_u32;
    let mut bytes = [M4A, &size.to_be_bytes(), b"free"].concat();
    bytes.resize(M4A.len() + 40_000, 0);
    assert!(is_the_tone(listen(&bytes, Container::Aac)));
}

#[test]
fn one_packet_in_fifty_may_be_damaged() {
    let with_damaged = |damaged: &[usize]| {
        let mut frames = adts_frames(&AAC.repeat(2));
        for at in damaged {
            frames[*at][7..].fill(0x55);
        }
        assert!((50..100).contains(&frames.len()));
        listen(&frames.concat(), Container::Aac)
    };
    let whole = with_damaged(&[]).expect("decoded").seconds;
    let sound = with_damaged(&[20]).expect("decoded");
    assert!(sound.seconds < whole, "the damaged packet is not decoded");
    assert_eq!(with_damaged(&[20, 50]), None);
}

#[test]
fn a_second_recording_in_the_same_file_is_not_taken_for_more_of_the_first() {
    let other = |page: &Vec<u8>| {
        let mut page = page.clone();
        page[14] ^= 0xFF;
        sealed(page)
    };
    // Both begin before either goes on (RFC 3533, section 4).
    let pages = pages(VORBIS);
    let both: Vec<Vec<u8>> = pages
        .iter()
        .flat_map(|page| [page.clone(), other(page)])
        .collect();
    assert!(is_the_tone(listen(&both.concat(), Container::Opus)));
}

#[test]
fn a_recording_whose_rate_changes_is_damaged() {
    // 16,000 a second and then 24,000.
    let first = MP3.windows(4).position(|four| four == b"Info").unwrap();
    let frames = &MP3[first..];
    let next = frames
        .windows(2)
        .position(|two| two == [0xFF, 0xF3])
        .unwrap();
    let both = [QUIET_MP3, &frames[next..]].concat();
    assert_eq!(listen(&both, Container::Mp3), None);
}
