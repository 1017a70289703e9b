//! The frequency plan: which tones exist, how long they last, which chords open a frame.

/// Lowest data tone, in hertz. Voice pitch and its second harmonic stay below.
const LOWEST_TONE_HZ: f64 = 520.0;

/// Distance of neighbouring tones, in hertz.
const TONE_SPACING_HZ: f64 = 30.0;

/// Tones in one band; a band carries one nibble.
pub(super) const TONES_PER_BAND: usize = 16;

/// Length of one sync chord, in seconds.
pub(super) const CHORD_SECONDS: f64 = 0.060;

/// Length of the rising and of the falling edge of every chord and symbol, in seconds.
pub(super) const RAMP_SECONDS: f64 = 0.005;

/// Part of a chord or symbol left out of the analysis window at either end, in seconds.
pub(super) const GUARD_SECONDS: f64 = 0.003;

/// Silence after each frame, in seconds: the pause between phrases.
pub(super) const PAUSE_SECONDS: f64 = 0.080;

/// Tones of the first sync chord. Every chord sounds two tones of one band at once, which data never does.
pub(super) const OPENING_CHORD: [usize; 4] = [1, 12, 19, 30];

/// How fast a frame runs. Longer texts run faster, so that the longest stays practical.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// One byte a symbol: about 0.08 s a character, like unhurried speech.
    Relaxed,
    /// Two bytes a symbol.
    Brisk,
    /// Three bytes a symbol.
    Dense,
}

impl Pace {
    /// Every pace, in the order of [`Pace::index`].
    pub(super) const ALL: [Self; 3] = [Self::Relaxed, Self::Brisk, Self::Dense];

    /// The pace for a text of `bytes` bytes.
    pub(super) fn for_length(bytes: usize) -> Self {
        match bytes {
            0..=400 => Self::Relaxed,
            401..=1200 => Self::Brisk,
            _ => Self::Dense,
        }
    }

    /// Position in [`Pace::ALL`].
    pub(super) fn index(self) -> usize {
        match self {
            Self::Relaxed => 0,
            Self::Brisk => 1,
            Self::Dense => 2,
        }
    }

    /// Bytes one symbol carries.
    pub(super) fn bytes_per_symbol(self) -> usize {
        self.index() + 1
    }

    /// Bands in use; each carries one nibble of a symbol.
    pub(super) fn bands(self) -> usize {
        self.bytes_per_symbol() * 2
    }

    /// Length of one symbol, in seconds.
    pub(super) fn symbol_seconds(self) -> f64 {
        match self {
            Self::Relaxed => 0.060,
            Self::Brisk => 0.048,
            Self::Dense => 0.040,
        }
    }

    /// Most payload bytes in one frame. Short enough that sender and receiver clocks do not drift apart within it.
    pub(super) fn frame_capacity(self) -> usize {
        match self {
            Self::Relaxed => 32,
            Self::Brisk => 64,
            Self::Dense => 120,
        }
    }

    /// Tones of the second sync chord, which names the pace.
    pub(super) fn closing_chord(self) -> [usize; 4] {
        match self {
            Self::Relaxed => [4, 9, 22, 27],
            Self::Brisk => [6, 14, 17, 25],
            Self::Dense => [2, 10, 21, 28],
        }
    }
}

/// Frequency of tone `index`, in hertz.
pub(super) fn tone_hz(index: usize) -> f64 {
    LOWEST_TONE_HZ + TONE_SPACING_HZ * index as f64
}
