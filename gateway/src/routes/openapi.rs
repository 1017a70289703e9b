//! `GET /openapi.json`: the whole surface as `OpenAPI` 3.1.

mod requests;
mod responses;

use serde_json::{Map, Value, json};

use crate::catalog::{CATALOG, Modality};
use crate::reply::Reply;

/// Ids of the deployed models of a modality.
fn ids(modality: Modality) -> Vec<&'static str> {
    CATALOG
        .iter()
        .filter(|model| model.modality == modality)
        .map(|model| model.id)
        .collect()
}

/// One operation: path below `/v1`, method, id, what it does, its request body and its success.
struct Operation {
    path: &'static str,
    method: &'static str,
    id: &'static str,
    summary: &'static str,
    body: Option<Value>,
    success: Value,
    keyed: bool,
}

pub(super) fn document(base_url: &str) -> Reply {
    let mut paths = Map::new();
    for operation in operations() {
        add(&mut paths, "", &operation);
        add(&mut paths, "/{pipelineId}", &operation);
    }
    add(&mut paths, "/{pipelineId}", &voice());
    Reply::ok(&json!({
        "openapi": "3.1.0",
        "info": {"title": "RunInfra", "version": env!("CARGO_PKG_VERSION"), "description": "OpenAI-compatible inference. A workspace key reaches every route; a pipeline key reaches its own pipeline only."},
        "servers": [{"url": base_url}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Error": responses::error()},
            "headers": headers(),
        },
    }))
}

fn operations() -> Vec<Operation> {
    let post = |path, id, summary, body, success| Operation {
        path,
        method: "post",
        id,
        summary,
        body: Some(body),
        success,
        keyed: true,
    };
    let get = |path, id, summary, success| Operation {
        path,
        method: "get",
        id,
        summary,
        body: None,
        success,
        keyed: false,
    };
    vec![
        get(
            "/models",
            "listModels",
            "Lists the deployed models",
            in_json(responses::models()),
        ),
        get(
            "/models/{model}",
            "retrieveModel",
            "Describes one deployed model",
            in_json(responses::model()),
        ),
        post(
            "/chat/completions",
            "createChatCompletion",
            "Answers a conversation, whole or as a stream",
            in_json(requests::chat()),
            or_events(responses::chat()),
        ),
        post(
            "/responses",
            "createResponse",
            "Answers an input, whole or as a stream of semantic events",
            in_json(requests::responses()),
            or_events(responses::response()),
        ),
        post(
            "/embeddings",
            "createEmbedding",
            "Turns texts into vectors",
            in_json(requests::embeddings()),
            in_json(responses::embeddings()),
        ),
        post(
            "/images/generations",
            "createImage",
            "Draws pictures",
            in_json(requests::images()),
            in_json(responses::images()),
        ),
        post(
            "/audio/speech",
            "createSpeech",
            "Speaks a text",
            in_json(requests::speech()),
            audio(),
        ),
        post(
            "/audio/transcriptions",
            "createTranscription",
            "Writes down what was said",
            json!({"multipart/form-data": {"schema": requests::transcription()}}),
            in_json(responses::transcription()),
        ),
    ]
}

fn voice() -> Operation {
    let audio = json!({"schema": {"type": "string", "format": "binary"}});
    Operation {
        path: "/pipeline",
        method: "post",
        id: "runVoicePipeline",
        summary: "Hears a question and answers it",
        body: Some(
            json!({"audio/wav": audio, "audio/mpeg": audio, "audio/flac": audio, "audio/ogg": audio}),
        ),
        success: in_json(responses::voice()),
        keyed: true,
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "schemas are built from the inside out"
)]
fn in_json(schema: Value) -> Value {
    json!({"application/json": {"schema": schema}})
}

/// JSON, or server-sent events when `stream` was set. The second schema is each event's, as sequential media types have it.
#[expect(
    clippy::needless_pass_by_value,
    reason = "schemas are built from the inside out"
)]
fn or_events(schema: Value) -> Value {
    let event = json!({"type": "object", "required": ["data"], "properties": {"event": {"type": "string"}, "data": {"type": "string"}}});
    json!({"application/json": {"schema": schema}, "text/event-stream": {"schema": event}})
}

