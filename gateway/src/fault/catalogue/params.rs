//! Clamping, dropping, ignoring and rejecting.
#![expect(clippy::too_many_lines, reason = "tables: one entry a fault")]

use serde_json::Value;

use crate::fault::edit::Object;
use crate::fault::{Effect, Fault, Layer, Modality};

const PROMISE: &str = "CONTRACT §1 Parameters";

const fn fault(name: &'static str, breaks: &'static str, rewrite: fn(&mut Object)) -> Fault {
    Fault {
        name,
        modality: Modality::All,
        layer: Layer::Parameters,
        breaks,
        promise: PROMISE,
        effect: Effect::Request("*", rewrite),
    }
}

/// Every field that some route knows.
const KNOWN: &[&str] = &[
    "model",
    "messages",
    "stream",
    "stream_options",
    "temperature",
    "top_p",
    "n",
    "max_tokens",
    "max_completion_tokens",
    "stop",
    "presence_penalty",
    "frequency_penalty",
    "seed",
    "user",
    "metadata",
    "logit_bias",
    "logprobs",
    "top_logprobs",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "response_format",
    "modalities",
    "audio",
    "service_tier",
    "store",
    "prediction",
    "strict_params",
    "input",
    "instructions",
    "max_output_tokens",
    "include",
    "reasoning",
    "previous_response_id",
    "conversation",
    "background",
    "encoding_format",
    "dimensions",
    "prompt",
    "size",
    "quality",
    "style",
    "voice",
    "ref_audio",
    "ref_text",
    "task_type",
    "speed",
];

const RANGES: &[(&str, f64, f64)] = &[
    ("temperature", 0.0, 2.0),
    ("top_p", 0.0, 1.0),
    ("presence_penalty", -2.0, 2.0),
    ("frequency_penalty", -2.0, 2.0),
    ("dimensions", 1.0, 1_024.0),
];

fn out_of_range(body: &Object) -> Vec<&'static str> {
    RANGES
        .iter()
        .filter(|(name, low, high)| {
            let value = body.get(*name).and_then(Value::as_f64);
            value.is_some_and(|value| !(*low..=*high).contains(&value))
        })
        .map(|(name, _, _)| *name)
        .collect()
}

