use super::{Language, transcribe};
use crate::model::media::speech::{AudioFormat, SAMPLE_RATE, synthesize};

const TEXT: &str = "Seven green parrots whistle at noon. Why not? They like it";

/// One sample over several channels.
type Spread = fn(f32) -> Vec<f32>;

/// A sample and some noise to what is heard.
type Change = fn(f32, f32) -> f32;

/// Our speech as samples.
fn speech() -> Vec<f32> {
    let pcm = synthesize(TEXT, "coral", AudioFormat::Pcm).unwrap();
    pcm.as_chunks::<2>()
        .0
        .iter()
        .map(|&pair| f32::from(i16::from_le_bytes(pair)) / 32_768.0)
        .collect()
}

fn wav(samples: &[f32], rate: u32, channels: u16, bits: u16) -> Vec<u8> {
    let sample_format = if bits == 32 {
        hound::SampleFormat::Float
    } else {
        hound::SampleFormat::Int
    };
    let spec = hound::WavSpec {
        channels,
        sample_rate: rate,
        bits_per_sample: bits,
        sample_format,
    };
    let mut file = std::io::Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut file, spec).unwrap();
    let scale = 2_f32.powi(i32::from(bits) - 1) - 1.0;
    for &sample in samples {
        if bits == 32 {
            writer.write_sample(sample).unwrap();
        } else {
            writer
                .write_sample((sample * scale).round() as i32)
                .unwrap();
        }
    }
    writer.finalize().unwrap();
    file.into_inner()
}

fn resample(samples: &[f32], from: u32, to: u32) -> Vec<f32> {
    let step = f64::from(from) / f64::from(to);
    let length = (samples.len() as f64 / step) as usize;
    let at = |place: f64| {
        let (index, part) = (place as usize, place.fract() as f32);
        let next = samples.get(index + 1).copied().unwrap_or_default();
        samples[index] * (1.0 - part) + next * part
    };
    (0..length).map(|i| at(i as f64 * step)).collect()
}

fn heard(file: &[u8]) -> String {
    transcribe(file, Some("audio/wav")).unwrap().text
}

/// Repeatable noise between −1 and 1.
fn noise(length: usize) -> Vec<f32> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    (0..length).map(|_| next()).collect()
}

fn tone(hertz: f32, seconds: f32) -> Vec<f32> {
    let length = (seconds * 16_000.0) as usize;
    (0..length)
        .map(|i| 0.4 * (std::f32::consts::TAU * hertz * i as f32 / 16_000.0).sin())
        .collect()
}

#[test]
fn words_survive_other_sample_rates() {
    let speech = speech();
    for rate in [
        8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000,
    ] {
        assert_eq!(
            heard(&wav(&resample(&speech, SAMPLE_RATE, rate), rate, 1, 16)),
            TEXT,
            "{rate} Hz"
        );
    }
}

#[test]
fn words_survive_other_sample_formats() {
    for bits in [8, 16, 24, 32] {
        assert_eq!(
            heard(&wav(&speech(), SAMPLE_RATE, 1, bits)),
            TEXT,
            "{bits} bits"
        );
    }
}

#[test]
fn words_survive_more_channels() {
    let speech = speech();
    let mixes: [(&str, Spread); 4] = [
        ("equal", |x| vec![x, x]),
        ("right only", |x| vec![0.0, x]),
        ("opposite phase", |x| vec![x, -x]),
        ("one of six", |x| vec![0.0, 0.0, x, 0.0, 0.0, 0.0]),
    ];
    for (name, mix) in mixes {
        let interleaved: Vec<f32> = speech.iter().flat_map(|&x| mix(x)).collect();
        let channels = u16::try_from(mix(0.0).len()).unwrap();
        assert_eq!(
            heard(&wav(&interleaved, SAMPLE_RATE, channels, 16)),
            TEXT,
            "{name}"
        );
    }
}

#[test]
fn words_survive_volume_offset_clipping_and_noise() {
    let speech = speech();
    let noise = noise(speech.len());
    let changes: [(&str, Change); 6] = [
        ("quiet", |x, _| x * 0.01),
        ("loud and clipped", |x, _| (x * 3.0).clamp(-1.0, 1.0)),
        ("offset", |x, _| x * 0.5 + 0.2),
        ("inverted", |x, _| -x),
        ("noisy", |x, n| (x + 0.15 * n).clamp(-1.0, 1.0)),
        ("very noisy", |x, n| (0.5 * x + 0.3 * n).clamp(-1.0, 1.0)),
    ];
    for (name, change) in changes {
        let altered: Vec<f32> = speech
            .iter()
            .zip(&noise)
            .map(|(&x, &n)| change(x, n))
            .collect();
        assert_eq!(heard(&wav(&altered, SAMPLE_RATE, 1, 16)), TEXT, "{name}");
    }
}

