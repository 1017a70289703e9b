//! `canary-verify`: the shell around the verifier.

#[expect(
    clippy::disallowed_methods,
    reason = "the shell reads the clock and the environment"
)]
mod cli;
mod files;
mod terminal;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main().into()
}
