//! Chat completions: parameters and functions that do not reach the model.

use serde_json::{Value, json};

use crate::fault::catalogue::CHAT;
use crate::fault::{Effect, Fault, Layer, Modality};

const PARAMETERS: &str = "CONTRACT §1 Parameters";
pub(super) const ROUTES: &str = "CONTRACT §1 routes: chat completions";

/// A parameter or a part of the prompt that never reaches the model.
pub(super) const fn lost(
    name: &'static str,
    breaks: &'static str,
    promise: &'static str,
    rewrite: fn(&mut serde_json::Map<String, Value>),
) -> Fault {
    Fault {
        name,
        modality: Modality::Chat,
        layer: Layer::Parameters,
        breaks,
        promise,
        effect: Effect::Request(CHAT, rewrite),
    }
}

#[expect(clippy::too_many_lines, reason = "a table: one entry a fault")]
pub(super) fn faults() -> Vec<Fault> {
    vec![
        lost(
            "chat.max_tokens_ignored",
            "The answer goes on past `max_tokens` and `max_completion_tokens`.",
            PARAMETERS,
            |body| {
                body.remove("max_tokens");
                body.remove("max_completion_tokens");
            },
        ),
        lost(
            "chat.max_tokens_off_by_two",
            "The answer is two tokens longer than `max_tokens` allows.",
            PARAMETERS,
            |body| {
                for name in ["max_tokens", "max_completion_tokens"] {
                    if let Some(limit) = body.get(name).and_then(Value::as_i64) {
                        body.insert(name.to_owned(), (limit + 2).into());
                    }
                }
            },
        ),
        lost(
            "chat.max_tokens_capped",
            "Answers end after 64 tokens, however many were asked for, and nothing says so.",
            PARAMETERS,
            |body| {
                for name in ["max_tokens", "max_completion_tokens"] {
                    if body
                        .get(name)
                        .and_then(Value::as_i64)
                        .is_some_and(|limit| limit > 64)
                    {
                        body.insert(name.to_owned(), 64.into());
                    }
                }
            },
        ),
        lost(
            "chat.max_completion_tokens_ignored",
            "The answer goes on past `max_completion_tokens`, though not past `max_tokens`.",
            PARAMETERS,
            |body| {
                body.remove("max_completion_tokens");
            },
        ),
        lost(
            "chat.stream_false_streams",
            "`stream: false` is taken for true, as where only its being there is looked at.",
            ROUTES,
            |body| {
                if body.contains_key("stream") {
                    body.insert("stream".to_owned(), true.into());
                }
            },
        ),
        lost(
            "chat.stop_ignored",
            "Stop sequences do not stop the answer.",
            PARAMETERS,
            |body| {
                body.remove("stop");
            },
        ),
        lost(
            "chat.stop_taken_by_letters",
            "A stop text that is no list is taken for a list of its letters, of which four count.",
            PARAMETERS,
            |body| {
                if let Some(text) = body.get("stop").and_then(Value::as_str) {
                    let letters: Vec<String> = text.chars().take(4).map(String::from).collect();
                    body.insert("stop".to_owned(), letters.into());
                }
            },
        ),
        lost(
            "chat.only_first_stop_used",
            "Of several stop sequences only the first works.",
            PARAMETERS,
            |body| {
                if let Some(first) = body.get("stop").and_then(|stop| stop.get(0)).cloned() {
                    body.insert("stop".to_owned(), first);
                }
            },
        ),
        lost(
            "chat.n_ignored",
            "`n` answers were asked for, and one comes.",
            PARAMETERS,
            |body| {
                body.remove("n");
            },
        ),
        lost(
            "chat.temperature_ignored",
            "`temperature` makes no difference.",
            PARAMETERS,
            |body| {
                body.remove("temperature");
            },
        ),
        lost(
            "chat.top_p_ignored",
            "`top_p` makes no difference.",
            PARAMETERS,
            |body| {
                if body
                    .get("top_p")
                    .and_then(Value::as_f64)
                    .is_some_and(|top_p| top_p <= 1.0)
                {
                    body.remove("top_p");
                }
            },
        ),
        lost(
            "chat.seed_ignored",
            "`seed` makes no difference.",
            PARAMETERS,
            |body| {
                body.remove("seed");
            },
        ),
        lost(
            "chat.penalties_ignored",
            "`presence_penalty` and `frequency_penalty` make no difference.",
            PARAMETERS,
            |body| {
                body.remove("presence_penalty");
                body.remove("frequency_penalty");
            },
        ),
        lost(
            "chat.tools_ignored",
            "Functions are accepted and never called.",
            ROUTES,
            |body| {
                for name in ["tools", "tool_choice", "parallel_tool_calls"] {
                    body.remove(name);
                }
            },
        ),
        lost(
            "chat.tool_choice_ignored",
            "`tool_choice` makes no difference.",
            ROUTES,
            |body| {
                body.remove("tool_choice");
            },
        ),
        lost(
            "chat.tool_schema_ignored",
            "Arguments do not follow the function's parameters.",
            ROUTES,
            |body| {
                for tool in body
                    .get_mut("tools")
                    .and_then(Value::as_array_mut)
                    .into_iter()
                    .flatten()
                {
                    if let Some(function) = tool
                        .get_mut("function")
                        .filter(|function| function.is_object())
                    {
                        function["parameters"] =
                            json!({"type": "object", "properties": {"input": {"type": "string"}}});
                    }
                }
            },
        ),
        lost(
            "chat.response_format_ignored",
            "`response_format` makes no difference.",
            ROUTES,
            |body| {
                body.remove("response_format");
            },
        ),
        lost(
            "chat.json_schema_loosened",
            "Any JSON object comes where a schema was asked for.",
            ROUTES,
            |body| {
                if body
                    .get("response_format")
                    .is_some_and(|format| format["type"] == "json_schema")
                {
                    body.insert("response_format".to_owned(), json!({"type": "json_object"}));
                }
            },
        ),
        lost(
            "chat.default_model_used",
            "The answer comes from another model than the one asked for, and says so.",
            "CONTRACT §1 Auth: model selects",
            |body| {
                if body
                    .get("model")
                    .is_some_and(|model| model == crate::catalog::MODELS.llm)
                {
                    body.insert("model".to_owned(), crate::catalog::MODELS.vision.into());
                }
            },
        ),
        lost(
            "chat.tool_choice_named_ignored",
            "A function that `tool_choice` names is not called unless the prompt asks for it.",
            ROUTES,
            |body| {
                if body.get("tool_choice").is_some_and(Value::is_object) {
                    body.remove("tool_choice");
                }
            },
        ),
        lost(
            "chat.tool_choice_required_ignored",
            "`tool_choice: required` does not make the model call anything.",
            ROUTES,
            |body| {
                if body
                    .get("tool_choice")
                    .is_some_and(|choice| choice == "required")
                {
                    body.remove("tool_choice");
                }
            },
        ),
    ]
}
