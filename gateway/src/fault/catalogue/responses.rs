//! The Responses adapter: requests and whole answers.
#![expect(clippy::too_many_lines, reason = "tables: one entry a fault")]

use serde_json::{Value, json};

use crate::fault::catalogue::RESPONSES;
use crate::fault::edit::{each_output_text, rename, replace_prompt, without};
use crate::fault::{Effect, Fault, Layer, Modality, On, Subject};

const SHAPE: &str = "CONTRACT §1 Shapes";
const ADAPTER: &str = "CONTRACT §1 routes: responses";

const fn lost(
    name: &'static str,
    breaks: &'static str,
    rewrite: fn(&mut serde_json::Map<String, Value>),
) -> Fault {
    Fault {
        name,
        modality: Modality::Responses,
        layer: Layer::Parameters,
        breaks,
        promise: ADAPTER,
        effect: Effect::Request(RESPONSES, rewrite),
    }
}

const fn shape(
    name: &'static str,
    breaks: &'static str,
    rewrite: fn(&Subject, &mut Value),
) -> Fault {
    Fault {
        name,
        modality: Modality::Responses,
        layer: Layer::Body,
        breaks,
        promise: SHAPE,
        effect: Effect::Json(On::whole(RESPONSES), rewrite),
    }
}

pub(super) fn faults() -> Vec<Fault> {
    let mut faults = requests();
    faults.extend(answers());
    faults
}

fn requests() -> Vec<Fault> {
    vec![
        lost(
            "responses.instructions_ignored",
            "`instructions` never reach the model.",
            |body| {
                body.remove("instructions");
            },
        ),
        lost(
            "responses.max_output_tokens_ignored",
            "The answer goes on past `max_output_tokens`.",
            |body| {
                body.remove("max_output_tokens");
            },
        ),
        lost(
            "responses.input_array_cut",
            "Of an input array only the last message is read.",
            |body| {
                if let Some(items) = body.get_mut("input").and_then(Value::as_array_mut) {
                    items.drain(..items.len().saturating_sub(1));
                }
            },
        ),
        lost(
            "responses.temperature_ignored",
            "`temperature` makes no difference.",
            |body| {
                body.remove("temperature");
            },
        ),
        lost(
            "responses.response_format_ignored",
            "`response_format` makes no difference.",
            |body| {
                body.remove("response_format");
            },
        ),
        lost(
            "responses.tools_ignored",
            "Functions are accepted and never called.",
            |body| {
                body.remove("tools");
                body.remove("tool_choice");
            },
        ),
        lost(
            "responses.tool_choice_ignored",
            "`tool_choice` makes no difference.",
            |body| {
                body.remove("tool_choice");
            },
        ),
        lost(
            "responses.prompt_replaced",
            "Every input is answered as if it were another.",
            |body| replace_prompt(body, "Tell me about lighthouses."),
        ),
        lost(
            "responses.state_accepted",
            "`previous_response_id`, `include`, `reasoning` and `background` are silently ignored instead of refused.",
            |body| {
                for name in [
                    "previous_response_id",
                    "include",
                    "reasoning",
                    "background",
                    "conversation",
                ] {
                    body.remove(name);
                }
            },
        ),
        lost(
            "responses.instructions_ignored_with_messages",
            "Beside an array of messages, `instructions` never reach the model.",
            |body| {
                if body.get("input").is_some_and(Value::is_array) {
                    body.remove("instructions");
                }
            },
        ),
        lost(
            "responses.assistant_turns_dropped",
            "The model does not see what it said before.",
            |body| {
                if let Some(items) = body.get_mut("input").and_then(Value::as_array_mut) {
                    items.retain(|item| item["role"] != "assistant");
                }
            },
        ),
        lost(
            "responses.long_input_cut",
            "Of a text that is the whole input, only the last 1,000 characters reach the model.",
            |body| {
                let Some(text) = body.get("input").and_then(Value::as_str) else {
                    return;
                };
                let skipped = text.chars().count().saturating_sub(1_000);
                let kept: String = text.chars().skip(skipped).collect();
                body.insert("input".to_owned(), kept.into());
            },
        ),
        lost(
            "responses.instructions_ignored_when_streamed",
            "Of a streamed request, `instructions` never reach the model.",
            |body| {
                if body.get("stream") == Some(&Value::Bool(true)) {
                    body.remove("instructions");
                }
            },
        ),
    ]
}

