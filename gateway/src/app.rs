//! One request from head to answer: admit, read, run once, stamp. The order of refusals is the order of this file.

mod admit;
mod balance;
mod keyed;
mod receive;

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::header::HeaderMap;
use http::request::Parts;
use http::{HeaderValue, Request, Response};
use hyper::body::Incoming;
use uuid::Uuid;

use crate::app::balance::Balances;
use crate::app::receive::Receiver;
use crate::auth::KeyRing;
use crate::config::{Config, KeySpec, Scope};
use crate::fault;
use crate::idempotency::Ledger;
use crate::ids;
use crate::journal::{Arrival, Journal};
use crate::policy::Policy;
use crate::reply::{
    Reply, X_RATELIMIT_LIMIT, X_RATELIMIT_REMAINING, X_RATELIMIT_TIER, X_REQUEST_ID, number,
};
use crate::router::Target;
use crate::routes::Context;
use crate::secret::Secret;
use crate::wire::{self, Abort, WireBody};

/// Requests a minute of the key whose budget is soon used up.
pub(crate) const LIMITED_BUDGET: u32 = 2;

/// The names and keys of one gateway.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) api_key: Secret,
    pub(crate) pipeline_key: Secret,
    pub(crate) limited_key: Secret,
    pub(crate) unfunded_key: Secret,
    pub(crate) pipeline_id: String,
    pub(crate) other_pipeline_id: String,
}

impl Identity {
    /// The keys that every gateway has. The order tells them apart, and the first workspace key is the usual one.
    fn keys(&self, requests_per_minute: Option<u32>) -> Vec<KeySpec> {
        let usual = KeySpec {
            key: self.api_key.clone(),
            scope: Scope::Workspace,
            requests_per_minute,
            balance_cents: None,
        };
        vec![
            usual.clone(),
            KeySpec {
                key: self.pipeline_key.clone(),
                scope: Scope::Pipeline(self.pipeline_id.clone()),
                ..usual.clone()
            },
            KeySpec {
                key: self.limited_key.clone(),
                requests_per_minute: Some(LIMITED_BUDGET),
                ..usual.clone()
            },
            KeySpec {
                key: self.unfunded_key.clone(),
                balance_cents: Some(0),
                ..usual
            },
        ]
    }
}

/// One request, admitted and read.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) request_id: Uuid,
    pub(crate) target: Target,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Which key asked; `None` on public routes.
    pub(crate) caller: Option<usize>,
    /// Seconds since the Unix epoch.
    pub(crate) now: u64,
}

/// Everything a gateway knows.
#[derive(Debug)]
pub(crate) struct App {
    config: Config,
    policy: Policy,
    identity: Identity,
    pipelines: HashSet<String>,
    keys: KeyRing,
    ledger: Ledger,
    journal: Journal,
    balances: Balances,
    context: Arc<Context>,
    /// Only used by a gateway that mixes answers up.
    first_answers: Mutex<HashMap<&'static str, Reply>>,
}

