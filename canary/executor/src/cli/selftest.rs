//! `canary selftest`: every row against what must make it fail.

use canary_core::{exit::Exit, matrix::Matrix};

use super::{CommandError, Shell, apart::Files, args::Selftest, preflight::load_matrix};
use crate::{
    selftest::{self, Header, Log, LogError, Options, SelftestError, Tried},
    sink::terminal,
};

pub(super) async fn selftest(args: Selftest, shell: &Shell) -> Result<Exit, CommandError> {
    let matrix = load_matrix(&args.matrix)?;
    Files::of(&args.matrix)
        .writes("--out", args.out.as_deref())
        .check()?;
    let mut options = Options {
        only: args.fault.clone(),
        full: args.full,
        first_kill: args.first_kill,
        partition: args.partition,
        known: Vec::new(),
    };
    // A name that there is not is told before an older log is touched.
    selftest::plan(&matrix, &options)?;
    let (mut log, known) = log(&args, &matrix)?;
    options.known = known;
    let plan = selftest::plan(&matrix, &options)?;
    shell.console.note(&plan.line());
    let mut note = |tried: &Tried| {
        shell.console.note(&terminal::tried_line(tried));
        log.as_mut().map_or(Ok(()), |log| log.add(tried))
    };
    let outcome = selftest::run(&matrix, &plan, args.jobs.get(), &mut note, &shell.cancel)
        .await
        .map_err(could_not_tell)?;
    shell.console.say(&terminal::kills(&outcome));
    Ok(if outcome.aborted {
        Exit::Interrupted
    } else if outcome.holds() {
        Exit::Yes
    } else {
        Exit::No
    })
}

/// Where results go as they come, and what is there already.
fn log(args: &Selftest, matrix: &Matrix) -> Result<(Option<Log>, Vec<Tried>), CommandError> {
    let header = Header {
        matrix_digest_sha256: matrix.digest(),
        full: args.full,
        first_kill: args.first_kill,
    };
    let opened = match &args.out {
        None => return Ok((None, Vec::new())),
        Some(path) if args.resume => Log::resume(path, &header),
        Some(path) => Log::create(path, &header).map(|log| (log, Vec::new())),
    };
    opened
        .map(|(log, known)| (Some(log), known))
        .map_err(|error| match error {
            LogError::Io { .. } => CommandError::CouldNotTell(error.to_string()),
            LogError::Another { .. } | LogError::Line { .. } => {
                CommandError::Usage(error.to_string())
            }
        })
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it stands where an error is mapped"
)]
fn could_not_tell(error: SelftestError) -> CommandError {
    CommandError::CouldNotTell(error.to_string())
}
