//! Response bodies.
#![expect(
    clippy::needless_pass_by_value,
    reason = "schemas are built from the inside out"
)]

use serde_json::{Value, json};

fn object(required: &[&str], properties: Value) -> Value {
    json!({"type": "object", "required": required, "properties": properties})
}

fn text() -> Value {
    json!({"type": "string"})
}

fn count() -> Value {
    json!({"type": "integer", "minimum": 0})
}

pub(super) fn error() -> Value {
    object(
        &["error"],
        json!({"error": object(&["message", "type", "code"], json!({
            "message": {"type": "string", "minLength": 1}, "type": text(), "code": text(), "param": text(),
            "current_balance_cents": count(), "required_cents": count(), "topup_url": text(),
        }))}),
    )
}

pub(super) fn model() -> Value {
    object(
        &["id", "object", "created", "owned_by"],
        json!({
            "id": text(), "object": {"const": "model"}, "created": count(), "owned_by": text(),
            "modality": {"enum": ["llm", "embedding", "image", "tts", "asr"]}, "capabilities": {"type": "array", "items": text()},
        }),
    )
}

pub(super) fn models() -> Value {
    object(
        &["object", "data"],
        json!({"object": {"const": "list"}, "data": {"type": "array", "items": model()}}),
    )
}

pub(super) fn chat() -> Value {
    let call = object(
        &["id", "type", "function"],
        json!({
            "id": text(), "type": {"const": "function"}, "function": object(&["name", "arguments"], json!({"name": text(), "arguments": text()})),
        }),
    );
    let message = object(
        &["role", "content"],
        json!({
            "role": {"const": "assistant"}, "content": {"type": ["string", "null"]}, "refusal": {"type": ["string", "null"]},
            "tool_calls": {"type": "array", "items": call},
        }),
    );
    object(
        &["id", "object", "created", "model", "choices", "usage"],
        json!({
            "id": text(), "object": {"const": "chat.completion"}, "created": count(), "model": text(),
            "choices": {"type": "array", "minItems": 1, "items": object(&["index", "message", "finish_reason"], json!({
                "index": count(), "message": message, "logprobs": {"type": "null"}, "finish_reason": {"enum": ["stop", "length", "tool_calls"]},
            }))},
            "usage": object(&["prompt_tokens", "completion_tokens", "total_tokens"], json!({"prompt_tokens": count(), "completion_tokens": count(), "total_tokens": count()})),
            "metadata": {"type": "object"},
        }),
    )
}

pub(super) fn response() -> Value {
    let part = object(
        &["type", "text", "annotations"],
        json!({"type": {"const": "output_text"}, "text": text(), "annotations": {"type": "array"}}),
    );
    let item = json!({"oneOf": [
        object(&["type", "id", "status", "role", "content"], json!({"type": {"const": "message"}, "id": text(), "status": text(), "role": {"const": "assistant"}, "content": {"type": "array", "items": part}})),
        object(&["type", "id", "call_id", "name", "arguments", "status"], json!({"type": {"const": "function_call"}, "id": text(), "call_id": text(), "name": text(), "arguments": text(), "status": text()})),
    ]});
    object(
        &[
            "id",
            "object",
            "created_at",
            "status",
            "model",
            "output",
            "usage",
        ],
        json!({
            "id": text(), "object": {"const": "response"}, "created_at": count(), "status": {"enum": ["completed", "incomplete"]}, "model": text(),
            "output": {"type": "array", "items": item},
            "usage": object(&["input_tokens", "output_tokens", "total_tokens"], json!({"input_tokens": count(), "output_tokens": count(), "total_tokens": count()})),
            "metadata": {"type": "object"},
        }),
    )
}

pub(super) fn embeddings() -> Value {
    let entry = object(
        &["object", "index", "embedding"],
        json!({
            "object": {"const": "embedding"}, "index": count(), "embedding": {"type": "array", "items": {"type": "number"}},
        }),
    );
    object(
        &["object", "data", "model", "usage"],
        json!({
            "object": {"const": "list"}, "data": {"type": "array", "items": entry}, "model": text(),
            "usage": object(&["prompt_tokens", "total_tokens"], json!({"prompt_tokens": count(), "total_tokens": count()})),
        }),
    )
}

pub(super) fn images() -> Value {
    let picture = json!({"oneOf": [object(&["url"], json!({"url": text()})), object(&["b64_json"], json!({"b64_json": text()}))]});
    object(
        &["created", "data"],
        json!({"created": count(), "data": {"type": "array", "items": picture}}),
    )
}

pub(super) fn transcription() -> Value {
    object(
        &["text"],
        json!({
            "text": text(), "task": {"const": "transcribe"}, "language": text(), "duration": {"type": "number", "minimum": 0},
            "segments": {"type": "array", "items": {"type": "object"}}, "words": {"type": "array", "items": {"type": "object"}},
        }),
    )
}

pub(super) fn voice() -> Value {
    object(
        &["transcript", "response_text"],
        json!({
            "object": {"const": "voice.pipeline"}, "modality": {"const": "voice"}, "model": text(), "transcript": text(), "response_text": text(),
            "usage": {"type": "object"}, "latency_ms": {"type": "number", "minimum": 0},
        }),
    )
}