impl App {
    pub(crate) fn new(config: Config, address: SocketAddr) -> Self {
        let policy = config.fault.map(fault::policy).unwrap_or_default();
        let identity = Identity {
            api_key: config
                .api_key
                .clone()
                .unwrap_or_else(|| Secret::random("rp_live_")),
            pipeline_key: config
                .pipeline_key
                .clone()
                .unwrap_or_else(|| Secret::random("sk-ri-")),
            limited_key: Secret::random("rp_live_"),
            unfunded_key: Secret::random("rp_live_"),
            pipeline_id: config
                .pipeline_id
                .clone()
                .unwrap_or_else(|| ids::id("pipe_")),
            other_pipeline_id: ids::id("pipe_"),
        };
        let mut keys = identity.keys(config.requests_per_minute);
        keys.extend(config.keys.iter().cloned());
        let mut pipelines: HashSet<String> = config.pipelines.iter().cloned().collect();
        pipelines.insert(identity.pipeline_id.clone());
        pipelines.insert(identity.other_pipeline_id.clone());
        Self {
            keys: KeyRing::new(&keys, config.plan, policy.keys_compared),
            ledger: Ledger::new(config.max_stored_answer),
            journal: Journal::default(),
            balances: Balances::new(config.balance_cents, &keys),
            context: Arc::new(Context::new(
                format!("http://{address}/v1"),
                config.done_after_responses,
            )),
            first_answers: Mutex::default(),
            pipelines,
            identity,
            policy,
            config,
        }
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    pub(crate) fn read_timeout(&self) -> Duration {
        self.config.read_timeout
    }

    /// Answers one request. `None` when the fault under test hangs up instead.
    pub(crate) async fn serve(
        &self,
        request: Request<Incoming>,
        abort: &Abort,
    ) -> Option<Response<WireBody>> {
        let (head, body) = request.into_parts();
        let request_id = ids::uuid();
        let sequence = self.journal.arrive(arrival(&head, request_id));
        self.delay().await;
        let pace = self.config.pace;
        let shown = self
            .config
            .fault
            .map(|fault| (fault, fault::Subject::new(&head, &self.identity, pace)));
        let (mut reply, call) = self.answer(head, body, request_id).await;
        stamp(&mut reply, request_id);
        self.journal.answer(sequence, reply.status.as_u16());
        let Some((fault, mut subject)) = shown else {
            return Some(wire::respond(reply, pace));
        };
        subject.admitted(call.as_ref());
        wire::play(fault::apply(fault, &subject, reply), abort).await
    }

    /// The answer, and the call behind it if the request was admitted.
    async fn answer(&self, head: Parts, body: Incoming, request_id: Uuid) -> (Reply, Option<Call>) {
        let now = self.config.clock.now();
        let admission = self.admit(&head, now);
        let body = Receiver::new(&head.headers, body, self.config.read_timeout);
        let (mut reply, call) = match admission.outcome {
            Err(refusal) => {
                body.discard().await;
                (refusal.into_reply(), None)
            }
            Ok(admitted) => match body.read(admitted.target.route.max_body()).await {
                Err(refusal) => (refusal.into_reply(), None),
                Ok(body) => {
                    let mut call = Call {
                        request_id,
                        target: admitted.target,
                        headers: head.headers,
                        body,
                        caller: admission.principal.map(|principal| principal.id),
                        now: now.as_secs(),
                    };
                    let reply = self.keyed(&mut call).await;
                    (reply, Some(call))
                }
            },
        };
        if let (Some(spending), Some(principal)) = (admission.spending, admission.principal) {
            let headers = &mut reply.headers;
            headers.insert(X_RATELIMIT_LIMIT, number(spending.limit));
            headers.insert(X_RATELIMIT_REMAINING, number(spending.remaining));
            headers.insert(
                X_RATELIMIT_TIER,
                HeaderValue::from_static(principal.plan.as_str()),
            );
        }
        (reply, call)
    }

    async fn delay(&self) {
        let jitter = self.config.jitter.as_secs_f64() * fastrand::f64();
        let delay = self.config.latency + Duration::from_secs_f64(jitter);
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
    }
}

fn stamp(reply: &mut Reply, request_id: Uuid) {
    let mut text = Uuid::encode_buffer();
    let text = request_id.hyphenated().encode_lower(&mut text);
    if let Ok(value) = HeaderValue::from_str(text) {
        reply.headers.insert(X_REQUEST_ID, value);
    }
}

fn arrival(head: &Parts, request_id: Uuid) -> Arrival {
    let mut arrival = Arrival {
        sequence: 0,
        request_id,
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        client_request_id: None,
        idempotency_key: None,
        sdk: None,
        sdk_version: None,
        status: None,
    };
    for (name, value) in &head.headers {
        let noted = match name.as_str() {
            "x-client-request-id" => &mut arrival.client_request_id,
            "idempotency-key" => &mut arrival.idempotency_key,
            "x-runinfra-sdk" => &mut arrival.sdk,
            "x-runinfra-sdk-version" => &mut arrival.sdk_version,
            _ => continue,
        };
        if noted.is_none() {
            *noted = value.to_str().ok().map(str::to_owned);
        }
    }
    arrival
}
