//! How strongly given tones sound in a stretch of samples.

use std::f64::consts::TAU;

/// Measures the power of a fixed set of tones through a Hann window of fixed length.
pub(super) struct Correlator {
    window: Vec<f32>,
    /// Windowed cosine and sine of each tone.
    waves: Vec<(Vec<f32>, Vec<f32>)>,
    window_sum: f32,
}

impl Correlator {
    /// Prepares for `tones` (in hertz), a window of `seconds` and samples at `rate` a second.
    pub(super) fn new(tones: impl Iterator<Item = f64>, seconds: f64, rate: f64) -> Self {
        let length = (seconds * rate).round().max(2.0) as usize;
        let window: Vec<f32> = (0..length)
            .map(|i| (0.5 - 0.5 * (TAU * (i as f64 + 0.5) / length as f64).cos()) as f32)
            .collect();
        let waves = tones
            .map(|hertz| windowed_wave(&window, TAU * hertz / rate))
            .collect();
        let window_sum = window.iter().sum();
        Self {
            window,
            waves,
            window_sum,
        }
    }

    /// Length of the window, in samples.
    pub(super) fn length(&self) -> usize {
        self.window.len()
    }

    /// Mean power of all that sounds in `samples`, which are as long as the window.
    pub(super) fn total(&self, samples: &[f32]) -> f32 {
        let sum: f32 = self
            .window
            .iter()
            .zip(samples)
            .map(|(w, x)| w * x * x)
            .sum();
        sum / self.window_sum
    }

    /// Mean power of tone `index` in `samples`.
    pub(super) fn power(&self, index: usize, samples: &[f32]) -> f32 {
        let (cosine, sine) = &self.waves[index];
        let (c, s) = (dot(cosine, samples), dot(sine, samples));
        2.0 * (c * c + s * s) / (self.window_sum * self.window_sum)
    }
}

fn windowed_wave(window: &[f32], step: f64) -> (Vec<f32>, Vec<f32>) {
    window
        .iter()
        .enumerate()
        .map(|(i, &w)| {
            let (sine, cosine) = (step * i as f64).sin_cos();
            (w * cosine as f32, w * sine as f32)
        })
        .unzip()
}

/// Dot product in eight lanes, which the compiler turns into vector instructions; one running sum would forbid that.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    for (x, y) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for lane in 0..8 {
            lanes[lane] += x[lane] * y[lane];
        }
    }
    let done = a.len() / 8 * 8;
    let tail: f32 = a[done..].iter().zip(&b[done..]).map(|(x, y)| x * y).sum();
    lanes.iter().sum::<f32>() + tail
}
