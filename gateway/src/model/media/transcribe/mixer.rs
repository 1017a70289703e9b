//! Any number of channels at any rate to one channel at a rate the modem likes.

use super::MAX_SECONDS;
use super::decode::{Audio, DecodeError};

/// Rates and channel counts that speech comes in.
const RATES: std::ops::RangeInclusive<u32> = 8_000..=192_000;
const CHANNELS: std::ops::RangeInclusive<usize> = 1..=8;

/// Samples over all channels that one file may decode to: [`MAX_SECONDS`] of stereo at 48 kHz. Bounds the time spent on a
/// small file that claims to be long.
const MAX_SAMPLES: usize = 48_000 * 2 * MAX_SECONDS as usize;

/// The modem hears up to 3.4 kHz, so audio is thinned out to no less than this rate.
const LOWEST_RATE: u32 = 8_000;

/// Mixes channels to one and thins the samples out, as they come.
pub(super) struct Mixer {
    /// Rate and channels of what comes in.
    pub(super) layout: (u32, usize),
    /// Samples averaged into one.
    factor: usize,
    frames: usize,
    sum: [f32; 2],
    filled: usize,
    /// The average of all channels, and the first one: channels in opposite phase cancel in the average.
    average: Vec<f32>,
    first: Vec<f32>,
}

impl Mixer {
    pub(super) fn new(rate: u32, channels: usize) -> Result<Self, DecodeError> {
        if !RATES.contains(&rate) || !CHANNELS.contains(&channels) {
            return Err(DecodeError::UnsupportedLayout { rate, channels });
        }
        Ok(Self {
            layout: (rate, channels),
            factor: (rate / LOWEST_RATE) as usize,
            frames: 0,
            sum: [0.0; 2],
            filled: 0,
            average: Vec::new(),
            first: Vec::new(),
        })
    }

    pub(super) fn push(&mut self, interleaved: &[f32]) -> Result<(), DecodeError> {
        let (rate, channels) = self.layout;
        self.frames += interleaved.len() / channels;
        if self.frames as f64 > MAX_SECONDS * f64::from(rate)
            || self.frames * channels > MAX_SAMPLES
        {
            return Err(DecodeError::TooLong);
        }
        let (share, factor) = (1.0 / channels as f32, self.factor as f32);
        for frame in interleaved.chunks_exact(channels) {
            // Damaged float files hold infinities, which would silence everything around them.
            let clean = |sample: f32| {
                if sample.is_finite() {
                    sample.clamp(-4.0, 4.0)
                } else {
                    0.0
                }
            };
            self.sum[0] += frame.iter().copied().map(clean).sum::<f32>() * share;
            self.sum[1] += clean(frame[0]);
            self.filled += 1;
            if self.filled == self.factor {
                self.average.push(self.sum[0] / factor);
                if channels > 1 {
                    self.first.push(self.sum[1] / factor);
                }
                (self.sum, self.filled) = ([0.0; 2], 0);
            }
        }
        Ok(())
    }

    pub(super) fn finish(self, kind: &'static str) -> Result<Audio, DecodeError> {
        if self.frames == 0 {
            return Err(DecodeError::Empty { kind });
        }
        let rate = self.layout.0;
        let cancelled = energy(&self.average) * 8.0 < energy(&self.first);
        let mut samples = if cancelled { self.first } else { self.average };
        remove_offset(&mut samples);
        // A rate that is no whole multiple leaves a fraction of a hertz, far below what the modem notices.
        let thinned = rate / self.factor as u32;
        Ok(Audio {
            samples,
            rate: thinned,
            seconds: self.frames as f64 / f64::from(rate),
        })
    }
}

fn energy(samples: &[f32]) -> f64 {
    samples
        .iter()
        .map(|&sample| f64::from(sample) * f64::from(sample))
        .sum()
}

/// Takes a constant offset off, which would count as sound.
fn remove_offset(samples: &mut [f32]) {
    let mean =
        samples.iter().map(|&sample| f64::from(sample)).sum::<f64>() / samples.len().max(1) as f64;
    for sample in samples {
        *sample -= mean as f32;
    }
}
