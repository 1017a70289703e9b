//! The half of a report that only a run can write: how it went, and what each row saw.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EnvState, Partition, Shard};
use crate::{
    digest::Digest,
    evidence::{Measured, Word},
    judge::Outcome,
};

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
    /// Keyed digest of what the gateway said of itself when the run began: its name and its catalog;
    /// absent when the catalog could not be read.
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
    /// Digest of the whole report as it would be written without this field. Whoever changes a report
    /// by hand, wherever, has to know of it; it proves nothing about who wrote the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal_sha256: Option<Digest>,
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
    /// The production URL, or `custom_set_redacted` for every other gateway.
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
