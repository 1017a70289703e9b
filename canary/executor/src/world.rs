//! The world that resolved inputs describe: where the gateway is, how long calls may take, and the
//! run's own random key.

use std::{sync::Arc, time::Duration};

use canary_core::{
    digest::DigestKey,
    input::{Inputs, PRODUCTION_BASE_URL, Value},
};
use runinfra::transport::Http;
use uuid::Uuid;

use crate::{
    budget::{Budgets, Metered},
    load::PrivateFiles,
    pace::Pace,
    probe::{AnswerIds, Created, RequestIds, World},
    pulse::Pulse,
};

/// No client could be made.
#[derive(Debug, thiserror::Error)]
#[error("could not make an HTTP client: {0}")]
pub struct WorldError(String);

/// How long an idle connection is kept: less than common servers keep theirs, the shortest for two seconds. A call
/// that meets the server's close fails unanswered, and rows are not about who hangs up first.
const IDLE: Duration = Duration::from_secs(1);

/// The world of one run. Its key, and with it every nonce, is new each time.
///
/// # Panics
/// Outside a tokio runtime: its pulse begins to beat.
pub fn world(inputs: &Inputs, files: &PrivateFiles) -> Result<World, WorldError> {
    let base_url = match inputs.value("RUNINFRA_BASE_URL") {
        Some(Value::Url(url)) => url.as_str().to_owned(),
        _ => PRODUCTION_BASE_URL.to_owned(),
    };
    let seconds = match inputs.value("RUNINFRA_CANARY_TIMEOUT_SECONDS") {
        Some(Value::Number(seconds)) => *seconds,
        _ => 120.0,
    };
    let transport = Http::builder()
        .idle_timeout(IDLE)
        .build()
        .map_err(|error| WorldError(error.to_string()))?;
    let budgets = Budgets::default();
    Ok(World {
        base_url,
        inputs: inputs.clone(),
        files: files.paths().clone(),
        key: random_key(),
        transport: Arc::new(Metered::new(Arc::new(transport), budgets.clone())),
        call_timeout: Duration::from_secs_f64(seconds),
        most_retries: None,
        ids: RequestIds::default(),
        answer_ids: AnswerIds::default(),
        created: Created::default(),
        budgets,
        books: None,
        pace: Pace::default(),
        pulse: Pulse::start(),
    })
}

/// A key from the operating system's randomness (two version-4 UUIDs carry 244 bits of it).
fn random_key() -> DigestKey {
    let mut key = [0; 32];
    key[..16].copy_from_slice(Uuid::new_v4().as_bytes());
    key[16..].copy_from_slice(Uuid::new_v4().as_bytes());
    DigestKey::new(key)
}
