use super::super::trial::{delivered, held};

const MP3: &[u8] = include_bytes!("../../media/testdata/tone.mp3");
const WAV: &[u8] = include_bytes!("../../media/testdata/tone.wav");

fn wav(seconds: f32, sample: impl Fn(u32) -> i16) -> Vec<u8> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 8_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = std::io::Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut file, spec).unwrap();
    for at in 0.. {
        if f64::from(at) >= f64::from(seconds) * 8_000.0 {
            break;
        }
        writer.write_sample(sample(at)).unwrap();
    }
    writer.finalize().unwrap();
    file.into_inner()
}

fn buzz(at: u32) -> i16 {
    if (at / 20).is_multiple_of(2) {
        6_000
    } else {
        -6_000
    }
}

#[test]
fn speech_is_in_its_container_and_can_be_heard() {
    let expect = r#"[{ sound = { format = "wav", min_seconds = 0.5, max_seconds = 3 } }]"#;
    let holds =
        |content_type: &str, bytes: &[u8]| held(expect, &[delivered("call", content_type, bytes)]);
    assert!(holds("audio/wav", WAV));
    assert!(holds("audio/x-wav; rate=8000", WAV));
    assert!(!holds("audio/mpeg", WAV));
    assert!(!holds("application/octet-stream", WAV));
    assert!(!holds("audio/wav", MP3));
    assert!(!holds("audio/mpeg", MP3));
    assert!(!holds("audio/wav", &WAV[..WAV.len() / 2]));
    assert!(!holds("audio/wav", b""));
    assert!(!holds("audio/wav", b"{\"audio\":\"UklGRg\"}"));
    assert!(!holds("audio/wav", &wav(1.0, |_| 0)));
    assert!(!holds("audio/wav", &wav(0.2, buzz)));
    assert!(!holds("audio/wav", &wav(4.0, buzz)));
    assert!(holds("audio/wav", &wav(1.0, buzz)));
}

#[test]
fn a_container_is_told_without_listening() {
    let holds = |wanted: &str, content_type: &str, bytes: &[u8]| {
        let expect = format!("[{{ container = \"{wanted}\" }}]");
        held(&expect, &[delivered("call", content_type, bytes)])
    };
    assert!(holds("wav", "audio/wav", &wav(0.1, |_| 0)));
    assert!(holds("mp3", "audio/mp3", MP3));
    assert!(!holds("mp3", "audio/wav", MP3));
    assert!(!holds("mp3", "audio/mpeg", WAV));
    assert!(!holds("wav", "audio/wav", b""));
}

#[test]
fn without_a_format_the_container_tells_itself() {
    let expect = "[{ sound = { min_seconds = 0.5, max_seconds = 3 } }]";
    let optional = r#"[{ sound = { format = "${RUNINFRA_TTS_RESPONSE_FORMAT?}", min_seconds = 0.5, max_seconds = 3 } }]"#;
    let samples: Vec<u8> = (0..24_000).flat_map(|at| buzz(at).to_le_bytes()).collect();
    for expect in [expect, optional] {
        let holds = |content_type: &str, bytes: &[u8]| {
            held(expect, &[delivered("call", content_type, bytes)])
        };
        assert!(holds("audio/mpeg", MP3));
        assert!(holds("audio/wav", WAV));
        assert!(holds("audio/pcm", &samples));
        assert!(!holds("audio/wav", MP3));
        assert!(!holds("text/html", b"<html>"));
    }
}

#[test]
fn bytes_are_handed_on_as_sent() {
    let mut call = delivered("call", "audio/wav", WAV);
    assert!(held(r#"["bytes_as_sent"]"#, &[call.clone()]));
    call.media[0].bytes.pop();
    assert!(!held(r#"["bytes_as_sent"]"#, &[call]));
}

#[test]
fn the_longer_text_takes_longer() {
    let expect = r#"[{ lasts_longer = { sides = ["long", "short"], by = 1.5 } }]"#;
    let two = |long: f32, short: f32| {
        [
            delivered("long", "audio/wav", &wav(long, buzz)),
            delivered("short", "audio/wav", &wav(short, buzz)),
        ]
    };
    assert!(held(expect, &two(2.0, 1.0)));
    assert!(!held(expect, &two(1.2, 1.0)));
    assert!(!held(expect, &two(1.0, 2.0)));
}
