//! Several runs, each of one share of the rows, put together to the run of all of them.
//!
//! Nothing is judged here: what is put together says where it came from, and the verifier holds it
//! against the matrix.

use crate::{
    digest::Digest,
    partition::{digest_of_results, fingerprint},
    report::{
        read::{self, ReadError},
        v1::{Ended, Kind, Lane, Partition, Report, RowResult, RowStatus, Run, RunSummary, Shard},
    },
};

/// Why runs cannot be put together. Every reason is told, in the order of the files.
#[derive(Debug, thiserror::Error)]
pub enum MergeProblem {
    /// No run was named.
    #[error("no share was named; name the live report of each")]
    Nothing,
    /// A file is no report.
    #[error("{file} is no report: {problem}; run that share again")]
    Unreadable {
        /// The file.
        file: String,
        /// What is wrong with it.
        problem: ReadError,
    },
    /// A report is not that of a share.
    #[error("{file} is not the live report of one share; run it with --partition")]
    NotAShare {
        /// The file.
        file: String,
    },
    /// Two reports differ in what has to be the same in all.
    #[error(
        "{file} differs from {first} in {what}; run every share of one candidate, with the same inputs, after one preflight"
    )]
    Differs {
        /// The file.
        file: String,
        /// The one that it is compared with.
        first: String,
        /// The field.
        what: &'static str,
    },
    /// Two reports are of the same share.
    #[error("{file} and {first} are both of share {share}; keep one")]
    Twice {
        /// The file.
        file: String,
        /// The one before.
        first: String,
        /// The share.
        share: Partition,
    },
    /// A share is not there.
    #[error("share {0} is missing; run it, or name its report too")]
    Missing(Partition),
    /// A report has other rows than its share.
    #[error("{file} does not have the rows of share {share}, each once and in order; run it again")]
    Rows {
        /// The file.
        file: String,
        /// The share.
        share: Partition,
    },
}

/// One share's report, taken apart.
struct Part<'f> {
    file: &'f str,
    digest: Digest,
    report: Report,
    run: Run,
    lane: Lane,
    share: Partition,
}

/// Puts the live reports of all shares together, under a new run's id (a UUID). Files are named as
/// problems shall name them.
pub fn merge(files: &[(String, Vec<u8>)], id: String) -> Result<Report, Vec<MergeProblem>> {
    let mut problems = Vec::new();
    let mut parts: Vec<Part<'_>> = Vec::new();
    for (file, bytes) in files {
        match part(file, bytes) {
            Ok(part) => parts.push(part),
            Err(problem) => problems.push(problem),
        }
    }
    if files.is_empty() {
        problems.push(MergeProblem::Nothing);
    }
    compare(&parts, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    parts.sort_by_key(|part| part.share.index);
    join(parts, id).ok_or_else(|| vec![MergeProblem::Nothing])
}

fn part<'f>(file: &'f str, bytes: &[u8]) -> Result<Part<'f>, MergeProblem> {
    let mut report = read::read(bytes).map_err(|problem| MergeProblem::Unreadable {
        file: file.to_owned(),
        problem,
    })?;
    let run = report.run.take();
    let share = run.as_ref().and_then(|run| run.partition);
    let lane = report.reports.pop().filter(|_| report.reports.is_empty());
    match (run, share, lane) {
        (Some(run), Some(share), Some(lane))
            if report.kind == Kind::Live && share.is_possible() && run.shards.is_none() =>
        {
            Ok(Part {
                file,
                digest: Digest::of(bytes),
                report,
                run,
                lane,
                share,
            })
        }
        _ => Err(MergeProblem::NotAShare {
            file: file.to_owned(),
        }),
    }
}