fn audio() -> Value {
    let types = [
        "audio/mpeg",
        "audio/ogg",
        "audio/aac",
        "audio/flac",
        "audio/wav",
        "audio/pcm",
    ];
    types
        .into_iter()
        .map(|kind| {
            (
                kind.to_owned(),
                json!({"schema": {"type": "string", "format": "binary"}}),
            )
        })
        .collect::<Map<_, _>>()
        .into()
}

fn add(paths: &mut Map<String, Value>, prefix: &str, operation: &Operation) {
    let mut parameters = Vec::new();
    let text = |name: &str, pattern: &str| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "pattern": pattern}});
    if !prefix.is_empty() {
        parameters.push(text("pipelineId", "^[A-Za-z0-9_-]+$"));
    }
    if operation.path.contains("{model}") {
        parameters.push(text("model", "^[A-Za-z0-9._-]+$"));
    }
    if operation.keyed {
        parameters.push(json!({"name": "Idempotency-Key", "in": "header", "required": false, "schema": {"type": "string", "pattern": "^[!-~]([ -~]{0,253}[!-~])?$"}}));
    }
    let mut responses = Map::new();
    responses.insert(
        "200".to_owned(),
        json!({"description": "Success", "headers": rate_limited(), "content": operation.success}),
    );
    for (status, description) in REFUSALS {
        responses.insert(
            (*status).to_owned(),
            json!({"description": description, "headers": {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}, "content": in_json(json!({"$ref": "#/components/schemas/Error"}))}),
        );
    }
    let id = if prefix.is_empty() {
        operation.id.to_owned()
    } else {
        format!("{}InPipeline", operation.id)
    };
    let mut described = json!({"operationId": id, "summary": operation.summary, "parameters": parameters, "responses": responses});
    if let Some(body) = &operation.body {
        described["requestBody"] = json!({"required": true, "content": body});
    }
    let path = format!("{prefix}{}", operation.path);
    paths.entry(path).or_insert_with(|| json!({}))[operation.method] = described;
}

/// The documented error rows (CONTRACT §1, "Errors"), and the two that HTTP itself adds.
const REFUSALS: &[(&str, &str)] = &[
    (
        "400",
        "Schema mismatch, missing field, unsupported parameter or capability",
    ),
    ("401", "Bad or missing key"),
    ("402", "Insufficient credits"),
    (
        "403",
        "The key does not reach this route, or the plan has no API",
    ),
    ("404", "Unknown model, pipeline or route"),
    ("405", "Wrong method"),
    ("408", "The body did not arrive in time"),
    (
        "409",
        "Idempotency conflict, or a stored answer that cannot be sent again",
    ),
    (
        "422",
        "Input too long, malformed JSON schema, undecodable image or audio",
    ),
    ("429", "Over the key's budget; see Retry-After"),
    ("500", "Internal error"),
    ("502", "Upstream failed"),
    ("503", "Replicas busy; see Retry-After"),
];

fn rate_limited() -> Value {
    json!({
        "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
        "X-RateLimit-Limit": {"$ref": "#/components/headers/RateLimit"},
        "X-RateLimit-Remaining": {"$ref": "#/components/headers/RateLimit"},
        "X-RateLimit-Tier": {"$ref": "#/components/headers/Tier"},
        "X-Param-Adjustments": {"$ref": "#/components/headers/Text"},
        "X-RunInfra-Idempotent-Replay": {"$ref": "#/components/headers/Text"},
    })
}

fn headers() -> Value {
    json!({
        "RequestId": {"required": true, "schema": {"type": "string", "format": "uuid"}},
        "RateLimit": {"required": true, "schema": {"type": "integer", "minimum": 0}},
        "Tier": {"required": true, "schema": {"enum": ["starter", "pro", "team", "enterprise"]}},
        "Text": {"required": false, "schema": {"type": "string"}},
    })
}
