//! `canary preflight`: which rows could run, without a network.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use canary_core::{
    exit::Exit,
    input::{Declared, Input, Inputs, Need},
    matrix::Matrix,
    plan::Plan,
};
use chrono::Utc;

use super::{
    CommandError, Shell,
    apart::Files,
    args::{MatrixFolder, Preflight},
    candidate::{UnderTest, under_test},
};
use crate::{load, report, sink::terminal};

/// Reads the matrix that the arguments name, with the faults that this binary knows.
pub(super) fn load_matrix(folder: &MatrixFolder) -> Result<Matrix, CommandError> {
    let faults: Vec<&str> = runinfra_gateway::fault::catalogue()
        .iter()
        .map(|fault| fault.name)
        .collect();
    Ok(load::matrix(folder.matrix.as_deref(), &faults)?)
}

/// Resolves the inputs, and notes variables that look like inputs and are none. One that has a default and was
/// set to what cannot be used is refused: the default in its place would be a gateway, a time or a file that nobody
/// asked for.
pub(super) fn load_inputs(
    declared: &Declared,
    env_file: Option<&Path>,
    shell: &Shell,
) -> Result<Inputs, CommandError> {
    let from_file = env_file.map(load::env_file).transpose()?;
    let names: BTreeSet<&str> = shell
        .environment
        .keys()
        .chain(from_file.iter().flat_map(BTreeMap::keys))
        .map(String::as_str)
        .collect();
    for stray in declared.strays(names) {
        shell.console.note(&format!("note: {stray}"));
    }
    let mut variables = declared.inputs().iter().flat_map(Input::variables);
    if let Some(name) = variables.find(|name| shell.unreadable.contains(*name)) {
        return Err(CommandError::Usage(format!(
            "{name} cannot be used: it is not UTF-8; mend it, or unset it"
        )));
    }
    let inputs = load::inputs(declared, &shell.environment, from_file.as_ref());
    let mut unusable = inputs.invalid();
    unusable.retain(|unmet| has_default(declared, &unmet.need));
    if unusable.is_empty() {
        return Ok(inputs);
    }
    let unusable: Vec<String> = unusable.iter().map(ToString::to_string).collect();
    Err(CommandError::Usage(format!(
        "{}; mend it, or unset it to use its default",
        unusable.join("; ")
    )))
}

fn has_default(declared: &Declared, need: &Need) -> bool {
    match need {
        Need::Input(name) => declared
            .input(name)
            .is_some_and(|input| input.default.is_some()),
        Need::Choice(_) => false,
    }
}

pub(super) async fn preflight(args: &Preflight, shell: &Shell) -> Result<Exit, CommandError> {
    let matrix = load_matrix(&args.matrix)?;
    let inputs = load_inputs(matrix.inputs(), args.env_file.as_deref(), shell)?;
    Files::of(&args.matrix)
        .reads("--env-file", args.env_file.as_deref())
        .reads_inputs(&matrix, &inputs)
        .writes("--report", args.report.as_deref())
        .check()?;
    let plan = Plan::resolve(&matrix, &inputs);
    let header = match under_test(
        shell,
        matrix.inputs(),
        args.package_source,
        args.strict,
        args.artifacts_root.as_deref(),
    )
    .await?
    {
        UnderTest::Here(header) => header,
        UnderTest::Elsewhere(exit) => return Ok(exit),
    };
    let report = report::readiness(&header, &matrix, &inputs, &plan, Utc::now());
    if let Some(path) = &args.report {
        let scanner = report::scanner(matrix.inputs(), &inputs, &shell.environment)?;
        report::save(&report, path, &scanner)?;
    }
    shell.console.say(&terminal::plan(&plan));
    for error in &report.readiness.row_coverage_errors {
        shell
            .console
            .say(&format!("no row proves the SDK operation {error}"));
    }
    let ready = report.readiness.status == canary_core::report::v1::ReadyStatus::Ready;
    Ok(if ready || !args.strict {
        Exit::Yes
    } else {
        Exit::No
    })
}
