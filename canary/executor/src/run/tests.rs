//! Whole runs against the embedded gateway: with a small budget, on a clock that the test turns; and
//! with streams whose pieces come at once.

mod looks;

use std::sync::{Arc, Mutex};

use canary_core::{
    builtin,
    diagnose::SourceFile,
    matrix::{INPUTS_FILE, Matrix},
};
use futures_util::future::BoxFuture;
use runinfra_gateway::{Clock, Config, Gateway};

use super::*;
use crate::{
    load::{self, PrivateFiles},
    pace::{Pace, Watch},
    rehearsal, world,
};

const BUDGET: u32 = 60;

/// A watch whose hands, and the gateway's with them, move only when somebody waits.
#[derive(Debug)]
struct Skipping {
    now: Mutex<Instant>,
    gateway: Clock,
}

impl Watch for Skipping {
    fn now(&self) -> Instant {
        *self.now.lock().unwrap()
    }

    fn wait(&self, time: Duration) -> BoxFuture<'_, ()> {
        *self.now.lock().unwrap() += time;
        self.gateway.advance(time);
        Box::pin(std::future::ready(()))
    }
}

#[derive(Default)]
struct Waits(Mutex<Vec<Duration>>);

impl Sink for Waits {
    fn event(&self, event: &RunEvent<'_>) {
        if let RunEvent::Waiting { wait } = event {
            self.0.lock().unwrap().push(*wait);
        }
    }
}

/// So many rows of one request each.
fn matrix(rows: usize) -> Matrix {
    let row = |at| {
        format!(
            "[[row]]\nname = \"models.list.{at}\"\nproves = \"It lists.\"\ntier = \"ga\"\nvenue = \"live\"\n\
             surfaces = [\"models.list\"]\nneeds = [\"RUNINFRA_API_KEY\"]\ncall = {{ operation = \"models.list\" }}\n\
             expect = [\"answered\", \"request_id\"]\nsabotage = [\"models.list_empty\"]\n"
        )
    };
    let text: String = (0..rows).map(row).collect();
    let mut files = builtin::matrix();
    files.retain(|file| file.name == INPUTS_FILE);
    files.push(SourceFile::new("rows.toml", text));
    Matrix::load(files, None).unwrap()
}

/// What came of so many rows, `jobs` at a time, after somebody else sent so many requests with the
/// same key: the statuses of all answers that came meanwhile, and the waits.
async fn run_with_small_budget(rows: usize, jobs: usize, others: u32) -> (Vec<u16>, Vec<Duration>) {
    let clock = Clock::manual(Duration::from_secs(1_800_000_000));
    let config = Config {
        requests_per_minute: Some(BUDGET),
        clock: clock.clone(),
        ..Config::default()
    };
    let gateway = Gateway::start(config).await.unwrap();
    let client = runinfra::Client::builder()
        .api_key(gateway.api_key())
        .base_url(gateway.base_url())
        .build()
        .unwrap();
    for _ in 0..others {
        client.models().list().await.unwrap();
    }
    let matrix = matrix(rows);
    let inputs = load::inputs(matrix.inputs(), &rehearsal::environment(&gateway), None);
    let files = PrivateFiles::decode(matrix.inputs(), &inputs).unwrap();
    let mut world = world::world(&inputs, &files).unwrap();
    world.pace = Pace::by(Arc::new(Skipping {
        now: Mutex::new(Instant::now()),
        gateway: clock,
    }));
    // The SDK would wait by the machine's clock.
    world.most_retries = Some(0);
    let plan = Plan::resolve(&matrix, &inputs);
    let waits = Waits::default();
    let outcome = run(&plan, &world, jobs, &waits, &CancellationToken::new()).await;
    let not_passed: Vec<_> = outcome
        .results
        .iter()
        .filter(|result| result.status != RowStatus::Passed)
        .collect();
    assert!(not_passed.is_empty(), "{not_passed:#?}");
    assert_eq!(outcome.results.len(), rows);
    let arrived = gateway.journal().snapshot().arrivals;
    gateway.shutdown().await;
    let answered = arrived.iter().skip(others as usize);
    (
        answered.filter_map(|arrival| arrival.status).collect(),
        waits.0.into_inner().unwrap(),
    )
}

#[tokio::test]
async fn a_run_larger_than_the_budget_waits_and_passes_without_being_limited() {
    for jobs in [1, 4] {
        let (statuses, waits) = run_with_small_budget(130, jobs, 0).await;
        assert_eq!(statuses, [200; 132], "the catalog is read at both ends");
        assert!(waits.len() >= 2, "{waits:?}");
        let minute = Duration::from_secs(30)..=Duration::from_secs(61);
        assert!(waits.iter().all(|wait| minute.contains(wait)), "{waits:?}");
    }
}

#[tokio::test]
async fn a_run_within_the_budget_does_not_wait() {
    let (statuses, waits) = run_with_small_budget(40, 4, 0).await;
    assert_eq!((statuses.len(), waits.len()), (42, 0));
}

#[tokio::test]
async fn a_run_waits_for_somebody_else_who_uses_the_key() {
    let (statuses, waits) = run_with_small_budget(40, 1, 30).await;
    assert_eq!(statuses, [200; 42]);
    assert!(!waits.is_empty());
}

#[tokio::test]
async fn rows_that_were_limited_all_the_same_have_another_turn() {
    // Ten requests are left when twenty set out at once.
    let (statuses, waits) = run_with_small_budget(20, 20, BUDGET - 11).await;
    let limited = statuses.iter().filter(|status| **status == 429).count();
    assert_eq!(limited, 10, "{statuses:?}");
    assert_eq!(statuses.len(), 22 + limited);
    assert!(!waits.is_empty());
}
