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
    /// Waits before every answer.
    pub(crate) latency: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            missing_key_accepted: false,
            unknown_key_accepted: false,
            pipeline_key_on_flat_routes: &[],
            pipeline_key_at_home: true,
            workspace_key_runs: true,
            pipeline_key_on_other_pipelines: false,
            unknown_pipelines_exist: false,
            replays: true,
            body_bound: true,
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
            latency: Duration::ZERO,
        }
    }
}
