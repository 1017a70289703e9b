//! Voices: a name and the pitch it hums at.

use sha2::{Digest, Sha256};

/// Pitches of the voices OpenAI documents, so that the familiar names differ clearly from one another.
const KNOWN: [(&str, f64); 11] = [
    ("onyx", 96.0),
    ("ash", 106.0),
    ("echo", 116.0),
    ("fable", 128.0),
    ("ballad", 140.0),
    ("alloy", 152.0),
    ("verse", 164.0),
    ("sage", 178.0),
    ("coral", 192.0),
    ("nova", 206.0),
    ("shimmer", 220.0),
];

/// Base pitch of `voice`, in hertz, between 96 and 224. A name that is not known gets a pitch of its own from its digest.
pub(super) fn pitch_hz(voice: &str) -> f64 {
    let known = KNOWN
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(voice));
    known.map_or_else(|| derived_pitch(voice), |&(_, pitch)| pitch)
}

fn derived_pitch(voice: &str) -> f64 {
    let digest = Sha256::digest(voice.as_bytes());
    96.0 + f64::from(u16::from_be_bytes([digest[0], digest[1]])) / 512.0
}

#[cfg(test)]
mod tests {
    use super::{KNOWN, pitch_hz};

    #[test]
    fn voices_are_stable_distinct_and_below_the_data_tones() {
        let names = KNOWN
            .iter()
            .map(|(name, _)| *name)
            .chain(["", "my-clone", "voice_2", "Zoë"]);
        let mut pitches: Vec<f64> = names.map(pitch_hz).collect();
        assert!(pitches.iter().all(|pitch| (96.0..=224.0).contains(pitch)));
        pitches.sort_by(f64::total_cmp);
        assert!(
            pitches.windows(2).all(|pair| pair[1] - pair[0] > 0.1),
            "{pitches:?}"
        );
        assert_eq!(pitch_hz("Alloy").to_bits(), pitch_hz("alloy").to_bits());
    }
}
