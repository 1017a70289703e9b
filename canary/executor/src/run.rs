//! Runs every row of a plan and tells what happens as it happens.

mod gateway;

use std::time::Duration;

use canary_core::{
    assess::{Assessment, assess},
    digest::Digest,
    evidence::WHOLE_ROW,
    expect::Scene,
    judge::Outcome as CheckOutcome,
    matrix::{Counter, Matrix, Row, Tier, Venue},
    observe::Observation,
    plan::Plan,
    report::v1::{Diagnostic, Redacted, RowError, RowResult, RowStatus},
};
use futures_util::{StreamExt, stream};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use self::gateway::fingerprint;
use crate::{
    probe::{World, observe},
    scope::RowScope,
};

/// Something that happened during a run, for whoever watches. What is kept is made from the [`Outcome`].
#[derive(Debug)]
pub enum RunEvent<'a> {
    /// The run began.
    Started {
        /// How many rows have their turn.
        rows: usize,
    },
    /// The gateway's budget is used up, and rows wait until there is room in it again.
    Waiting {
        /// How long.
        wait: Duration,
    },
    /// A row had its turn.
    RowFinished {
        /// The row.
        row: &'a Row,
        /// How it came out.
        result: &'a RowResult,
    },
}

/// Who wants to know what happens.
pub trait Sink: Sync {
    /// Something happened.
    fn event(&self, event: &RunEvent<'_>);
}

/// What a run came to.
#[derive(Debug)]
pub struct Outcome {
    /// One result a row, in the order of the matrix.
    pub results: Vec<RowResult>,
    /// Whether somebody interrupted it.
    pub aborted: bool,
    /// What the gateway said of itself before the first row, as a keyed digest.
    pub gateway_at_start: Option<Digest>,
    /// The same after the last row.
    pub gateway_at_end: Option<Digest>,
}

/// More than a row's calls may take together, for what is not the gateway's doing.
const ROW_SLACK: Duration = Duration::from_secs(15);

/// Runs the plan's rows, `jobs` at a time. When `cancel` fires, rows under way are given up and the
/// rest is skipped.
pub async fn run(
    plan: &Plan<'_>,
    world: &World,
    jobs: usize,
    sink: &dyn Sink,
    cancel: &CancellationToken,
) -> Outcome {
    sink.event(&RunEvent::Started {
        rows: plan.rows.len(),
    });
    let gateway_at_start = unless(cancel, fingerprint(world, sink)).await.flatten();
    let turns = plan
        .rows
        .iter()
        .enumerate()
        .map(|(at, planned)| async move {
            let result = if planned.is_ready() {
                match unless(cancel, take_turns(planned.row, world, sink)).await {
                    Some(result) => result,
                    None => aborted(planned.row),
                }
            } else {
                skipped(planned.row, Some(planned.missing.clone()))
            };
            sink.event(&RunEvent::RowFinished {
                row: planned.row,
                result: &result,
            });
            (at, result)
        });
    let mut results: Vec<(usize, RowResult)> = stream::iter(turns)
        .buffer_unordered(jobs.max(1))
        .collect()
        .await;
    results.sort_by_key(|(at, _)| *at);
    let gateway_at_end = unless(cancel, fingerprint(world, sink)).await.flatten();
    Outcome {
        results: results.into_iter().map(|(_, result)| result).collect(),
        aborted: cancel.is_cancelled(),
        gateway_at_start,
        gateway_at_end,
    }
}

/// What a future comes to, unless the run is cancelled before or meanwhile.
async fn unless<T>(cancel: &CancellationToken, work: impl Future<Output = T>) -> Option<T> {
    cancel.run_until_cancelled(work).await
}

/// How often a row is looked at of which nothing broke but that a stream's pieces came apart.
const MOST_LOOKS: u32 = 3;

/// Runs one row when the gateway's budget has room for it, and again when the gateway limited it
/// all the same and asked to wait, or when all that broke may be this machine's doing.
async fn take_turns(row: &Row, world: &World, sink: &dyn Sink) -> RowResult {
    let (mut turn, mut limited, mut looks) = (1, 1, 1);
    loop {
        if row.venue == Venue::Live {
            admit(world, row.calls.len(), sink).await;
        }
        let began = world.pace.now();
        let result = run_turn(row, None, world, turn).await;
        if was_limited(&result) {
            if !world.pace.another_turn(limited, began) {
                return result;
            }
            limited += 1;
        } else {
            if limited > 1 {
                world.pace.came_through();
            }
            if looks == MOST_LOOKS || !only_merged(&result) {
                return result;
            }
            looks += 1;
        }
        turn += 1;
    }
}

/// Whether all that broke is that a stream's deltas did not come apart. That happens as well where
/// a machine gives nobody a turn while they arrive; who buffers streams does it every time.
fn only_merged(result: &RowResult) -> bool {
    let evidence = result.evidence.as_ref();
    let mut broken = evidence
        .into_iter()
        .flat_map(|evidence| &evidence.checks)
        .filter(|check| check.outcome != CheckOutcome::Held)
        .peekable();
    result.status == RowStatus::Failed
        && broken.peek().is_some()
        && broken.all(|check| check.check == "over_time")
}

async fn admit(world: &World, requests: usize, sink: &dyn Sink) {
    let announce = |wait| sink.event(&RunEvent::Waiting { wait });
    world.pace.admit(requests, &announce).await;
}

fn was_limited(result: &RowResult) -> bool {
    let why = result.error.as_ref().map(|error| error.diagnostic);
    result.status == RowStatus::Inconclusive && why == Some(Diagnostic::RateLimited)
}

/// Runs one row, or one of its counter-scripts, within its deadline.
pub async fn run_row(row: &Row, counter: Option<&Counter>, world: &World) -> RowResult {
    run_turn(row, counter, world, 1).await
}

/// A row's turn. Each has nonces and idempotency keys of its own, so that none meets what an
/// earlier one left behind.
async fn run_turn(row: &Row, counter: Option<&Counter>, world: &World, turn: u32) -> RowResult {
    let nonces = match turn {
        1 => row.name.clone(),
        _ => format!("{}|{turn}", row.name),
    };
    let scope = RowScope::new(&nonces, &world.key, &world.inputs, &world.files);
    let began = Instant::now();
    let calls = u32::try_from(row.calls.len()).unwrap_or(u32::MAX);
    let deadline = world
        .call_timeout
        .saturating_mul(calls)
        .saturating_add(ROW_SLACK);
    let observed = tokio::time::timeout(deadline, observe(row, counter, world, &scope)).await;
    let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (status, evidence, error) = match observed {
        Ok(Ok(seen)) => {
            let Assessment {
                status,
                evidence,
                error,
            } = assess_elsewhere(row, nonces, seen, world).await;
            (status, Some(evidence), error)
        }
        Ok(Err(error)) => {
            tracing::error!(row = row.name, %error, "the row could not be tried");
            (
                RowStatus::Failed,
                None,
                Some(plain_error(Diagnostic::Harness)),
            )
        }
        Err(_) => (
            RowStatus::Failed,
            None,
            Some(plain_error(Diagnostic::Deadline)),
        ),
    };
    RowResult {
        name: row.name.clone(),
        status,
        duration_ms,
        evidence,
        error,
        missing: None,
    }
}

/// Assesses a row on a thread of its own: while a picture is decoded, the streams of the rows
/// beside it go on arriving, and are seen when they do.
async fn assess_elsewhere(
    row: &Row,
    nonces: String,
    seen: Observation,
    world: &World,
) -> Assessment {
    let row = row.clone();
    let (key, inputs, files) = (world.key.clone(), world.inputs.clone(), world.files.clone());
    let work = move || {
        let scope = RowScope::new(&nonces, &key, &inputs, &files);
        let scene = Scene {
            seen: &seen,
            scope: &scope.after(&seen.calls),
            key: &key,
        };
        assess(&row, &scene)
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(assessment) => assessment,
        // Nobody cancels it: it panicked, and goes on doing so here.
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

fn plain_error(diagnostic: Diagnostic) -> RowError {
    RowError {
        name: WHOLE_ROW.to_owned(),
        error_type: None,
        diagnostic,
        status: None,
        request_id: None,
        message: Redacted::Redacted,
    }
}

fn skipped(row: &Row, missing: Option<Vec<String>>) -> RowResult {
    RowResult {
        name: row.name.clone(),
        status: RowStatus::Skipped,
        duration_ms: 0,
        evidence: None,
        error: None,
        missing,
    }
}

fn aborted(row: &Row) -> RowResult {
    RowResult {
        error: Some(plain_error(Diagnostic::Aborted)),
        ..skipped(row, None)
    }
}

/// Which rows decide the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Rows of tier `ga`.
    Ga,
    /// Every row.
    All,
}

/// What a run says about the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Every row that decides passed.
    Yes,
    /// One failed, or was skipped although nothing may be.
    No,
    /// None failed, but one could not tell, or the gateway changed during the run.
    CouldNotTell,
    /// Somebody interrupted it.
    Interrupted,
}

/// The answer of a run. Without `strict`, a row that was skipped for want of inputs decides nothing
/// as long as another one passed.
///
/// A `share` of a run may have no row that decides: the other shares have them, and whoever merges
/// the shares asks again. It says yes when any of its rows had its turn.
pub fn answer(matrix: &Matrix, outcome: &Outcome, gate: Gate, strict: bool, share: bool) -> Answer {
    if outcome.aborted {
        return Answer::Interrupted;
    }
    let decides = |row: &Row| gate == Gate::All || row.tier == Tier::Ga;
    let deciding: Vec<RowStatus> = matrix
        .rows()
        .iter()
        .filter(|row| decides(row))
        .filter_map(|row| result_of(row, &outcome.results))
        .map(|result| result.status)
        .collect();
    let all = || outcome.results.iter().map(|result| result.status);
    let answered = has_answer(deciding.iter().copied()) || share && has_answer(all());
    let has = |status| deciding.contains(&status);
    if has(RowStatus::Failed) || (strict && has(RowStatus::Skipped)) || !answered {
        return Answer::No;
    }
    let changed = outcome.gateway_at_start != outcome.gateway_at_end;
    if has(RowStatus::Inconclusive) || changed {
        Answer::CouldNotTell
    } else {
        Answer::Yes
    }
}

/// The result of a row. The run of one share has none for the rows of the others.
pub fn result_of<'r>(row: &Row, results: &'r [RowResult]) -> Option<&'r RowResult> {
    results.iter().find(|result| result.name == row.name)
}

/// A run in which no row had its turn says nothing, and nothing is not yes.
fn has_answer(mut statuses: impl Iterator<Item = RowStatus>) -> bool {
    statuses.any(|status| status != RowStatus::Skipped)
}

#[cfg(test)]
mod tests;
