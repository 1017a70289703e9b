//! `canary coverage`: which of the SDK's public operations have rows, and which claims are proven.

use std::collections::BTreeSet;

use canary_core::{
    exit::Exit,
    matrix::{Matrix, operations},
    plan::surface_coverage,
};

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
        .chain(claims(&matrix, shell))
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

/// Prints where each claim is proven, and returns those whose tests are not there.
fn claims(matrix: &Matrix, shell: &Shell) -> Vec<String> {
    let mut holes = Vec::new();
    for claim in matrix.claims() {
        let proof = match &claim.untestable {
            Some(why) => format!("not testable from outside: {why}"),
            None => claim
                .rows
                .iter()
                .chain(&claim.tests)
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(", "),
        };
        shell
            .console
            .say(&format!("{} ({}): {proof}", claim.id, claim.source));
        let missing = claim.tests.iter().filter(|test| !is_sdk_test(test));
        holes.extend(
            missing.map(|test| format!("the claim {} names {test}, which is not there", claim.id)),
        );
    }
    holes
}

/// Whether the SDK's sources have a test of that name, written `tests/file.rs::name`.
fn is_sdk_test(test: &str) -> bool {
    let Some((file, name)) = test.split_once("::") else {
        return false;
    };
    let name = name.rsplit("::").next().unwrap_or(name);
    let source = report::sdk_files().iter().find(|(path, _)| *path == file);
    source.is_some_and(|(_, bytes)| String::from_utf8_lossy(bytes).contains(&format!("fn {name}(")))
}
