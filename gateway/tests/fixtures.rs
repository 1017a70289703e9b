//! The committed recordings are what the example writes, and say what their transcripts say.

use std::path::Path;

use runinfra_gateway::model::media::transcribe::transcribe;

#[expect(dead_code, reason = "an example brings its own main")]
#[path = "../examples/make_fixtures.rs"]
mod make_fixtures;

/// A committed file; `cargo run -p runinfra-gateway --example make_fixtures` writes a missing one.
fn committed(path: &str) -> std::io::Result<Vec<u8>> {
    std::fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../fixtures")
            .join(path),
    )
}

/// Sine and cosine differ in the last bit between platforms, so that a sample may be off by one.
fn nearly_equal(a: &[u8], b: &[u8]) -> bool {
    const HEADER: usize = 44;
    let samples = |file: &[u8]| -> Vec<i16> {
        file[HEADER..]
            .as_chunks::<2>()
            .0
            .iter()
            .map(|&pair| i16::from_le_bytes(pair))
            .collect()
    };
    a.len() == b.len()
        && a[..HEADER] == b[..HEADER]
        && samples(a)
            .iter()
            .zip(samples(b))
            .all(|(x, y)| x.abs_diff(y) <= 1)
}

#[test]
fn committed_files_are_what_the_example_writes() {
    for (path, content) in make_fixtures::fixtures().unwrap() {
        let same = if content.starts_with(b"RIFF") {
            nearly_equal(&committed(&path).unwrap(), &content)
        } else {
            committed(&path).unwrap() == content
        };
        assert!(
            same,
            "{path} is stale; run `cargo run -p runinfra-gateway --example make_fixtures`"
        );
    }
}

#[test]
fn recordings_say_their_transcripts() {
    let mut spoken = Vec::new();
    for (name, _, words) in make_fixtures::RECORDINGS {
        let wav = committed(&format!("{name}.wav")).unwrap();
        assert!(wav.len() < 128 * 1024, "{name}.wav has {} bytes", wav.len());
        let transcript = transcribe(&wav, Some("audio/wav")).unwrap();
        assert_eq!(transcript.text, words);
        assert_eq!(
            committed(&format!("{name}.txt")).unwrap(),
            format!("{words}\n").into_bytes()
        );
        spoken.push(transcript.text);
    }
    assert_ne!(spoken[0], spoken[1]);
}
