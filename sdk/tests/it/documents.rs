//! Requests read from documents: by name, whole, and nothing else.

use runinfra::types::*;
use serde_json::{Value, json};

use crate::validation::{refused, unreachable};

/// Reads a document as the request it should be.
fn read<T: serde::de::DeserializeOwned>(document: &Value) -> Result<T, serde_json::Error> {
    serde_json::from_value(document.clone())
}

#[test]
fn a_document_becomes_a_request_and_an_unknown_field_is_refused() {
    let chat = json!({
        "model": "m", "messages": [{"role": "user", "content": [{"type": "text", "text": "x"}, {"type": "image_url", "image_url": {"url": "data:,"}}]}],
        "temperature": 1, "stop": ["END"], "tools": [{"type": "function", "function": {"name": "f"}}, {"type": "web_search"}], "tool_choice": "auto",
        "response_format": {"type": "json_object"}, "stream_options": {"include_usage": true}, "metadata": {"a": 1}, "extra_body": {"audio": {}}
    });
    let request: ChatCompletionRequest = read(&chat).unwrap();
    assert_eq!(request.extra_body["audio"], json!({}));
    assert_eq!(request.response_format, Some(ResponseFormat::JsonObject {}));
    assert!(matches!(
        request.tools.as_deref(),
        Some([Tool::Function(_), Tool::Other(_)])
    ));
    let response = json!({"model": "m", "input": [{"role": "user", "content": "x"}, {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "x"}]}, {"type": "item_reference", "id": "x"}]});
    assert!(
        matches!(read::<ResponseRequest>(&response).unwrap().input, ResponseInput::Items(items) if items.len() == 3)
    );

    let with = |field: &str, value: Value| {
        let mut document = chat.clone();
        document[field] = value;
        document
    };
    for (field, value) in [
        ("stream", json!(true)),
        ("maxTokens", json!(1)),
        ("max_tokens", json!(-1)),
        ("max_tokens", json!("1")),
        ("temperature", json!("hot")),
        (
            "messages",
            json!([{"role": "user", "content": "x", "colour": "red"}]),
        ),
        ("messages", json!(["x"])),
        (
            "messages",
            json!([{"role": "user", "content": [{"type": "text", "text": "x", "bold": true}]}]),
        ),
        (
            "tools",
            json!([{"type": "function", "function": {"name": "f", "colour": "red"}}]),
        ),
        (
            "response_format",
            json!({"type": "json_object", "strict": true}),
        ),
        ("response_format", json!({"type": "xml"})),
        ("stream_options", json!({"include_cost": true})),
    ] {
        assert!(
            read::<ChatCompletionRequest>(&with(field, value.clone())).is_err(),
            "{field} {value}"
        );
    }
    assert!(
        read::<ResponseRequest>(
            &json!({"model": "m", "input": [{"role": "user", "content": "x", "colour": "red"}]})
        )
        .is_err()
    );
    assert!(read::<ResponseRequest>(&json!({"model": "m", "input": ["x"]})).is_err());
    assert!(read::<EmbeddingRequest>(&json!({"model": "m", "input": "x", "inputs": 1})).is_err());
    assert!(read::<ImageRequest>(&json!({"model": "m", "prompt": "x", "width": 1})).is_err());
    assert!(read::<SpeechRequest>(&json!({"model": "m", "input": "x", "pitch": 1})).is_err());
    assert!(read::<TranscriptionRequest>(&json!({"model": "m", "extra_body": {}})).is_err());
    assert!(read::<TranscriptionRequest>(&json!({"model": "m", "file": "x"})).is_err());
    assert!(
        read::<VoicePipelineRequest>(&json!({"content_type": "audio/wav", "model": "m"})).is_err()
    );
}

/// Leaving out what is required is no document error but a refused call, like giving it blank.
#[tokio::test]
async fn a_document_without_the_required_is_refused_when_called() {
    let (server, client) = unreachable().await;
    for document in [
        json!({}),
        json!({"model": "m"}),
        json!({"messages": [{"role": "user", "content": "x"}]}),
        json!({"model": "m", "messages": [{"content": "x"}]}),
    ] {
        refused(
            client
                .chat()
                .completions()
                .create(read(&document).unwrap())
                .await,
            &document.to_string(),
        );
    }
    refused(
        client
            .responses()
            .create(read(&json!({"model": "m"})).unwrap())
            .await,
        "no input",
    );
    refused(
        client
            .embeddings()
            .create(read(&json!({"model": "m"})).unwrap())
            .await,
        "no input",
    );
    refused(
        client
            .images()
            .generate(read(&json!({"model": "m"})).unwrap())
            .await,
        "no prompt",
    );
    refused(
        client
            .audio()
            .speech()
            .create(read(&json!({"model": "m", "input": "x"})).unwrap())
            .await,
        "no voice",
    );
    refused(
        client
            .audio()
            .transcriptions()
            .create(read(&json!({"model": "m"})).unwrap())
            .await,
        "no file",
    );
    assert_eq!(server.connections(), 0);
}
