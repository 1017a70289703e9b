//! Embeddings.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::fault::catalogue::EMBEDDINGS;
use crate::fault::edit::{Object, without};
use crate::fault::{Effect, Fault, Layer, Modality, On, Subject};

const ROUTE: &str = "CONTRACT §1 routes: embeddings";

const fn lost(name: &'static str, breaks: &'static str, rewrite: fn(&mut Object)) -> Fault {
    Fault {
        name,
        modality: Modality::Embeddings,
        layer: Layer::Parameters,
        breaks,
        promise: ROUTE,
        effect: Effect::Request(EMBEDDINGS, rewrite),
    }
}

const fn body(
    name: &'static str,
    breaks: &'static str,
    rewrite: fn(&Subject, &mut Value),
) -> Fault {
    Fault {
        name,
        modality: Modality::Embeddings,
        layer: Layer::Body,
        breaks,
        promise: ROUTE,
        effect: Effect::Json(On::whole(EMBEDDINGS), rewrite),
    }
}

fn each_vector(body: &mut Value, mut change: impl FnMut(usize, &mut Vec<Value>)) {
    for (index, entry) in body["data"]
        .as_array_mut()
        .into_iter()
        .flatten()
        .enumerate()
    {
        if let Some(vector) = entry["embedding"].as_array_mut() {
            change(index, vector);
        }
    }
}

/// Moves a vector's components by an amount that only its own digits decide: lengths stay, meanings go.
fn scatter(vector: &mut [Value]) {
    let text = format!("{vector:?}");
    let digest = Sha256::digest(text.as_bytes());
    let by = usize::from(digest[0]) * 256 + usize::from(digest[1]);
    let length = vector.len().max(1);
    vector.rotate_left(by % length);
}

/// Changes each text that is to be embedded.
fn each_text(body: &mut Object, change: impl Fn(&str) -> String) {
    match body.get_mut("input") {
        Some(Value::Array(texts)) => {
            for text in texts {
                *text = change(text.as_str().unwrap_or_default()).into();
            }
        }
        Some(input) => {
            if let Some(text) = input.as_str() {
                *input = change(text).into();
            }
        }
        None => {}
    }
}

pub(super) fn faults() -> Vec<Fault> {
    let mut faults = requests();
    faults.extend(vectors());
    faults.extend(lengths());
    faults.extend(shapes());
    faults
}

fn requests() -> Vec<Fault> {
    vec![
        lost(
            "embeddings.dimensions_ignored",
            "`dimensions` makes no difference.",
            |body| {
                body.remove("dimensions");
            },
        ),
        lost(
            "embeddings.input_truncated",
            "Only the first 12 characters of each input count.",
            |body| each_text(body, |text| text.chars().take(12).collect()),
        ),
        lost(
            "embeddings.only_the_end_counts",
            "Only the last 400 characters of each input count.",
            |body| {
                each_text(body, |text| {
                    let skipped = text.chars().count().saturating_sub(400);
                    text.chars().skip(skipped).collect()
                });
            },
        ),
        lost(
            "embeddings.digits_ignored",
            "Digits make no difference.",
            |body| {
                each_text(body, |text| {
                    let letters = text.chars();
                    letters.filter(|letter| !letter.is_ascii_digit()).collect()
                });
            },
        ),
        lost(
            "embeddings.only_first_input",
            "Of several inputs only the first is embedded.",
            |body| {
                if let Some(inputs) = body.get_mut("input").and_then(Value::as_array_mut) {
                    inputs.truncate(1);
                }
            },
        ),
        lost(
            "embeddings.repeats_dropped",
            "A text that a batch has twice gets one vector.",
            |body| {
                if let Some(inputs) = body.get_mut("input").and_then(Value::as_array_mut) {
                    let mut had = Vec::new();
                    inputs.retain(|input| {
                        let fresh = !had.contains(input);
                        had.push(input.clone());
                        fresh
                    });
                }
            },
        ),
        lost(
            "embeddings.inputs_joined",
            "Several inputs are embedded as one.",
            |body| {
                if let Some(inputs) = body.get("input").and_then(Value::as_array) {
                    let joined: Vec<&str> = inputs.iter().filter_map(Value::as_str).collect();
                    let joined = joined.join(" ");
                    body.insert("input".to_owned(), joined.into());
                }
            },
        ),
    ]
}

/// Changes every component of every vector.
fn each_component(body: &mut Value, change: impl Fn(f64) -> Value) {
    each_vector(body, |_, vector| {
        for value in vector {
            *value = change(value.as_f64().unwrap_or_default());
        }
    });
}

