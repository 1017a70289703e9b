//! Chat completions: the shape of an answer.

use serde_json::{Value, json};

use crate::fault::catalogue::CHAT;
use crate::fault::edit::{each_call, each_choice, without};
use crate::fault::{Effect, Fault, Layer, Modality, On, Subject};

const fn shape(
    name: &'static str,
    breaks: &'static str,
    rewrite: fn(&Subject, &mut Value),
) -> Fault {
    Fault {
        name,
        modality: Modality::Chat,
        layer: Layer::Body,
        breaks,
        promise: "CONTRACT §1 Shapes",
        effect: Effect::Json(On::whole(CHAT), rewrite),
    }
}

/// Says that the answer cost this many tokens, in usage that adds up.
fn recount(body: &mut Value, answer: u64) {
    let prompt = body["usage"]["prompt_tokens"].as_u64().unwrap_or_default();
    body["usage"]["completion_tokens"] = answer.into();
    body["usage"]["total_tokens"] = (prompt + answer).into();
}

pub(super) fn faults() -> Vec<Fault> {
    let mut faults = envelope();
    faults.extend(usage());
    faults.extend(choices());
    faults.extend(calls());
    faults
}

fn envelope() -> Vec<Fault> {
    vec![
        shape(
            "chat.object_wrong",
            "`object` names the legacy completion.",
            |_, body| body["object"] = "text_completion".into(),
        ),
        shape("chat.id_missing", "The answer has no id.", |_, body| {
            without(body, "id");
        }),
        shape(
            "chat.id_constant",
            "Every answer has the same id.",
            |_, body| body["id"] = "chatcmpl-000000000000000000000000".into(),
        ),
        shape(
            "chat.created_in_milliseconds",
            "`created` is in milliseconds.",
            |_, body| {
                body["created"] = (body["created"].as_u64().unwrap_or_default() * 1_000).into();
            },
        ),
        shape(
            "chat.created_behind",
            "`created` is five minutes behind, as where it is the time of an earlier answer.",
            |_, body| {
                body["created"] = (body["created"]
                    .as_u64()
                    .unwrap_or_default()
                    .saturating_sub(300))
                .into();
            },
        ),
        shape("chat.created_zero", "`created` is the epoch.", |_, body| {
            body["created"] = 0.into();
        }),
        shape(
            "chat.created_text",
            "`created` is a text instead of a number.",
            |_, body| body["created"] = body["created"].to_string().into(),
        ),
        shape(
            "chat.model_name_internal",
            "`model` is the backend's internal name.",
            |_, body| body["model"] = "vllm-worker-7b-q4".into(),
        ),
        shape("chat.usage_zero", "Usage counts nothing.", |_, body| {
            body["usage"] = json!({"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0});
        }),
        shape(
            "chat.wrapped_in_data",
            "The answer is wrapped in `{\"data\": …}`.",
            |_, body| *body = json!({"data": body.take()}),
        ),
    ]
}

fn usage() -> Vec<Fault> {
    vec![
        shape(
            "chat.usage_missing",
            "The answer has no usage.",
            |_, body| without(body, "usage"),
        ),
        shape(
            "chat.usage_sum_wrong",
            "`total_tokens` is not the sum of its parts.",
            |_, body| {
                body["usage"]["total_tokens"] =
                    (body["usage"]["total_tokens"].as_u64().unwrap_or_default() + 7).into();
            },
        ),
        shape(
            "chat.usage_names_wrong",
            "Usage has the Responses field names.",
            |_, body| {
                for (from, to) in [
                    ("prompt_tokens", "input_tokens"),
                    ("completion_tokens", "output_tokens"),
                ] {
                    crate::fault::edit::rename(&mut body["usage"], from, to);
                }
            },
        ),
        shape(
            "chat.usage_ignores_the_answer",
            "`completion_tokens` is always 1.",
            |_, body| recount(body, 1),
        ),
        shape(
            "chat.usage_capped",
            "`completion_tokens` never counts more than 16.",
            |_, body| {
                let answer = body["usage"]["completion_tokens"].as_u64();
                recount(body, answer.unwrap_or_default().min(16));
            },
        ),
        shape(
            "chat.usage_of_first_choice",
            "Of several answers only the first is counted.",
            |_, body| {
                let choices = body["choices"].as_array().map_or(1, Vec::len).max(1);
                let answers = body["usage"]["completion_tokens"].as_u64();
                let first = answers.unwrap_or_default() / choices as u64;
                recount(body, first);
            },
        ),
        shape(
            "chat.usage_ignores_the_prompt",
            "`prompt_tokens` is the same for every prompt.",
            |_, body| {
                let completion = body["usage"]["completion_tokens"]
                    .as_u64()
                    .unwrap_or_default();
                body["usage"]["prompt_tokens"] = 10.into();
                body["usage"]["total_tokens"] = (completion + 10).into();
            },
        ),
    ]
}

fn choices() -> Vec<Fault> {
    vec![
        shape("chat.choices_empty", "`choices` is empty.", |_, body| {
            body["choices"] = json!([]);
        }),
        shape(
            "chat.choice_index_from_one",
            "Choices are numbered from 1.",
            |_, body| {
                each_choice(body, |choice| {
                    choice["index"] = (choice["index"].as_u64().unwrap_or_default() + 1).into();
                });
            },
        ),
        shape(
            "chat.choice_index_always_zero",
            "All of several choices have index 0.",
            |_, body| each_choice(body, |choice| choice["index"] = 0.into()),
        ),
        shape(
            "chat.choices_identical",
            "Several answers were asked for, and all are the first one.",
            |_, body| {
                let first = body["choices"][0]["message"].clone();
                each_choice(body, |choice| choice["message"] = first.clone());
            },
        ),
        shape(
            "chat.role_missing",
            "The message has no role.",
            |_, body| each_choice(body, |choice| without(&mut choice["message"], "role")),
        ),
        shape(
            "chat.role_wrong",
            "The message says it comes from the user.",
            |_, body| each_choice(body, |choice| choice["message"]["role"] = "user".into()),
        ),
        shape(
            "chat.finish_reason_null",
            "`finish_reason` is null on a finished answer.",
            |_, body| each_choice(body, |choice| choice["finish_reason"] = Value::Null),
        ),
        shape(
            "chat.finish_reason_always_stop",
            "`finish_reason` says `stop` when the token limit or a function call ended the answer.",
            |_, body| {
                each_choice(body, |choice| choice["finish_reason"] = "stop".into());
            },
        ),
        shape(
            "chat.finish_reason_unknown",
            "`finish_reason` is the backend's own word.",
            |_, body| each_choice(body, |choice| choice["finish_reason"] = "eos_token".into()),
        ),
        shape(
            "chat.message_as_delta",
            "A whole answer carries `delta` instead of `message`.",
            |_, body| {
                each_choice(body, |choice| {
                    crate::fault::edit::rename(choice, "message", "delta");
                });
            },
        ),
        shape(
            "chat.content_in_parts",
            "The text is an array of parts instead of a string.",
            |_, body| {
                each_choice(body, |choice| {
                    if let Some(text) = choice["message"]["content"].as_str() {
                        choice["message"]["content"] = json!([{"type": "text", "text": text}]);
                    }
                });
            },
        ),
    ]
}

fn calls() -> Vec<Fault> {
    vec![
        shape(
            "chat.tool_arguments_object",
            "A call's `arguments` are an object instead of a JSON string.",
            |_, body| {
                each_call(body, |call| {
                    let arguments = call["function"]["arguments"].as_str().unwrap_or_default();
                    call["function"]["arguments"] =
                        serde_json::from_str(arguments).unwrap_or_default();
                });
            },
        ),
        shape(
            "chat.tool_arguments_cut",
            "A call's `arguments` are cut off and no JSON.",
            |_, body| {
                each_call(body, |call| {
                    let arguments = call["function"]["arguments"].as_str().unwrap_or_default();
                    call["function"]["arguments"] = arguments
                        .get(..arguments.len() / 2)
                        .unwrap_or_default()
                        .into();
                });
            },
        ),
        shape(
            "chat.tool_arguments_empty",
            "A call's `arguments` are `{}` whatever its function requires.",
            |_, body| {
                each_call(body, |call| call["function"]["arguments"] = "{}".into());
            },
        ),
        shape(
            "chat.tool_call_id_missing",
            "A call has no id.",
            |_, body| each_call(body, |call| without(call, "id")),
        ),
        shape(
            "chat.tool_call_type_missing",
            "A call has no type.",
            |_, body| each_call(body, |call| without(call, "type")),
        ),
        shape(
            "chat.tool_name_changed",
            "A call names a function that was not offered.",
            |_, body| {
                each_call(body, |call| {
                    call["function"]["name"] = format!(
                        "functions.{}",
                        call["function"]["name"].as_str().unwrap_or_default()
                    )
                    .into();
                });
            },
        ),
        shape(
            "chat.tool_call_as_text",
            "A call comes as text in the content.",
            |_, body| {
                each_choice(body, |choice| {
                    if choice["message"]["tool_calls"].is_array() {
                        let calls = choice["message"]["tool_calls"].take();
                        without(&mut choice["message"], "tool_calls");
                        choice["message"]["content"] =
                            format!("<tool_call>{calls}</tool_call>").into();
                        choice["finish_reason"] = "stop".into();
                    }
                });
            },
        ),
        shape(
            "chat.tool_call_also_as_text",
            "Beside a call, its raw text is left in the content.",
            |_, body| {
                each_choice(body, |choice| {
                    let calls = &choice["message"]["tool_calls"];
                    if calls.is_array() {
                        choice["message"]["content"] =
                            format!("<tool_call>{calls}</tool_call>").into();
                    }
                });
            },
        ),
        shape(
            "chat.tool_call_ids_constant",
            "Calls of different answers have the same ids.",
            |_, body| {
                let mut index = 0;
                each_call(body, |call| {
                    call["id"] = format!("call_{index}").into();
                    index += 1;
                });
            },
        ),
    ]
}
