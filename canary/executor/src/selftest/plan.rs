//! Which gateways and scripted servers are tried, and against which rows.

use std::collections::BTreeSet;

use canary_core::{
    matrix::{Counter, Matrix, Row, Sabotage, Venue},
    report::v1::Partition,
};
use runinfra_gateway::{
    Fault,
    fault::{self, Setting},
};

use super::{Subject, Tried};
use crate::rehearsal::{self, UnknownFault};

/// What somebody asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Only these faults and counter-scripts; all when empty.
    pub only: Vec<String>,
    /// Tries every live row against every fault, named by one or not.
    pub full: bool,
    /// Goes on to the next fault when the first owner of one noticed.
    pub first_kill: bool,
    /// Only this share of the trials.
    pub partition: Option<Partition>,
    /// What an earlier run found out.
    pub known: Vec<Tried>,
}

/// What is to be tried.
#[derive(Debug)]
pub struct Selftest<'m> {
    pub(super) trials: Vec<Trial<'m>>,
    pub(super) stop: Stop,
    pub(super) known: Vec<Tried>,
}

impl Selftest<'_> {
    /// What is about to be tried, in one line.
    pub fn line(&self) -> String {
        let earlier = match self.known.len() {
            0 => String::new(),
            known => format!("; {known} are known from an earlier run"),
        };
        format!("{} to be tried{earlier}", self.trials.len())
    }
}

/// When enough rows were tried against one gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// When there are none left.
    Never,
    /// When every owner had its turn.
    Owners,
    /// When one owner noticed; without owners, when any row did.
    FirstKill,
}

/// A gateway or scripted server, the rows that are tried against it, and who must notice.
#[derive(Debug)]
pub(super) struct Trial<'m> {
    pub(super) what: What<'m>,
    /// Owners first.
    pub(super) rows: Vec<&'m Row>,
    pub(super) owners: Owners<'m>,
}

/// Those that name what is broken.
#[derive(Debug, Default)]
pub(super) struct Owners<'m> {
    pub(super) rows: BTreeSet<&'m str>,
    pub(super) invariants: BTreeSet<&'m str>,
}

impl Owners<'_> {
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.invariants.is_empty()
    }
}

/// What stands at the other end.
#[derive(Debug, Clone, Copy)]
pub(super) enum What<'m> {
    Conforming(Setting),
    Broken(&'static Fault),
    Script(&'m Counter),
}

impl What<'_> {
    pub(super) fn name(self) -> String {
        match self {
            Self::Conforming(setting) => setting.as_str().to_owned(),
            Self::Broken(fault) => fault.name.to_owned(),
            Self::Script(counter) => counter.name.clone(),
        }
    }

    pub(super) fn subject(self) -> Subject {
        match self {
            Self::Conforming(_) => Subject::Conforming,
            Self::Broken(_) => Subject::Fault,
            Self::Script(_) => Subject::CounterScript,
        }
    }

    pub(super) fn setting(self) -> Setting {
        match self {
            Self::Conforming(setting) => setting,
            Self::Broken(fault) => fault.setting(),
            Self::Script(_) => Setting::Usual,
        }
    }
}

/// Plans a selftest.
pub fn plan<'m>(matrix: &'m Matrix, options: &Options) -> Result<Selftest<'m>, UnknownFault> {
    let wanted =
        |name: &str| options.only.is_empty() || options.only.iter().any(|only| only == name);
    let faults = fault::catalogue().iter().filter(|one| wanted(one.name));
    let mut broken: Vec<Trial<'m>> = faults
        .filter_map(|fault| against(matrix, fault, options.full))
        .collect();
    broken.extend(counters(matrix).filter(|trial| wanted(&trial.what.name())));
    let has = |name: &String| broken.iter().any(|trial| trial.what.name() == *name);
    if let Some(unknown) = options.only.iter().find(|name| !has(name)) {
        return Err(rehearsal::unknown_fault(unknown));
    }
    let settings: BTreeSet<Setting> = broken.iter().map(|trial| trial.what.setting()).collect();
    // Against a few faults by name, the usual gateway is not tried: `rehearse` does that.
    let tried = |setting: &Setting| options.only.is_empty() || *setting != Setting::Usual;
    let mut trials: Vec<Trial<'m>> = settings
        .into_iter()
        .filter(tried)
        .map(|setting| conforming(matrix, setting))
        .collect();
    trials.extend(broken);
    if let Some(partition) = options.partition {
        trials = partition.share(trials).collect();
    }
    let has = |one: &Tried| {
        let same = |trial: &Trial<'_>| (trial.what.subject(), trial.what.name());
        let trials = trials.iter();
        trials
            .map(same)
            .any(|key| key == (one.subject, one.name.clone()))
    };
    let known: Vec<Tried> = options
        .known
        .iter()
        .filter(|one| has(one))
        .cloned()
        .collect();
    trials.retain(|trial| {
        let (subject, name) = (trial.what.subject(), trial.what.name());
        !known
            .iter()
            .any(|one| (one.subject, &one.name) == (subject, &name))
    });
    Ok(Selftest {
        trials,
        known,
        stop: match (options.first_kill, options.full) {
            (true, _) => Stop::FirstKill,
            (false, true) => Stop::Never,
            (false, false) => Stop::Owners,
        },
    })
}

/// Every row against a gateway that keeps the contract.
fn conforming(matrix: &Matrix, setting: Setting) -> Trial<'_> {
    let live_only = setting != Setting::Usual;
    let rows = matrix.rows().iter();
    Trial {
        what: What::Conforming(setting),
        rows: rows
            .filter(|row| !live_only || row.venue == Venue::Live)
            .collect(),
        owners: Owners::default(),
    }
}

/// The rows that a fault is tried against; [`None`] when it has no owner and that is all there is.
fn against<'m>(matrix: &'m Matrix, fault: &'static Fault, full: bool) -> Option<Trial<'m>> {
    let names = |row: &Row| {
        let mut sabotage = row.sabotage.iter();
        sabotage.any(|one| matches!(one, Sabotage::Fault(name) if name == fault.name))
    };
    let live = matrix.rows().iter().filter(|row| row.venue == Venue::Live);
    let (mut rows, others): (Vec<&Row>, Vec<&Row>) = live.partition(|row| names(row));
    let invariants = matrix.invariants().iter();
    let owners = Owners {
        rows: rows.iter().map(|row| row.name.as_str()).collect(),
        invariants: invariants
            .filter(|one| one.sabotage.iter().any(|name| name == fault.name))
            .map(|one| one.word.as_str())
            .collect(),
    };
    if owners.is_empty() && !full {
        return None;
    }
    // An invariant looks at every row's answers, so any row may be the one that shows it.
    if full || !owners.invariants.is_empty() {
        rows.extend(others);
    }
    Some(Trial {
        what: What::Broken(fault),
        rows,
        owners,
    })
}

fn counters(matrix: &Matrix) -> impl Iterator<Item = Trial<'_>> {
    let all = matrix.rows().iter().flat_map(|row| {
        let sabotage = row.sabotage.iter();
        sabotage.filter_map(move |one| match one {
            Sabotage::Counter(counter) => Some((row, counter)),
            Sabotage::Fault(_) => None,
        })
    });
    all.map(|(row, counter)| Trial {
        what: What::Script(counter),
        rows: vec![row],
        owners: Owners {
            rows: BTreeSet::from([row.name.as_str()]),
            invariants: BTreeSet::new(),
        },
    })
}
