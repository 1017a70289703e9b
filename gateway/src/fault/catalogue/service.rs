//! The catalog, keys and scopes, idempotency, limits: promises that are kept across requests.
#![expect(clippy::too_many_lines, reason = "tables: one entry a fault")]

use serde_json::{Value, json};

use crate::fault::catalogue::{CHAT, EMBEDDINGS, IMAGES, RESPONSES, SPEECH, TRANSCRIPTIONS, VOICE};
use crate::fault::edit::{header, rename, whole, without};
use crate::fault::{Effect, Fault, Layer, Modality, On, Subject};
use crate::policy::Policy;
use crate::reply::{X_IDEMPOTENT_REPLAY, to_json};

const fn policy(
    name: &'static str,
    layer: Layer,
    breaks: &'static str,
    promise: &'static str,
    break_it: fn(&mut Policy),
) -> Fault {
    Fault {
        name,
        modality: Modality::All,
        layer,
        breaks,
        promise,
        effect: Effect::Policy(break_it),
    }
}

const fn listed(
    name: &'static str,
    breaks: &'static str,
    rewrite: fn(&Subject, &mut Value),
) -> Fault {
    Fault {
        name,
        modality: Modality::Models,
        layer: Layer::Body,
        breaks,
        promise: "CONTRACT §1 routes: models",
        effect: Effect::Json(On::whole("models.list"), rewrite),
    }
}

const fn retrieved(
    name: &'static str,
    breaks: &'static str,
    rewrite: fn(&Subject, &mut Value),
) -> Fault {
    Fault {
        name,
        modality: Modality::Models,
        layer: Layer::Body,
        breaks,
        promise: "CONTRACT §1 routes: models",
        effect: Effect::Json(On::whole("models.retrieve"), rewrite),
    }
}

pub(super) fn faults() -> Vec<Fault> {
    let mut faults = models();
    faults.extend(auth());
    faults.extend(idempotency());
    faults.extend(bindings());
    faults.extend(limits());
    faults
}

fn models() -> Vec<Fault> {
    vec![
        listed("models.list_empty", "The catalog is empty.", |_, body| {
            body["data"] = json!([]);
        }),
        listed(
            "models.deployed_model_missing",
            "A deployed model is not listed.",
            |_, body| {
                if let Some(data) = body["data"].as_array_mut() {
                    data.retain(|model| model["id"] != crate::catalog::MODELS.llm);
                }
            },
        ),
        listed(
            "models.retired_model_listed",
            "A model is listed that is no longer deployed.",
            |_, body| {
                if let Some(data) = body["data"].as_array_mut() {
                    data.push(json!({"id": "llama-2-7b-retired", "object": "model", "created": 1_700_000_000, "owned_by": "meta-llama"}));
                }
            },
        ),
        listed(
            "models.listed_twice",
            "A model is listed twice.",
            |_, body| {
                if let Some(data) = body["data"].as_array_mut() {
                    data.extend(data.first().cloned());
                }
            },
        ),
        listed(
            "models.list_bare_array",
            "The catalog is an array without its envelope.",
            |_, body| *body = body["data"].take(),
        ),
        listed(
            "models.list_object_wrong",
            "The list's `object` is wrong.",
            |_, body| body["object"] = "models".into(),
        ),
        listed(
            "models.entry_object_missing",
            "Entries have no `object`.",
            |_, body| {
                for model in body["data"].as_array_mut().into_iter().flatten() {
                    without(model, "object");
                }
            },
        ),
        listed(
            "models.names_instead_of_ids",
            "Entries have a `name` and no id.",
            |_, body| {
                for model in body["data"].as_array_mut().into_iter().flatten() {
                    rename(model, "id", "name");
                }
            },
        ),
        retrieved(
            "models.retrieve_other_model",
            "Another model than the one asked for comes.",
            |_, body| body["id"] = "llama-3.1-405b".into(),
        ),
        retrieved(
            "models.retrieve_list",
            "The whole list comes instead of one model.",
            |_, body| *body = json!({"object": "list", "data": [body.take()]}),
        ),
        retrieved(
            "models.created_missing",
            "A model has no `created`.",
            |_, body| without(body, "created"),
        ),
        retrieved(
            "models.owner_missing",
            "A model has no `owned_by`.",
            |_, body| without(body, "owned_by"),
        ),
        Fault {
            name: "models.unknown_id_falls_back",
            modality: Modality::Models,
            layer: Layer::Status,
            breaks: "A chat with a model that is not deployed is answered by another one.",
            promise: "CONTRACT §1 Errors: 404",
            effect: Effect::Request(CHAT, |body| {
                let known = body
                    .get("model")
                    .and_then(Value::as_str)
                    .and_then(crate::catalog::find);
                if known.is_none() {
                    body.insert("model".to_owned(), crate::catalog::MODELS.llm.into());
                }
            }),
        },
        Fault {
            name: "models.unknown_id_retrieved",
            modality: Modality::Models,
            layer: Layer::Status,
            breaks: "Retrieving a model that is not deployed succeeds.",
            promise: "CONTRACT §1 Errors: 404",
            effect: Effect::Reply(On::status(404), |subject, reply| {
                if subject.operation == Some("models.retrieve") {
                    let id = subject.path.rsplit('/').next().unwrap_or_default();
                    reply.status = http::StatusCode::OK;
                    whole(
                        reply,
                        to_json(
                            &json!({"id": id, "object": "model", "created": 0, "owned_by": "unknown"}),
                        ),
                    );
                }
            }),
        },
    ]
}

