//! Deterministic media models: pictures, speech, transcription and embeddings.
//!
//! All of them are pure functions. The same input gives the same bytes on every run, and a changed input gives
//! visibly different ones, so that a canned, cached or swapped answer can be told from a real one.
//!
//! Speech and transcription are two ends of one acoustic modem ([`speech`] modulates the text into tones,
//! [`transcribe`] demodulates them): the words are in the samples and nowhere else.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "signal and pixel arithmetic moves between indices, seconds and amplitudes; ranges are bounded by the limits each function documents"
)]

pub mod image;
mod modem;
pub mod speech;
pub mod transcribe;
pub mod vector;

#[cfg(test)]
mod message_tests;
