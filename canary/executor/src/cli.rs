//! The shell: arguments become one typed command, the command runs, and the process ends with one
//! of the documented exit codes. Nothing else in this crate reads the environment, prints or exits.

mod apart;
mod args;
mod bound;
mod candidate;
mod clean_install;
mod completions;
mod console;
mod coverage;
mod crash;
mod discover;
mod interrupt;
mod matrix;
mod merge;
mod preflight;
mod rehearse;
mod run;
mod security;
mod selftest;
mod serve;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{ErrorKind, Write as _, stdout},
    path::PathBuf,
    process::ExitCode,
};

use canary_core::{diagnose::Problems, exit::Exit};
use clap::Parser;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use crate::{
    artifact::{ArtifactError, BUILT_FOR},
    children::Children,
    clean::CleanError,
    load::LoadError,
    place::PlaceError,
    rehearsal::UnknownFault,
    report::ReportError,
    security::SecurityError,
    sink::files::SinkError,
    world::WorldError,
};
use apart::ApartError;
use args::{Args, Command};
use console::Console;
use interrupt::Interrupts;

/// Why a command could not give an answer.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Report(#[from] ReportError),
    #[error(transparent)]
    Sink(#[from] SinkError),
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
    #[error(transparent)]
    Clean(#[from] CleanError),
    #[error(transparent)]
    Security(#[from] SecurityError),
    #[error(transparent)]
    World(#[from] WorldError),
    #[error(transparent)]
    Fault(#[from] UnknownFault),
    #[error(transparent)]
    Apart(#[from] ApartError),
    #[error("could not write {}: {source}", path.display())]
    Write { path: PathBuf, source: PlaceError },
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    CouldNotTell(String),
}

impl CommandError {
    fn exit(&self) -> Exit {
        match self {
            Self::Artifact(ArtifactError::Refused { .. } | ArtifactError::Unfit { .. }) => Exit::No,
            Self::Load(error) if error.is_doubt() => Exit::CouldNotTell,
            Self::Load(_)
            | Self::Fault(_)
            | Self::Apart(_)
            | Self::Write {
                source: PlaceError::NotPlain(_),
                ..
            }
            | Self::Report(ReportError::Write {
                source: PlaceError::NotPlain(_),
                ..
            })
            | Self::Sink(SinkError::Write {
                source: PlaceError::NotPlain(_),
                ..
            })
            | Self::Usage(_)
            | Self::Artifact(
                ArtifactError::NotOne { .. }
                | ArtifactError::NotThere(_)
                | ArtifactError::NoWorkspace(_),
            )
            | Self::World(WorldError::Unusable(_))
            | Self::Security(SecurityError::Base(_) | SecurityError::Token) => Exit::Usage,
            Self::Report(_)
            | Self::Sink(_)
            | Self::Write { .. }
            | Self::World(WorldError::Client(_))
            | Self::Clean(_)
            | Self::Security(_)
            | Self::Artifact(_)
            | Self::CouldNotTell(_) => Exit::CouldNotTell,
        }
    }
}

/// What a command may know of the process it runs in.
struct Shell {
    console: Console,
    environment: BTreeMap<String, String>,
    /// Variables whose values are no Unicode.
    unreadable: BTreeSet<String>,
    cancel: CancellationToken,
    children: Children,
}

/// Runs the command of this process's arguments.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            return said(&error).into();
        }
    };
    let console = Console::new(args.color());
    crash::tell_nothing(console);
    crash::caught(|| answer(args, console))
}

/// Says what clap has to say. Help and version are answers, so they have to arrive; anything else is
/// wrong usage.
fn said(error: &clap::Error) -> Exit {
    let printed = error.print().and_then(|()| stdout().flush());
    if error.use_stderr() {
        return Exit::Usage;
    }
    match printed {
        Err(lost) if lost.kind() != ErrorKind::BrokenPipe => {
            Console::new(None).error(&format!("could not print: {lost}"));
            Exit::CouldNotTell
        }
        _ => Exit::Yes,
    }
}

fn answer(args: Args, console: Console) -> ExitCode {
    init_log(console);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            console.error(&format!("could not start: {error}"));
            return Exit::CouldNotTell.into();
        }
    };
    let cancel = CancellationToken::new();
    let children = Children::default();
    let started = std::env::var_os(BUILT_FOR).is_some();
    let interrupts = {
        let _within = runtime.enter();
        Interrupts::listen()
    };
    match interrupts {
        Ok(interrupts) => {
            runtime.spawn(interrupts.cancel(cancel.clone(), children.clone(), started))
        }
        Err(error) => {
            console.error(&format!("could not listen for Ctrl-C: {error}"));
            return Exit::CouldNotTell.into();
        }
    };
    let (environment, unreadable) = variables();
    let shell = Shell {
        console,
        environment,
        unreadable,
        cancel,
        children,
    };
    let exit = match runtime.block_on(dispatch(args.command, &shell)) {
        Ok(_) if shell.console.lost_some() => Exit::CouldNotTell,
        Ok(exit) => exit,
        Err(error) => {
            shell.complain(&error);
            error.exit()
        }
    };
    // What still runs is of no use to anyone now.
    runtime.shutdown_background();
    exit.into()
}

/// The variables of this process, and the names of those whose values are no Unicode.
fn variables() -> (BTreeMap<String, String>, BTreeSet<String>) {
    let mut readable = BTreeMap::new();
    let mut unreadable = BTreeSet::new();
    for (name, value) in std::env::vars_os() {
        // A name that is no Unicode is none that we know.
        match (name.into_string(), value.into_string()) {
            (Ok(name), Ok(value)) => drop(readable.insert(name, value)),
            (Ok(name), Err(_)) => drop(unreadable.insert(name)),
            (Err(_), _) => {}
        }
    }
    (readable, unreadable)
}

fn init_log(console: Console) {
    let filter = EnvFilter::try_from_env("CANARY_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(console.color())
        // It would tell them where it could not write, and panic.
        .log_internal_errors(false)
        .init();
}

async fn dispatch(command: Command, shell: &Shell) -> Result<Exit, CommandError> {
    match command {
        Command::Rehearse(args) => rehearse::rehearse(args, shell).await,
        Command::Preflight(args) => preflight::preflight(&args, shell).await,
        Command::Run(args) => run::run(args, shell).await,
        Command::Selftest(args) => selftest::selftest(args, shell).await,
        Command::Serve(args) => serve::serve(args, shell).await,
        Command::Discover(args) => discover::discover(args, shell).await,
        Command::Matrix(args) => matrix::matrix(args, shell),
        Command::Coverage(args) => coverage::coverage(&args, shell),
        Command::Merge(args) => merge::merge(&args, shell),
        Command::SecurityStatus(args) => security::security_status(args, shell).await,
        Command::CleanInstall(args) => clean_install::clean_install(args, shell).await,
        Command::Completions(args) => Ok(completions::completions(&args, shell)),
    }
}

impl Shell {
    fn complain(&self, error: &CommandError) {
        if let CommandError::Load(LoadError::Matrix(problems)) = error {
            self.problems(problems);
        }
        self.console.error(&error.to_string());
    }

    fn problems(&self, problems: &Problems) {
        self.console
            .error_text(&problems.render(self.console.color()));
    }
}

#[cfg(test)]
mod tests;
