//! The promises that are kept by state rather than by any one answer: a fault may break one of them.

use std::time::Duration;

/// How the gateway behaves where an answer alone cannot show it. The default keeps the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one promise that exactly one fault breaks"
)]
pub(crate) struct Policy {
    /// Requests without a key are let in.
    pub(crate) missing_key_accepted: bool,
    /// Requests with an unknown key are let in.
    pub(crate) unknown_key_accepted: bool,
    /// A pipeline key works on flat routes.
    pub(crate) pipeline_key_on_flat_routes: bool,
    /// A pipeline key works on every pipeline.
    pub(crate) pipeline_key_on_other_pipelines: bool,
    /// Pipelines that do not exist answer as if they did.
    pub(crate) unknown_pipelines_exist: bool,
    /// Ids that are not deployed fall back to another model of the modality.
    pub(crate) unknown_models_fall_back: bool,
    /// Stored answers are replayed.
    pub(crate) replays: bool,
    /// A key is bound to the body it came with.
    pub(crate) body_bound: bool,
    /// Two concurrent requests with one key run once.
    pub(crate) concurrent_runs_joined: bool,
    /// Keys are told apart by caller.
    pub(crate) keys_per_caller: bool,
    /// A replayed answer is charged again, though it does not run again.
    pub(crate) replays_charged: bool,
    /// Refusals are stored and replayed like answers.
    pub(crate) refusals_stored: bool,
    /// Operations that honour the key; `None` means every charge-bearing one.
    pub(crate) keyed_operations: Option<&'static [&'static str]>,
    /// Budgets are enforced.
    pub(crate) limits_enforced: bool,
    /// Every request takes this much from the budget.
    pub(crate) requests_counted: bool,
    /// Waits before every answer.
    pub(crate) latency: Duration,
    /// Unknown body fields are refused.
    pub(crate) unknown_fields_refused: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            missing_key_accepted: false,
            unknown_key_accepted: false,
            pipeline_key_on_flat_routes: false,
            pipeline_key_on_other_pipelines: false,
            unknown_pipelines_exist: false,
            unknown_models_fall_back: false,
            replays: true,
            body_bound: true,
            concurrent_runs_joined: true,
            keys_per_caller: true,
            replays_charged: false,
            refusals_stored: false,
            keyed_operations: None,
            limits_enforced: true,
            requests_counted: true,
            latency: Duration::ZERO,
            unknown_fields_refused: true,
        }
    }
}
