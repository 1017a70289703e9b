//! One key, one run.
#![expect(clippy::too_many_lines, reason = "tables: one entry a fault")]

use serde_json::Value;

use crate::fault::apply::edit;
use crate::fault::catalogue::{
    CHAT, EMBEDDINGS, IMAGES, RESPONSES, SPEECH, TRANSCRIPTIONS, VOICE, policy,
};
use crate::fault::edit::{content_type, header};
use crate::fault::{Effect, Fault, Layer, Modality, On, Subject};
use crate::policy::KeyIdentity;
use crate::reply::{Reply, X_IDEMPOTENT_REPLAY, X_PARAM_ADJUSTMENTS};

const PROMISE: &str = "CONTRACT §1 Idempotency";

fn is_replay(reply: &Reply) -> bool {
    reply.headers.contains_key(X_IDEMPOTENT_REPLAY)
}

const fn replay(
    name: &'static str,
    breaks: &'static str,
    rewrite: fn(&Subject, &mut Reply),
) -> Fault {
    Fault {
        name,
        modality: Modality::All,
        layer: Layer::Idempotency,
        breaks,
        promise: PROMISE,
        effect: Effect::Reply(On::success(), rewrite),
    }
}

pub(super) fn faults() -> Vec<Fault> {
    let mut faults = idempotency();
    faults.extend(bindings());
    faults.extend(identities());
    faults
}

fn idempotency() -> Vec<Fault> {
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
            |policy| policy.bodies_unbound = &["*"],
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
            "CONTRACT §1 scopes",
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
                let id = subject.request_id.map(|id| format!("replay-{id}"));
                if is_replay(reply) {
                    edit(reply, |body| {
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
        replay(
            "idempotency.replay_drops_adjustments",
            "A replayed answer no longer lists the parameters that were changed.",
            |_, reply| {
                if is_replay(reply) {
                    reply.headers.remove(X_PARAM_ADJUSTMENTS);
                }
            },
        ),
        replay(
            "idempotency.replay_changes_created",
            "A replayed answer is not the stored one: it was created an hour later.",
            |_, reply| {
                if is_replay(reply) {
                    edit(reply, |body| {
                        for name in ["created", "created_at"] {
                            if let Some(created) = body.get(name).and_then(Value::as_u64) {
                                body[name] = (created + 3_600).into();
                            }
                        }
                    });
                }
            },
        ),
        replay(
            "idempotency.replay_as_octet_stream",
            "A replayed answer is announced as a stream of bytes.",
            |_, reply| {
                if is_replay(reply) {
                    content_type(reply, "application/octet-stream");
                }
            },
        ),
    ]
}

/// A route each on which keys do nothing.
fn bindings() -> Vec<Fault> {
    const PROMISE: &str = "CONTRACT §1 Idempotency: a key is bound for every charge-bearing POST";
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

/// What a key, and what it is bound to, is taken to be.
fn identities() -> Vec<Fault> {
    vec![
        policy(
            "idempotency.key_truncated",
            Layer::Idempotency,
            "Only the first 64 characters of a key count.",
            PROMISE,
            |policy| policy.keys_told_apart = KeyIdentity::First64,
        ),
        policy(
            "idempotency.key_end_counts",
            Layer::Idempotency,
            "Only the last 8 characters of a key count.",
            PROMISE,
            |policy| policy.keys_told_apart = KeyIdentity::Last8,
        ),
        policy(
            "idempotency.key_case_folded",
            Layer::Idempotency,
            "Keys that differ only in case are one key.",
            PROMISE,
            |policy| policy.keys_told_apart = KeyIdentity::CaseFolded,
        ),
        policy(
            "idempotency.params_unbound",
            Layer::Idempotency,
            "The same key with other sampling parameters gets the first answer.",
            PROMISE,
            |policy| {
                policy.fields_unbound = &[
                    "temperature",
                    "top_p",
                    "n",
                    "max_tokens",
                    "max_completion_tokens",
                    "max_output_tokens",
                    "stop",
                    "seed",
                    "presence_penalty",
                    "frequency_penalty",
                    "dimensions",
                    "size",
                    "speed",
                ];
            },
        ),
        policy(
            "idempotency.forms_unbound",
            Layer::Idempotency,
            "The same key with another model, other instructions or tools, or another form of answer gets the first answer.",
            PROMISE,
            |policy| {
                policy.fields_unbound = &[
                    "model",
                    "instructions",
                    "tools",
                    "tool_choice",
                    "response_format",
                    "user",
                ];
            },
        ),
        policy(
            "idempotency.stream_flag_unbound",
            Layer::Idempotency,
            "The same key with and without `stream` counts as the same request.",
            PROMISE,
            |policy| policy.fields_unbound = &["stream", "stream_options"],
        ),
        policy(
            "idempotency.file_unbound",
            Layer::Idempotency,
            "The same key with another audio file gets the first transcript.",
            PROMISE,
            |policy| policy.fields_unbound = &["file"],
        ),
        policy(
            "idempotency.voice_audio_unbound",
            Layer::Idempotency,
            "The same key with other audio gets the first answer of the voice pipeline.",
            PROMISE,
            |policy| policy.bodies_unbound = &[VOICE],
        ),
        policy(
            "idempotency.speech_voice_unbound",
            Layer::Idempotency,
            "The same key with another voice gets the first voice's audio.",
            PROMISE,
            |policy| policy.fields_unbound = &["voice", "ref_audio", "ref_text"],
        ),
    ]
}
