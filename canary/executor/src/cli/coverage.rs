//! `canary coverage`: which SDK operations have rows.

use canary_core::{exit::Exit, plan::surface_coverage};

use super::{CommandError, Shell, args::Coverage, preflight::load_matrix};

pub(super) fn coverage(args: &Coverage, shell: &Shell) -> Result<Exit, CommandError> {
    let matrix = load_matrix(&args.matrix)?;
    let coverage = surface_coverage(&matrix);
    for (operation, rows) in &coverage.operations {
        shell
            .console
            .say(&format!("{:>4} rows  {operation}", rows.len()));
    }
    for operation in &coverage.uncovered {
        shell.console.say(&format!("no row proves {operation}"));
    }
    Ok(if coverage.uncovered.is_empty() {
        Exit::Yes
    } else {
        Exit::No
    })
}
