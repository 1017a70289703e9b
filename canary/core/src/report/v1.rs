//! Version 1 of both reports, frozen: a change of meaning is a version 2.
//!
//! Preflight and run write the same envelope. Preflight's has no run and no lanes. Every type
//! refuses unknown fields, and none can hold a free text that came from a gateway.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod run;
mod shard;

pub use run::{
    CallEvidence, CheckEvidence, Diagnostic, Ended, Lane, Redacted, RowError, RowEvidence,
    RowResult, RowStatus, Run, RunSummary, Standing,
};
pub use shard::{Partition, Shard};

use crate::digest::Digest;

/// The version that both reports carry in `schemaVersion`.
pub const SCHEMA_VERSION: u32 = 1;

/// What `baseURL` says for every gateway but production.
pub const CUSTOM_BASE_URL: &str = "custom_set_redacted";

/// The only gateway whose evidence may promote a release.
pub const PRODUCTION_BASE_URL: &str = "https://api.runinfra.ai/v1";

/// A report of either kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Report {
    /// Always [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Which of the two reports this is.
    pub kind: Kind,
    /// When the report was made (UTC).
    pub generated_at: DateTime<Utc>,
    /// Whether every row had to be ready, and every row has to pass.
    pub strict: bool,
    /// What the evidence may be used for.
    pub purpose: Purpose,
    /// Where the SDK under test came from.
    pub package_source: PackageSource,
    /// The SDK under test.
    pub candidate: Candidate,
    /// The rows and declarations that were in force.
    pub matrix: MatrixIdentity,
    /// Names of all rows, in the order of the matrix.
    pub expected_rows: Vec<String>,
    /// Which rows could run, and what the others lack.
    pub readiness: Readiness,
    /// Which SDK operations have rows.
    pub surface_coverage: SurfaceCoverage,
    /// Whether the lanes agree.
    pub parity: Parity,
    /// How the run went; only in a live report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Run>,
    /// One entry a lane; empty in a readiness report.
    pub reports: Vec<Lane>,
}

/// Which report a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Made by preflight, without a network.
    Readiness,
    /// Made by a run.
    Live,
}

/// What a report may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Evidence about the gateway that the inputs name.
    Evidence,
    /// A rehearsal against the embedded gateway: never evidence for a promotion.
    Rehearsal,
}

/// Where the SDK under test came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PackageSource {
    /// The packed `.crate` that would be published.
    Artifact,
    /// The working tree.
    Source,
}

/// The SDK under test, down to its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Candidate {
    /// Version in the SDK's manifest.
    pub sdk_version: String,
    /// Same as the report's `packageSource`.
    pub package_source: PackageSource,
    /// Tree digest of the SDK's sources as compiled into the binary that ran.
    pub source_digest_sha256: Digest,
    /// How many files that digest covers.
    pub source_file_count: u64,
    /// Whether `artifacts` were opened and their sources found to be the compiled ones.
    pub artifact_digests_checked: bool,
    /// The packed files, sorted by name.
    pub artifacts: Vec<Artifact>,
}

/// One packed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Artifact {
    /// Package name.
    pub name: String,
    /// File name without any folder.
    pub file_name: String,
    /// Digest of the file's bytes.
    pub sha256: Digest,
}

/// The rows and declarations that were in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MatrixIdentity {
    /// Digest of every matrix file, name and bytes, sorted by name.
    pub digest_sha256: Digest,
    /// How many files that is.
    pub file_count: u64,
    /// How many rows they declare.
    pub row_count: u64,
    /// Version of the executor that read them.
    pub executor_version: String,
}

/// Which rows could run, and what the others lack. Names only, never values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Readiness {
    /// `ready` only when every row is.
    pub status: ReadyStatus,
    /// Each declared input and whether it is set.
    pub env: BTreeMap<String, EnvState>,
    /// Canonical input name → the alias that was set in its stead.
    pub aliases: BTreeMap<String, String>,
    /// Inputs that some row needs and that are missing or unusable, sorted.
    pub missing: Vec<String>,
    /// Operations without a row, rows without an operation, and the like.
    pub row_coverage_errors: Vec<String>,
    /// Recount of `rows`.
    pub summary: ReadinessSummary,
    /// One entry a row, in the order of the matrix.
    pub rows: Vec<RowReadiness>,
}

/// Whether something can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadyStatus {
    /// Nothing is lacking.
    Ready,
    /// Something is.
    Blocked,
}

/// Whether an input is set. The value is never told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EnvState {
    /// Set, to a value that is not shown.
    SetRedacted,
    /// Not set, or blank.
    Missing,
}

/// How many rows are ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadinessSummary {
    /// Rows that can run.
    pub ready: u64,
    /// Rows that cannot.
    pub blocked: u64,
}

/// One row's readiness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RowReadiness {
    /// Name of the row.
    pub name: String,
    /// Whether it can run.
    pub status: ReadyStatus,
    /// Inputs it lacks, sorted; empty when ready.
    pub missing: Vec<String>,
}

/// Which SDK operations have rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SurfaceCoverage {
    /// Operation → rows that prove it, both sorted.
    pub operations: BTreeMap<String, Vec<String>>,
    /// Operations that no row proves, sorted.
    pub uncovered: Vec<String>,
}

/// Whether the lanes agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parity {
    /// The answer.
    pub status: ParityStatus,
}

/// Whether the lanes agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParityStatus {
    /// No lane ran.
    NotRun,
    /// Every lane has the same rows with the same statuses.
    Matched,
    /// They do not.
    Mismatched,
}
