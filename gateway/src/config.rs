//! What a gateway can be told before it starts.

use std::time::Duration;

use crate::clock::Clock;
use crate::fault::Fault;
use crate::limits::Plan;
use crate::secret::Secret;

/// What a key reaches (CONTRACT §1).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scope {
    /// Every deployed model, on flat routes and on pipeline routes.
    Workspace,
    /// One pipeline, named by its id, and nothing else.
    Pipeline(String),
}

/// A key in addition to those that every gateway makes for itself.
#[derive(Debug, Clone)]
pub struct KeySpec {
    /// The key as callers present it.
    pub key: Secret,
    /// What it reaches.
    pub scope: Scope,
    /// A budget below the plan's default, or above it up to the plan's ceiling; `None` takes the default.
    pub requests_per_minute: Option<u32>,
    /// Prepaid balance, in cents, of a workspace of the key's own; `None` draws on [`Config::balance_cents`].
    pub balance_cents: Option<u64>,
}

/// Settings of one gateway. `Config::default()` is a conforming gateway on a free port.
#[derive(Debug, Clone)]
pub struct Config {
    /// The regression to show; `None` keeps the whole contract.
    pub fault: Option<&'static Fault>,
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The workspace's plan.
    pub plan: Plan,
    /// Budget of the two generated keys; `None` takes the plan's default.
    pub requests_per_minute: Option<u32>,
    /// The workspace key; a fresh random one unless set.
    pub api_key: Option<Secret>,
    /// The pipeline key; a fresh random one unless set.
    pub pipeline_key: Option<Secret>,
    /// Id of the pipeline that the pipeline key reaches; a fresh random one unless set.
    pub pipeline_id: Option<String>,
    /// Further pipelines, beyond the one above and one that no generated key reaches.
    pub pipelines: Vec<String>,
    /// Further keys.
    pub keys: Vec<KeySpec>,
    /// Prepaid balance of the workspace in cents; `None` never runs out.
    pub balance_cents: Option<u64>,
    /// Time between two increments of a stream.
    pub pace: Duration,
    /// Time before every answer.
    pub latency: Duration,
    /// Up to this much more before every answer, at random.
    pub jitter: Duration,
    /// Largest answer, in bytes, that is kept for idempotent replay.
    pub max_stored_answer: usize,
    /// Whether a Responses stream also ends with `[DONE]` (CONTRACT §7).
    pub done_after_responses: bool,
    /// Longest that a request's head, and then its body, may take to arrive.
    pub read_timeout: Duration,
    /// Longest that shutting down waits for answers in flight.
    pub grace: Duration,
    /// Where the time is read.
    pub clock: Clock,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            fault: None,
            port: 0,
            plan: Plan::default(),
            requests_per_minute: None,
            api_key: None,
            pipeline_key: None,
            pipeline_id: None,
            pipelines: Vec::new(),
            keys: Vec::new(),
            balance_cents: None,
            pace: Duration::from_millis(4),
            latency: Duration::ZERO,
            jitter: Duration::ZERO,
            max_stored_answer: 2 * 1024 * 1024,
            done_after_responses: false,
            read_timeout: Duration::from_secs(30),
            grace: Duration::from_secs(5),
            clock: Clock::system(),
        }
    }
}
