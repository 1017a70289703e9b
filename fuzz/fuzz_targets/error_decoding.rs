#![no_main]

#[path = "../entry/error_decoding.rs"]
mod entry;

use std::sync::LazyLock;

use tokio::runtime::{Builder, Runtime};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut builder = Builder::new_current_thread();
    builder.enable_time().build().expect("a runtime")
});

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let _context = RUNTIME.enter();
    entry::check(input);
});
