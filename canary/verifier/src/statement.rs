//! The verdict as an in-toto statement with the test-result predicate, for attestation tools to
//! sign. See <https://in-toto.io/Statement/v1> and
//! <https://in-toto.io/attestation/test-result/v0.1>.

use canary_core::{digest::Digest, report::v1::RowStatus};
use serde::Serialize;

use crate::verdict::{JudgedRow, RuleStatus, Verdict};

/// An in-toto statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Statement {
    /// The statement's own type.
    #[serde(rename = "_type")]
    pub statement_type: &'static str,
    /// The packed files that it is about.
    pub subject: Vec<Resource>,
    /// The type of what is said about them.
    pub predicate_type: &'static str,
    /// What is said about them.
    pub predicate: TestResult,
}

/// A named thing and its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Resource {
    /// Its name.
    pub name: String,
    /// Its digest.
    pub digest: Sha256,
}

/// A digest by its algorithm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sha256 {
    /// SHA-256.
    pub sha256: Digest,
}

/// The test-result predicate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestResult {
    /// `PASSED` when every rule held and every row passed; `WARNED` when only rows that do not
    /// gate did not pass; `FAILED` otherwise.
    pub result: TestOutcome,
    /// What the tests were made of: the matrix and both reports.
    pub configuration: Vec<Resource>,
    /// Rules that held and rows that passed.
    pub passed_tests: Vec<String>,
    /// Rows that did not pass and do not gate.
    pub warned_tests: Vec<String>,
    /// Rules that did not hold or were not tried, and gating rows that did not pass.
    pub failed_tests: Vec<String>,
}

/// How the tests went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TestOutcome {
    /// No fault was found.
    Passed,
    /// Faults were found that keep nothing back.
    Warned,
    /// Faults were found.
    Failed,
}

impl Statement {
    /// States the verdict. Nothing when there is no packed file to state it about.
    pub fn new(verdict: &Verdict) -> Option<Self> {
        if verdict.artifacts.is_empty() {
            return None;
        }
        let resource = |name: &str, sha256: Digest| Resource {
            name: name.to_owned(),
            digest: Sha256 { sha256 },
        };
        let artifacts = verdict.artifacts.iter();
        Some(Self {
            statement_type: "https://in-toto.io/Statement/v1",
            subject: artifacts
                .map(|artifact| resource(&artifact.file_name, artifact.sha256))
                .collect(),
            predicate_type: "https://in-toto.io/attestation/test-result/v0.1",
            predicate: TestResult::new(
                verdict,
                vec![
                    resource("matrix", verdict.matrix_sha256),
                    resource("readiness.json", verdict.reports.readiness),
                    resource("live.json", verdict.reports.live),
                ],
            ),
        })
    }

    /// The statement as JSON, with a newline at the end.
    pub fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

impl TestResult {
    fn new(verdict: &Verdict, configuration: Vec<Resource>) -> Self {
        let (mut passed, mut warned, mut failed) = (Vec::new(), Vec::new(), Vec::new());
        for rule in &verdict.rules {
            let name = format!("rule/{}", rule.name);
            match rule.outcome {
                RuleStatus::Held => passed.push(name),
                RuleStatus::Broken | RuleStatus::NotTried => failed.push(name),
            }
        }
        for row in &verdict.rows {
            let JudgedRow { lane, name, .. } = row;
            let name = format!("row/{lane}/{name}");
            match (row.status, row.gates) {
                (RowStatus::Passed, _) => passed.push(name),
                (_, false) => warned.push(name),
                (_, true) => failed.push(name),
            }
        }
        let result = match (verdict.holds() && failed.is_empty(), warned.is_empty()) {
            (true, true) => TestOutcome::Passed,
            (true, false) => TestOutcome::Warned,
            (false, _) => TestOutcome::Failed,
        };
        Self {
            result,
            configuration,
            passed_tests: passed,
            warned_tests: warned,
            failed_tests: failed,
        }
    }
}
