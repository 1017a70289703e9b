//! The gateway over real sockets.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail like tests"
)]

mod chat;
mod faults;
mod hostile;
mod routes;
mod service;
mod support;
mod wire;