fn auth() -> Vec<Fault> {
    const SCOPES: &str = "CONTRACT §1 scopes";
    const ERRORS: &str = "CONTRACT §1 Errors: 401";
    vec![
        policy(
            "auth.missing_key_accepted",
            Layer::Auth,
            "Requests without a key are answered.",
            ERRORS,
            |policy| policy.missing_key_accepted = true,
        ),
        policy(
            "auth.unknown_key_accepted",
            Layer::Auth,
            "Requests with any key at all are answered.",
            ERRORS,
            |policy| policy.unknown_key_accepted = true,
        ),
        policy(
            "auth.pipeline_key_on_flat_routes",
            Layer::Auth,
            "A pipeline key works on every flat route.",
            SCOPES,
            |policy| policy.pipeline_key_on_flat_routes = &["*"],
        ),
        policy(
            "auth.pipeline_key_lists_models",
            Layer::Auth,
            "A pipeline key lists the workspace's models.",
            SCOPES,
            |policy| policy.pipeline_key_on_flat_routes = &["models.list", "models.retrieve"],
        ),
        policy(
            "auth.pipeline_key_on_flat_chat",
            Layer::Auth,
            "A pipeline key works on flat chat.",
            SCOPES,
            |policy| policy.pipeline_key_on_flat_routes = &[CHAT],
        ),
        policy(
            "auth.pipeline_key_on_flat_responses",
            Layer::Auth,
            "A pipeline key works on flat responses.",
            SCOPES,
            |policy| policy.pipeline_key_on_flat_routes = &[RESPONSES],
        ),
        policy(
            "auth.pipeline_key_on_flat_embeddings",
            Layer::Auth,
            "A pipeline key works on flat embeddings.",
            SCOPES,
            |policy| policy.pipeline_key_on_flat_routes = &[EMBEDDINGS],
        ),
        policy(
            "auth.pipeline_key_on_flat_images",
            Layer::Auth,
            "A pipeline key works on flat images.",
            SCOPES,
            |policy| policy.pipeline_key_on_flat_routes = &[IMAGES],
        ),
        policy(
            "auth.pipeline_key_on_flat_audio",
            Layer::Auth,
            "A pipeline key works on flat speech and transcription.",
            SCOPES,
            |policy| policy.pipeline_key_on_flat_routes = &[SPEECH, TRANSCRIPTIONS],
        ),
        policy(
            "auth.pipeline_key_on_other_pipelines",
            Layer::Auth,
            "A pipeline key works on pipelines that are not its own: the path's pipeline is neither compared nor looked up.",
            SCOPES,
            |policy| {
                policy.pipeline_key_on_other_pipelines = true;
                policy.unknown_pipelines_exist = true;
            },
        ),
        policy(
            "auth.unknown_pipeline_served",
            Layer::Auth,
            "A pipeline that does not exist is served.",
            SCOPES,
            |policy| policy.unknown_pipelines_exist = true,
        ),
        policy(
            "auth.pipeline_key_refused_at_home",
            Layer::Auth,
            "A pipeline key is refused on its own pipeline.",
            SCOPES,
            |policy| policy.pipeline_key_at_home = false,
        ),
        policy(
            "auth.workspace_key_refused",
            Layer::Auth,
            "A workspace key is refused on inference routes and still lists models.",
            SCOPES,
            |policy| policy.workspace_key_runs = false,
        ),
    ]
}

