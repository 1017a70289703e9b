//! How long a recording is, and how much of it can be heard.

/// A decoded recording.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sound {
    /// Its length.
    pub seconds: f64,
    /// The share of it, 0 to 1, in which something can be heard.
    pub heard: f64,
}

impl Sound {
    /// Whether the recording is more than silence: something can be heard for a tenth of a second
    /// at least, and for a fifth of its length. Speech pauses for less than half of its time; what
    /// is silent for longer goes on after its words, or has lost them.
    pub fn is_audible(&self) -> bool {
        self.heard >= 0.2 && self.heard * self.seconds >= 0.1
    }
}

/// Length of the windows that are heard or not.
#[cfg(feature = "measure")]
const WINDOW_SECONDS: f64 = 0.05;

/// Deviation from the mean, of a full scale of 1, above which a window is heard: 54 dB below full
/// scale, under any speech and above dither.
#[cfg(feature = "measure")]
const HEARD: f64 = 0.002;

/// Listens to samples as they are decoded.
#[cfg(feature = "measure")]
#[derive(Debug)]
pub(super) struct Meter {
    rate: u32,
    window: u64,
    in_window: u64,
    sum: f64,
    squares: f64,
    heard: u64,
    frames: u64,
}

#[cfg(feature = "measure")]
impl Meter {
    /// A meter for this many frames a second.
    pub(super) fn new(rate: u32) -> Option<Self> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a twentieth of a sample rate"
        )]
        let window = (f64::from(rate) * WINDOW_SECONDS) as u64;
        (window > 0).then_some(Self {
            rate,
            window,
            in_window: 0,
            sum: 0.0,
            squares: 0.0,
            heard: 0,
            frames: 0,
        })
    }

    /// Frames a second.
    pub(super) fn rate(&self) -> u32 {
        self.rate
    }

    /// Frames so far.
    pub(super) fn frames(&self) -> u64 {
        self.frames
    }

    /// Takes interleaved samples within ±1.
    pub(super) fn push(&mut self, samples: &[f32], channels: usize) {
        for frame in samples.chunks_exact(channels.max(1)) {
            let value = frame.iter().copied().map(f64::from).sum::<f64>();
            self.sum += value;
            self.squares += value * value;
            self.frames += 1;
            self.in_window += 1;
            if self.in_window == self.window {
                self.close();
            }
        }
    }

    fn close(&mut self) {
        #[expect(clippy::cast_precision_loss, reason = "at most a few thousand")]
        let count = self.in_window as f64;
        let mean = self.sum / count;
        let deviation = (self.squares / count - mean * mean).max(0.0).sqrt();
        // Samples that are no numbers are heard by nobody.
        if deviation > HEARD {
            self.heard += self.in_window;
        }
        (self.in_window, self.sum, self.squares) = (0, 0.0, 0.0);
    }

    /// What was heard; [`None`] without a single frame.
    pub(super) fn finish(mut self) -> Option<Sound> {
        if self.in_window > 0 {
            self.close();
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "hours of audio fit a double exactly"
        )]
        let (frames, heard) = (self.frames as f64, self.heard as f64);
        (self.frames > 0).then(|| Sound {
            seconds: frames / f64::from(self.rate),
            heard: heard / frames,
        })
    }
}

/// Listens to bare samples.
#[cfg(feature = "measure")]
pub(super) fn raw(bytes: &[u8]) -> Option<Sound> {
    const RATE: u32 = 24_000;
    let mut meter = Meter::new(RATE)?;
    let samples: Vec<f32> = bytes
        .chunks_exact(2)
        .map(|pair| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / 32_768.0)
        .collect();
    meter.push(&samples, 1);
    meter.finish()
}

#[cfg(test)]
#[cfg(feature = "measure")]
mod tests {
    use super::*;

    fn bytes(samples: impl Iterator<Item = i16>) -> Vec<u8> {
        samples.flat_map(i16::to_le_bytes).collect()
    }

    #[test]
    fn silence_is_told_from_sound() {
        let tone = |at: i16| if at / 20 % 2 == 0 { 3000 } else { -3000 };
        let table = [
            (bytes((0..24_000).map(|_| 0)), false),
            (bytes((0..24_000).map(|_| 12_000)), false),
            (bytes((0..24_000).map(|at| at % 3)), false),
            (bytes((0..24_000).map(tone)), true),
            (
                bytes((0..24_000).map(|at| if at < 6_000 { tone(at) } else { 0 })),
                true,
            ),
            (
                bytes((0..24_000).map(|at| if at < 3_600 { tone(at) } else { 0 })),
                false,
            ),
            (
                bytes((0..24_000).map(|at| if at < 600 { tone(at) } else { 0 })),
                false,
            ),
        ];
        for (at, (bytes, audible)) in table.into_iter().enumerate() {
            let sound = raw(&bytes).unwrap();
            assert!((sound.seconds - 1.0).abs() < 1e-9);
            assert_eq!(sound.is_audible(), audible, "{at}: {sound:?}");
        }
        assert_eq!(raw(&[]), None);
    }
}
