//! The JSON Schema of a row file, made from the vocabulary, so that editors know every word.

use canary_core::{
    expect::vocabulary,
    matrix::{Operation, operations},
};
use serde_json::{Map, Value, json};

/// The schema (draft 2020-12).
pub fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "RunInfra canary rows",
        "type": "object",
        "additionalProperties": false,
        "required": ["row"],
        "properties": {"row": {"type": "array", "items": row()}},
    })
}

fn row() -> Value {
    let call = json!({"oneOf": operations().iter().map(call).collect::<Vec<_>>()});
    let surfaces: Vec<&str> = operations()
        .iter()
        .filter_map(|operation| operation.surface)
        .collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "proves", "tier", "venue", "call", "expect", "sabotage"],
        "properties": {
            "name": {"type": "string", "pattern": "^[a-z0-9_]+(\\.[a-z0-9_]+)*$"},
            "proves": {"type": "string", "description": "The promise, in one sentence."},
            "tier": {"enum": ["ga", "preview"], "description": "ga rows gate promotion."},
            "venue": {"enum": ["live", "local"], "description": "The gateway, or a scripted server."},
            "surfaces": {"type": "array", "items": {"enum": surfaces}},
            "needs": {"type": "array", "items": {"type": "string"}},
            "call": {"oneOf": [call.clone(), {"type": "array", "minItems": 1, "items": call}]},
            "script": {"type": "array", "minItems": 1, "items": {"type": "object"}},
            "expect": {"type": "array", "minItems": 1, "items": expectation()},
            "sabotage": {"type": "array", "minItems": 1},
        },
    })
}

fn call(operation: &Operation) -> Value {
    let mut properties: Map<String, Value> = operation
        .parameters()
        .map(|name| (name.to_owned(), json!(true)))
        .collect();
    properties.insert(
        "operation".to_owned(),
        json!({"const": operation.name, "description": operation.about}),
    );
    for key in ["as", "client", "options", "consume", "parallel"] {
        properties.insert(key.to_owned(), json!(true));
    }
    let required: Vec<&str> = std::iter::once("operation")
        .chain(operation.required.iter().copied())
        .collect();
    json!({"type": "object", "additionalProperties": false, "required": required, "properties": properties})
}

/// A bare word may stand alone, or as `{ word = true, of = "call" }`.
fn expectation() -> Value {
    let forms = vocabulary().flat_map(|word| {
        let argument = if word.argument.is_empty() {
            json!({"const": true})
        } else {
            json!({"description": word.argument})
        };
        let table = json!({
            "type": "object",
            "additionalProperties": false,
            "required": [word.word],
            "description": word.about,
            "properties": {word.word: argument, "of": {"type": "string"}},
        });
        let alone = word
            .argument
            .is_empty()
            .then(|| json!({"const": word.word, "description": word.about}));
        [Some(table), alone]
    });
    json!({"oneOf": forms.flatten().collect::<Vec<_>>()})
}
