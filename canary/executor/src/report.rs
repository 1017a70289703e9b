//! Puts reports together and writes them, whole or not at all.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use canary_core::{
    candidate::{
        archive::Package,
        fit::{self, Objection},
        manifest,
        source::SourceTree,
    },
    digest::Digest,
    input::{Declared, Inputs, Value},
    leak::{self, Scanner, ScannerError},
    matrix::Matrix,
    merge,
    plan::{Plan, env_states, surface_coverage},
    report::{
        v1::{
            CUSTOM_BASE_URL, Candidate, Ended, Kind, Lane, MatrixIdentity, PackageSource, Parity,
            ParityStatus, Partition, Purpose, Report, Run, RunSummary, SCHEMA_VERSION,
        },
        write,
    },
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    place::{self, PlaceError},
    run::Outcome,
};

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/sdk_files.rs"));
}

/// Version of this executor, as reports name it.
pub const EXECUTOR_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Why a report was not written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The sources in this binary are not a package.
    #[error(
        "the SDK sources in this binary cannot be identified: {0}; build it from a whole checkout"
    )]
    Candidate(String),
    /// Without a scanner nothing may be written.
    #[error("could not prepare the leak scan: {0}; nothing was written")]
    Scanner(#[from] ScannerError),
    /// The report has no bytes.
    #[error(transparent)]
    Bytes(#[from] write::WriteError),
    /// The file could not be written.
    #[error("could not write the report {}: {source}", path.display())]
    Write {
        /// Where.
        path: PathBuf,
        /// Why not.
        source: PlaceError,
    },
}

/// What reports of one invocation have in common.
#[derive(Debug, Clone)]
pub struct Header {
    /// Whether nothing may be skipped.
    pub strict: bool,
    /// What the reports are for.
    pub purpose: Purpose,
    /// The SDK under test.
    pub candidate: Candidate,
}

/// The SDK's files as they were compiled into this binary: path in the package, bytes.
pub fn sdk_files() -> &'static [(&'static str, &'static [u8])] {
    embedded::SDK_FILES
}

/// Everything for which a packed SDK is not compiled, or is not what this binary was compiled with:
/// its dependencies have to be locked to the versions that are in here.
pub fn objections(package: &Package) -> Vec<Objection> {
    fit::objections(
        package,
        embedded::WORKSPACE_MANIFEST,
        embedded::WORKSPACE_LOCK,
    )
}

/// The SDK that is compiled into this binary.
pub fn candidate(package_source: PackageSource) -> Result<Candidate, ReportError> {
    let unknown = |error: &dyn std::fmt::Display| ReportError::Candidate(error.to_string());
    let tree =
        SourceTree::pick(embedded::SDK_FILES.iter().copied()).map_err(|error| unknown(&error))?;
    let identity = manifest::identity(tree.manifest(), Some(embedded::WORKSPACE_MANIFEST))
        .map_err(|error| unknown(&error))?;
    Ok(Candidate {
        sdk_version: identity.version,
        package_source,
        source_digest_sha256: tree.digest(),
        source_file_count: tree.file_count(),
        artifact_digests_checked: false,
        artifacts: Vec::new(),
    })
}

/// Preflight's report.
pub fn readiness(
    header: &Header,
    matrix: &Matrix,
    inputs: &Inputs,
    plan: &Plan<'_>,
    now: DateTime<Utc>,
) -> Report {
    Report {
        schema_version: SCHEMA_VERSION,
        kind: Kind::Readiness,
        generated_at: now,
        strict: header.strict,
        purpose: header.purpose,
        package_source: header.candidate.package_source,
        candidate: header.candidate.clone(),
        matrix: MatrixIdentity {
            digest_sha256: matrix.digest(),
            file_count: matrix.files().len() as u64,
            row_count: matrix.rows().len() as u64,
            executor_version: EXECUTOR_VERSION.to_owned(),
        },
        expected_rows: matrix.rows().iter().map(|row| row.name.clone()).collect(),
        readiness: plan.readiness(matrix, inputs),
        surface_coverage: surface_coverage(matrix),
        parity: Parity {
            status: ParityStatus::NotRun,
        },
        run: None,
        reports: Vec::new(),
    }
}

/// When a run took place, and what it was bound to.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: DateTime<Utc>,
    /// Digest of the readiness report that it followed.
    pub readiness: Option<Digest>,
    /// Digest of the challenge that it was given.
    pub challenge: Option<Digest>,
    /// Its share of the rows, when it did not have all.
    pub partition: Option<Partition>,
}

/// The live report of a run: preflight's envelope, and what happened.
pub fn live(envelope: Report, inputs: &Inputs, outcome: &Outcome, binding: Binding) -> Report {
    let lane = Lane {
        language: "rust".to_owned(),
        sdk_version: envelope.candidate.sdk_version.clone(),
        strict: envelope.strict,
        base_url: match inputs.value("RUNINFRA_BASE_URL") {
            Some(Value::Url(url)) => url.reported().to_owned(),
            _ => CUSTOM_BASE_URL.to_owned(),
        },
        env: env_states(inputs),
        summary: summary(outcome),
        results: outcome.results.clone(),
    };
    Report {
        kind: Kind::Live,
        generated_at: binding.finished_at,
        parity: Parity {
            status: ParityStatus::Matched,
        },
        run: Some(Run {
            id: Uuid::new_v4().to_string(),
            started_at: binding.started_at,
            finished_at: binding.finished_at,
            ended: if outcome.aborted {
                Ended::Aborted
            } else {
                Ended::Completed
            },
            readiness_digest_sha256: binding.readiness,
            challenge_sha256: binding.challenge,
            gateway_at_start: outcome.gateway_at_start,
            gateway_at_end: outcome.gateway_at_end,
            partition: binding.partition,
            shards: None,
            seal_sha256: None,
        }),
        reports: vec![lane],
        ..envelope
    }
}

/// How many rows came out how.
pub fn summary(outcome: &Outcome) -> RunSummary {
    merge::count(&outcome.results)
}

/// Looks for every secret that this process was given: the inputs, and whatever else of its
/// environment is sensitive by name.
pub fn scanner(
    declared: &Declared,
    inputs: &Inputs,
    environment: &BTreeMap<String, String>,
) -> Result<Scanner, ReportError> {
    let mut values = inputs.sensitive_values().to_vec();
    values.extend(leak::sensitive_values(environment));
    Ok(Scanner::new(&values)?.with_names(declared.secret_variables()))
}

/// Writes a report in one step: a reader sees the old file, or the whole new one.
/// A report that would leak is not written at all.
pub fn save(report: &Report, path: &Path, scanner: &Scanner) -> Result<Vec<u8>, ReportError> {
    let bytes = write::to_bytes(report, scanner)?;
    place::write_whole(path, &bytes).map_err(|source| ReportError::Write {
        path: path.to_owned(),
        source,
    })?;
    Ok(bytes)
}