fn idempotency() -> Vec<Fault> {
    const PROMISE: &str = "CONTRACT §1 Idempotency";
    vec![
        policy(
            "idempotency.key_ignored",
            Layer::Idempotency,
            "A repeated key runs and is charged again.",
            PROMISE,
            |policy| policy.replays = false,
        ),
        policy(
            "idempotency.conflict_replayed",
            Layer::Idempotency,
            "The same key with another body gets the first answer.",
            PROMISE,
            |policy| policy.body_bound = false,
        ),
        policy(
            "idempotency.concurrent_runs",
            Layer::Idempotency,
            "Two requests at once with one key run twice.",
            PROMISE,
            |policy| policy.concurrent_runs_joined = false,
        ),
        policy(
            "idempotency.replay_charged",
            Layer::Idempotency,
            "A replayed answer is charged again.",
            PROMISE,
            |policy| policy.replays_charged = true,
        ),
        policy(
            "idempotency.shared_between_callers",
            Layer::Idempotency,
            "One caller's key replays another caller's answer.",
            PROMISE,
            |policy| policy.keys_per_caller = false,
        ),
        policy(
            "idempotency.refusals_stored",
            Layer::Idempotency,
            "A refused request's key is spent: repeating it after the cause is gone replays the refusal.",
            PROMISE,
            |policy| policy.refusals_stored = true,
        ),
        Fault {
            name: "idempotency.evidence_missing",
            modality: Modality::All,
            layer: Layer::Idempotency,
            breaks: "A replayed answer carries no evidence of being one.",
            promise: PROMISE,
            effect: Effect::Reply(On::any(), |_, reply| {
                reply.headers.remove(X_IDEMPOTENT_REPLAY);
            }),
        },
        Fault {
            name: "idempotency.evidence_always",
            modality: Modality::All,
            layer: Layer::Idempotency,
            breaks: "First answers claim to be replays.",
            promise: PROMISE,
            effect: Effect::Reply(On::success(), |_, reply| {
                header(reply, "x-runinfra-idempotent-replay", "true");
            }),
        },
        Fault {
            name: "idempotency.replay_differs",
            modality: Modality::All,
            layer: Layer::Idempotency,
            breaks: "A replayed answer is not the stored one: its id is new.",
            promise: PROMISE,
            effect: Effect::Reply(On::success(), |subject, reply| {
                if reply.headers.contains_key(X_IDEMPOTENT_REPLAY) {
                    let id = subject
                        .request_id
                        .map(|id| format!("replay-{id}"))
                        .unwrap_or_default();
                    crate::fault::apply::edit(reply, |body| {
                        if body.get("id").is_some() {
                            body["id"] = id.into();
                        }
                    });
                }
            }),
        },
        Fault {
            name: "idempotency.conflict_as_server_error",
            modality: Modality::All,
            layer: Layer::Status,
            breaks: "A conflict is answered with 500.",
            promise: "CONTRACT §1 Errors: 409",
            effect: Effect::Reply(On::status(409), |_, reply| {
                reply.status = http::StatusCode::INTERNAL_SERVER_ERROR;
            }),
        },
    ]
}

/// A route each on which keys do nothing.
fn bindings() -> Vec<Fault> {
    const PROMISE: &str = "CONTRACT §1: a key is bound for every charge-bearing POST";
    vec![
        policy(
            "idempotency.chat_unbound",
            Layer::Idempotency,
            "Keys do nothing on chat.",
            PROMISE,
            |policy| policy.unbound_operations = &[CHAT],
        ),
        policy(
            "idempotency.responses_unbound",
            Layer::Idempotency,
            "Keys do nothing on responses.",
            PROMISE,
            |policy| policy.unbound_operations = &[RESPONSES],
        ),
        policy(
            "idempotency.embeddings_unbound",
            Layer::Idempotency,
            "Keys do nothing on embeddings.",
            PROMISE,
            |policy| policy.unbound_operations = &[EMBEDDINGS],
        ),
        policy(
            "idempotency.images_unbound",
            Layer::Idempotency,
            "Keys do nothing on images.",
            PROMISE,
            |policy| policy.unbound_operations = &[IMAGES],
        ),
        policy(
            "idempotency.speech_unbound",
            Layer::Idempotency,
            "Keys do nothing on speech.",
            PROMISE,
            |policy| policy.unbound_operations = &[SPEECH],
        ),
        policy(
            "idempotency.transcription_unbound",
            Layer::Idempotency,
            "Keys do nothing on transcription.",
            PROMISE,
            |policy| policy.unbound_operations = &[TRANSCRIPTIONS],
        ),
        policy(
            "idempotency.voice_unbound",
            Layer::Idempotency,
            "Keys do nothing on the voice pipeline.",
            PROMISE,
            |policy| policy.unbound_operations = &[VOICE],
        ),
        policy(
            "idempotency.streams_run_again",
            Layer::Idempotency,
            "A repeated key on a stream runs again.",
            PROMISE,
            |policy| policy.streams_bound = false,
        ),
        policy(
            "idempotency.large_answers_run_again",
            Layer::Idempotency,
            "An answer too large to store runs again under its key.",
            PROMISE,
            |policy| policy.large_answers_bound = false,
        ),
    ]
}

fn limits() -> Vec<Fault> {
    const PROMISE: &str = "CONTRACT §1 Rate limits";
    vec![
        policy(
            "limits.not_enforced",
            Layer::Limits,
            "Requests over the budget are answered.",
            PROMISE,
            |policy| policy.limits_enforced = false,
        ),
        policy(
            "limits.not_counted",
            Layer::Limits,
            "`X-RateLimit-Remaining` never goes down.",
            PROMISE,
            |policy| policy.requests_counted = false,
        ),
        policy(
            "cache.answers_shared",
            Layer::Body,
            "Every caller of an operation gets its first answer again.",
            "CONTRACT §1 Shapes: an id of its own for every answer",
            |policy| policy.first_answers_kept = true,
        ),
        policy(
            "latency.every_answer_slow",
            Layer::Latency,
            "Every answer waits for four seconds.",
            "MATRIX §5 time",
            |policy| policy.latency = std::time::Duration::from_secs(4),
        ),
    ]
}
