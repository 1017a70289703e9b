//! Chat completions: what a request asks for, and what of it arrives at the model.

use serde_json::{Value, json};

use crate::fault::catalogue::CHAT;
use crate::fault::edit::{each_choice, each_text, replace_prompt};
use crate::fault::{Effect, Fault, Layer, Modality, On};

const PARAMETERS: &str = "CONTRACT §1 Parameters";
const ROUTES: &str = "CONTRACT §1 routes: chat completions";

/// A parameter or a part of the prompt that never reaches the model.
const fn lost(
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

const fn body(
    name: &'static str,
    breaks: &'static str,
    promise: &'static str,
    rewrite: fn(&crate::fault::Subject, &mut Value),
) -> Fault {
    Fault {
        name,
        modality: Modality::Chat,
        layer: Layer::Body,
        breaks,
        promise,
        effect: Effect::Json(On::whole(CHAT), rewrite),
    }
}

pub(super) fn faults() -> Vec<Fault> {
    let mut faults = requests();
    faults.extend(texts());
    faults
}

#[expect(clippy::too_many_lines, reason = "a table: one entry a fault")]
fn requests() -> Vec<Fault> {
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
            "chat.stop_ignored",
            "Stop sequences do not stop the answer.",
            PARAMETERS,
            |body| {
                body.remove("stop");
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
            "chat.system_message_ignored",
            "System and developer messages never reach the model.",
            ROUTES,
            |body| {
                if let Some(messages) = body.get_mut("messages").and_then(Value::as_array_mut)
                    && messages.len() > 1
                {
                    messages.retain(|message| {
                        message["role"] != "system" && message["role"] != "developer"
                    });
                }
            },
        ),
        lost(
            "chat.history_ignored",
            "Only the last message reaches the model.",
            ROUTES,
            |body| {
                if let Some(messages) = body.get_mut("messages").and_then(Value::as_array_mut)
                    && let Some(last) = messages.pop()
                {
                    messages.retain(|message| message["role"] == "system");
                    messages.push(last);
                }
            },
        ),
        lost(
            "chat.first_message_answered",
            "The first user message is answered instead of the last.",
            ROUTES,
            |body| {
                let messages = body.get_mut("messages").and_then(Value::as_array_mut);
                if let Some(messages) = messages
                    && let Some(first) = messages
                        .iter()
                        .find(|message| message["role"] == "user")
                        .cloned()
                {
                    messages.push(first);
                }
            },
        ),
        lost(
            "chat.prompt_truncated",
            "The model reads only the first 24 characters of a message.",
            ROUTES,
            |body| {
                for message in body
                    .get_mut("messages")
                    .and_then(Value::as_array_mut)
                    .into_iter()
                    .flatten()
                {
                    if let Some(text) = message["content"].as_str() {
                        message["content"] = text.chars().take(24).collect::<String>().into();
                    }
                }
            },
        ),
        lost(
            "chat.content_parts_dropped",
            "Of a message in parts, only the first part is read.",
            ROUTES,
            |body| {
                for message in body
                    .get_mut("messages")
                    .and_then(Value::as_array_mut)
                    .into_iter()
                    .flatten()
                {
                    if let Some(parts) = message["content"].as_array_mut() {
                        parts.truncate(1);
                    }
                }
            },
        ),
        lost(
            "chat.images_ignored",
            "Pictures in a message never reach the model.",
            ROUTES,
            |body| {
                for message in body
                    .get_mut("messages")
                    .and_then(Value::as_array_mut)
                    .into_iter()
                    .flatten()
                {
                    if let Some(parts) = message["content"].as_array_mut() {
                        parts.retain(|part| part["type"] != "image_url");
                    }
                }
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
            "chat.tool_results_ignored",
            "What a function returned is not used in the answer.",
            ROUTES,
            |body| {
                if let Some(messages) = body.get_mut("messages").and_then(Value::as_array_mut) {
                    messages.retain(|message| message["role"] != "tool");
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
            "chat.prompt_replaced",
            "Every prompt is answered as if it were another.",
            ROUTES,
            |body| {
                replace_prompt(body, "Tell me about lighthouses.");
            },
        ),
    ]
}

fn texts() -> Vec<Fault> {
    vec![
        body(
            "chat.text_cut_short",
            "The last word of every answer is missing, though the finish reason says it is complete.",
            ROUTES,
            |_, body| {
                each_text(body, |text| {
                    let end = text.trim_end().rfind([' ', '-']).unwrap_or(text.len() / 2);
                    text.get(..end).unwrap_or_default().to_owned()
                });
            },
        ),
        body(
            "chat.text_empty",
            "The answer's text is empty.",
            ROUTES,
            |_, body| each_text(body, |_| String::new()),
        ),
        body(
            "chat.text_null",
            "The answer's content is null although nothing was called.",
            ROUTES,
            |_, body| {
                each_choice(body, |choice| choice["message"]["content"] = Value::Null);
            },
        ),
        body(
            "chat.text_mojibake",
            "Characters beyond ASCII come back as if UTF-8 were Latin-1.",
            ROUTES,
            |_, body| {
                each_text(body, |text| text.bytes().map(char::from).collect());
            },
        ),
        body(
            "chat.text_lowercased",
            "The answer is changed to lower case on its way.",
            ROUTES,
            |_, body| each_text(body, str::to_lowercase),
        ),
        body(
            "chat.text_repeated",
            "The answer's text comes twice.",
            ROUTES,
            |_, body| each_text(body, |text| format!("{text}{text}")),
        ),
        body(
            "chat.text_prefixed",
            "The serving template's control words are left in the text.",
            ROUTES,
            |_, body| {
                each_text(body, |text| {
                    format!("<|im_start|>assistant\n{text}<|im_end|>")
                });
            },
        ),
        body(
            "chat.metadata_dropped",
            "`metadata` does not come back.",
            PARAMETERS,
            |_, body| {
                crate::fault::edit::without(body, "metadata");
            },
        ),
        body(
            "chat.metadata_changed",
            "`metadata` comes back with other values.",
            PARAMETERS,
            |_, body| {
                for value in body["metadata"]
                    .as_object_mut()
                    .into_iter()
                    .flat_map(|metadata| metadata.values_mut())
                {
                    *value = "redacted".into();
                }
            },
        ),
    ]
}
