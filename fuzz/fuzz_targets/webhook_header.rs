//! No header passes without the signature, and none panics.
#![no_main]

use std::time::{Duration, UNIX_EPOCH};

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&[u8], &str, u32)| {
    let (payload, header, now) = input;
    let now = UNIX_EPOCH + Duration::from_secs(u64::from(now));
    let verified = runinfra::webhooks::construct_event(payload, header, "whsec_fuzz_marker", now);
    let error = verified.expect_err("nobody can sign without the secret");
    assert!(!format!("{error} {error:?}").contains("whsec_fuzz_marker"));
});
