#![no_main]

#[path = "../entry/webhook_header.rs"]
mod entry;

libfuzzer_sys::fuzz_target!(|input: &[u8]| entry::check(input));
