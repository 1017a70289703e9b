//! One gateway or scripted server, and the rows that are tried against it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use canary_core::matrix::Matrix;
use runinfra_gateway::{Config, Gateway, fault::Setting};

use super::{
    SelftestError, Subject, Tried,
    noticed::Noticed,
    plan::{Stop, Trial, What},
};
use crate::{
    load::{self, PrivateFiles},
    probe::World,
    rehearsal,
    run::run_row,
    world,
};

/// After so long, further rows are tried only for a verdict: a gateway that never answers would keep
/// each of them until its deadline.
const LONG: Duration = Duration::from_secs(180);

/// Seconds that a call may take against a gateway that may never answer.
const PATIENCE_WITH_BROKEN: &str = "40";

impl Trial<'_> {
    /// Tries the rows, one after the other, until enough were tried.
    pub(super) async fn run(&self, matrix: &Matrix, stop: Stop) -> Result<Tried, SelftestError> {
        let began = Instant::now();
        let (fault, counter) = match self.what {
            What::Conforming(_) => (None, None),
            What::Broken(fault) => (Some(fault), None),
            What::Script(counter) => (None, Some(counter)),
        };
        let gateway = Gateway::start(Config {
            fault,
            ..self.what.setting().config()
        })
        .await?;
        let mut variables = rehearsal::environment(&gateway);
        if fault.is_some() {
            let name = "RUNINFRA_CANARY_TIMEOUT_SECONDS".to_owned();
            variables.insert(name, PATIENCE_WITH_BROKEN.to_owned());
        }
        let inputs = load::inputs(matrix.inputs(), &variables, None);
        let files = PrivateFiles::decode(matrix.inputs(), &inputs)?;
        let mut world: World = world::world(&inputs, &files)?;
        world.books = Some(Arc::new(gateway.journal()));
        if self.what.setting() != Setting::Usual {
            // What ran out stays so: waiting for it helps nobody here.
            world.most_retries = Some(0);
        }
        // One row that passed says nothing of the others.
        let stop = match self.what {
            What::Conforming(_) => Stop::Never,
            _ => stop,
        };
        let mut noticed = Noticed::default();
        for row in &self.rows {
            noticed.add(row, &run_row(row, counter, &world).await);
            let late = began.elapsed() > LONG && noticed.is_decided(&self.owners);
            if late || noticed.enough(&self.owners, self.rows.len(), stop) {
                break;
            }
        }
        gateway.shutdown().await;
        let millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(self.tried(matrix, noticed, stop, millis))
    }

    fn tried(&self, matrix: &Matrix, noticed: Noticed, stop: Stop, millis: u64) -> Tried {
        let subject = self.what.subject();
        let (verdict, missed) = if subject == Subject::Conforming {
            (noticed.of_conforming(self.what.setting()), Vec::new())
        } else {
            noticed.of_broken(&self.owners, stop)
        };
        let order = matrix.invariants().iter().map(|one| &one.word);
        let failed = if subject == Subject::Conforming && self.what.setting() == Setting::Usual {
            noticed.not_passed
        } else {
            noticed.failed
        };
        Tried {
            name: self.what.name(),
            subject,
            verdict,
            failed,
            broken: order
                .filter(|word| noticed.broken.contains(*word))
                .cloned()
                .collect(),
            missed,
            rows: noticed.tried.len() as u64,
            millis,
        }
    }
}