fn answers() -> Vec<Fault> {
    vec![
        shape(
            "responses.object_wrong",
            "`object` names a chat completion.",
            |_, body| body["object"] = "chat.completion".into(),
        ),
        shape(
            "responses.id_constant",
            "Every answer has the same id.",
            |_, body| body["id"] = "resp_000000000000000000000000".into(),
        ),
        shape(
            "responses.created_in_milliseconds",
            "`created_at` is in milliseconds.",
            |_, body| {
                body["created_at"] =
                    (body["created_at"].as_u64().unwrap_or_default() * 1_000).into();
            },
        ),
        shape(
            "responses.model_name_internal",
            "`model` is the backend's internal name.",
            |_, body| body["model"] = "vllm-worker-7b-q4".into(),
        ),
        shape(
            "responses.status_missing",
            "The answer has no status.",
            |_, body| without(body, "status"),
        ),
        shape(
            "responses.status_always_completed",
            "An answer that the token limit ended says `completed`.",
            |_, body| {
                body["status"] = "completed".into();
                body["incomplete_details"] = Value::Null;
            },
        ),
        shape("responses.output_empty", "`output` is empty.", |_, body| {
            body["output"] = json!([]);
        }),
        shape(
            "responses.output_text_empty",
            "The answer's text is empty.",
            |_, body| each_output_text(body, |part| part["text"] = "".into()),
        ),
        shape(
            "responses.part_type_wrong",
            "Text parts have the input's type.",
            |_, body| each_output_text(body, |part| part["type"] = "input_text".into()),
        ),
        shape(
            "responses.role_wrong",
            "The message says it comes from the user.",
            |_, body| {
                if let Some(role) = body.pointer_mut("/output/0/role") {
                    *role = "user".into();
                }
            },
        ),
        shape(
            "responses.chat_envelope",
            "The chat completion comes back unwrapped.",
            |_, body| {
                let text = body
                    .pointer_mut("/output/0/content/0/text")
                    .map(Value::take);
                *body = json!({"id": body["id"], "object": "chat.completion", "created": body["created_at"], "model": body["model"],
                "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}]});
            },
        ),
        shape(
            "responses.usage_missing",
            "The answer has no usage.",
            |_, body| without(body, "usage"),
        ),
        shape(
            "responses.usage_sum_wrong",
            "`total_tokens` is not the sum of its parts.",
            |_, body| body["usage"]["total_tokens"] = 1.into(),
        ),
        shape(
            "responses.usage_names_wrong",
            "Usage has the chat field names.",
            |_, body| {
                rename(&mut body["usage"], "input_tokens", "prompt_tokens");
                rename(&mut body["usage"], "output_tokens", "completion_tokens");
            },
        ),
        shape(
            "responses.text_cut_short",
            "The second half of every text is missing.",
            |_, body| {
                each_output_text(body, |part| {
                    let text = part["text"].as_str().unwrap_or_default();
                    part["text"] = text
                        .chars()
                        .take(text.chars().count() / 2)
                        .collect::<String>()
                        .into();
                });
            },
        ),
        shape(
            "responses.arguments_object",
            "A call's `arguments` are an object instead of a JSON string.",
            |_, body| {
                for item in body["output"].as_array_mut().into_iter().flatten() {
                    if let Some(arguments) = item["arguments"].as_str() {
                        item["arguments"] = serde_json::from_str(arguments).unwrap_or_default();
                    }
                }
            },
        ),
        shape(
            "responses.item_id_constant",
            "The output items of different answers have the same id.",
            |_, body| {
                for item in body["output"].as_array_mut().into_iter().flatten() {
                    item["id"] = "msg_000000000000000000000000".into();
                }
            },
        ),
        shape(
            "responses.item_id_is_response_id",
            "Output items have the answer's id instead of one of their own.",
            |_, body| {
                let id = body["id"].clone();
                for item in body["output"].as_array_mut().into_iter().flatten() {
                    item["id"] = id.clone();
                }
            },
        ),
        shape(
            "responses.annotations_missing",
            "Text parts have no `annotations`.",
            |_, body| each_output_text(body, |part| without(part, "annotations")),
        ),
    ]
}