pub(super) fn faults() -> Vec<Fault> {
    vec![
        fault(
            "params.unknown_fields_accepted",
            "Unknown fields are silently ignored.",
            |body| body.retain(|name, _| KNOWN.contains(&name.as_str())),
        ),
        fault(
            "params.prefixed_fields_accepted",
            "Unknown fields whose names begin with `_` or `x_` are silently ignored.",
            |body| body.retain(|name, _| !name.starts_with('_') && !name.starts_with("x_")),
        ),
        fault(
            "params.unknown_fields_accepted_beside_tools",
            "Unknown fields are silently ignored in requests with tools.",
            |body| {
                if body.contains_key("tools") {
                    body.retain(|name, _| KNOWN.contains(&name.as_str()));
                }
            },
        ),
        fault(
            "params.strict_ignored",
            "`strict_params` makes no difference.",
            |body| {
                body.remove("strict_params");
            },
        ),
        fault(
            "params.strict_for_top_p_only",
            "With `strict_params`, every number out of its range but `top_p` is clamped all the same.",
            |body| {
                if !out_of_range(body).contains(&"top_p") {
                    body.remove("strict_params");
                }
            },
        ),
        fault(
            "params.always_strict",
            "Out-of-range and unsupported parameters are refused although nobody asked for `strict_params`.",
            |body| {
                body.insert("strict_params".to_owned(), true.into());
            },
        ),
        fault(
            "params.range_unlisted",
            "Out-of-range numbers are dropped without being listed.",
            |body| {
                if body.get("strict_params") != Some(&Value::Bool(true)) {
                    for name in out_of_range(body) {
                        body.remove(name);
                    }
                }
            },
        ),
        fault(
            "params.low_values_unlisted",
            "Numbers below their range are dropped without being listed.",
            |body| {
                if body.get("strict_params") != Some(&Value::Bool(true)) {
                    for (name, low, _) in RANGES {
                        let value = body.get(*name).and_then(Value::as_f64);
                        if value.is_some_and(|value| value < *low) {
                            body.remove(*name);
                        }
                    }
                }
            },
        ),
        fault(
            "params.strict_drops_on_streams",
            "Of a streamed request, `strict_params` lets an unsupported parameter be dropped.",
            |body| {
                if body.get("stream") == Some(&Value::Bool(true)) && body.contains_key("logit_bias")
                {
                    body.remove("strict_params");
                }
            },
        ),
        fault(
            "params.unsupported_unlisted",
            "Unsupported parameters are dropped without being listed.",
            |body| {
                if body.get("strict_params") != Some(&Value::Bool(true)) {
                    for name in ["logit_bias", "logprobs", "top_logprobs"] {
                        body.remove(name);
                    }
                }
            },
        ),
        fault(
            "params.unsupported_refused",
            "`logit_bias` is refused instead of dropped.",
            |body| {
                if body.contains_key("logit_bias") {
                    body.insert("strict_params".to_owned(), true.into());
                }
            },
        ),
        fault(
            "params.ignored_ones_refused",
            "`service_tier`, `store` and `prediction` are refused instead of ignored.",
            |body| {
                for name in ["service_tier", "store", "prediction"] {
                    if let Some(value) = body.remove(name) {
                        body.insert(format!("{name}_unsupported"), value);
                    }
                }
            },
        ),
        fault(
            "params.metadata_refused",
            "`metadata` is refused.",
            |body| {
                if let Some(value) = body.remove("metadata") {
                    body.insert("metadata_unsupported".to_owned(), value);
                }
            },
        ),
        fault(
            "params.hosted_tools_accepted",
            "Hosted tools are silently ignored instead of rejected.",
            |body| {
                if let Some(tools) = body.get_mut("tools").and_then(Value::as_array_mut) {
                    tools.retain(|tool| tool["type"] == "function");
                }
            },
        ),
        fault(
            "params.audio_accepted",
            "`audio` on chat is silently ignored instead of rejected.",
            |body| {
                body.remove("audio");
                body.remove("modalities");
            },
        ),
        fault(
            "params.audio_alone_accepted",
            "`audio` on chat is silently ignored where no `modalities` stand beside it.",
            |body| {
                if !body.contains_key("modalities") {
                    body.remove("audio");
                }
            },
        ),
        fault(
            "params.base_model_tools_dropped",
            "Functions sent to a base model are dropped instead of refused.",
            |body| {
                if body
                    .get("model")
                    .is_some_and(|model| model == crate::catalog::MODELS.base)
                {
                    for name in ["tools", "tool_choice", "response_format"] {
                        body.remove(name);
                    }
                }
            },
        ),
        fault(
            "params.unknown_nulls_accepted",
            "Unknown fields are accepted where they are null.",
            |body| body.retain(|name, value| !value.is_null() || KNOWN.contains(&name.as_str())),
        ),
        fault(
            "params.wrong_types_coerced",
            "Numbers in text form are accepted.",
            |body| {
                for name in [
                    "temperature",
                    "top_p",
                    "max_tokens",
                    "max_output_tokens",
                    "n",
                    "dimensions",
                ] {
                    if let Some(number) = body
                        .get(name)
                        .and_then(Value::as_str)
                        .and_then(|text| text.parse::<serde_json::Number>().ok())
                    {
                        body.insert(name.to_owned(), Value::Number(number));
                    }
                }
            },
        ),
        fault(
            "params.empty_messages_accepted",
            "Empty messages and inputs are answered.",
            |body| {
                if body
                    .get("messages")
                    .and_then(Value::as_array)
                    .is_some_and(Vec::is_empty)
                {
                    body.insert(
                        "messages".to_owned(),
                        serde_json::json!([{"role": "user", "content": "Hello"}]),
                    );
                }
                let empty = body.get("input").is_some_and(|input| {
                    input.as_str() == Some("") || input.as_array().is_some_and(Vec::is_empty)
                });
                if empty {
                    body.insert("input".to_owned(), "Hello".into());
                }
            },
        ),
        fault(
            "params.broken_schemas_accepted",
            "A malformed JSON schema is accepted, and ignored.",
            |body| {
                let malformed = body
                    .get("response_format")
                    .and_then(|format| format.pointer("/json_schema/schema"))
                    .is_some_and(|schema| jsonschema::validator_for(schema).is_err());
                if malformed {
                    body.remove("response_format");
                }
            },
        ),
        fault(
            "params.long_input_truncated",
            "Input beyond the model's context is cut off instead of refused.",
            |body| {
                for message in body
                    .get_mut("messages")
                    .and_then(Value::as_array_mut)
                    .into_iter()
                    .flatten()
                {
                    if let Some(text) = message["content"]
                        .as_str()
                        .filter(|text| text.len() > 8_000)
                    {
                        message["content"] = text.chars().take(8_000).collect::<String>().into();
                    }
                }
                let long = body
                    .get("input")
                    .and_then(Value::as_str)
                    .filter(|text| text.len() > 4_096);
                if let Some(text) = long {
                    let cut: String = text.chars().take(4_000).collect();
                    body.insert("input".to_owned(), cut.into());
                }
            },
        ),
        fault(
            "params.code_interpreter_accepted",
            "The hosted tool `code_interpreter` is silently ignored instead of rejected.",
            |body| {
                if let Some(tools) = body.get_mut("tools").and_then(Value::as_array_mut) {
                    tools.retain(|tool| tool["type"] != "code_interpreter");
                }
            },
        ),
    ]
}
