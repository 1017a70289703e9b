//! What a run is bound to: the readiness report that it follows, and the challenge that it answers. Rows
//! cost money, so a strict run is not begun when no verifier could take it with these.

use std::path::Path;

use canary_core::{
    challenge::{self, Challenge},
    digest::Digest,
    report::{
        read,
        v1::{Kind, ReadyStatus, Report},
    },
};
use chrono::{DateTime, Utc};

use super::CommandError;
use crate::load;

/// A readiness report, as its file holds it.
pub(super) struct Readiness<'a> {
    path: &'a Path,
    report: Report,
    digest: Digest,
}

impl<'a> Readiness<'a> {
    /// Reads it. What is none would bind the run, and all that it costs, to something that no verifier
    /// takes.
    pub(super) fn read(path: &'a Path) -> Result<Self, CommandError> {
        let next = "make it with `canary preflight --report`";
        let wrong = |why: String| refused(path, &why, next);
        let bytes = load::report(
            "the readiness report",
            path,
            "check the path, or make it with `canary preflight --report`",
        )?;
        let report = read::read(&bytes).map_err(|error| wrong(error.to_string()))?;
        if report.kind != Kind::Readiness {
            return Err(wrong("it is the report of a run".to_owned()));
        }
        Ok(Self {
            path,
            report,
            digest: Digest::of(bytes),
        })
    }

    /// What the run's report names.
    pub(super) fn digest(&self) -> Digest {
        self.digest
    }

    /// Refuses what a strict run cannot follow; `own` is what preflight would report of it now.
    pub(super) fn suits(&self, own: &Report) -> Result<(), CommandError> {
        let theirs = &self.report;
        let why = if !theirs.strict {
            "it was made without --strict"
        } else if theirs.purpose != own.purpose {
            "it is of a rehearsal"
        } else if theirs.package_source != own.package_source {
            "this run takes the SDK from another --package-source"
        } else if theirs.candidate != own.candidate {
            "it is about another candidate"
        } else if theirs.matrix != own.matrix || theirs.expected_rows != own.expected_rows {
            "it is about another matrix, or from another version of canary"
        } else if theirs.readiness.status != ReadyStatus::Ready {
            "it is blocked"
        } else if theirs.readiness != own.readiness {
            "it was made with other inputs"
        } else {
            return Ok(());
        };
        Err(refused(
            self.path,
            why,
            "make it again with `canary preflight --strict --report`, from the same SDK, matrix and inputs as the run",
        ))
    }
}

fn refused(path: &Path, why: &str, next: &str) -> CommandError {
    CommandError::Usage(format!(
        "could not use {} as the readiness report: {why}; {next}",
        path.display()
    ))
}

/// The digest of a challenge. A strict run is not begun with one that is good for nothing by now.
pub(super) fn challenge(
    path: &Path,
    strict: bool,
    now: DateTime<Utc>,
) -> Result<Digest, CommandError> {
    let wrong = |why: String| {
        CommandError::Usage(format!(
            "could not use {} as the challenge: {why}; make one with `canary-verify challenge`",
            path.display()
        ))
    };
    let bytes = load::document(
        "the challenge",
        path,
        challenge::SIZE_LIMIT as u64,
        "check the path, or make one with `canary-verify challenge`",
    )?;
    let challenge = Challenge::read(&bytes).map_err(|error| wrong(error.to_string()))?;
    if strict && now >= challenge.expires_at {
        let at = challenge.expires_at.to_rfc3339();
        return Err(wrong(format!("it expired at {at}")));
    }
    if strict && now < challenge.issued_at {
        let at = challenge.issued_at.to_rfc3339();
        return Err(wrong(format!(
            "it was issued later than this machine's clock says, at {at}"
        )));
    }
    Ok(challenge.digest())
}
