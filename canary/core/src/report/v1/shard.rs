//! Runs of single shares, and where a run that was put together came from.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;

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
