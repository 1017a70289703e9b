//! Writes the recordings that the transcription and voice rows use, with their transcripts beside them:
//!
//! ```text
//! cargo run -p runinfra-gateway --example make_fixtures
//! ```
//!
//! They are spoken by the gateway's own speech model, so they are small, free of rights and made again at will.
//! `gateway/tests/fixtures.rs` fails when the files differ from what this would write.

use std::path::Path;

use runinfra_gateway::model::media::speech::{UnsupportedFormat, synthesize_wav};

/// File name without ending, voice, words.
pub(crate) const RECORDINGS: [(&str, &str, &str); 2] = [
    (
        "transcription",
        "alloy",
        "Copper lanterns drift past nine quiet harbours.",
    ),
    ("voice", "nova", "Which city is the capital of France?"),
];

/// Samples a second: enough for the words, and half the size of a telephone's wideband.
const SAMPLE_RATE: u32 = 8_000;

/// Every fixture: path below the fixtures folder and content.
pub(crate) fn fixtures() -> Result<Vec<(String, Vec<u8>)>, UnsupportedFormat> {
    let mut files = Vec::new();
    for (name, voice, words) in RECORDINGS {
        files.push((
            format!("{name}.wav"),
            synthesize_wav(words, voice, SAMPLE_RATE)?,
        ));
        files.push((format!("{name}.txt"), format!("{words}\n").into_bytes()));
    }
    Ok(files)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    for (path, content) in fixtures()? {
        std::fs::write(folder.join(path), content)?;
    }
    Ok(())
}
