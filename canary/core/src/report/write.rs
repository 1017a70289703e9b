//! Reports as bytes. One report has one spelling, so that a digest of the bytes is a digest of
//! the report; and a report that would tell a secret has no bytes at all.

use super::v1::Report;
use crate::leak::{Leak, Scanner};

/// A report could not be turned into bytes.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The report has no JSON form.
    #[error("tried to write a report as JSON, which failed: {0}; this is a bug, please report it")]
    Json(#[from] serde_json::Error),
    /// The report holds something that must not be written. Nothing was.
    #[error(
        "tried to write a report and found a leak in it, so nothing was written: {}; \
         a value that the gateway echoed or an input that is no secret may be the cause",
        list(.0)
    )]
    Leak(Vec<Leak>),
}

fn list(leaks: &[Leak]) -> String {
    let leaks: Vec<String> = leaks.iter().map(ToString::to_string).collect();
    leaks.join("; ")
}

/// The canonical bytes of a report: indented JSON, fields in the order of the types, maps in the
/// order of their keys, and a newline at the end. For comparing; what is to be written goes
/// through [`to_bytes`].
pub fn canonical(report: &Report) -> Result<Vec<u8>, WriteError> {
    let mut bytes = serde_json::to_vec_pretty(report)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The canonical bytes of a report that leaks nothing.
pub fn to_bytes(report: &Report, scanner: &Scanner) -> Result<Vec<u8>, WriteError> {
    let bytes = canonical(report)?;
    let leaks = scanner.scan(&String::from_utf8_lossy(&bytes));
    if leaks.is_empty() {
        Ok(bytes)
    } else {
        Err(WriteError::Leak(leaks))
    }
}
