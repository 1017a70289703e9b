//! A good pair of reports for a matrix.

use std::collections::BTreeMap;

use canary_core::{
    candidate::PACKAGE,
    digest::{Digest, DigestKey},
    evidence::{Measured, Scalar},
    judge::{Outcome, Rule},
    report::v1::{
        Artifact, CallEvidence, Candidate, CheckEvidence, Ended, EnvState, Kind, Lane,
        MatrixIdentity, PRODUCTION_BASE_URL, PackageSource, Parity, ParityStatus, Purpose,
        Readiness, ReadinessSummary, ReadyStatus, Report, RowEvidence, RowReadiness, RowResult,
        RowStatus, Run, RunSummary, SCHEMA_VERSION, Standing, SurfaceCoverage,
    },
};
use canary_verifier::canon::{Canon, CanonRow};
use chrono::{DateTime, Duration, Utc};

use super::EXECUTOR;

/// Version of the SDK.
pub const VERSION: &str = "0.1.0";

/// The readiness report.
pub fn readiness(canon: &Canon, made: DateTime<Utc>) -> Report {
    Report {
        schema_version: SCHEMA_VERSION,
        kind: Kind::Readiness,
        generated_at: made,
        strict: true,
        purpose: Purpose::Evidence,
        package_source: PackageSource::Artifact,
        candidate: Candidate {
            sdk_version: VERSION.to_owned(),
            package_source: PackageSource::Artifact,
            source_digest_sha256: Digest::of(""),
            source_file_count: 0,
            artifact_digests_checked: true,
            artifacts: Vec::new(),
        },
        matrix: MatrixIdentity {
            digest_sha256: canon.digest,
            file_count: canon.file_count,
            row_count: canon.rows.len() as u64,
            executor_version: EXECUTOR.to_owned(),
        },
        expected_rows: canon.rows.iter().map(|row| row.name.clone()).collect(),
        readiness: ready(canon),
        surface_coverage: SurfaceCoverage {
            operations: canon.operations.clone(),
            uncovered: Vec::new(),
        },
        parity: Parity {
            status: ParityStatus::NotRun,
        },
        run: None,
        reports: Vec::new(),
    }
}

/// The live report, not yet bound to a readiness report.
pub fn live(canon: &Canon, made: DateTime<Utc>) -> Report {
    let results: Vec<RowResult> = canon
        .rows
        .iter()
        .enumerate()
        .map(|(at, row)| passed(row, at as u128))
        .collect();
    let gateway = Some(Digest::of("catalog"));
    Report {
        kind: Kind::Live,
        parity: Parity {
            status: ParityStatus::Matched,
        },
        run: Some(Run {
            id: uuid::Uuid::from_u128(0x4000_8000_0000_0000_0001).to_string(),
            started_at: made - Duration::minutes(2),
            finished_at: made - Duration::seconds(1),
            ended: Ended::Completed,
            readiness_digest_sha256: None,
            challenge_sha256: None,
            gateway_at_start: gateway,
            gateway_at_end: gateway,
            partition: None,
            shards: None,
            seal_sha256: None,
        }),
        reports: vec![Lane {
            language: "rust".to_owned(),
            sdk_version: VERSION.to_owned(),
            strict: true,
            base_url: PRODUCTION_BASE_URL.to_owned(),
            env: env(canon),
            summary: summary(&results),
            results,
        }],
        ..readiness(canon, made)
    }
}

/// Names the one artifact.
pub fn name_artifact(report: &mut Report, file_name: &str, sha256: Digest) {
    report.candidate.artifacts = vec![Artifact {
        name: PACKAGE.to_owned(),
        file_name: file_name.to_owned(),
        sha256,
    }];
}

/// Counts results.
pub fn summary(results: &[RowResult]) -> RunSummary {
    let count = |status| results.iter().filter(|row| row.status == status).count() as u64;
    RunSummary {
        passed: count(RowStatus::Passed),
        failed: count(RowStatus::Failed),
        inconclusive: count(RowStatus::Inconclusive),
        skipped: count(RowStatus::Skipped),
    }
}

/// A measurement that keeps a rule.
pub fn kept(rule: &Rule) -> Measured {
    let digest = |text: &str| Some(DigestKey::new([1; 32]).digest(text));
    match rule {
        Rule::OneOf(wanted) => Measured::Found {
            found: wanted.first().copied(),
        },
        Rule::Between(low, _) => Measured::Found { found: Some(*low) },
        Rule::Echoed => Measured::Echo {
            wanted: Digest::of("nonce"),
            found: Some(Digest::of("nonce")),
        },
        Rule::Always { at_least } => Measured::Each {
            evaluated: *at_least,
            violations: 0,
            at: None,
        },
        Rule::Same => Measured::Pair {
            left: digest("same"),
            right: digest("same"),
        },
        Rule::Differ => Measured::Pair {
            left: digest("left"),
            right: digest("right"),
        },
    }
}

fn ready(canon: &Canon) -> Readiness {
    let row = |row: &CanonRow| RowReadiness {
        name: row.name.clone(),
        status: ReadyStatus::Ready,
        missing: Vec::new(),
    };
    let aliases = canon.inputs.iter().filter_map(|(name, aliases)| {
        let alias = aliases.first()?;
        Some((name.clone(), alias.clone()))
    });
    Readiness {
        status: ReadyStatus::Ready,
        env: env(canon),
        aliases: aliases.collect(),
        missing: Vec::new(),
        row_coverage_errors: Vec::new(),
        summary: ReadinessSummary {
            ready: canon.rows.len() as u64,
            blocked: 0,
        },
        rows: canon.rows.iter().map(row).collect(),
    }
}

/// As often as the row wants it sent.
fn attempts(row: &CanonRow) -> u64 {
    let wanted = row.checks.iter().find(|check| check.id == "attempts");
    match wanted.map(|check| kept(&check.rule)) {
        Some(Measured::Found {
            found: Some(Scalar::Count(attempts)),
        }) => attempts,
        _ => 1,
    }
}

/// Everything is set but the base URL, which has a default.
fn env(canon: &Canon) -> BTreeMap<String, EnvState> {
    let state = |name: &String| match name.as_str() {
        "RUNINFRA_BASE_URL" => EnvState::Missing,
        _ => EnvState::SetRedacted,
    };
    let names = canon.inputs.keys();
    names.map(|name| (name.clone(), state(name))).collect()
}

fn passed(row: &CanonRow, at: u128) -> RowResult {
    let call = |(index, name): (usize, &String)| CallEvidence {
        name: name.clone(),
        standing: Standing::Answered,
        status: Some(200),
        request_id: Some(
            uuid::Uuid::from_u128((at << 64) + index as u128 + 0x4000_8000_0000_0000_1000)
                .to_string(),
        ),
        exchanges: attempts(row),
        ttft_ms: Some(40),
        max_gap_ms: Some(15),
        total_ms: 120,
    };
    let checks = row.checks.iter().map(|check| CheckEvidence {
        check: check.id.clone(),
        of: check.of.clone(),
        measured: kept(&check.rule),
        outcome: Outcome::Held,
    });
    RowResult {
        name: row.name.clone(),
        status: RowStatus::Passed,
        duration_ms: 250,
        evidence: Some(RowEvidence {
            calls: row.calls.iter().enumerate().map(call).collect(),
            checks: checks.collect(),
        }),
        error: None,
        missing: None,
    }
}
