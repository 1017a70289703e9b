//! Recordings that rows send without any model having made them.

use std::io::Cursor;

use hound::{SampleFormat, WavSpec, WavWriter};

/// Samples a second of bare samples, as in OpenAI's speech API.
const RATE: u32 = 24_000;

/// Bare samples (16 bits, little-endian, one channel) as a WAV file.
pub fn wav(samples: &[u8]) -> Option<Vec<u8>> {
    let spec = WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: SampleFormat::Int,
    };
    let mut file = Cursor::new(Vec::new());
    let mut writer = WavWriter::new(&mut file, spec).ok()?;
    for pair in samples.chunks_exact(2) {
        let sample = i16::from_le_bytes([pair[0], pair[1]]);
        writer.write_sample(sample).ok()?;
    }
    writer.finalize().ok()?;
    Some(file.into_inner())
}

/// Two seconds in which nothing can be heard, as a WAV file.
pub fn silence() -> Option<Vec<u8>> {
    wav(&vec![0; 4 * RATE as usize])
}

#[cfg(test)]
mod tests {
    use canary_core::media::{Container, listen};

    use super::*;

    #[test]
    fn bare_samples_become_a_file_of_the_same_length() {
        let samples: Vec<u8> = (0..24_000_i16)
            .flat_map(|at| (at % 400 * 50).to_le_bytes())
            .collect();
        let sound = listen(&wav(&samples).unwrap(), Container::Wav).unwrap();
        assert!((sound.seconds - 1.0).abs() < 1e-6 && sound.is_audible());
    }

    #[test]
    fn silence_cannot_be_heard() {
        let sound = listen(&silence().unwrap(), Container::Wav).unwrap();
        assert!((sound.seconds - 2.0).abs() < 1e-6 && !sound.is_audible());
    }
}
