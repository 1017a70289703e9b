//! Chat completions: what of the conversation reaches the model.
#![expect(clippy::too_many_lines, reason = "a table: one entry a fault")]

use serde_json::Value;

use crate::fault::Fault;
use crate::fault::catalogue::chat::{ROUTES, lost};
use crate::fault::edit::{Object, replace_prompt};

/// A message longer than this many characters counts as long.
const LONG: usize = 1_000;

/// Changes the messages' text; messages in parts are left alone.
fn each_message(body: &mut Object, mut change: impl FnMut(&str) -> Option<String>) {
    let messages = body.get_mut("messages").and_then(Value::as_array_mut);
    for message in messages.into_iter().flatten() {
        if let Some(changed) = message["content"].as_str().and_then(&mut change) {
            message["content"] = changed.into();
        }
    }
}

pub(super) fn faults() -> Vec<Fault> {
    vec![
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
            "chat.prompt_replaced",
            "Every prompt is answered as if it were another.",
            ROUTES,
            |body| {
                replace_prompt(body, "Tell me about lighthouses.");
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
            "chat.assistant_turns_dropped",
            "The model does not see what it said before.",
            ROUTES,
            |body| {
                if let Some(messages) = body.get_mut("messages").and_then(Value::as_array_mut) {
                    messages.retain(|message| {
                        message["role"] != "assistant" || message["tool_calls"].is_array()
                    });
                }
            },
        ),
        lost(
            "chat.old_turns_dropped",
            "Of a conversation only the last six messages reach the model.",
            ROUTES,
            |body| {
                if let Some(messages) = body.get_mut("messages").and_then(Value::as_array_mut) {
                    messages.drain(..messages.len().saturating_sub(6));
                }
            },
        ),
        lost(
            "chat.developer_messages_ignored",
            "Developer messages never reach the model.",
            ROUTES,
            |body| {
                if let Some(messages) = body.get_mut("messages").and_then(Value::as_array_mut)
                    && messages.len() > 1
                {
                    messages.retain(|message| message["role"] != "developer");
                }
            },
        ),
        lost(
            "chat.long_prompt_head_dropped",
            "Of a long message only the last 1,000 characters reach the model.",
            ROUTES,
            |body| {
                each_message(body, |text| {
                    let skipped = text.chars().count().checked_sub(LONG)?;
                    Some(text.chars().skip(skipped).collect())
                });
            },
        ),
        lost(
            "chat.long_prompt_tail_dropped",
            "Of a long message only the first 1,000 characters reach the model.",
            ROUTES,
            |body| each_message(body, |text| Some(text.chars().take(LONG).collect())),
        ),
        lost(
            "chat.long_prompt_middle_dropped",
            "Of a long message only the first and the last 500 characters reach the model.",
            ROUTES,
            |body| {
                each_message(body, |text| {
                    let tail = text.chars().count().checked_sub(LONG)? + LONG / 2;
                    let head = text.chars().take(LONG / 2);
                    Some(head.chain(text.chars().skip(tail)).collect())
                });
            },
        ),
    ]
}