fn compare(parts: &[Part<'_>], problems: &mut Vec<MergeProblem>) {
    let Some(first) = parts.first() else { return };
    for (at, part) in parts.iter().enumerate() {
        let differs = differences(first, part).into_iter();
        problems.extend(differs.map(|what| MergeProblem::Differs {
            file: part.file.to_owned(),
            first: first.file.to_owned(),
            what,
        }));
        let before = parts[..at].iter().find(|other| other.share == part.share);
        if let Some(before) = before {
            problems.push(MergeProblem::Twice {
                file: part.file.to_owned(),
                first: before.file.to_owned(),
                share: part.share,
            });
        }
        let rows = part.lane.results.iter().map(|result| &result.name);
        if !rows.eq(part.share.share(&part.report.expected_rows)) {
            problems.push(MergeProblem::Rows {
                file: part.file.to_owned(),
                share: part.share,
            });
        }
    }
    let of = first.share.of;
    for index in 1..=of {
        let share = Partition { index, of };
        if !parts.iter().any(|part| part.share.index == index) {
            problems.push(MergeProblem::Missing(share));
        }
    }
}

/// What two shares do not have in common, but have to.
fn differences(a: &Part<'_>, b: &Part<'_>) -> Vec<&'static str> {
    let (x, y) = (&a.report, &b.report);
    let same = [
        ("the number of shares", a.share.of == b.share.of),
        ("schemaVersion", x.schema_version == y.schema_version),
        (
            "strict",
            x.strict == y.strict && a.lane.strict == b.lane.strict,
        ),
        ("purpose", x.purpose == y.purpose),
        ("packageSource", x.package_source == y.package_source),
        ("candidate", x.candidate == y.candidate),
        ("matrix", x.matrix == y.matrix),
        ("expectedRows", x.expected_rows == y.expected_rows),
        ("readiness", x.readiness == y.readiness),
        ("surfaceCoverage", x.surface_coverage == y.surface_coverage),
        ("parity", x.parity == y.parity),
        ("language", a.lane.language == b.lane.language),
        ("sdkVersion", a.lane.sdk_version == b.lane.sdk_version),
        ("baseURL", a.lane.base_url == b.lane.base_url),
        ("env", a.lane.env == b.lane.env),
        (
            "readinessDigestSha256",
            a.run.readiness_digest_sha256 == b.run.readiness_digest_sha256,
        ),
        (
            "challengeSha256",
            a.run.challenge_sha256 == b.run.challenge_sha256,
        ),
    ];
    let differing = same.into_iter().filter(|(_, same)| !same);
    differing.map(|(what, _)| what).collect()
}

/// Puts parts together that were found to fit. Without any there is nothing to put together.
fn join(parts: Vec<Part<'_>>, id: String) -> Option<Report> {
    let starts: Vec<_> = parts.iter().map(|part| part.run.gateway_at_start).collect();
    let ends: Vec<_> = parts.iter().map(|part| part.run.gateway_at_end).collect();
    // Each end is under the key of its run: where a gateway changed, both differ.
    let (gateway_at_start, gateway_at_end) = (fingerprint(&starts), fingerprint(&ends));
    let all_ended = parts.iter().all(|part| part.run.ended == Ended::Completed);
    let run = Run {
        id,
        started_at: parts.iter().map(|part| part.run.started_at).min()?,
        finished_at: parts.iter().map(|part| part.run.finished_at).max()?,
        ended: if all_ended {
            Ended::Completed
        } else {
            Ended::Aborted
        },
        readiness_digest_sha256: parts.first()?.run.readiness_digest_sha256,
        challenge_sha256: parts.first()?.run.challenge_sha256,
        gateway_at_start,
        gateway_at_end,
        partition: None,
        shards: Some(parts.iter().map(shard).collect::<Option<_>>()?),
        seal_sha256: None,
    };
    let generated_at = parts.iter().map(|part| part.report.generated_at).max()?;
    let order = parts.first()?.report.expected_rows.clone();
    let mut parts = parts.into_iter();
    let first = parts.next()?;
    let mut results: Vec<RowResult> = first.lane.results;
    results.extend(parts.flat_map(|part| part.lane.results));
    results.sort_by_cached_key(|result| order.iter().position(|name| *name == result.name));
    let lane = Lane {
        summary: count(&results),
        results,
        ..first.lane
    };
    Some(Report {
        generated_at,
        run: Some(run),
        reports: vec![lane],
        ..first.report
    })
}

fn shard(part: &Part<'_>) -> Option<Shard> {
    Some(Shard {
        partition: part.share,
        run_id: part.run.id.clone(),
        started_at: part.run.started_at,
        finished_at: part.run.finished_at,
        report_sha256: part.digest,
        results_sha256: digest_of_results(&part.lane.results)?,
        gateway_at_start: part.run.gateway_at_start,
        gateway_at_end: part.run.gateway_at_end,
    })
}

/// Counts results.
pub fn count(results: &[RowResult]) -> RunSummary {
    let count = |status| {
        results
            .iter()
            .filter(|result| result.status == status)
            .count() as u64
    };
    RunSummary {
        passed: count(RowStatus::Passed),
        failed: count(RowStatus::Failed),
        inconclusive: count(RowStatus::Inconclusive),
        skipped: count(RowStatus::Skipped),
    }
}
