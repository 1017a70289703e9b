//! Whatever an env file holds, a refusal never quotes a value, and what is accepted has names.

use canary_core::input::parse_env_file;

/// Parses `input`, behind a secret on its first line.
pub(crate) fn check(input: &[u8]) {
    let secret = "rp_live_5f0e6b1c9d";
    let mut file = format!("RUNINFRA_API_KEY={secret}\n").into_bytes();
    file.extend_from_slice(input);
    for bytes in [input, &file] {
        match parse_env_file(bytes) {
            Ok(values) => assert!(values.keys().all(|name| !name.trim().is_empty())),
            Err(problem) => {
                let shown = format!("{problem} {problem:?}");
                assert!(!shown.contains(secret), "{shown}");
                let lines = bytes.split(|byte| *byte == b'\n').count();
                assert!((1..=lines).contains(&problem.line), "{shown}");
            }
        }
    }
}
