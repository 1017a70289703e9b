//! The crate from outside: over real loopback sockets, and over none where the clock has to stand still.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, in its helpers too"
)]

mod audio;
mod blocking;
mod calls;
mod documents;
mod examples;
mod fuzz;
mod memory;
mod objects;
mod operations;
mod papers;
mod redaction;
mod requests;
mod retries;
mod streams;
mod support;
mod timeouts;
mod traces;
mod transport;
mod validation;
mod wasm;
mod wire;
