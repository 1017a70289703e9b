//! Sampling parameters shared by chat and Responses: clamped into range, and noted when they were out of it.

use serde::Deserialize;

use crate::catalog::Model;
use crate::envelope::ApiError;
use crate::model::text::{Sampling, Task, prompt_tokens};
use crate::params::{Adjustments, Whole};

/// `stop`: one sequence or up to four.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a string or an array of strings")]
pub(super) enum Stop {
    One(String),
    Many(Vec<String>),
}

/// The numbers as they were sent.
#[derive(Debug, Default)]
pub(super) struct Sent {
    pub(super) max_tokens: Option<(&'static str, Whole)>,
    pub(super) temperature: Option<f64>,
    pub(super) top_p: Option<f64>,
    pub(super) presence_penalty: Option<f64>,
    pub(super) frequency_penalty: Option<f64>,
    pub(super) seed: Option<Whole>,
    pub(super) stop: Option<Stop>,
}

/// Most stop sequences in one request.
const MOST_STOPS: usize = 4;

pub(super) fn read(
    sent: Sent,
    model: &Model,
    adjustments: &mut Adjustments,
) -> Result<Sampling, ApiError> {
    let mut sampling = Sampling {
        max_tokens: model.output_tokens,
        seed: sent.seed.map_or(0, |Whole(seed)| seed),
        ..Sampling::default()
    };
    if let Some((name, value)) = sent.max_tokens {
        sampling.max_tokens = adjustments.clamp_count(name, value, model.output_tokens);
    }
    let mut number = |name, sent: Option<f64>, into: &mut f64, low, high| {
        if let Some(value) = sent {
            *into = adjustments.clamp(name, value, low, high);
        }
    };
    number(
        "temperature",
        sent.temperature,
        &mut sampling.temperature,
        0.0,
        2.0,
    );
    number("top_p", sent.top_p, &mut sampling.top_p, 0.0, 1.0);
    number(
        "presence_penalty",
        sent.presence_penalty,
        &mut sampling.presence_penalty,
        -2.0,
        2.0,
    );
    number(
        "frequency_penalty",
        sent.frequency_penalty,
        &mut sampling.frequency_penalty,
        -2.0,
        2.0,
    );
    sampling.stop = match sent.stop {
        None => Vec::new(),
        Some(Stop::One(stop)) => vec![stop],
        Some(Stop::Many(stops)) => stops,
    };
    if sampling.stop.len() > MOST_STOPS {
        return Err(ApiError::invalid(
            "array_too_long",
            format!("`stop` takes at most {MOST_STOPS} sequences."),
        )
        .at("stop"));
    }
    Ok(sampling)
}

/// Refuses a prompt beyond the model's context with 422, and returns its length in tokens.
pub(super) fn fit(task: &Task, model: &Model, param: &str) -> Result<usize, ApiError> {
    let tokens = prompt_tokens(task);
    if tokens <= model.context_tokens {
        return Ok(tokens);
    }
    Err(ApiError::unprocessable(
        "context_length_exceeded",
        format!(
            "The prompt has {tokens} tokens, and `{}` reads at most {}. Shorten it.",
            model.id, model.context_tokens
        ),
    )
    .at(param))
}
