//! `canary selftest`: every row against what must make it fail.

use canary_core::exit::Exit;

use super::{CommandError, Shell, args::Selftest, preflight::load_matrix};
use crate::{selftest, sink::terminal};

pub(super) async fn selftest(args: Selftest, shell: &Shell) -> Result<Exit, CommandError> {
    let matrix = load_matrix(&args.matrix)?;
    let plan = selftest::plan(&matrix, &args.fault, args.full)?;
    let note = |line: &str| shell.console.note(line);
    let work = selftest::run(&matrix, &plan, args.jobs, &note);
    let Some(outcome) = shell.cancel.run_until_cancelled(work).await else {
        return Ok(Exit::Interrupted);
    };
    let outcome = outcome.map_err(|error| CommandError::CouldNotTell(error.to_string()))?;
    shell.console.say(&terminal::kills(&outcome));
    Ok(if outcome.holds() { Exit::Yes } else { Exit::No })
}
