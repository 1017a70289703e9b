use proptest::prelude::*;

use super::{modulate, receive};

fn round_trip(text: &str, rate: u32) -> String {
    round_trip_at(text, 130.0, rate)
}

fn round_trip_at(text: &str, pitch: f64, rate: u32) -> String {
    let mut out = String::new();
    for heard in receive(&modulate(text, pitch, rate), rate) {
        if !out.is_empty() && !heard.continues {
            out.push(' ');
        }
        out.push_str(&heard.text);
    }
    out
}

#[test]
fn text_survives_the_air_at_every_rate() {
    for rate in [8_000, 11_025, 12_000, 16_000] {
        let text = "The quick brown fox jumps over the lazy dog, twice: 0123456789!";
        assert_eq!(round_trip(text, rate), text, "at {rate} Hz");
    }
}

#[test]
fn longer_texts_run_faster_and_still_survive() {
    for words in [1, 40, 120] {
        let text = vec!["naïve 東京 word"; words].join(" ");
        assert_eq!(round_trip(&text, 8_000), text, "{words} repetitions");
    }
}

#[test]
fn a_word_longer_than_a_frame_is_joined_again() {
    let word = "é".repeat(100);
    assert_eq!(
        round_trip(&format!("a {word} b"), 8_000),
        format!("a {word} b")
    );
}

#[test]
fn damage_to_a_few_symbols_is_repaired_or_dropped_but_never_misread() {
    let text = "one two three four five six";
    let clean = modulate(text, 130.0, 8_000);
    for at in (0..clean.len() - 300).step_by(911) {
        let mut samples = clean.clone();
        samples[at..at + 300].fill(0.0);
        let heard = receive(&samples, 8_000);
        assert!(
            heard.is_empty() || heard[0].text == text,
            "damage at {at} gave {heard:?}"
        );
    }
}

#[test]
fn samples_never_clip() {
    for text in ["x", &"\u{fffd}".repeat(200), &"long ".repeat(700)] {
        let peak = modulate(text, 95.0, 24_000)
            .into_iter()
            .fold(0.0_f32, |peak, x| peak.max(x.abs()));
        assert!((0.3..0.9).contains(&peak), "peak {peak}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_text_survives_but_for_its_white_space(text in ".{0,40}", pitch in 96.0..224.0_f64, rate in 8_000_u32..12_000) {
        let words: Vec<&str> = text.split_whitespace().collect();
        prop_assert_eq!(round_trip_at(&text, pitch, rate), words.join(" "));
    }
}
