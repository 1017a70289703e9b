//! Every operation over real sockets: what is sent, and how what comes back is read.

mod support;

use runinfra::types::{
    ChatCompletionRequest, ChatMessage, EmbeddingRequest, FinishReason, StreamOptions,
};
use serde_json::json;
use support::{KEY, REQUEST_ID, Server};

fn chat() -> ChatCompletionRequest {
    ChatCompletionRequest::new("m", [ChatMessage::user("hi")])
}

#[tokio::test]
async fn models_are_listed() {
    let server = Server::script([support::json(200, json!({"object": "list", "data": [{"id": "a", "object": "model", "created": 1, "owned_by": "me", "modality": "llm"}]}))]).await;
    let answer = server.client().models().list().await.unwrap();
    assert_eq!(answer.data[0].id, "a");
    assert_eq!(answer.json()["data"][0]["modality"], "llm");
    assert_eq!(answer.request_id(), Some(REQUEST_ID));
    let seen = &server.seen()[0];
    assert_eq!(
        (seen.method.as_str(), seen.path.as_str()),
        ("GET", "/v1/models")
    );
    assert_eq!(
        seen.header("authorization"),
        Some(&*format!("Bearer {KEY}"))
    );
    assert_eq!(seen.header("x-runinfra-sdk"), Some("rust"));
    assert_eq!(
        seen.header("x-runinfra-sdk-version"),
        Some(env!("CARGO_PKG_VERSION"))
    );
    let id: uuid::Uuid = seen.header("x-client-request-id").unwrap().parse().unwrap();
    assert_eq!(id.get_version_num(), 4);
}

#[tokio::test]
async fn a_model_is_retrieved_by_one_path_segment() {
    let server = Server::script([support::json(
        200,
        json!({"id": "a/b", "object": "model", "created": 1, "owned_by": "me"}),
    )])
    .await;
    assert_eq!(
        server.client().models().retrieve("a/b c").await.unwrap().id,
        "a/b"
    );
    assert_eq!(server.seen()[0].path, "/v1/models/a%2Fb%20c");
}

#[tokio::test]
async fn chat_is_completed() {
    let body = json!({"id": "c1", "object": "chat.completion", "created": 7, "model": "m", "choices": [{"index": 0, "message": {"role": "assistant", "content": "hello"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}});
    let server = Server::script([support::json(200, &body)]).await;
    let answer = server
        .client()
        .chat()
        .completions()
        .create(chat().temperature(0.5).extra("new_field", 3))
        .await
        .unwrap();
    assert_eq!(answer.text(), Some("hello"));
    assert_eq!(answer.choices[0].finish_reason, Some(FinishReason::Stop));
    assert_eq!(answer.raw(), body.to_string());
    assert_eq!(
        server.seen()[0].json(),
        json!({"model": "m", "messages": [{"role": "user", "content": "hi"}], "temperature": 0.5, "new_field": 3})
    );
    assert_eq!(
        server.seen()[0].header("content-type"),
        Some("application/json")
    );
}

#[tokio::test]
async fn chat_is_streamed() {
    let chunk = |delta: serde_json::Value, finish: Option<&str>| {
        format!(
            "data: {}\n\n",
            json!({"id": "c1", "object": "chat.completion.chunk", "created": 7, "model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})
        )
    };
    let body = [
        chunk(json!({"role": "assistant"}), None),
        chunk(json!({"content": "he"}), None),
        chunk(json!({"content": "llo"}), None),
        chunk(json!({}), Some("stop")),
        "data: [DONE]\n\n".to_owned(),
    ]
    .concat();
    let server = Server::script([support::sse(body)]).await;
    let mut stream = server
        .client()
        .chat()
        .completions()
        .stream(chat().stream_options(StreamOptions::with_usage()))
        .await
        .unwrap();
    assert_eq!(stream.request_id(), Some(REQUEST_ID));
    let mut text = String::new();
    let mut count = 0;
    while let Some(event) = stream.next().await {
        let event = event.unwrap();
        count += 1;
        text.push_str(event.text().unwrap_or_default());
        assert!(event.raw().starts_with('{'));
    }
    assert_eq!((count, text.as_str()), (4, "hello"));
    assert!(stream.next().await.is_none());
    let seen = &server.seen()[0];
    assert_eq!(seen.json()["stream"], true);
    assert_eq!(
        seen.json()["stream_options"],
        json!({"include_usage": true})
    );
    assert_eq!(seen.header("accept"), Some("text/event-stream"));
}

#[tokio::test]
async fn texts_are_embedded() {
    let server = Server::script([support::json(200, json!({"object": "list", "model": "e", "data": [{"object": "embedding", "index": 0, "embedding": [0.5, -1.0]}], "usage": {"prompt_tokens": 2, "total_tokens": 2}}))]).await;
    let answer = server
        .client()
        .embeddings()
        .create(EmbeddingRequest::new("e", ["one", "two"]).dimensions(2_u32))
        .await
        .unwrap();
    assert_eq!(answer.data[0].embedding, [0.5, -1.0]);
    assert_eq!(
        server.seen()[0].json(),
        json!({"model": "e", "input": ["one", "two"], "dimensions": 2})
    );
}
