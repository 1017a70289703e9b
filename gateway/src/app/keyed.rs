//! Running a call once: idempotency around it, charges after it.

use std::borrow::Cow;
use std::sync::{Arc, PoisonError};

use http::StatusCode;
use serde_json::Value;

use crate::app::{App, Call};
use crate::envelope::{ApiError, ErrorType};
use crate::fault;
use crate::idempotency::{self, Claim, Key};
use crate::journal::Execution;
use crate::reply::{Body, Reply};
use crate::router::Route;
use crate::routes;

impl App {
    /// Answers a call, at most once for each idempotency key.
    pub(super) async fn keyed(&self, call: &mut Call) -> Reply {
        let key = match idempotency::read_key(&call.headers) {
            Ok(key) => key.filter(|_| self.honours_key(&call.target.route)),
            Err(refusal) => return refusal.into_reply(),
        };
        let Some(key) = key else {
            return self.run(call, None).await;
        };
        let slot = Key {
            caller: match call.caller {
                Some(caller) if self.policy.keys_per_caller => caller,
                _ => 0,
            },
            key: self.policy.keys_told_apart.of(&key),
        };
        let bound_to = binding(call, self.policy.fields_unbound);
        let bound = !self.leaves_body_unbound(&call.target.route);
        loop {
            match self.ledger.claim(&slot, bound_to, bound) {
                Claim::Run(ticket) => {
                    let reply = self.run(call, Some(key)).await;
                    if self.binds(&reply) {
                        ticket.settle(&reply, self.policy.refusals_stored);
                    }
                    return reply;
                }
                // An error means that the run ended, which is what was waited for.
                Claim::Wait(mut running) if self.policy.concurrent_runs_joined => {
                    let _ = running.changed().await;
                }
                Claim::Wait(_) => return self.run(call, Some(key)).await,
                Claim::Replay(reply) => {
                    if self.policy.replays_charged {
                        self.book(call, Some(key));
                    }
                    return reply;
                }
                Claim::Refuse(refusal) => return refusal.into_reply(),
            }
        }
    }

    fn honours_key(&self, route: &Route) -> bool {
        route.charges() && !self.policy.unbound_operations.contains(&route.operation())
    }

    fn leaves_body_unbound(&self, route: &Route) -> bool {
        let unbound = self.policy.bodies_unbound;
        unbound.contains(&"*") || unbound.contains(&route.operation())
    }

    /// Whether an answer spends its key.
    fn binds(&self, reply: &Reply) -> bool {
        let kept = match &reply.body {
            Body::Events(_) => self.policy.streams_bound,
            Body::Whole(bytes) => {
                bytes.len() <= self.config.max_stored_answer || self.policy.large_answers_bound
            }
        };
        kept && self.policy.replays
    }

    async fn run(&self, call: &mut Call, key: Option<String>) -> Reply {
        let price = call.target.route.price_cents();
        if let Err(refusal) = self.balances.afford(call.caller, price) {
            return refusal.into_reply();
        }
        if let Some(fault) = self.config.fault {
            fault::rewrite_request(fault, call);
        }
        let outcome = if is_heavy(&call.target.route) {
            let (context, call) = (Arc::clone(&self.context), call.clone());
            tokio::task::spawn_blocking(move || routes::answer(&context, &call))
                .await
                .unwrap_or_else(|_| Err(crashed()))
        } else {
            routes::answer(&self.context, call)
        };
        match outcome {
            Ok(reply) => {
                let reply = self.first_answer(call, reply);
                if price > 0 {
                    self.balances.pay(call.caller, price);
                    self.book(call, key);
                }
                reply
            }
            Err(refusal) => refusal.into_reply(),
        }
    }

    /// The answer itself, unless this gateway mixes answers up.
    fn first_answer(&self, call: &Call, reply: Reply) -> Reply {
        if !self.policy.first_answers_kept || !call.target.route.charges() {
            return reply;
        }
        let mut kept = self
            .first_answers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        kept.entry(call.target.route.operation())
            .or_insert(reply)
            .clone()
    }

    fn book(&self, call: &Call, idempotency_key: Option<String>) {
        self.journal.execute(Execution {
            request_id: call.request_id,
            idempotency_key,
            operation: call.target.route.operation(),
            charged_cents: call.target.route.price_cents(),
        });
    }
}

/// Media work keeps a core busy for milliseconds: it must not hold up other connections.
fn is_heavy(route: &Route) -> bool {
    matches!(
        route,
        Route::Images | Route::Speech | Route::Transcriptions | Route::Voice
    )
}

fn crashed() -> ApiError {
    ApiError::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        ErrorType::Server,
        "internal_error",
        "The gateway failed while answering. Retry, and report the X-Request-Id if it persists.",
    )
}

/// What the key is bound to. JSON is compared by content, and so are multipart parts: a retry may write them differently.
fn binding(call: &Call, unbound: &[&str]) -> [u8; 32] {
    let body: Cow<'_, [u8]> = match serde_json::from_slice::<Value>(&call.body) {
        Ok(mut document) => {
            if let Some(fields) = document.as_object_mut() {
                fields.retain(|name, _| !unbound.contains(&name.as_str()));
            }
            Cow::Owned(document.to_string().into_bytes())
        }
        Err(_) => match routes::multipart_content(call, unbound) {
            Some(content) => Cow::Owned(content),
            None => Cow::Borrowed(&call.body),
        },
    };
    let pipeline = call.target.pipeline.as_deref().unwrap_or_default();
    idempotency::fingerprint(&[
        call.target.route.operation().as_bytes(),
        pipeline.as_bytes(),
        &body,
    ])
}
