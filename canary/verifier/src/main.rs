//! `canary-verify`: the shell around the verifier.

mod cli;
mod files;
mod terminal;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main().into()
}
