//! Samples to frames.

use std::cell::{Cell, OnceCell};

use super::correlate::Correlator;
use super::frame::{Nibble, Payload, frame_length, join, repair, unpack};
use super::plan::{CHORD_SECONDS, GUARD_SECONDS, OPENING_CHORD, Pace, TONES_PER_BAND, tone_hz};

/// Share of all power that a chord's tones must have to count as that chord.
const CHORD_SHARE: f32 = 0.4;

/// Power under which nothing is looked for: −80 dB of full scale.
const SILENCE_POWER: f32 = 1e-8;

/// Times that the symbols of a recording may be read on average. Intact frames take one; a recording made of false
/// beginnings would else take the square of its length.
const READS: f64 = 8.0;

/// Cost of repairing a frame, in symbol reads.
const REPAIR_COST: u32 = 40;

const HOP_SECONDS: f64 = 0.004;
const FINE_HOP_SECONDS: f64 = 0.001;

/// One frame that was understood.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Heard {
    /// The frame's text; a byte sequence that is not UTF-8 is replaced as [`String::from_utf8_lossy`] does.
    pub(in super::super) text: String,
    /// Whether the text goes on with the last word of the frame before.
    pub(in super::super) continues: bool,
    /// Where the first byte of the text sounds, in seconds from the start.
    pub(in super::super) text_start: f64,
    /// Time one byte takes, in seconds.
    pub(in super::super) byte_seconds: f64,
    /// Where the frame begins and ends, in seconds from the start.
    pub(in super::super) start: f64,
    pub(in super::super) end: f64,
}

/// Finds and reads every intact frame in `samples`, taken `rate` times a second. `rate` is at least 8,000.
///
/// Time is linear in the number of samples, whatever they are.
pub(in super::super) fn receive(samples: &[f32], rate: u32) -> Vec<Heard> {
    let receiver = Receiver::new(samples, f64::from(rate));
    let mut heard = Vec::new();
    let mut at = 0.0;
    while let Some((start, pace)) = receiver.next_sync(at) {
        if let Some(frame) = receiver.read_frame(start, pace) {
            at = frame.end - GUARD_SECONDS;
            heard.push(frame);
        } else {
            at = start + CHORD_SECONDS / 2.0;
        }
    }
    heard
}

struct Receiver<'a> {
    samples: &'a [f32],
    rate: f64,
    opening: Correlator,
    closing: [Correlator; 3],
    symbols: [OnceCell<Correlator>; 3],
    /// Symbol reads left.
    budget: Cell<u32>,
}

impl<'a> Receiver<'a> {
    fn new(samples: &'a [f32], rate: f64) -> Self {
        let window = CHORD_SECONDS - 2.0 * GUARD_SECONDS;
        let shortest_symbol = Pace::Dense.symbol_seconds();
        let budget = READS * (samples.len() as f64 / rate / shortest_symbol + 1_000.0);
        let chord =
            |tones: [usize; 4]| Correlator::new(tones.into_iter().map(tone_hz), window, rate);
        Self {
            samples,
            rate,
            opening: chord(OPENING_CHORD),
            closing: Pace::ALL.map(|pace| chord(pace.closing_chord())),
            symbols: [const { OnceCell::new() }; 3],
            budget: Cell::new(budget as u32),
        }
    }

    /// Takes `reads` off the budget; nothing when it is used up.
    fn spend(&self, reads: u32) -> Option<()> {
        self.budget.set(self.budget.get().checked_sub(reads)?);
        Some(())
    }

