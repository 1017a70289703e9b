//! Text to speech: words as audible tones, in six formats.

mod encode;
mod format;
mod voice;

pub use format::{AudioFormat, UnknownFormat};

use super::modem::modulate;

/// Samples a second of everything [`synthesize`] makes; for [`AudioFormat::Pcm`], which has no header, also the agreed
/// rate (signed 16-bit little-endian, one channel), as in OpenAI's speech API.
pub const SAMPLE_RATE: u32 = 24_000;

/// The requested format cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "writing {format} audio failed in its encoder ({reason}); ask for another response_format, such as wav"
)]
pub struct UnsupportedFormat {
    /// The format that was asked for.
    pub format: AudioFormat,
    /// What the encoder said.
    pub reason: String,
}

/// Speaks `text` with `voice` as a complete file of `format`.
///
/// The words are carried by the samples, from which [`super::transcribe::transcribe`] recovers them in every format.
/// Runs of white space count as one space. `voice` sets the pitch that hums under the words; any name is a voice, and
/// the same name always sounds the same. A text takes about 0.08 s a character, long texts less.
pub fn synthesize(
    text: &str,
    voice: &str,
    format: AudioFormat,
) -> Result<Vec<u8>, UnsupportedFormat> {
    let samples = modulate(text, voice::pitch_hz(voice), SAMPLE_RATE);
    encode::encode(&samples, SAMPLE_RATE, format)
}

/// Speaks `text` as a 16-bit mono WAV file at `sample_rate`, which is 8,000 to 48,000: small files for fixtures.
pub fn synthesize_wav(
    text: &str,
    voice: &str,
    sample_rate: u32,
) -> Result<Vec<u8>, UnsupportedFormat> {
    let samples = modulate(text, voice::pitch_hz(voice), sample_rate);
    encode::encode(&samples, sample_rate, AudioFormat::Wav)
}

/// Silence of this many seconds as a complete file of `format`.
pub fn silence(seconds: f32, format: AudioFormat) -> Result<Vec<u8>, UnsupportedFormat> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a few seconds at a fixed rate"
    )]
    let samples = (seconds.max(0.0) * SAMPLE_RATE as f32) as usize;
    encode::encode(&vec![0.0; samples], SAMPLE_RATE, format)
}

#[cfg(test)]
mod tests;
