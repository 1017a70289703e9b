//! The promises that are kept by state rather than by any one answer: a fault may break one of them.

use std::borrow::Cow;

/// How the gateway behaves where an answer alone cannot show it. The default keeps the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Serialize))]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one promise that exactly one fault breaks"
)]
pub(crate) struct Policy {
    /// Requests without a key are let in.
    pub(crate) missing_key_accepted: bool,
    /// Requests with an unknown key are let in.
    pub(crate) unknown_key_accepted: bool,
    /// A key is let in without its scheme.
    pub(crate) scheme_optional: bool,
    /// When a presented key is a known one.
    pub(crate) keys_compared: KeyComparison,
    /// Operations on whose flat routes a pipeline key works; `*` is all of them.
    pub(crate) pipeline_key_on_flat_routes: &'static [&'static str],
    /// A pipeline key works on its own pipeline.
    pub(crate) pipeline_key_at_home: bool,
    /// A workspace key runs models.
    pub(crate) workspace_key_runs: bool,
    /// A pipeline key works on every pipeline.
    pub(crate) pipeline_key_on_other_pipelines: bool,
    /// Pipelines that do not exist answer as if they did.
    pub(crate) unknown_pipelines_exist: bool,
    /// Stored answers are replayed.
    pub(crate) replays: bool,
    /// Operations whose bodies a key is not bound to; `*` is all of them.
    pub(crate) bodies_unbound: &'static [&'static str],
    /// Fields of a body, or parts of a form, that a key is not bound to.
    pub(crate) fields_unbound: &'static [&'static str],
    /// When two idempotency keys are the same.
    pub(crate) keys_told_apart: KeyIdentity,
    /// Two concurrent requests with one key run once.
    pub(crate) concurrent_runs_joined: bool,
    /// Keys are told apart by caller.
    pub(crate) keys_per_caller: bool,
    /// A replayed answer is charged again, though it does not run again.
    pub(crate) replays_charged: bool,
    /// Refusals are stored and replayed like answers.
    pub(crate) refusals_stored: bool,
    /// Charge-bearing operations on which keys do nothing.
    pub(crate) unbound_operations: &'static [&'static str],
    /// A key that came with a stream is spent.
    pub(crate) streams_bound: bool,
    /// A key whose answer was too large to store is spent.
    pub(crate) large_answers_bound: bool,
    /// The first answer of an operation is given to everyone after.
    pub(crate) first_answers_kept: bool,
    /// Budgets are enforced.
    pub(crate) limits_enforced: bool,
    /// Requests take from the budget.
    pub(crate) requests_counted: bool,
}

/// How API keys are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Serialize))]
pub(crate) enum KeyComparison {
    /// As a whole, as they should be.
    Whole,
    /// Without regard to case.
    CaseIgnored,
    /// By their length alone.
    LengthOnly,
    /// By their first 24 characters.
    PrefixOnly,
}

impl KeyComparison {
    /// What of a key is compared.
    pub(crate) fn compared(self, key: &str) -> Cow<'_, str> {
        match self {
            Self::Whole => key.into(),
            Self::CaseIgnored => key.to_ascii_lowercase().into(),
            Self::LengthOnly => key.len().to_string().into(),
            Self::PrefixOnly => first(key, 24).into(),
        }
    }
}

/// How idempotency keys are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Serialize))]
pub(crate) enum KeyIdentity {
    /// As a whole, as they should be.
    Whole,
    /// By their first 64 characters.
    First64,
    /// By their last 8 characters.
    Last8,
    /// Without regard to case.
    CaseFolded,
}

impl KeyIdentity {
    /// What of a key tells it from others.
    pub(crate) fn of(self, key: &str) -> String {
        match self {
            Self::Whole => key.to_owned(),
            Self::First64 => first(key, 64).to_owned(),
            Self::Last8 => last(key, 8).to_owned(),
            Self::CaseFolded => key.to_ascii_lowercase(),
        }
    }
}

fn first(text: &str, characters: usize) -> &str {
    match text.char_indices().nth(characters) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

fn last(text: &str, characters: usize) -> &str {
    match text.char_indices().nth_back(characters.saturating_sub(1)) {
        Some((start, _)) => &text[start..],
        None => text,
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            missing_key_accepted: false,
            unknown_key_accepted: false,
            scheme_optional: false,
            keys_compared: KeyComparison::Whole,
            pipeline_key_on_flat_routes: &[],
            pipeline_key_at_home: true,
            workspace_key_runs: true,
            pipeline_key_on_other_pipelines: false,
            unknown_pipelines_exist: false,
            replays: true,
            bodies_unbound: &[],
            fields_unbound: &[],
            keys_told_apart: KeyIdentity::Whole,
            concurrent_runs_joined: true,
            keys_per_caller: true,
            replays_charged: false,
            refusals_stored: false,
            unbound_operations: &[],
            streams_bound: true,
            large_answers_bound: true,
            first_answers_kept: false,
            limits_enforced: true,
            requests_counted: true,
        }
    }
}
