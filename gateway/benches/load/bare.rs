//! What the gateway is held against: a handler that checks a bearer key, and reads and writes typed JSON.

use axum::extract::Json;
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};

use crate::KEY;

#[derive(Deserialize)]
pub(crate) struct ChatRequest {
    model: String,
    messages: Vec<Message>,
    max_tokens: Option<u32>,
}

#[derive(Serialize, Deserialize)]
struct Message {
    role: String,
    content: String,
}

#[derive(Serialize)]
pub(crate) struct ChatAnswer {
    id: String,
    object: &'static str,
    created: u64,
    model: String,
    choices: Vec<Choice>,
    usage: Usage,
}

#[derive(Serialize)]
struct Choice {
    index: u32,
    message: Message,
    finish_reason: &'static str,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the wire's names")]
struct Usage {
    prompt_tokens: usize,
    completion_tokens: u32,
    total_tokens: usize,
}

/// The floor: a bearer check, typed JSON in, typed JSON out.
pub(crate) async fn bare(
    headers: HeaderMap,
    Json(request): Json<ChatRequest>,
) -> Result<Json<ChatAnswer>, StatusCode> {
    let authorized = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .is_some_and(|key| key == KEY);
    if !authorized {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let prompt_tokens = request
        .messages
        .iter()
        .map(|message| message.content.len() / 4)
        .sum();
    let _ = request.max_tokens;
    Ok(Json(ChatAnswer {
        id: "chatcmpl-000000000000000000000000".to_owned(),
        object: "chat.completion",
        created: 1_800_000_000,
        model: request.model,
        choices: vec![Choice {
            index: 0,
            message: Message {
                role: "assistant".to_owned(),
                content: "nonce-4711".to_owned(),
            },
            finish_reason: "stop",
        }],
        usage: Usage {
            prompt_tokens,
            completion_tokens: 4,
            total_tokens: prompt_tokens + 4,
        },
    }))
}