fn lengths() -> Vec<Fault> {
    vec![
        body(
            "embeddings.dimensions_padded",
            "Only the first half of each vector is a vector, the rest are zeros.",
            |_, body| {
                each_vector(body, |_, vector| {
                    let half = vector.len() / 2;
                    for component in vector.iter_mut().skip(half) {
                        *component = 0.0.into();
                    }
                });
            },
        ),
        body(
            "embeddings.one_dimension_short",
            "Vectors have one component too few.",
            |_, body| {
                each_vector(body, |_, vector| {
                    vector.pop();
                });
            },
        ),
    ]
}

fn vectors() -> Vec<Fault> {
    vec![
        body(
            "embeddings.batches_shifted",
            "Behind the thirty-second text of a request, each vector is its neighbour's.",
            |_, body| {
                let mut vectors = Vec::new();
                each_vector(body, |_, vector| vectors.push(vector.clone()));
                let behind = vectors.get_mut(32..).unwrap_or_default();
                behind.rotate_right(usize::from(behind.len() > 1));
                each_vector(body, |index, vector| vector.clone_from(&vectors[index]));
            },
        ),
        body(
            "embeddings.vector_constant",
            "Every input has the same vector.",
            |_, body| {
                each_vector(body, |_, vector| {
                    for (index, value) in vector.iter_mut().enumerate() {
                        *value = f64::from(u8::from(index == 0)).into();
                    }
                });
            },
        ),
        body(
            "embeddings.vector_zero",
            "Vectors are all zero.",
            |_, body| each_component(body, |_| 0.0.into()),
        ),
        body(
            "embeddings.component_null",
            "A component is null, as when a NaN is written.",
            |_, body| {
                each_vector(body, |_, vector| {
                    if let Some(value) = vector.get_mut(3) {
                        *value = Value::Null;
                    }
                });
            },
        ),
        body(
            "embeddings.components_text",
            "Components are texts instead of numbers.",
            |_, body| {
                each_component(body, |value| value.to_string().into());
            },
        ),
        body(
            "embeddings.meaning_lost",
            "Near meanings are no nearer than far ones.",
            |_, body| {
                each_vector(body, |_, vector| scatter(vector));
            },
        ),
        body(
            "embeddings.differs_every_time",
            "The same input has another vector every time.",
            |subject, body| {
                let by = subject
                    .request_id
                    .map_or(1, |id| usize::from(id.as_bytes()[0]) + 1);
                each_vector(body, |_, vector| {
                    let length = vector.len().max(1);
                    vector.rotate_left(by % length);
                });
            },
        ),
        body(
            "embeddings.order_reversed",
            "Vectors come in the reverse order of the inputs, under the inputs' indices.",
            |_, body| {
                let mut vectors = Vec::new();
                each_vector(body, |_, vector| vectors.push(vector.clone()));
                each_vector(body, |_, vector| {
                    *vector = vectors.pop().unwrap_or_default();
                });
            },
        ),
        body(
            "embeddings.base64_sent",
            "Vectors are base64 texts although `float` was asked for.",
            |_, body| {
                for entry in body["data"].as_array_mut().into_iter().flatten() {
                    entry["embedding"] = "AAAAAAAAgD8AAAAA".into();
                }
            },
        ),
    ]
}

fn shapes() -> Vec<Fault> {
    vec![
        body(
            "embeddings.index_missing",
            "Entries have no index.",
            |_, body| {
                for entry in body["data"].as_array_mut().into_iter().flatten() {
                    without(entry, "index");
                }
            },
        ),
        body(
            "embeddings.index_always_zero",
            "Every entry has index 0.",
            |_, body| {
                for entry in body["data"].as_array_mut().into_iter().flatten() {
                    entry["index"] = 0.into();
                }
            },
        ),
        body(
            "embeddings.object_wrong",
            "The list's `object` is wrong.",
            |_, body| body["object"] = "embeddings".into(),
        ),
        body(
            "embeddings.entry_object_missing",
            "Entries have no `object`.",
            |_, body| {
                for entry in body["data"].as_array_mut().into_iter().flatten() {
                    without(entry, "object");
                }
            },
        ),
        body(
            "embeddings.model_name_internal",
            "`model` is the backend's internal name.",
            |_, body| body["model"] = "tei-worker-3".into(),
        ),
        body(
            "embeddings.usage_missing",
            "The answer has no usage.",
            |_, body| without(body, "usage"),
        ),
        body(
            "embeddings.usage_sum_wrong",
            "`total_tokens` differs from `prompt_tokens`.",
            |_, body| body["usage"]["total_tokens"] = 99_999.into(),
        ),
        body(
            "embeddings.usage_counts_completion",
            "Usage counts completion tokens.",
            |_, body| body["usage"]["completion_tokens"] = 4.into(),
        ),
        body(
            "embeddings.nested_twice",
            "Each vector is wrapped in another array.",
            |_, body| {
                for entry in body["data"].as_array_mut().into_iter().flatten() {
                    let vector = entry["embedding"].take();
                    entry["embedding"] = json!([vector]);
                }
            },
        ),
    ]
}
