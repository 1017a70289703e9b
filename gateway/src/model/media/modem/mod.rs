//! The acoustic modem that carries text through the air.
//!
//! Text is cut into frames ([`frame`]). A frame on the air is two sync chords, which say where it begins and how
//! fast it runs, followed by symbols. A symbol sounds one of sixteen tones in each of two, four or six bands
//! ([`plan`]), so it carries one, two or three bytes. A checksum closes the frame.
//!
//! Everything lies between 500 Hz and 3.4 kHz and nothing depends on phase or level: the words survive telephone
//! sample rates, lossy codecs, volume changes and added silence.

mod correlate;
mod frame;
mod modulate;
mod plan;
mod receive;

pub(super) use modulate::modulate;
pub(super) use receive::{Heard, receive};

#[cfg(test)]
mod tests;
