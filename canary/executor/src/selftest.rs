//! A canary that cannot fail proves nothing: every row is tried against what must make it fail,
//! and against the conforming gateway, where none may.

use std::{collections::BTreeSet, sync::Arc};

use canary_core::{
    matrix::{Counter, Matrix, Row, Sabotage, Venue},
    report::v1::RowStatus,
};
use futures_util::{StreamExt, stream};
use runinfra_gateway::{Config, Fault, Gateway, StartError, fault};

use crate::{
    load::{self, LoadError, PrivateFiles},
    probe::World,
    rehearsal::{self, UnknownFault},
    run::run_row,
    world,
};

/// What is to be tried.
#[derive(Debug)]
pub struct Selftest<'m> {
    trials: Vec<Trial<'m>>,
    full: bool,
}

/// A gateway or scripted server, and the rows that are tried against it.
#[derive(Debug)]
struct Trial<'m> {
    sabotage: Option<Broken<'m>>,
    rows: Vec<&'m Row>,
    must_fail: BTreeSet<&'m str>,
}

#[derive(Debug, Clone, Copy)]
enum Broken<'m> {
    Gateway(&'static Fault),
    Script(&'m Counter),
}

impl Broken<'_> {
    fn name(&self) -> String {
        match self {
            Self::Gateway(fault) => fault.name.to_owned(),
            Self::Script(counter) => counter.name.clone(),
        }
    }
}

/// What a selftest came to.
#[derive(Debug, Default)]
pub struct Kills {
    /// One entry a fault or counter-script.
    pub trials: Vec<Kill>,
    /// Rows that did not pass although nothing was broken.
    pub false_alarms: Vec<String>,
    /// How many rows were tried without any fault.
    pub unbroken: usize,
}

/// What came of one fault or counter-script.
#[derive(Debug)]
pub struct Kill {
    /// Name of the fault or counter-script.
    pub name: String,
    /// Rows that failed, as they must or not.
    pub killed_by: Vec<String>,
    /// Rows that name it and did not fail.
    pub missed_by: Vec<String>,
}

impl Kill {
    /// Whether every row that names it failed, and at least one row did.
    pub fn holds(&self) -> bool {
        self.missed_by.is_empty() && !self.killed_by.is_empty()
    }
}

impl Kills {
    /// Whether every sabotage was noticed and there was no false alarm.
    pub fn holds(&self) -> bool {
        let something = self.unbroken > 0 || !self.trials.is_empty();
        something && self.false_alarms.is_empty() && self.trials.iter().all(Kill::holds)
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
}

/// Plans a selftest: all faults and counter-scripts, or those named. `full` tries every live row
/// against every fault, named by a row or not.
pub fn plan<'m>(
    matrix: &'m Matrix,
    only: &[String],
    full: bool,
) -> Result<Selftest<'m>, UnknownFault> {
    let wanted = |name: &str| only.is_empty() || only.iter().any(|only| only == name);
    let mut trials = Vec::new();
    if only.is_empty() {
        let rows = matrix.rows().iter().collect();
        trials.push(Trial {
            sabotage: None,
            rows,
            must_fail: BTreeSet::new(),
        });
    }
    for fault in fault::catalogue().iter().filter(|fault| wanted(fault.name)) {
        let naming: Vec<&Row> = matrix
            .rows()
            .iter()
            .filter(|row| names(row, fault.name))
            .collect();
        let rows = if full {
            matrix
                .rows()
                .iter()
                .filter(|row| row.venue == Venue::Live)
                .collect()
        } else {
            naming.clone()
        };
        if !rows.is_empty() {
            let must_fail = naming.iter().map(|row| row.name.as_str()).collect();
            trials.push(Trial {
                sabotage: Some(Broken::Gateway(fault)),
                rows,
                must_fail,
            });
        }
    }
    for row in matrix.rows() {
        for sabotage in &row.sabotage {
            let Sabotage::Counter(counter) = sabotage else {
                continue;
            };
            if wanted(&counter.name) {
                let must_fail = BTreeSet::from([row.name.as_str()]);
                trials.push(Trial {
                    sabotage: Some(Broken::Script(counter)),
                    rows: vec![row],
                    must_fail,
                });
            }
        }
    }
    let known = |name: &String| {
        trials
            .iter()
            .any(|trial| trial.sabotage.is_some_and(|broken| broken.name() == *name))
    };
    if let Some(unknown) = only.iter().find(|name| !known(name)) {
        return Err(rehearsal::unknown_fault(unknown));
    }
    Ok(Selftest { trials, full })
}

fn names(row: &Row, fault: &str) -> bool {
    row.sabotage
        .iter()
        .any(|sabotage| matches!(sabotage, Sabotage::Fault(name) if name == fault))
}

/// Runs a selftest, `jobs` trials at a time, each against a gateway of its own.
pub async fn run(
    matrix: &Matrix,
    selftest: &Selftest<'_>,
    jobs: usize,
    note: &(dyn Fn(&str) + Sync),
) -> Result<Kills, SelftestError> {
    let trials = selftest.trials.iter().map(|trial| async move {
        let statuses = try_all(matrix, trial).await?;
        note(&format!(
            "{} rows tried: {}",
            statuses.len(),
            trial.sabotage.map_or("no fault".to_owned(), |b| b.name())
        ));
        Ok::<_, SelftestError>((trial, statuses))
    });
    let mut finished = stream::iter(trials).buffered(jobs.max(1));
    let mut kills = Kills::default();
    while let Some(done) = finished.next().await {
        let (trial, statuses) = done?;
        add(&mut kills, trial, &statuses);
    }
    if selftest.full {
        kills.trials.sort_by_key(Kill::holds);
    }
    Ok(kills)
}

fn add(kills: &mut Kills, trial: &Trial<'_>, statuses: &[(&str, RowStatus)]) {
    let with = |wanted: bool| -> Vec<String> {
        let of = statuses
            .iter()
            .filter(|(_, status)| (*status == RowStatus::Failed) == wanted);
        of.map(|(name, _)| (*name).to_owned()).collect()
    };
    let Some(broken) = trial.sabotage else {
        kills.unbroken = statuses.len();
        let alarms = statuses
            .iter()
            .filter(|(_, status)| *status != RowStatus::Passed);
        kills.false_alarms = alarms.map(|(name, _)| (*name).to_owned()).collect();
        return;
    };
    let missed = with(false)
        .into_iter()
        .filter(|name| trial.must_fail.contains(name.as_str()))
        .collect();
    kills.trials.push(Kill {
        name: broken.name(),
        killed_by: with(true),
        missed_by: missed,
    });
}

async fn try_all<'m>(
    matrix: &Matrix,
    trial: &Trial<'m>,
) -> Result<Vec<(&'m str, RowStatus)>, SelftestError> {
    let (fault, counter) = match trial.sabotage {
        Some(Broken::Gateway(fault)) => (Some(fault), None),
        Some(Broken::Script(counter)) => (None, Some(counter)),
        None => (None, None),
    };
    let gateway = Gateway::start(Config {
        fault,
        ..Config::default()
    })
    .await?;
    let inputs = load::inputs(matrix.inputs(), &rehearsal::environment(&gateway), None);
    let files = PrivateFiles::decode(matrix.inputs(), &inputs)?;
    let mut world: World = world::world(&inputs, &files)?;
    world.books = Some(Arc::new(gateway.journal()));
    let mut statuses = Vec::new();
    for row in &trial.rows {
        let result = run_row(row, counter, &world).await;
        statuses.push((row.name.as_str(), result.status));
    }
    gateway.shutdown().await;
    Ok(statuses)
}