    /// The samples that `correlator` looks at for a chord or symbol beginning at `seconds`.
    fn stretch(&self, seconds: f64, correlator: &Correlator) -> Option<&'a [f32]> {
        let start = ((seconds + GUARD_SECONDS) * self.rate).round();
        if start < 0.0 {
            return None;
        }
        self.samples
            .get(start as usize..start as usize + correlator.length())
    }

    /// The next place after `from` (seconds) where a frame seems to begin, and the pace its chords name.
    fn next_sync(&self, from: f64) -> Option<(f64, Pace)> {
        let mut hop = 0_u32;
        loop {
            let at = from + f64::from(hop) * HOP_SECONDS;
            self.stretch(at + CHORD_SECONDS, &self.opening)?;
            if let Some((_, pace)) = self.sync_score(at) {
                return Some((self.peak(at, pace), pace));
            }
            hop += 1;
        }
    }

    /// How well the two chords fit at `at`, when they do.
    fn sync_score(&self, at: f64) -> Option<(f32, Pace)> {
        let opening = self.share(at, &self.opening)?;
        if opening < CHORD_SHARE {
            return None;
        }
        Pace::ALL
            .into_iter()
            .filter_map(|pace| {
                Some((
                    self.share(at + CHORD_SECONDS, &self.closing[pace.index()])?,
                    pace,
                ))
            })
            .filter(|&(closing, _)| closing >= CHORD_SHARE)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(closing, pace)| (opening + closing, pace))
    }

    /// The best place near `at`: the first hit lies on the rising side, up to a chord's length early.
    fn peak(&self, at: f64, pace: Pace) -> f64 {
        let coarse = self.best(
            at,
            HOP_SECONDS,
            (CHORD_SECONDS / HOP_SECONDS) as i32,
            0,
            pace,
        );
        let reach = (HOP_SECONDS / FINE_HOP_SECONDS) as i32;
        self.best(coarse, FINE_HOP_SECONDS, reach, -reach, pace)
    }

    fn best(&self, around: f64, step: f64, last: i32, first: i32, pace: Pace) -> f64 {
        let places = (first..=last).map(|n| around + f64::from(n) * step);
        let power = |at: f64| self.chord_power(at, pace);
        places
            .max_by(|&a, &b| power(a).total_cmp(&power(b)))
            .unwrap_or(around)
    }

    /// Power of both chords at `at`. Unlike the share it falls off on both sides of the true place.
    fn chord_power(&self, at: f64, pace: Pace) -> f32 {
        let sum = |at: f64, correlator: &Correlator| {
            let stretch = self.stretch(at, correlator)?;
            Some(
                (0..4)
                    .map(|tone| correlator.power(tone, stretch))
                    .sum::<f32>(),
            )
        };
        let opening = sum(at, &self.opening).unwrap_or(0.0);
        opening.min(sum(at + CHORD_SECONDS, &self.closing[pace.index()]).unwrap_or(0.0))
    }

    /// Share of the power at `at` that belongs to the chord's tones.
    fn share(&self, at: f64, chord: &Correlator) -> Option<f32> {
        let stretch = self.stretch(at, chord)?;
        let total = chord.total(stretch);
        if total < SILENCE_POWER {
            return Some(0.0);
        }
        let tones: f32 = (0..4).map(|tone| chord.power(tone, stretch)).sum();
        Some(tones / total)
    }

    fn read_frame(&self, start: f64, pace: Pace) -> Option<Heard> {
        let symbols_start = start + 2.0 * CHORD_SECONDS;
        let mut received = Vec::new();
        self.read_until(&mut received, 1, symbols_start, pace)?;
        let payload = self.read_payload(&mut received, symbols_start, pace)?;
        let byte_seconds = pace.symbol_seconds() / pace.bytes_per_symbol() as f64;
        let symbols = (payload.bytes.len() + 5).div_ceil(pace.bytes_per_symbol());
        Some(Heard {
            text: String::from_utf8_lossy(&payload.bytes).into_owned(),
            continues: payload.continues,
            text_start: symbols_start + byte_seconds,
            byte_seconds,
            start,
            end: symbols_start + symbols as f64 * pace.symbol_seconds(),
        })
    }

    /// Reads the payload, trying the likeliest header first, then those with one nibble replaced.
    fn read_payload(&self, received: &mut Vec<Nibble>, start: f64, pace: Pace) -> Option<Payload> {
        let (high, low) = (received[0], received[1]);
        for (high, low) in [
            (high.best, low.best),
            (high.best, low.second),
            (high.second, low.best),
        ] {
            let length = frame_length(high << 4 | low);
            if self.read_until(received, length, start, pace).is_none() {
                continue;
            }
            let mut frame = received[..length * 2].to_vec();
            (frame[0].best, frame[1].best) = (high, low);
            if let Some(payload) = unpack(&join(&frame)) {
                return Some(payload);
            }
            self.spend(REPAIR_COST)?;
            if let Some(payload) = repair(&frame) {
                return Some(payload);
            }
        }
        None
    }

    /// Reads symbols until `bytes` bytes are there; nothing when the samples end before.
    fn read_until(
        &self,
        received: &mut Vec<Nibble>,
        bytes: usize,
        start: f64,
        pace: Pace,
    ) -> Option<()> {
        let correlator = self.symbols[pace.index()].get_or_init(|| {
            let tones = (0..pace.bands() * TONES_PER_BAND).map(tone_hz);
            Correlator::new(
                tones,
                pace.symbol_seconds() - 2.0 * GUARD_SECONDS,
                self.rate,
            )
        });
        while received.len() < bytes * 2 {
            self.spend(1)?;
            let symbol = received.len() / pace.bands();
            let at = start + symbol as f64 * pace.symbol_seconds();
            let stretch = self.stretch(at, correlator)?;
            received.extend((0..pace.bands()).map(|band| read_nibble(correlator, band, stretch)));
        }
        Some(())
    }
}

fn read_nibble(correlator: &Correlator, band: usize, stretch: &[f32]) -> Nibble {
    let mut best = (0_u8, f32::MIN_POSITIVE);
    let mut second = (0_u8, f32::MIN_POSITIVE);
    for value in 0..TONES_PER_BAND {
        let power = correlator.power(band * TONES_PER_BAND + value, stretch);
        if power > best.1 {
            second = best;
            best = (value as u8, power);
        } else if power > second.1 {
            second = (value as u8, power);
        }
    }
    Nibble {
        best: best.0,
        second: second.0,
        ratio: best.1 / second.1,
    }
}
