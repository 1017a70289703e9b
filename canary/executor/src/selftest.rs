//! A canary that cannot fail proves nothing: every row is tried against what must make it fail,
//! and against the conforming gateway, where none may.
//!
//! What is broken has *owners*: the rows and the invariants that name it. It counts as killed only
//! when every owner noticed. That some other row happened to fail proves nothing about the promise.

mod log;
mod noticed;
mod plan;
mod trial;

pub use log::{Header, Log, LogError};
pub use plan::{Options, Selftest, plan};

use canary_core::matrix::Matrix;
use futures_util::{StreamExt, stream};
use runinfra_gateway::StartError;
use serde::{Deserialize, Serialize};

use crate::{load::LoadError, world};

/// What was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A gateway that keeps the whole contract.
    Conforming,
    /// A gateway with a fault.
    Fault,
    /// A scripted server that does, or a call that asks, something else.
    CounterScript,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing was broken, and nothing was noticed.
    Quiet,
    /// Something was noticed although nothing was broken, or nothing could be tried.
    FalseAlarm,
    /// Every row and every invariant that names it noticed.
    Killed,
    /// Rows failed, but none whose promise it breaks: no row and no invariant names it.
    Unowned,
    /// No row failed and some could not tell: a gateway that serves nobody, and says so as it must.
    /// The canary's answer is neither yes nor no, which is what it should be.
    Undecided,
    /// One that names it did not notice, or nothing noticed at all.
    Survived,
}

/// What came of one gateway or scripted server. This is also a line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tried {
    /// Name of the fault or counter-script, or the settings of a conforming gateway.
    pub name: String,
    /// What it is.
    pub subject: Subject,
    /// What came of it.
    pub verdict: Verdict,
    /// Rows that failed, in the order in which they were tried.
    pub failed: Vec<String>,
    /// Invariants that were broken, in the order written.
    pub broken: Vec<String>,
    /// Rows and invariants that name it and did not notice.
    pub missed: Vec<String>,
    /// How many rows were tried.
    pub rows: u64,
    /// How long it took.
    pub millis: u64,
}

impl Tried {
    /// Whether it came out as it must.
    pub fn holds(&self) -> bool {
        matches!(
            self.verdict,
            Verdict::Quiet | Verdict::Killed | Verdict::Undecided
        )
    }
}

/// What a selftest came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// One entry a trial: conforming gateways, then faults, then counter-scripts, by name.
    pub tried: Vec<Tried>,
    /// Whether somebody stopped it before the end.
    pub aborted: bool,
}

impl Outcome {
    /// Whether every sabotage was noticed and there was no false alarm.
    pub fn holds(&self) -> bool {
        !self.aborted && !self.tried.is_empty() && self.tried.iter().all(Tried::holds)
    }
}

/// Why a selftest could not be run.
#[derive(Debug, thiserror::Error)]
pub enum SelftestError {
    /// The embedded gateway did not start.
    #[error("could not start the embedded gateway: {0}")]
    Gateway(#[from] StartError),
    /// Its inputs could not be resolved.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// No client could be made.
    #[error(transparent)]
    World(#[from] world::WorldError),
    /// What came out could not be written down.
    #[error(transparent)]
    Log(#[from] LogError),
}

/// Runs a selftest, `jobs` trials at a time, each against a gateway of its own. `note` hears of
/// each as it ends; when `stop` fires, those under way are given up.
pub async fn run(
    matrix: &Matrix,
    selftest: &Selftest<'_>,
    jobs: usize,
    note: &mut (dyn FnMut(&Tried) -> Result<(), LogError> + Send),
    stop: &tokio_util::sync::CancellationToken,
) -> Result<Outcome, SelftestError> {
    let trials = selftest
        .trials
        .iter()
        .map(|trial| stop.run_until_cancelled(trial.run(matrix, selftest.stop)));
    let mut ended = stream::iter(trials).buffer_unordered(jobs.max(1));
    let mut tried = selftest.known.clone();
    let mut aborted = false;
    while let Some(one) = ended.next().await {
        let Some(one) = one else {
            aborted = true;
            continue;
        };
        let one = one?;
        note(&one)?;
        tried.push(one);
    }
    tried.sort_by(|a, b| (a.subject as u8, &a.name).cmp(&(b.subject as u8, &b.name)));
    Ok(Outcome { tried, aborted })
}

#[cfg(test)]
mod tests;
