//! Every operation over real sockets: what is sent, and how what comes back is read.

use crate::support::{self, KEY, REQUEST_ID, Server};
use runinfra::ErrorKind;
use runinfra::types::{
    ChatCompletionRequest, ChatMessage, EmbeddingRequest, FinishReason, ImageFormat, ImageRequest,
    ResponseEvent, ResponseRequest, ResponseStatus, SpeechRequest, StreamOptions,
    TranscriptionRequest, VoicePipelineRequest,
};
use serde_json::json;

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

#[tokio::test]
async fn a_response_is_created() {
    let server =
        Server::script([support::json(200, support::response("completed", "hello"))]).await;
    let request = ResponseRequest::new("m", "hi")
        .instructions("be brief")
        .max_output_tokens(9_u32);
    let answer = server.client().responses().create(request).await.unwrap();
    assert_eq!(answer.output_text(), "hello");
    assert_eq!(answer.status, ResponseStatus::Completed);
    assert_eq!(answer.usage.unwrap().total_tokens, 3);
    assert_eq!(server.seen()[0].path, "/v1/responses");
    assert_eq!(
        server.seen()[0].json(),
        json!({"model": "m", "input": "hi", "instructions": "be brief", "max_output_tokens": 9})
    );
}

#[tokio::test]
async fn a_response_is_streamed() {
    let events = [
        json!({"type": "response.created", "sequence_number": 0, "response": support::response("in_progress", "")}),
        json!({"type": "response.output_text.delta", "sequence_number": 1, "item_id": "i1", "output_index": 0, "content_index": 0, "delta": "hel"}),
        json!({"type": "response.output_text.delta", "sequence_number": 2, "item_id": "i1", "output_index": 0, "content_index": 0, "delta": "lo"}),
        json!({"type": "response.novel", "sequence_number": 3}),
        json!({"type": "response.completed", "sequence_number": 4, "response": support::response("completed", "hello")}),
    ];
    let body = events.iter().fold(String::new(), |body, event| {
        let name = event["type"].as_str().unwrap();
        body + &format!("event: {name}\ndata: {event}\n\n")
    });
    for end in ["", "data: [DONE]\n\n"] {
        let server = Server::script([support::sse(format!("{body}{end}"))]).await;
        let mut stream = server
            .client()
            .responses()
            .stream(ResponseRequest::new("m", "hi"))
            .await
            .unwrap();
        let mut text = String::new();
        let mut last = None;
        let mut types = Vec::new();
        while let Some(event) = stream.next().await {
            let event = event.unwrap();
            assert_eq!(event.name(), Some(event.event_type()));
            assert_eq!(event.sequence_number(), Some(types.len() as u64));
            types.push(event.event_type().to_owned());
            text.push_str(event.text().unwrap_or_default());
            last = Some(event.into_value());
        }
        assert_eq!(text, "hello");
        assert_eq!(types.len(), 5);
        let Some(ResponseEvent::Completed(last)) = last else {
            panic!("{last:?}")
        };
        assert_eq!(last.response.output_text(), "hello");
    }
}

#[tokio::test]
async fn images_are_generated() {
    let server = Server::script([support::json(
        200,
        json!({"created": 7, "data": [{"b64_json": "aGk="}, {"url": "https://x/y.png"}]}),
    )])
    .await;
    let request = ImageRequest::new("p", "a fox")
        .n(2_u32)
        .size("64x64")
        .response_format(ImageFormat::B64Json);
    let answer = server.client().images().generate(request).await.unwrap();
    assert_eq!(answer.data[0].bytes().unwrap().unwrap(), b"hi");
    assert!(answer.data[1].bytes().is_none());
    assert_eq!(server.seen()[0].path, "/v1/images/generations");
    assert_eq!(
        server.seen()[0].json(),
        json!({"model": "p", "prompt": "a fox", "n": 2, "size": "64x64", "response_format": "b64_json"})
    );
}

#[tokio::test]
async fn successes_of_another_shape_are_errors_not_defaults() {
    let wrong = [
        support::reply(
            200,
            &[("content-type", "text/html"), ("x-request-id", REQUEST_ID)],
            "<html>hello</html>",
        ),
        support::json(200, json!({})),
        support::json(200, json!([])),
        // As many members as the types have, in their order: an array is no object all the same.
        support::json(200, json!(["x", "x", "x", "x"])),
        support::json(200, json!(null)),
        support::reply(200, &[("x-request-id", REQUEST_ID)], ""),
        support::reply(200, &[("x-request-id", REQUEST_ID)], b"\xFF"),
        support::reply(
            200,
            &[("x-request-id", REQUEST_ID), ("content-encoding", "gzip")],
            b"\x1f\x8b\x08",
        ),
        support::json(200, json!({"error": {"message": "late"}})),
        support::json(
            200,
            json!({"object": "other", "id": "x", "data": [], "choices": [], "created": 1, "model": "m"}),
        ),
    ];
    for reply in wrong {
        let server = Server::script([reply.clone()]).await;
        let client = server.builder().pipeline_id("p").build().unwrap();
        let errors = [
            client.models().list().await.unwrap_err(),
            client.models().retrieve("m").await.unwrap_err(),
            client
                .chat()
                .completions()
                .create(chat())
                .await
                .unwrap_err(),
            client
                .chat()
                .completions()
                .stream(chat())
                .await
                .unwrap_err(),
            client
                .responses()
                .create(ResponseRequest::new("m", "hi"))
                .await
                .unwrap_err(),
            client
                .responses()
                .stream(ResponseRequest::new("m", "hi"))
                .await
                .unwrap_err(),
            client
                .embeddings()
                .create(EmbeddingRequest::new("m", "hi"))
                .await
                .unwrap_err(),
            client
                .images()
                .generate(ImageRequest::new("m", "hi"))
                .await
                .unwrap_err(),
            client
                .audio()
                .speech()
                .create(SpeechRequest::new("m", "hi", "v"))
                .await
                .unwrap_err(),
            client
                .audio()
                .transcriptions()
                .create(TranscriptionRequest::new("m", b"x".to_vec()))
                .await
                .unwrap_err(),
            client
                .voice()
                .pipeline()
                .create(VoicePipelineRequest::new(b"x".to_vec(), "audio/wav"))
                .await
                .unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::ResponseShape, "{reply:?} {error}");
            assert_eq!(error.request_id(), Some(REQUEST_ID), "{error}");
            assert_eq!(error.status(), Some(200));
        }
        assert_eq!(server.seen().len(), 11, "a wrong shape is not tried again");
    }
}
