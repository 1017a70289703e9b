//! `canary preflight`: which rows could run, without a network.

use canary_core::{
    exit::Exit,
    matrix::Matrix,
    plan::Plan,
    report::v1::{PackageSource, Purpose},
};
use chrono::Utc;

use super::{
    CommandError, Shell,
    args::{MatrixFolder, Preflight, Source},
};
use crate::{
    load,
    report::{self, Header},
    sink::terminal,
};

/// Reads the matrix that the arguments name, with the faults that this binary knows.
pub(super) fn load_matrix(folder: &MatrixFolder) -> Result<Matrix, CommandError> {
    let faults: Vec<&str> = runinfra_gateway::fault::catalogue()
        .iter()
        .map(|fault| fault.name)
        .collect();
    Ok(load::matrix(folder.matrix.as_deref(), &faults)?)
}

/// The package source that was asked for; strict runs take the artifact.
pub(super) fn package_source(asked: Option<Source>, strict: bool) -> PackageSource {
    asked.map_or(
        if strict {
            PackageSource::Artifact
        } else {
            PackageSource::Source
        },
        Into::into,
    )
}

pub(super) fn preflight(args: Preflight, shell: &Shell) -> Result<Exit, CommandError> {
    let matrix = load_matrix(&args.matrix)?;
    let inputs = load::inputs(
        matrix.inputs(),
        &shell.environment,
        args.env_file.as_deref(),
    )?;
    let plan = Plan::resolve(&matrix, &inputs);
    let header = Header {
        strict: args.strict,
        purpose: Purpose::Evidence,
        package_source: package_source(args.package_source, args.strict),
    };
    let report = report::readiness(header, &matrix, &inputs, &plan, Utc::now())?;
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
