//! The binary as a person or a workflow runs it: files in, exit code and text out.

#![expect(
    clippy::disallowed_methods,
    reason = "tests start the program, and need the present"
)]
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is a failed test"
)]

mod bench;
mod edges;
mod promotion;
#[path = "../support/mod.rs"]
mod support;
#[cfg(unix)]
mod writes;
