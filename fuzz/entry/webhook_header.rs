//! No header passes without the signature, and none panics. The input is the time in Unix seconds and the header, a line
//! each, then the payload.

use std::time::{Duration, UNIX_EPOCH};

const SECRET: &str = "whsec_fuzz_marker";

/// Verifies the delivery that `input` is.
pub(crate) fn check(input: &[u8]) {
    let mut lines = input.splitn(3, |byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let (now, header, payload) = (line(), line(), line());
    let (Ok(now), Ok(header)) = (std::str::from_utf8(now), std::str::from_utf8(header)) else {
        return;
    };
    let now = UNIX_EPOCH + Duration::from_secs(now.parse::<u32>().unwrap_or_default().into());
    let verified = runinfra::webhooks::construct_event(payload, header, SECRET, now);
    let error = verified.expect_err("nobody can sign without the secret");
    assert!(!format!("{error} {error:?}").contains(SECRET));
}
