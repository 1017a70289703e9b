//! What is refused on this side: every rule, and not one connection.

use std::time::Duration;

use runinfra::types::*;
use runinfra::{Client, Error, ErrorKind, RequestOptions};
use serde_json::json;

use crate::operations::{self, ALL, chat};
use crate::support::{self, Server};

/// A server that nobody may reach, and a client that could.
pub(crate) async fn unreachable() -> (Server, Client) {
    let server = Server::script([support::json(200, json!({}))]).await;
    let client = server.builder().pipeline_id("p").build().unwrap();
    (server, client)
}

pub(crate) fn refused<T>(outcome: Result<T, Error>, rule: &str) {
    let Err(error) = outcome else {
        panic!("{rule} passed")
    };
    assert_eq!(
        error.kind(),
        ErrorKind::InvalidRequestOptions,
        "{rule}: {error}"
    );
    assert_eq!((error.status(), error.request_id()), (None, None));
}

fn text(input: &str) -> ResponseRequest {
    ResponseRequest::new("m", input)
}

#[tokio::test]
async fn chats() {
    let (server, client) = unreachable().await;
    let nameless = [
        ChatMessage::user("a"),
        ChatMessage::new(Role::from(" "), "b"),
    ];
    let chats = [
        (
            "blank model",
            ChatCompletionRequest::new("  ", [ChatMessage::user("hi")]),
        ),
        ("no messages", ChatCompletionRequest::new("m", [])),
        ("empty role", ChatCompletionRequest::new("m", nameless)),
        ("temperature NaN", chat().temperature(f64::NAN)),
        ("top_p infinite", chat().top_p(f64::INFINITY)),
        (
            "presence_penalty infinite",
            chat().presence_penalty(f64::NEG_INFINITY),
        ),
        ("frequency_penalty NaN", chat().frequency_penalty(f64::NAN)),
        (
            "logit_bias NaN",
            chat().logit_bias([("1".to_owned(), f64::NAN)]),
        ),
        ("extra model", chat().extra("model", "other")),
        ("extra messages", chat().extra("messages", json!([]))),
        ("extra unset typed field", chat().extra("temperature", 1)),
        ("extra stream", chat().extra("stream", true)),
        ("extra extra_body", chat().extra("extra_body", json!({}))),
    ];
    for (rule, request) in chats {
        refused(
            client.chat().completions().create(request.clone()).await,
            rule,
        );
        refused(client.chat().completions().stream(request).await, rule);
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn responses() {
    let (server, client) = unreachable().await;
    let message = |role: &str| {
        ResponseInput::Items(vec![InputItem::Message(InputMessage::new(
            Role::from(role),
            "x",
        ))])
    };
    let responses = [
        ("blank model", ResponseRequest::new("", "x")),
        ("empty input", text("")),
        (
            "no items",
            ResponseRequest::new("m", ResponseInput::Items(vec![])),
        ),
        ("empty role", ResponseRequest::new("m", message(""))),
        ("temperature NaN", text("x").temperature(f64::NAN)),
        ("top_p NaN", text("x").top_p(f64::NAN)),
        ("extra input", text("x").extra("input", "y")),
        ("extra stream", text("x").extra("stream", false)),
    ];
    for (rule, request) in responses {
        refused(client.responses().create(request.clone()).await, rule);
        refused(client.responses().stream(request).await, rule);
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn embeddings_images_and_speech() {
    let (server, client) = unreachable().await;
    let embeddings = [
        ("blank model", EmbeddingRequest::new("", "x")),
        ("empty text", EmbeddingRequest::new("m", "")),
        ("no texts", EmbeddingRequest::new("m", Vec::<String>::new())),
        ("an empty text", EmbeddingRequest::new("m", ["x", ""])),
        (
            "base64",
            EmbeddingRequest::new("m", "x").encoding_format("base64"),
        ),
        (
            "no dimensions",
            EmbeddingRequest::new("m", "x").dimensions(0_u32),
        ),
        (
            "extra dimensions",
            EmbeddingRequest::new("m", "x").extra("dimensions", 3),
        ),
    ];
    for (rule, request) in embeddings {
        refused(client.embeddings().create(request).await, rule);
    }
    let images = [
        ("blank model", ImageRequest::new(" ", "x")),
        ("empty prompt", ImageRequest::new("m", "")),
        ("extra n", ImageRequest::new("m", "x").extra("n", 2)),
    ];
    for (rule, request) in images {
        refused(client.images().generate(request).await, rule);
    }
    let reference = |audio: &str, text: &str| SpeechRequest::with_reference("m", "x", audio, text);
    let speeches = [
        ("blank model", SpeechRequest::new("", "x", "v")),
        ("empty input", SpeechRequest::new("m", "", "v")),
        (
            "no voice",
            serde_json::from_value(json!({"model": "m", "input": "x"})).unwrap(),
        ),
        ("blank voice", SpeechRequest::new("m", "x", " ")),
        ("no ref_audio", reference("", "t")),
        ("no ref_text", reference("a", "")),
        (
            "speed infinite",
            SpeechRequest::new("m", "x", "v").speed(f64::INFINITY),
        ),
        (
            "extra voice",
            SpeechRequest::new("m", "x", "v").extra("voice", "w"),
        ),
    ];
    for (rule, request) in speeches {
        refused(client.audio().speech().create(request).await, rule);
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn recordings() {
    let (server, client) = unreachable().await;
    let file = || TranscriptionRequest::new("m", b"RIFF".to_vec());
    let transcriptions = [
        (
            "blank model",
            TranscriptionRequest::new("", b"RIFF".to_vec()),
        ),
        ("no file", TranscriptionRequest::new("m", Vec::new())),
        ("text", file().response_format("text")),
        ("srt", file().response_format("srt")),
        ("temperature NaN", file().temperature(f64::NAN)),
        ("quote", file().filename("a\".wav")),
        ("backslash", file().filename("a\\.wav")),
        ("line end", file().filename("a\r\nx: y.wav")),
        ("long name", file().filename("a".repeat(256))),
        ("blank name", file().filename("")),
        ("bad type", file().content_type("audio/wav\r\nx: y")),
        ("no type", file().content_type("")),
    ];
    for (rule, request) in transcriptions {
        refused(client.audio().transcriptions().create(request).await, rule);
    }
    let recordings = [
        (
            "no audio",
            VoicePipelineRequest::new(Vec::new(), "audio/wav"),
        ),
        ("bad type", VoicePipelineRequest::new(b"x".to_vec(), "wav")),
    ];
    for (rule, request) in recordings {
        refused(client.voice().pipeline().create(request).await, rule);
    }
    let flat = server.builder().build().unwrap();
    refused(
        flat.voice()
            .pipeline()
            .create(VoicePipelineRequest::new(b"x".to_vec(), "audio/wav"))
            .await,
        "no pipeline",
    );
    for id in ["", " ", ".", ".."] {
        refused(client.models().retrieve(id).await, "model id");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn options() {
    let (server, client) = unreachable().await;
    let new = RequestOptions::new;
    let long = "x".repeat(256);
    let rows = [
        ("no timeout", new().timeout(Duration::ZERO)),
        ("no idle timeout", new().idle_timeout(Duration::ZERO)),
        ("blank key", new().idempotency_key(" ")),
        ("long key", new().idempotency_key(&long)),
        ("key with a line end", new().idempotency_key("a\nb")),
        ("key beyond ASCII", new().idempotency_key("ž")),
        ("blank request id", new().client_request_id("")),
        ("long request id", new().client_request_id(&long)),
        ("request id beyond ASCII", new().client_request_id("ž")),
        ("reserved header", new().header("Authorization", "x")),
        ("negotiated form", new().header("Accept", "text/html")),
        ("negotiated coding", new().header("accept-Encoding", "gzip")),
        ("header name", new().header("a b", "x")),
        ("header value", new().header("x-a", "a\nb")),
    ];
    for (rule, options) in rows {
        for operation in ALL {
            refused(operation.run(&client, options.clone()).await, rule);
        }
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn construction() {
    let build = |builder: runinfra::ClientBuilder| builder.api_key("key").build();
    for key in ["", "   ", "a b", "ž"] {
        assert_eq!(
            Client::builder().api_key(key).build().unwrap_err().kind(),
            ErrorKind::Authentication,
            "{key:?}"
        );
    }
    assert_eq!(
        Client::builder().build().unwrap_err().kind(),
        ErrorKind::Authentication
    );
    refused(
        build(Client::builder().base_url("http://example.com")),
        "remote http",
    );
    refused(build(Client::builder().pipeline_id("  ")), "blank pipeline");
    refused(
        build(Client::builder().timeout(Duration::ZERO)),
        "no timeout",
    );
    refused(
        build(Client::builder().idle_timeout(Duration::ZERO)),
        "no idle timeout",
    );
    refused(
        build(Client::builder().connect_timeout(Duration::ZERO)),
        "no connect timeout",
    );
    refused(build(Client::builder().max_event_bytes(0)), "no event");
    assert!(build(Client::builder()).is_ok());
}

#[tokio::test]
async fn app_headers_and_caller_ids_are_sent_and_stay_out_of_the_body() {
    let server = Server::start(|seen, _| {
        if seen.method == "GET" {
            operations::ModelsList.good()
        } else {
            operations::ChatCreate.good()
        }
    })
    .await;
    let options = RequestOptions::new()
        .header("X-Team", "search")
        .client_request_id("trace 7")
        .idempotency_key("k");
    server
        .client()
        .models()
        .list_with(options.clone())
        .await
        .unwrap();
    server
        .client()
        .chat()
        .completions()
        .create_with(chat(), options)
        .await
        .unwrap();
    for seen in server.seen() {
        assert_eq!(
            (
                seen.header("x-team"),
                seen.header("x-client-request-id"),
                seen.header("idempotency-key")
            ),
            (Some("search"), Some("trace 7"), Some("k"))
        );
        assert_eq!(
            seen.header("authorization"),
            Some(&*format!("Bearer {}", support::KEY))
        );
    }
    assert_eq!(
        server.seen()[1].json(),
        json!({"model": "m", "messages": [{"role": "user", "content": "hi"}]})
    );
}