#[test]
fn words_survive_silence_around_them_and_time_is_measured() {
    let speech = speech();
    let mut padded = vec![0.0; 24_000 * 3 + 17];
    padded.extend_from_slice(&speech);
    padded.extend(vec![0.0; 24_000]);
    let transcript = transcribe(&wav(&padded, SAMPLE_RATE, 1, 16), None).unwrap();
    assert_eq!(transcript.text, TEXT);
    let seconds = padded.len() as f64 / f64::from(SAMPLE_RATE);
    assert!((transcript.duration_seconds - seconds).abs() < 0.001);
    assert!(
        (3.0..3.6).contains(&transcript.words[0].start),
        "{:?}",
        transcript.words[0]
    );
}

#[test]
fn two_recordings_in_one_file_are_both_heard() {
    let speech = speech();
    assert_eq!(
        heard(&wav(&[speech.clone(), speech].concat(), SAMPLE_RATE, 1, 16)),
        format!("{TEXT} {TEXT}")
    );
}

#[test]
fn a_recording_cut_short_keeps_whole_phrases_and_invents_none() {
    let speech = speech();
    let whole = heard(&wav(&speech[..speech.len() * 3 / 4], SAMPLE_RATE, 1, 16));
    assert!(
        !whole.is_empty() && TEXT.starts_with(&whole) && whole.len() < TEXT.len(),
        "{whole:?}"
    );
}

#[test]
fn words_survive_a_second_lossy_codec() {
    let mp3 = synthesize("a narrow band", "coral", AudioFormat::Mp3).unwrap();
    let audio = super::decode::decode(&mp3, None).unwrap();
    let mut encoder = opus_pure::OpusEncoder::new(8_000, 1, opus_pure::Application::Voip).unwrap();
    encoder.bitrate_bps = 12_000;
    let mut decoder = opus_pure::OpusDecoder::new(8_000, 1).unwrap();
    let (mut packet, mut block) = (vec![0; 4_000], vec![0.0; 160]);
    let mut samples = Vec::new();
    for frame in audio.samples.chunks_exact(160) {
        let length = encoder.encode(frame, 160, &mut packet).unwrap();
        decoder.decode(&packet[..length], 160, &mut block).unwrap();
        samples.extend_from_slice(&block);
    }
    assert_eq!(heard(&wav(&samples, 8_000, 1, 16)), "a narrow band");
}

#[test]
fn segments_and_words_tile_the_text_in_order() {
    let transcript = transcribe(&wav(&speech(), SAMPLE_RATE, 1, 16), None).unwrap();
    let sentences: Vec<&str> = transcript
        .segments
        .iter()
        .map(|segment| segment.text.as_str())
        .collect();
    assert_eq!(
        sentences,
        [
            "Seven green parrots whistle at noon.",
            "Why not?",
            "They like it"
        ]
    );
    let words: Vec<&str> = transcript
        .words
        .iter()
        .map(|word| word.word.as_str())
        .collect();
    assert_eq!(words, TEXT.split(' ').collect::<Vec<_>>());
    let times: Vec<f64> = transcript
        .words
        .iter()
        .flat_map(|word| [word.start, word.end])
        .collect();
    assert!(
        times.is_sorted() && times[0] > 0.0 && times[times.len() - 1] < transcript.duration_seconds,
        "{times:?}"
    );
    assert!(
        transcript
            .segments
            .iter()
            .enumerate()
            .all(|(id, segment)| segment.id == id)
    );
    assert_eq!(transcript.language, Language::ENGLISH);
}

#[test]
fn every_script_survives() {
    for text in [
        "Привет, мир!",
        "東京は今夜も雨です。",
        "안녕하세요 여러분",
        "👩‍🚀 naïve – “quotes”",
        "नमस्ते",
    ] {
        let audio = synthesize(text, "nova", AudioFormat::Opus).unwrap();
        assert_eq!(transcribe(&audio, None).unwrap().text, text);
    }
}

