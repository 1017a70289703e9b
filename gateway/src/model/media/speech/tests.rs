use super::{AudioFormat, SAMPLE_RATE, synthesize};
use crate::model::media::transcribe::transcribe;

const TEXT: &str = "Bright violet lanterns drift over 42 harbours, no?";

#[test]
fn every_format_carries_the_words() {
    for format in AudioFormat::ALL {
        let audio = synthesize(TEXT, "alloy", format).unwrap();
        let heard = transcribe(&audio, Some(format.content_type())).unwrap();
        assert_eq!(heard.text, TEXT, "{format}");
    }
}

#[test]
fn every_format_has_its_own_container() {
    let magic = |format| synthesize("hi", "alloy", format).unwrap()[..4].to_vec();
    assert_eq!(magic(AudioFormat::Wav), b"RIFF");
    assert_eq!(magic(AudioFormat::Flac), b"fLaC");
    assert_eq!(magic(AudioFormat::Opus), b"OggS");
    for (format, layer) in [(AudioFormat::Mp3, 0b01), (AudioFormat::Aac, 0b00)] {
        let start = magic(format);
        assert_eq!(
            (start[0], start[1] >> 5, start[1] >> 1 & 0b11),
            (0xFF, 0b111, layer),
            "{format}"
        );
    }
}

#[test]
fn pcm_is_the_wav_data_without_its_header() {
    let wav = synthesize(TEXT, "alloy", AudioFormat::Wav).unwrap();
    let pcm = synthesize(TEXT, "alloy", AudioFormat::Pcm).unwrap();
    assert!(wav.ends_with(&pcm));
    assert!(wav.len() - pcm.len() < 100);
}

#[test]
fn the_voice_changes_the_sound_but_not_the_words() {
    let deep = synthesize(TEXT, "onyx", AudioFormat::Wav).unwrap();
    let high = synthesize(TEXT, "nova", AudioFormat::Wav).unwrap();
    assert_eq!(deep.len(), high.len());
    let different = deep.iter().zip(&high).filter(|(a, b)| a != b).count();
    assert!(
        different > deep.len() / 2,
        "only {different} of {} bytes differ",
        deep.len()
    );
    assert_eq!(
        transcribe(&high, None).unwrap().text,
        transcribe(&deep, None).unwrap().text
    );
}

#[test]
fn duration_is_that_of_speech() {
    for text in [
        TEXT,
        "Please say the word copper twice.",
        &"Sentences go on and on. ".repeat(12),
    ] {
        let seconds = synthesize(text, "sage", AudioFormat::Pcm).unwrap().len() as f64
            / 2.0
            / f64::from(SAMPLE_RATE);
        let per_character = seconds / text.len() as f64;
        assert!(
            (0.06..0.1).contains(&per_character),
            "{per_character} s a character"
        );
    }
}

#[test]
fn the_same_request_gives_the_same_bytes() {
    for format in AudioFormat::ALL {
        assert_eq!(
            synthesize("again", "echo", format),
            synthesize("again", "echo", format),
            "{format}"
        );
    }
}

#[test]
fn format_names_are_parsed_exactly() {
    for format in AudioFormat::ALL {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    for name in ["", "MP3", "ogg", "wave", "mp3 "] {
        let error = name.parse::<AudioFormat>().unwrap_err();
        assert!(error.to_string().contains("use one of mp3"), "{error}");
    }
}
