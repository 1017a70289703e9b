//! Reports as bytes. One report has one spelling, so that a digest of the bytes is a digest of
//! the report; and a report that would tell a secret has no bytes at all.

use super::v1::Report;
use crate::digest::Digest;
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
/// order of their keys, and a newline at the end; and a run with its seal, whatever it had before. For
/// comparing; what is to be written goes through [`to_bytes`].
pub fn canonical(report: &Report) -> Result<Vec<u8>, WriteError> {
    let seal = seal(report)?;
    if report
        .run
        .as_ref()
        .is_none_or(|run| run.seal_sha256 == seal)
    {
        return spelled(report);
    }
    let mut sealed = report.clone();
    if let Some(run) = &mut sealed.run {
        run.seal_sha256 = seal;
    }
    spelled(&sealed)
}

/// The canonical spelling of a report with the seal that it has, right or wrong.
pub fn spelled(report: &Report) -> Result<Vec<u8>, WriteError> {
    let mut bytes = serde_json::to_vec_pretty(report)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The seal that the run of a report has to have: the digest of the report without one. A report
/// without a run needs none, as the run that is bound to it names the digest of its bytes.
pub fn seal(report: &Report) -> Result<Option<Digest>, WriteError> {
    if report.run.is_none() {
        return Ok(None);
    }
    let mut bare = report.clone();
    if let Some(run) = &mut bare.run {
        run.seal_sha256 = None;
    }
    Ok(Some(Digest::of(spelled(&bare)?)))
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
