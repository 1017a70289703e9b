//! `canary coverage`: which of the SDK's public operations have rows, and which claims are proven.

use std::collections::BTreeSet;

use canary_core::{exit::Exit, matrix::operations, plan::surface_coverage};

use super::{CommandError, Shell, args::Coverage, preflight::load_matrix};
use crate::{report, surface};

pub(super) fn coverage(args: &Coverage, shell: &Shell) -> Result<Exit, CommandError> {
    let matrix = load_matrix(&args.matrix)?;
    let public = surface::operations(report::sdk_files())
        .map_err(|error| CommandError::CouldNotTell(error.to_string()))?;
    let coverage = surface_coverage(&matrix);
    for (operation, rows) in &coverage.operations {
        shell
            .console
            .say(&format!("{:>4} rows  {operation}", rows.len()));
    }
    let known: BTreeSet<String> = operations()
        .iter()
        .filter_map(|operation| operation.surface)
        .map(str::to_owned)
        .collect();
    let holes: Vec<String> = coverage
        .uncovered
        .iter()
        .map(|operation| format!("no row proves {operation}: write one that lists it in `surfaces`"))
        .chain(public.difference(&known).map(|operation| {
            format!("the SDK has {operation}, which no row can name: add it to the vocabulary's operations")
        }))
        .chain(known.difference(&public).map(|operation| {
            format!("rows can name {operation}, which the SDK does not have: take it out of the vocabulary")
        }))
        .collect();
    for hole in &holes {
        shell.console.say(hole);
    }
    Ok(if holes.is_empty() {
        Exit::Yes
    } else {
        Exit::No
    })
}
