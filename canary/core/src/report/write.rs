//! Reports as bytes. One report has one spelling, so that a digest of the bytes is a digest of
//! the report.

use super::v1::Report;

/// A report could not be turned into bytes.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The report has no JSON form.
    #[error("tried to write a report as JSON, which failed: {0}; this is a bug, please report it")]
    Json(#[from] serde_json::Error),
}

/// The canonical bytes of a report: indented JSON, fields in the order of the types, maps in the
/// order of their keys, and a newline at the end.
pub fn canonical(report: &Report) -> Result<Vec<u8>, WriteError> {
    let mut bytes = serde_json::to_vec_pretty(report)?;
    bytes.push(b'\n');
    Ok(bytes)
}
