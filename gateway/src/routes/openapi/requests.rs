//! Request bodies.
#![expect(
    clippy::needless_pass_by_value,
    reason = "schemas are built from the inside out"
)]

use serde_json::{Value, json};

use crate::catalog::Modality;
use crate::routes::openapi::ids;

/// A field may always be null, which is the same as leaving it out.
fn optional(schema: Value) -> Value {
    json!({"anyOf": [schema, {"type": "null"}]})
}

fn number() -> Value {
    optional(json!({"type": "number"}))
}

fn integer() -> Value {
    optional(json!({"type": "integer"}))
}

fn text() -> Value {
    optional(json!({"type": "string"}))
}

fn flag() -> Value {
    optional(json!({"type": "boolean"}))
}

fn table() -> Value {
    optional(json!({"type": "object"}))
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({"type": "object", "required": required, "properties": properties, "additionalProperties": false})
}

fn model(modality: Modality) -> Value {
    json!({"type": "string", "enum": ids(modality)})
}

fn tools() -> Value {
    optional(
        json!({"type": "array", "items": object(&["type", "function"], json!({
            "type": {"const": "function"},
            "function": object(&["name"], json!({
                "name": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
                "description": text(), "parameters": table(), "strict": flag(),
            })),
        }))}),
    )
}

fn tool_choice() -> Value {
    optional(json!({"anyOf": [
        {"enum": ["none", "auto", "required"]},
        object(&["type", "function"], json!({"type": {"const": "function"}, "function": object(&["name"], json!({"name": {"type": "string"}}))})),
    ]}))
}

fn response_format() -> Value {
    optional(json!({"oneOf": [
        object(&["type"], json!({"type": {"const": "text"}})),
        object(&["type"], json!({"type": {"const": "json_object"}})),
        object(&["type", "json_schema"], json!({
            "type": {"const": "json_schema"},
            "json_schema": object(&["name"], json!({"name": {"type": "string", "pattern": "\\S"}, "description": text(), "schema": table(), "strict": flag()})),
        })),
    ]}))
}

fn message() -> Value {
    let part = json!({"oneOf": [
        object(&["type", "text"], json!({"type": {"const": "text"}, "text": {"type": "string"}})),
        object(&["type", "image_url"], json!({
            "type": {"const": "image_url"},
            "image_url": object(&["url"], json!({"url": {"type": "string", "pattern": "^data:image/"}, "detail": optional(json!({"enum": ["auto", "low", "high"]}))})),
        })),
    ]});
    let content = json!({"anyOf": [{"type": "string"}, {"type": "array", "items": part}]});
    json!({"oneOf": [
        object(&["role", "content"], json!({"role": {"enum": ["system", "developer", "user"]}, "content": content, "name": text()})),
        object(&["role", "content"], json!({"role": {"const": "assistant"}, "content": content, "name": text(), "tool_calls": optional(json!({"type": "array"}))})),
        object(&["role", "content", "tool_call_id"], json!({"role": {"const": "tool"}, "content": content, "tool_call_id": {"type": "string"}})),
    ]})
}

pub(super) fn chat() -> Value {
    object(
        &["model", "messages"],
        json!({
            "model": model(Modality::Llm),
            "messages": {"type": "array", "minItems": 1, "items": message()},
            "stream": flag(),
            "stream_options": optional(object(&[], json!({"include_usage": flag(), "include_obfuscation": flag()}))),
            "temperature": number(), "top_p": number(), "n": integer(), "max_tokens": integer(), "max_completion_tokens": integer(),
            "stop": optional(json!({"anyOf": [{"type": "string"}, {"type": "array", "maxItems": 4, "items": {"type": "string"}}]})),
            "presence_penalty": number(), "frequency_penalty": number(), "seed": integer(), "user": text(), "metadata": table(),
            "tools": tools(), "tool_choice": tool_choice(), "parallel_tool_calls": flag(), "response_format": response_format(),
            "modalities": optional(json!({"type": "array", "items": {"const": "text"}})),
            "logit_bias": table(), "logprobs": flag(), "top_logprobs": integer(),
            "service_tier": {}, "store": {}, "prediction": {}, "strict_params": flag(),
        }),
    )
}

pub(super) fn responses() -> Value {
    let part = object(
        &["type", "text"],
        json!({"type": {"enum": ["input_text", "output_text", "text"]}, "text": {"type": "string"}}),
    );
    let item = object(
        &["role", "content"],
        json!({
            "type": {"const": "message"}, "role": {"enum": ["system", "developer", "user", "assistant"]},
            "content": {"anyOf": [{"type": "string"}, {"type": "array", "items": part}]},
        }),
    );
    object(
        &["model", "input"],
        json!({
            "model": model(Modality::Llm),
            "input": {"anyOf": [{"type": "string", "minLength": 1}, {"type": "array", "minItems": 1, "items": item}]},
            "instructions": text(), "stream": flag(), "max_output_tokens": integer(), "temperature": number(), "top_p": number(),
            "response_format": response_format(), "tools": tools(), "tool_choice": tool_choice(), "parallel_tool_calls": flag(),
            "metadata": table(), "user": text(), "service_tier": {}, "store": {}, "prediction": {}, "strict_params": flag(),
        }),
    )
}

pub(super) fn embeddings() -> Value {
    let text_in = json!({"type": "string", "minLength": 1});
    object(
        &["model", "input"],
        json!({
            "model": model(Modality::Embedding),
            "input": {"anyOf": [text_in, {"type": "array", "minItems": 1, "maxItems": 2_048, "items": text_in}]},
            "encoding_format": optional(json!({"const": "float"})), "dimensions": integer(), "user": text(), "strict_params": flag(),
        }),
    )
}

pub(super) fn images() -> Value {
    object(
        &["model", "prompt"],
        json!({
            "model": model(Modality::Image), "prompt": {"type": "string", "pattern": "\\S"}, "n": integer(),
            "size": optional(json!({"enum": ["64x64", "128x128", "256x256", "512x512", "1024x1024"], "description": "WIDTHxHEIGHT; the listed sizes are examples of sides from 16 to 2048"})),
            "response_format": optional(json!({"enum": ["url", "b64_json"]})),
            "quality": {}, "style": {}, "user": text(), "strict_params": flag(),
        }),
    )
}

pub(super) fn speech() -> Value {
    object(
        &["model", "input", "voice"],
        json!({
            "model": model(Modality::Tts), "input": {"type": "string", "pattern": "\\S", "maxLength": 4_096},
            "voice": {"type": "string", "pattern": "\\S", "description": "Or `ref_audio` and `ref_text`"},
            "ref_audio": text(), "ref_text": text(), "task_type": optional(json!({"type": "string", "pattern": "\\S"})),
            "response_format": optional(json!({"enum": ["mp3", "opus", "aac", "flac", "wav", "pcm"]})),
            "speed": number(), "strict_params": flag(),
        }),
    )
}

pub(super) fn transcription() -> Value {
    object(
        &["file", "model"],
        json!({
            "file": {"type": "string", "format": "binary"}, "model": model(Modality::Asr),
            "language": {"type": "string", "pattern": "^[A-Za-z-]{2,20}$"}, "prompt": {"type": "string"},
            "temperature": {"type": "number", "minimum": 0, "maximum": 1}, "response_format": {"enum": ["json", "verbose_json"]},
        }),
    )
}
