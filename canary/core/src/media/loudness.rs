//! How long a recording is, and how much of it can be heard.

#[cfg(feature = "measure")]
use super::deviation;

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
const HEARD: f64 = 0.001_953_125;

/// Listens to samples as they are decoded.
#[cfg(feature = "measure")]
#[derive(Debug)]
pub(super) struct Meter {
    rate: u32,
    /// How many frames a window has.
    window: usize,
    /// The frames of the window that is not full yet.
    open: Vec<f64>,
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
        let window = (f64::from(rate) * WINDOW_SECONDS) as usize;
        (window > 0).then_some(Self {
            rate,
            window,
            open: Vec::new(),
            heard: 0,
            frames: 0,
        })
    }

    /// Frames so far.
    pub(super) fn frames(&self) -> u64 {
        self.frames
    }

    /// Takes interleaved samples within ±1.
    pub(super) fn push(&mut self, samples: &[f32], channels: usize) {
        for frame in samples.chunks_exact(channels.max(1)) {
            self.frames += 1;
            self.open.push(frame.iter().copied().map(f64::from).sum());
            if self.open.len() == self.window {
                self.close();
            }
        }
    }

    fn close(&mut self) {
        // Samples that are no numbers are heard by nobody.
        if deviation(self.open.iter().copied()) > HEARD {
            self.heard += self.open.len() as u64;
        }
        self.open.clear();
    }

    /// What was heard; [`None`] without a single frame.
    pub(super) fn finish(mut self) -> Option<Sound> {
        self.close();
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
    fn a_tenth_of_a_second_is_heard_and_a_fifth_of_the_whole() {
        for (seconds, heard, audible) in [
            (0.5, 0.2, true),
            (0.1, 1.0, true),
            (0.09, 1.0, false),
            (0.2, 0.4, false),
            (10.0, 0.2, true),
            (10.0, 0.19, false),
        ] {
            let sound = Sound { seconds, heard };
            assert_eq!(sound.is_audible(), audible, "{sound:?}");
        }
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

    #[test]
    fn the_last_window_counts_though_it_is_not_full() {
        // A window of bare samples has 1,200 of them.
        let loud = |at: i16| if at % 2 == 0 { 3_000 } else { -3_000 };
        let heard = |loud_for: i16, samples: i16| {
            let sample = |at| if at < loud_for { loud(at) } else { 0 };
            raw(&bytes((0..samples).map(sample))).unwrap().heard
        };
        assert_eq!(heard(1_300, 1_300).to_bits(), 1.0_f64.to_bits());
        assert_eq!(heard(700, 700).to_bits(), 1.0_f64.to_bits());
        assert!((heard(1_200, 1_300) - 12.0 / 13.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_54_db_below_full_scale_is_not_heard_and_what_is_louder_is() {
        let heard = |level: i16| {
            let sample = |at| if at % 2 == 0 { level } else { -level };
            raw(&bytes((0..2_400).map(sample))).unwrap().heard > 0.5
        };
        assert!(!heard(64) && heard(65));
    }

    #[test]
    fn samples_that_are_no_numbers_are_not_heard() {
        let mut meter = Meter::new(8_000).unwrap();
        meter.push(&[f32::NAN; 800], 1);
        let sound = meter.finish().unwrap();
        assert!(sound.heard.abs() < 1e-9 && (sound.seconds - 0.1).abs() < 1e-9);
    }

    #[test]
    fn a_frame_has_a_sample_of_each_channel() {
        let mut meter = Meter::new(8_000).unwrap();
        meter.push(&[0.5, 0.5, -0.5, -0.5].repeat(400), 2);
        assert_eq!(meter.frames(), 800);
        assert_eq!(
            meter.finish(),
            Some(Sound {
                seconds: 0.1,
                heard: 1.0
            })
        );
    }
}
