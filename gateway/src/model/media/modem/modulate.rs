//! Text to samples.

use std::f64::consts::TAU;

use super::frame::{nibbles, pack, split};
use super::plan::{
    CHORD_SECONDS, OPENING_CHORD, PAUSE_SECONDS, Pace, RAMP_SECONDS, TONES_PER_BAND, tone_hz,
};

/// Sum of the peak amplitudes of all tones of a symbol. With the voice below it stays clear of full scale.
const TONES_PEAK: f64 = 0.70;

/// Amplitude of the voice's base pitch; its second harmonic has half of it.
const VOICE_PEAK: f64 = 0.08;

/// Fraction of a turn between the starting phases of successive tones: the golden ratio spreads them evenly, which keeps
/// the peaks of a chord apart.
const PHASE_STEP: f64 = 0.618_033_988_749_895;

/// Sounds `text` at `rate` samples a second over a voice of `pitch_hz`.
///
/// Samples lie within ±0.9. A blank text gives the two pauses that surround every utterance.
pub(in super::super) fn modulate(text: &str, pitch_hz: f64, rate: u32) -> Vec<f32> {
    let words = text.split_whitespace().map(str::len).sum::<usize>();
    let pace = Pace::for_length(words);
    let mut sound = Sound {
        samples: Vec::new(),
        rate: f64::from(rate),
        phase: 0.0,
    };
    sound.pause();
    for payload in split(text, pace) {
        let start = sound.samples.len();
        sound.chord(&OPENING_CHORD, CHORD_SECONDS);
        sound.chord(&pace.closing_chord(), CHORD_SECONDS);
        for symbol in pack(&payload).chunks(pace.bytes_per_symbol()) {
            sound.chord(&tones(symbol), pace.symbol_seconds());
        }
        sound.voice(start, pitch_hz);
        sound.pause();
    }
    sound.samples
}

/// The tones of a symbol: one for each nibble, each in the next band.
fn tones(symbol: &[u8]) -> Vec<usize> {
    let values = symbol.iter().flat_map(|&byte| nibbles(byte));
    values
        .enumerate()
        .map(|(band, value)| band * TONES_PER_BAND + value)
        .collect()
}

struct Sound {
    samples: Vec<f32>,
    rate: f64,
    /// Starting phase of the next tone, in turns.
    phase: f64,
}

impl Sound {
    fn length(&self, seconds: f64) -> usize {
        (seconds * self.rate).round() as usize
    }

    fn pause(&mut self) {
        self.samples
            .resize(self.samples.len() + self.length(PAUSE_SECONDS), 0.0);
    }

    fn chord(&mut self, tones: &[usize], seconds: f64) {
        let start = self.samples.len();
        self.samples.resize(start + self.length(seconds), 0.0);
        let amplitude = TONES_PEAK / tones.len() as f64;
        for &tone in tones {
            self.phase = (self.phase + PHASE_STEP).fract();
            self.add_tone(start, tone_hz(tone), amplitude);
        }
    }

    /// The hum under a frame that tells one voice from another.
    fn voice(&mut self, start: usize, pitch_hz: f64) {
        self.phase = 0.0;
        self.add_tone(start, pitch_hz, VOICE_PEAK);
        self.add_tone(start, pitch_hz * 2.0, VOICE_PEAK / 2.0);
    }

    /// Adds a tone with smooth edges from `start` to the end.
    fn add_tone(&mut self, start: usize, hertz: f64, amplitude: f64) {
        let step = TAU * hertz / self.rate;
        let (step_sin, step_cos) = step.sin_cos();
        let (mut y, mut x) = (TAU * self.phase).sin_cos();
        let length = self.samples.len() - start;
        let ramp = self.length(RAMP_SECONDS).clamp(1, length.max(1));
        for (index, sample) in self.samples[start..].iter_mut().enumerate() {
            let edge = index.min(length - 1 - index);
            let envelope = if edge < ramp {
                edge_gain(edge, ramp)
            } else {
                1.0
            };
            *sample += (y * amplitude * envelope) as f32;
            (x, y) = (x * step_cos - y * step_sin, x * step_sin + y * step_cos);
        }
    }
}

/// Raised-cosine edge: 0 at the very end, 1 after `ramp` samples.
fn edge_gain(edge: usize, ramp: usize) -> f64 {
    0.5 - 0.5 * (std::f64::consts::PI * edge as f64 / ramp as f64).cos()
}
