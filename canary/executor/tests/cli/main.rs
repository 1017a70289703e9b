//! The `canary` command as a person or a script meets it: the real binary, real files, real sockets.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, in its helpers too"
)]

mod artifact;
mod bound;
mod broken_matrix;
mod clean_install;
mod color;
mod crash;
mod documents;
mod elsewhere;
mod exit_codes;
mod given;
mod interrupt;
mod matrix_tools;
mod preflight;
mod refused;
mod reports;
mod runs;
mod secrets;
mod security;
mod selftest;
mod serve;
mod shards;
mod sinks;
mod support;
mod told;