#[test]
fn silence_has_no_words() {
    for level in [0.0, 0.0005] {
        let quiet: Vec<f32> = noise(16_000).into_iter().map(|x| x * level).collect();
        let transcript = transcribe(&wav(&quiet, 16_000, 1, 16), None).unwrap();
        assert_eq!(
            (
                transcript.text.as_str(),
                transcript.segments.len(),
                transcript.words.len()
            ),
            ("", 0, 0)
        );
        assert!((transcript.duration_seconds - 1.0).abs() < 1e-9);
    }
}

#[test]
fn other_sounds_have_words_of_their_own() {
    let gap = vec![0.0; 4_000];
    let low = wav(
        &[tone(300.0, 0.3), gap.clone(), tone(500.0, 0.2)].concat(),
        16_000,
        1,
        16,
    );
    let high = wav(
        &[tone(1_300.0, 0.3), gap.clone(), tone(2_500.0, 0.2)].concat(),
        16_000,
        1,
        16,
    );
    let one = wav(
        &[gap.clone(), tone(300.0, 0.3), gap].concat(),
        16_000,
        1,
        16,
    );
    let texts = [&low, &high, &one].map(|file| heard(file));
    assert_eq!(
        texts.clone().map(|text| text.split(' ').count()),
        [2, 2, 1],
        "{texts:?}"
    );
    assert!(texts[0] != texts[1] && texts[1] != texts[2], "{texts:?}");
    assert_eq!(heard(&low), texts[0]);
    let softer: Vec<f32> = tone(1_300.0, 0.3).iter().map(|x| x * 0.2).collect();
    assert_eq!(
        heard(&wav(&softer, 16_000, 1, 16)),
        heard(&wav(&tone(1_300.0, 0.3), 16_000, 1, 16))
    );
}

#[test]
fn raw_samples_are_read_as_declared() {
    let pcm = synthesize(TEXT, "echo", AudioFormat::Pcm).unwrap();
    let swapped: Vec<u8> = pcm
        .as_chunks::<2>()
        .0
        .iter()
        .flat_map(|&[low, high]| [high, low])
        .collect();
    assert_eq!(transcribe(&pcm, Some("audio/pcm")).unwrap().text, TEXT);
    assert_eq!(
        transcribe(&swapped, Some("audio/L16; rate=24000"))
            .unwrap()
            .text,
        TEXT
    );
    assert!(transcribe(&pcm, Some("audio/wav")).is_err());
}

#[test]
fn files_of_other_encoders_are_read() {
    let files: [(&str, &[u8]); 7] = [
        ("LAME", include_bytes!("testdata/hi-there.mp3")),
        ("libopus", include_bytes!("testdata/hi-there.opus")),
        ("libvorbis", include_bytes!("testdata/hi-there.ogg")),
        (
            "FFmpeg, ADTS, stereo",
            include_bytes!("testdata/hi-there.aac"),
        ),
        (
            "FFmpeg, MP4, 22,050 Hz",
            include_bytes!("testdata/hi-there.m4a"),
        ),
        ("FFmpeg, FLAC", include_bytes!("testdata/hi-there.flac")),
        (
            "FFmpeg, mu-law, no length",
            include_bytes!("testdata/hi-there-streamed-mulaw.wav"),
        ),
    ];
    for (encoder, file) in files {
        assert_eq!(
            transcribe(file, None).unwrap().text,
            "hi there",
            "{encoder}"
        );
    }
}

#[test]
fn an_m4a_file_that_the_first_reader_refuses_is_read_by_the_second() {
    let options = syom::EncodeOptions::m4a();
    let m4a = syom::encode_with(&[&speech()], SAMPLE_RATE, &options).unwrap();
    assert!(super::readers::container(&m4a, "m4a").is_err());
    assert_eq!(transcribe(&m4a, Some("audio/mp4")).unwrap().text, TEXT);
}

#[test]
fn the_longest_input_stays_practical() {
    let text = "A sentence of moderate length, said again. ".repeat(96);
    assert!(text.len() > 4_000);
    let audio = synthesize(&text, "alloy", AudioFormat::Pcm).unwrap();
    let seconds = audio.len() as f64 / 2.0 / f64::from(SAMPLE_RATE);
    assert!(seconds < 120.0, "{seconds}");
    assert_eq!(
        transcribe(&audio, Some("audio/pcm")).unwrap().text,
        text.trim()
    );
}
