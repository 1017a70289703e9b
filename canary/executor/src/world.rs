//! The world that resolved inputs describe: where the gateway is, how long calls may take, and the
//! run's own random key.

use std::{sync::Arc, time::Duration};

use canary_core::{
    digest::DigestKey,
    input::{Inputs, PRODUCTION_BASE_URL, State, Value},
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

/// Why there is no world.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// No client could be made.
    #[error("could not make an HTTP client: {0}")]
    Client(String),
    /// What is set and cannot be used is no reason to call another gateway, or to wait for another time.
    #[error("{0} is set to what cannot be used; mend it, or unset it to use its default")]
    Unusable(&'static str),
}

/// How long an idle connection is kept: less than common servers keep theirs, the shortest for two seconds. A call
/// that meets the server's close fails unanswered, and rows are not about who hangs up first.
const IDLE: Duration = Duration::from_secs(1);

/// The world of one run. Its key, and with it every nonce, is new each time.
///
/// # Panics
/// Outside a tokio runtime: its pulse begins to beat.
pub fn world(inputs: &Inputs, files: &PrivateFiles) -> Result<World, WorldError> {
    let base_url = match value(inputs, "RUNINFRA_BASE_URL")? {
        Some(Value::Url(url)) => url.as_str().to_owned(),
        _ => PRODUCTION_BASE_URL.to_owned(),
    };
    let seconds = match value(inputs, "RUNINFRA_CANARY_TIMEOUT_SECONDS")? {
        Some(Value::Number(seconds)) => *seconds,
        _ => 120.0,
    };
    let transport = Http::builder()
        .idle_timeout(IDLE)
        .build()
        .map_err(|error| WorldError::Client(error.to_string()))?;
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

/// The value of an input, which must be one that can be used where it is set.
fn value<'a>(inputs: &'a Inputs, name: &'static str) -> Result<Option<&'a Value>, WorldError> {
    match inputs.get(name).map(|resolved| &resolved.state) {
        Some(State::Set(value)) => Ok(Some(value)),
        Some(State::Invalid(_)) => Err(WorldError::Unusable(name)),
        Some(State::Missing) | None => Ok(None),
    }
}

/// A key from the operating system's randomness (two version-4 UUIDs carry 244 bits of it).
fn random_key() -> DigestKey {
    let mut key = [0; 32];
    key[..16].copy_from_slice(Uuid::new_v4().as_bytes());
    key[16..].copy_from_slice(Uuid::new_v4().as_bytes());
    DigestKey::new(key)
}

#[cfg(test)]
mod tests {
    use canary_core::{builtin, matrix::Matrix};

    use super::*;
    use crate::load;

    /// Commands refuse these before; whoever builds a world without asking must not call production
    /// with the key of another gateway either.
    #[tokio::test]
    async fn a_setting_that_cannot_be_used_is_not_replaced_by_its_default() {
        let matrix = Matrix::load(builtin::matrix(), None).unwrap();
        let of = |variables: &[(&str, &str)]| {
            let variables = variables.iter();
            let environment =
                variables.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            let inputs = load::inputs(matrix.inputs(), &environment.collect(), None);
            world(&inputs, &PrivateFiles::default())
        };
        for (name, value) in [
            ("RUNINFRA_BASE_URL", "http://example.com/v1"),
            ("RUNINFRA_CANARY_TIMEOUT_SECONDS", "soon"),
        ] {
            let refused = of(&[(name, value)]).err().unwrap();
            assert!(matches!(refused, WorldError::Unusable(told) if told == name));
        }
        let usual = of(&[]).unwrap();
        assert_eq!(usual.base_url, PRODUCTION_BASE_URL);
        assert_eq!(usual.call_timeout, Duration::from_secs(120));
        let chosen = of(&[
            ("RUNINFRA_BASE_URL", "http://127.0.0.1:1/v1"),
            ("RUNINFRA_CANARY_TIMEOUT_SECONDS", "7"),
        ]);
        let chosen = chosen.unwrap();
        assert_eq!(chosen.base_url, "http://127.0.0.1:1/v1");
        assert_eq!(chosen.call_timeout, Duration::from_secs(7));
    }
}
