//! `canary completions`: what a shell needs to complete arguments.

use canary_core::exit::Exit;
use clap::CommandFactory as _;

use super::{
    Shell,
    args::{Args, Completions},
};

pub(super) fn completions(args: &Completions, shell: &Shell) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "canary", &mut script);
    shell.console.say(&String::from_utf8_lossy(&script));
    Exit::Yes
}
