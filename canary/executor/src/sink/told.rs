//! A run in words: what every file sink tells, worked out once.

use canary_core::{
    judge::Outcome as Judged,
    matrix::{Matrix, Row},
    report::v1::{Diagnostic, Lane, Report, RowResult, RowStatus, RunSummary},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::terminal::diagnostic_sentence;
use crate::run::{Answer, result_of};

/// A run, ready to be put into a page, a table or a test report.
#[derive(Debug, Clone, Serialize)]
pub struct Told {
    /// The command that ran, as a heading.
    pub title: String,
    /// What the run says, in a few words.
    pub answer: &'static str,
    /// Version of the SDK under test.
    pub sdk_version: String,
    /// Digest of the SDK's sources.
    pub source_sha256: String,
    /// `artifact` or `source`.
    pub package_source: &'static str,
    /// Digest of the matrix.
    pub matrix_sha256: String,
    /// The production URL, or that it was another.
    pub base_url: String,
    /// Id of the run.
    pub run_id: Uuid,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// How many rows came out how.
    pub summary: RunSummary,
    /// Every row, in the order of the matrix.
    pub rows: Vec<ToldRow>,
    /// What the verifier said, where it was asked.
    pub verdict: Option<ToldVerdict>,
}

/// One row.
#[derive(Debug, Clone, Serialize)]
pub struct ToldRow {
    /// Its name.
    pub name: String,
    /// What it proves.
    pub proves: String,
    /// `ga` or `preview`.
    pub tier: &'static str,
    /// `live` or `local`.
    pub venue: &'static str,
    /// How it came out.
    pub status: RowStatus,
    /// The same as a few words.
    pub status_words: &'static str,
    /// How long it took, in milliseconds.
    pub ms: u64,
    /// How many checks held.
    pub held: usize,
    /// How many checks it has.
    pub checks: usize,
    /// Where it is declared: a path of the repository where that is known, else the name in the
    /// matrix.
    pub file: String,
    /// Whether `file` is a path from where the command ran.
    pub in_tree: bool,
    /// The line there, from 1.
    pub line: usize,
    /// The verdict in one word, unless it passed or was skipped.
    pub diagnostic: Option<Diagnostic>,
    /// Why it did not pass, a sentence each.
    pub reasons: Vec<String>,
    /// The gateway's request id of the call that did not go well.
    pub request_id: Option<String>,
}

/// What the verifier said.
#[derive(Debug, Clone, Serialize)]
pub struct ToldVerdict {
    /// Whether every rule held.
    pub holds: bool,
    /// What does not, a finding each.
    pub findings: Vec<ToldFinding>,
}

/// A finding of the verifier, in words.
#[derive(Debug, Clone, Serialize)]
pub struct ToldFinding {
    /// Name of the rule.
    pub rule: String,
    /// What it is about: one of the reports, the artifacts, the tree.
    pub subject: String,
    /// Where in it.
    pub at: String,
    /// What was found.
    pub found: String,
    /// What would have been right.
    pub expected: String,
    /// What to do about it.
    pub next: String,
}

/// What a run is told from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The command that ran.
    pub title: &'a str,
    /// The rows that ran.
    pub matrix: &'a Matrix,
    /// The folder that the matrix was read from, as a path from here; nothing for the copy
    /// compiled in, and for a folder elsewhere.
    pub folder: Option<&'a str>,
    /// What happened.
    pub live: &'a Report,
    /// What the run says.
    pub answer: Answer,
    /// What the verifier said, where it was asked.
    pub verdict: Option<&'a ToldVerdict>,
}

impl Told {
    /// Tells a run. A report without a run or a lane tells nothing.
    pub fn new(source: Source<'_>) -> Option<Self> {
        let Source { matrix, live, .. } = source;
        let (run, lane) = (live.run.as_ref()?, live.reports.first()?);
        let took = (run.finished_at - run.started_at).num_milliseconds();
        Some(Self {
            title: source.title.to_owned(),
            answer: answer_words(source.answer),
            sdk_version: live.candidate.sdk_version.clone(),
            source_sha256: live.candidate.source_digest_sha256.to_string(),
            package_source: package_source_word(live),
            matrix_sha256: live.matrix.digest_sha256.to_string(),
            base_url: lane.base_url.clone(),
            run_id: Uuid::try_parse(&run.id).unwrap_or_default(),
            started_at: run.started_at,
            took_ms: u64::try_from(took).unwrap_or_default(),
            summary: lane.summary,
            rows: rows(matrix, source.folder, lane),
            verdict: source.verdict.cloned(),
        })
    }

