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

/// TOML can write them, JSON cannot: passed on as they are they would silently become `null`.
#[test]
fn numbers_that_json_cannot_write_are_refused_wherever_they_stand() {
    let chat = |rest: &str| {
        toml::from_str::<ChatCompletionRequest>(&format!("model = \"m\"\nmessages = []\n{rest}"))
    };
    let response =
        |rest: &str| toml::from_str::<ResponseRequest>(&format!("model = \"m\"\n{rest}"));
    for number in ["nan", "inf", "-inf"] {
        for at in [
            "extra_body = { a = [{ b = NUMBER }] }",
            "metadata = { a = NUMBER }",
            "prediction = [NUMBER]",
            "tools = [{ type = \"web_search\", size = NUMBER }]",
            "tools = [{ type = \"function\", function = { name = \"f\", parameters = { minimum = NUMBER } } }]",
            "response_format = { type = \"json_schema\", json_schema = { name = \"s\", schema = { minimum = NUMBER } } }",
        ] {
            assert!(chat(&at.replace("NUMBER", "0.5")).is_ok(), "{at}");
            let refused = chat(&at.replace("NUMBER", number)).unwrap_err();
            assert!(
                refused.to_string().contains("not finite"),
                "{at}: {refused}"
            );
        }
        for at in [
            "input = [{ type = \"item_reference\", weight = NUMBER }]",
            "input = \"x\"\nextra_body = { a = NUMBER }",
            "input = \"x\"\nmetadata = { a = { b = NUMBER } }",
            "input = \"x\"\ntools = [{ type = \"web_search\", size = NUMBER }]",
        ] {
            assert!(response(&at.replace("NUMBER", "0.5")).is_ok(), "{at}");
            assert!(response(&at.replace("NUMBER", number)).is_err(), "{at}");
        }
        let parameters = format!("name = \"f\"\nparameters = {{ minimum = {number} }}");
        assert!(toml::from_str::<FunctionDefinition>(&parameters).is_err());
        let schema = format!("name = \"s\"\nschema = {{ minimum = {number} }}");
        assert!(toml::from_str::<JsonSchema>(&schema).is_err());
    }
}
