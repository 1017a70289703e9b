//! Version 1 of both reports, frozen: a change of meaning is a version 2.
//!
//! Preflight and run write the same envelope. Preflight's has no run and no lanes. Every type
//! refuses unknown fields, and none can hold a free text that came from a gateway.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    evidence::{Measured, Word},
    judge::Outcome,
};

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

/// When and how a run went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Run {
    /// Random UUID of this run.
    pub id: String,
    /// When it began (UTC).
    pub started_at: DateTime<Utc>,
    /// When it ended (UTC).
    pub finished_at: DateTime<Utc>,
    /// Whether it reached its end.
    pub ended: Ended,
    /// Digest of the bytes of the readiness report that this run was bound to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readiness_digest_sha256: Option<Digest>,
    /// Digest of the challenge that the run was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge_sha256: Option<Digest>,
    /// Keyed digest of the catalog when the run began; absent when it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway_at_start: Option<Digest>,
    /// The same, when the run ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway_at_end: Option<Digest>,
    /// Which share of the rows this run had; absent when it had all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition: Option<Partition>,
    /// The runs of single shares that this one was put together from, in the order of the shares;
    /// absent when it was one run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shards: Option<Vec<Shard>>,
}

/// One share of the rows: every `of`-th row of the matrix, beginning with the `index`-th.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Partition {
    /// Which share it is, from 1.
    pub index: u64,
    /// How many there are.
    pub of: u64,
}

/// Where one share of a run that was put together came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Shard {
    /// The share.
    pub partition: Partition,
    /// UUID of the run that had it.
    pub run_id: String,
    /// When that run began (UTC).
    pub started_at: DateTime<Utc>,
    /// When it ended (UTC).
    pub finished_at: DateTime<Utc>,
    /// Digest of the bytes of its report.
    pub report_sha256: Digest,
    /// Digest of its results, as JSON without spaces.
    pub results_sha256: Digest,
    /// Keyed digest of the catalog when that run began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway_at_start: Option<Digest>,
    /// The same, when it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway_at_end: Option<Digest>,
}

/// Whether a run reached its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// Every row had its turn.
    Completed,
    /// Somebody interrupted it; rows that had no turn are `skipped`.
    Aborted,
}

/// What one lane (one client language) saw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Lane {
    /// `rust`.
    pub language: String,
    /// Version of the SDK that ran.
    pub sdk_version: String,
    /// Same as the report's `strict`.
    pub strict: bool,
    /// [`PRODUCTION_BASE_URL`] or [`CUSTOM_BASE_URL`].
    #[serde(rename = "baseURL")]
    pub base_url: String,
    /// Each declared input and whether it was set.
    pub env: BTreeMap<String, EnvState>,
    /// Recount of `results`.
    pub summary: RunSummary,
    /// One entry a row, in the order of the matrix.
    pub results: Vec<RowResult>,
}

/// How many rows came out how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunSummary {
    /// Rows whose every check held.
    pub passed: u64,
    /// Rows with a broken promise.
    pub failed: u64,
    /// Rows that could not tell.
    pub inconclusive: u64,
    /// Rows that did not run.
    pub skipped: u64,
}

/// How a row came out.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RowStatus {
    /// Every check held.
    Passed,
    /// A promise was broken.
    Failed,
    /// It could not tell: rate limited, out of credits, unreachable.
    Inconclusive,
    /// It did not run.
    Skipped,
}

/// One row of a lane.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RowResult {
    /// Name of the row.
    pub name: String,
    /// How it came out.
    pub status: RowStatus,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// What was seen; present whenever the row ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<RowEvidence>,
    /// Why it did not pass; present exactly when it failed or could not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<RowError>,
    /// Inputs it lacks; present exactly when it was skipped for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Vec<String>>,
}

/// What was seen while a row ran.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RowEvidence {
    /// The calls, in the order of the row.
    pub calls: Vec<CallEvidence>,
    /// The checks, in the order of the row; the verifier judges them again.
    pub checks: Vec<CheckEvidence>,
}

/// One call of a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CallEvidence {
    /// The call's name in the row.
    pub name: String,
    /// How the gateway stood to it.
    pub standing: Standing,
    /// HTTP status of the last answer; absent when there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The gateway's request id, when it is a UUID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// How many HTTP exchanges the call made.
    pub exchanges: u64,
    /// From sending to the first increment of a stream, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttft_ms: Option<u64>,
    /// The longest wait between two increments of a stream, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_gap_ms: Option<u64>,
    /// The whole call, in milliseconds.
    pub total_ms: u64,
}

/// How the gateway stood to a call. Anything but `answered` makes a row that has a broken check
/// inconclusive instead of failed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It answered, rightly or wrongly.
    Answered,
    /// It said 429 in a proper envelope, and the row did not ask for that.
    RateLimited,
    /// It said 402 in a proper envelope, and the row did not ask for that.
    OutOfCredits,
    /// It said 503 in a proper envelope, and the row did not ask for that.
    Unavailable,
    /// No connection could be made.
    Unreachable,
}

/// One check of a row, with what it was decided from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckEvidence {
    /// The check's name in the vocabulary, as `expectation` or `expectation.part`.
    pub check: String,
    /// The call (or calls) it looks at.
    pub of: String,
    /// What was measured.
    pub measured: Measured,
    /// What the executor's judge said of it.
    pub outcome: Outcome,
}

/// Why a row did not pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RowError {
    /// The first broken check, or what kept the row from being judged.
    pub name: String,
    /// The SDK's error kind, when a call ended in an error.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub error_type: Option<Word>,
    /// The verdict in one word.
    pub diagnostic: Diagnostic,
    /// HTTP status of the call that the check looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The gateway's request id of that call, when it is a UUID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Always `redacted`: what a gateway says in words never reaches a report.
    pub message: Redacted,
}

/// The verdict of a row that did not pass, in one word.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Diagnostic {
    /// A check was broken.
    CheckBroken,
    /// Nothing was evaluated.
    NothingEvaluated,
    /// The gateway limited the rate.
    RateLimited,
    /// The account is out of credits.
    OutOfCredits,
    /// The gateway is not available.
    Unavailable,
    /// The gateway could not be reached.
    Unreachable,
    /// The row took longer than it may.
    Deadline,
    /// The run was interrupted while the row ran.
    Aborted,
    /// The harness itself failed.
    Harness,
}

/// The only message a report has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Redacted {
    /// `redacted`.
    Redacted,
}