    /// Rows that did not pass.
    pub fn not_passed(&self) -> impl Iterator<Item = &ToldRow> {
        let passed = |row: &&ToldRow| row.status == RowStatus::Passed;
        self.rows.iter().filter(move |row| !passed(row))
    }

    /// The summary as a sentence, and the verifier's word where it was asked.
    pub fn headline(&self) -> String {
        let rows = super::terminal::summary_line(self.summary);
        match &self.verdict {
            None => format!("{}: {rows}", self.answer),
            Some(verdict) if verdict.holds => {
                format!("{}: {rows}; the verifier found nothing wrong", self.answer)
            }
            Some(verdict) => format!(
                "{}: {rows}; the verifier refuses, with {} findings",
                self.answer,
                verdict.findings.len()
            ),
        }
    }
}

fn rows(matrix: &Matrix, folder: Option<&str>, lane: &Lane) -> Vec<ToldRow> {
    let told = |(row, result): (&Row, &RowResult)| {
        let (name, span) = &row.place;
        let source = matrix.files().iter().find(|file| file.name == *name);
        let evidence = result.evidence.as_ref();
        let held = evidence.map_or(0, |evidence| {
            let checks = evidence.checks.iter();
            checks.filter(|check| check.outcome == Judged::Held).count()
        });
        ToldRow {
            name: row.name.clone(),
            proves: row.proves.clone(),
            tier: row.tier.as_str(),
            venue: row.venue.as_str(),
            status: result.status,
            status_words: super::terminal::status_word(result.status),
            ms: result.duration_ms,
            held,
            checks: row.checks.len(),
            file: folder.map_or_else(|| name.clone(), |folder| format!("{folder}/{name}")),
            in_tree: folder.is_some(),
            line: source.map_or(1, |file| file.line_column(span.start).0),
            diagnostic: result.error.as_ref().map(|error| error.diagnostic),
            reasons: reasons(row, result),
            request_id: result
                .error
                .as_ref()
                .and_then(|error| error.request_id.clone()),
        }
    };
    let results = matrix
        .rows()
        .iter()
        .filter_map(|row| Some((row, result_of(row, &lane.results)?)));
    results.map(told).collect()
}

/// Why a row did not pass: the verdict, each broken check with what was wanted and what was found,
/// and the inputs it lacks.
fn reasons(row: &Row, result: &RowResult) -> Vec<String> {
    let mut reasons = Vec::new();
    let error = result.error.as_ref();
    reasons.extend(error.map(|error| diagnostic_sentence(error.diagnostic).to_owned()));
    if result.status != RowStatus::Passed {
        reasons.extend(broken_checks(row, result));
    }
    if let Some(missing) = &result.missing {
        reasons.push(format!("not set: {}", missing.join(", ")));
    }
    reasons
}

/// Each broken check of a row, with what was wanted and what was found.
pub fn broken_checks(row: &Row, result: &RowResult) -> Vec<String> {
    let evidence = result.evidence.iter().flat_map(|evidence| &evidence.checks);
    let pairs = row.checks.iter().zip(evidence);
    pairs
        .filter(|(_, seen)| seen.outcome == Judged::Broken)
        .map(|(check, seen)| {
            format!(
                "{} of {}: wanted {}, found {}",
                seen.check, seen.of, check.rule, seen.measured
            )
        })
        .collect()
}

fn answer_words(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "yes",
        Answer::No => "no",
        Answer::CouldNotTell => "could not tell",
        Answer::Interrupted => "interrupted",
    }
}

fn package_source_word(live: &Report) -> &'static str {
    match live.package_source {
        canary_core::report::v1::PackageSource::Artifact => "artifact",
        canary_core::report::v1::PackageSource::Source => "source",
    }
}
