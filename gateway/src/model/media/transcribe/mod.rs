//! Audio to text.

mod decode;
mod language;
mod mixer;
mod readers;
mod sniff;
mod sounds;
mod words;

pub use decode::DecodeError;
pub use language::Language;

use super::modem::receive;

/// Longest audio accepted, in seconds.
pub const MAX_SECONDS: f64 = 1_800.0;

/// What was said, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Transcript {
    /// All words, with one space between them; empty for silence.
    pub text: String,
    /// The language the words are written in.
    pub language: Language,
    /// Length of the audio, in seconds.
    pub duration_seconds: f64,
    /// The text by sentence.
    pub segments: Vec<Segment>,
    /// The text by word.
    pub words: Vec<Word>,
}

/// A sentence, or what stands at the end without a full stop.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Position among the segments, from 0.
    pub id: usize,
    /// Where it begins, in seconds.
    pub start: f64,
    /// Where it ends, in seconds.
    pub end: f64,
    /// Its words.
    pub text: String,
}

/// A word and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Where it begins, in seconds.
    pub start: f64,
    /// Where it ends, in seconds.
    pub end: f64,
    /// The word with its punctuation.
    pub word: String,
}

/// Transcribes a complete audio file: WAV, FLAC, MP3, AAC (ADTS), M4A, Ogg Opus, Ogg Vorbis or, when `declared` says
/// so (`audio/pcm`, `audio/l16`, with optional `rate` and `channels`), samples without a header.
///
/// The container is taken from the bytes; `declared` only matters where the bytes cannot tell. Speech made by
/// [`super::speech::synthesize`] gives its words back. Any other sound gives words of a small vocabulary, one for each
/// burst of energy, chosen by how the burst sounds; silence gives none.
///
/// At most [`MAX_SECONDS`] of audio are accepted; memory and time are bounded by that and the size of `bytes`.
pub fn transcribe(bytes: &[u8], declared: Option<&str>) -> Result<Transcript, DecodeError> {
    let audio = decode::decode(bytes, declared)?;
    let heard = receive(&audio.samples, audio.rate);
    let words = if heard.is_empty() {
        sounds::name_bursts(&audio.samples, audio.rate)
    } else {
        words::place(&heard)
    };
    let text = words::join(&words);
    Ok(Transcript {
        language: Language::of(&text),
        duration_seconds: audio.seconds,
        segments: words::segments(&words),
        text,
        words,
    })
}

#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod tests;
