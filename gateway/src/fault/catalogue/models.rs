//! The catalog, and which model answers.
#![expect(clippy::too_many_lines, reason = "a table: one entry a fault")]

use serde_json::{Value, json};

use crate::fault::catalogue::{CHAT, EMBEDDINGS};
use crate::fault::edit::{Object, rename, whole, without};
use crate::fault::{Effect, Fault, Layer, Modality, On, Subject};
use crate::reply::to_json;

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

fn asked(body: &Object) -> Option<&str> {
    body.get("model").and_then(Value::as_str)
}

/// Puts the first deployed model in place of an unknown one that is close enough.
fn matched(body: &mut Object, is_close: impl Fn(&str, &str) -> bool) {
    let Some(asked) = asked(body).filter(|asked| crate::catalog::find(asked).is_none()) else {
        return;
    };
    let close = crate::catalog::CATALOG
        .iter()
        .find(|model| is_close(asked, model.id));
    if let Some(model) = close {
        body.insert("model".to_owned(), model.id.into());
    }
}

pub(super) fn faults() -> Vec<Fault> {
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
            effect: Effect::Reply(On::refused("models.retrieve", 404), |subject, reply| {
                let id = subject.path.rsplit('/').next().unwrap_or_default();
                reply.status = http::StatusCode::OK;
                whole(
                    reply,
                    to_json(
                        &json!({"id": id, "object": "model", "created": 0, "owned_by": "unknown"}),
                    ),
                );
            }),
        },
        Fault {
            name: "models.wrong_kind_answers_chat",
            modality: Modality::Models,
            layer: Layer::Status,
            breaks: "A chat with a model that cannot chat is answered by one that can.",
            promise: "CONTRACT §1 Errors: 400 missing capability",
            effect: Effect::Request(CHAT, |body| {
                let other = asked(body)
                    .and_then(crate::catalog::find)
                    .is_some_and(|model| model.modality != crate::catalog::Modality::Llm);
                if other {
                    body.insert("model".to_owned(), crate::catalog::MODELS.llm.into());
                }
            }),
        },
        Fault {
            name: "models.wrong_kind_embeds",
            modality: Modality::Models,
            layer: Layer::Status,
            breaks: "Embeddings with a model that does not embed come from one that does.",
            promise: "CONTRACT §1 Errors: 400 missing capability",
            effect: Effect::Request(EMBEDDINGS, |body| {
                let other = asked(body)
                    .and_then(crate::catalog::find)
                    .is_some_and(|model| model.modality != crate::catalog::Modality::Embedding);
                if other {
                    body.insert("model".to_owned(), crate::catalog::MODELS.embedding.into());
                }
            }),
        },
        Fault {
            name: "models.id_case_ignored",
            modality: Modality::Models,
            layer: Layer::Status,
            breaks: "Model ids match without regard to case.",
            promise: "CONTRACT §1 Errors: 404",
            effect: Effect::Request("*", |body| {
                matched(body, str::eq_ignore_ascii_case);
            }),
        },
        Fault {
            name: "models.id_prefix_matched",
            modality: Modality::Models,
            layer: Layer::Status,
            breaks: "A model id matches when it begins with a deployed one, or a deployed one with it.",
            promise: "CONTRACT §1 Errors: 404",
            effect: Effect::Request("*", |body| {
                matched(body, |asked, id| {
                    !asked.is_empty() && (asked.starts_with(id) || id.starts_with(asked))
                });
            }),
        },
    ]
}
