//! Objects are read from objects alone. A derived reader would also take their members as an array, in order.

use runinfra::types::*;
use runinfra::{ErrorKind, RequestOptions};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::{Server, json as answer, sse};

/// Every member of an object, in order of declaration.
type Members<'a> = &'a [(&'a str, Value)];

/// Reads these members as an object, and does not read their values as an array.
fn object_only<T: DeserializeOwned>(members: Members<'_>) {
    let object: Value = members
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    let array: Value = members.iter().map(|(_, value)| value.clone()).collect();
    let name = std::any::type_name::<T>();
    assert!(T::deserialize(&object).is_ok(), "{name}: {object}");
    for array in [array, json!([])] {
        let Err(error) = T::deserialize(&array) else {
            panic!("{name} was read from {array}");
        };
        let found = error.to_string();
        assert!(
            found.starts_with("invalid type: sequence"),
            "{name}: {found}"
        );
        assert!(serde_json::from_str::<T>(&array.to_string()).is_err());
    }
}

#[test]
fn answers() {
    let chat_usage: Members<'_> = &[
        ("prompt_tokens", json!(1)),
        ("completion_tokens", json!(1)),
        ("total_tokens", json!(2)),
    ];
    object_only::<Usage>(chat_usage);
    let message = json!({"role": "assistant", "content": "x"});
    object_only::<AssistantMessage>(&[
        ("role", json!("assistant")),
        ("content", json!("x")),
        ("refusal", Value::Null),
        ("tool_calls", json!([])),
    ]);
    object_only::<Choice>(&[
        ("index", json!(0)),
        ("message", message.clone()),
        ("finish_reason", json!("stop")),
        ("logprobs", Value::Null),
    ]);
    object_only::<ChatCompletion>(&[
        ("id", json!("c")),
        ("object", json!("chat.completion")),
        ("created", json!(1)),
        ("model", json!("m")),
        (
            "choices",
            json!([{"index": 0, "message": message, "finish_reason": "stop"}]),
        ),
        ("usage", Value::Null),
        ("system_fingerprint", Value::Null),
        ("metadata", Value::Null),
    ]);
    object_only::<FunctionCall>(&[("name", json!("f")), ("arguments", json!("{}"))]);
    object_only::<ToolCall>(&[
        ("id", json!("c")),
        ("type", json!("function")),
        ("function", json!({"name": "f", "arguments": "{}"})),
    ]);
    object_only::<ModelList>(&[("object", json!("list")), ("data", json!([]))]);
    object_only::<Model>(&[
        ("id", json!("m")),
        ("object", json!("model")),
        ("created", json!(1)),
        ("owned_by", json!("x")),
    ]);
    object_only::<EmbeddingUsage>(&[("prompt_tokens", json!(1)), ("total_tokens", json!(1))]);
    object_only::<Embedding>(&[
        ("object", json!("embedding")),
        ("index", json!(0)),
        ("embedding", json!([0.5])),
    ]);
    object_only::<EmbeddingList>(&[
        ("object", json!("list")),
        (
            "data",
            json!([{"object": "embedding", "index": 0, "embedding": [0.5]}]),
        ),
        ("model", json!("m")),
        ("usage", json!({"prompt_tokens": 1, "total_tokens": 1})),
    ]);
    object_only::<Image>(&[
        ("url", json!("https://x")),
        ("b64_json", Value::Null),
        ("revised_prompt", Value::Null),
    ]);
    object_only::<ImageList>(&[
        ("created", json!(1)),
        ("data", json!([{"url": "https://x"}])),
    ]);
    object_only::<Segment>(&[
        ("id", json!(0)),
        ("start", json!(0.0)),
        ("end", json!(1.0)),
        ("text", json!("x")),
    ]);
    object_only::<Transcription>(&[
        ("text", json!("x")),
        ("language", Value::Null),
        ("duration", Value::Null),
        ("segments", Value::Null),
    ]);
}

#[test]
fn chunks_of_a_streamed_chat() {
    object_only::<FunctionDelta>(&[("name", json!("f")), ("arguments", json!("{"))]);
    object_only::<ToolCallDelta>(&[
        ("index", json!(0)),
        ("id", json!("c")),
        ("type", json!("function")),
        ("function", json!({"name": "f"})),
    ]);
    object_only::<Delta>(&[
        ("role", json!("assistant")),
        ("content", json!("x")),
        ("refusal", Value::Null),
        ("tool_calls", json!([])),
    ]);
    object_only::<ChunkChoice>(&[
        ("index", json!(0)),
        ("delta", json!({})),
        ("finish_reason", Value::Null),
        ("logprobs", Value::Null),
    ]);
    object_only::<ChatCompletionChunk>(&[
        ("id", json!("c")),
        ("object", json!("chat.completion.chunk")),
        ("created", json!(1)),
        ("model", json!("m")),
        ("choices", json!([])),
        ("usage", Value::Null),
        ("system_fingerprint", Value::Null),
    ]);
}

#[test]
fn responses_and_their_events() {
    let usage = json!({"input_tokens": 1, "output_tokens": 1, "total_tokens": 2});
    object_only::<ResponseUsage>(&[
        ("input_tokens", json!(1)),
        ("output_tokens", json!(1)),
        ("total_tokens", json!(2)),
    ]);
    object_only::<ResponseError>(&[("code", json!("c")), ("message", json!("x"))]);
    object_only::<IncompleteDetails>(&[("reason", json!("max_output_tokens"))]);
    object_only::<OutputText>(&[
        ("type", json!("output_text")),
        ("text", json!("x")),
        ("annotations", json!([])),
    ]);
    object_only::<OutputRefusal>(&[("type", json!("refusal")), ("refusal", json!("x"))]);
    object_only::<OutputMessage>(&[
        ("id", json!("i")),
        ("type", json!("message")),
        ("status", json!("completed")),
        ("role", json!("assistant")),
        ("content", json!([])),
    ]);
    object_only::<OutputFunctionCall>(&[
        ("id", json!("i")),
        ("type", json!("function_call")),
        ("status", Value::Null),
        ("call_id", json!("c")),
        ("name", json!("f")),
        ("arguments", json!("{}")),
    ]);
    let response: Members<'_> = &[
        ("id", json!("r")),
        ("object", json!("response")),
        ("created_at", json!(1)),
        ("status", json!("completed")),
        ("model", json!("m")),
        ("output", json!([])),
        ("usage", usage),
        ("error", Value::Null),
        ("incomplete_details", Value::Null),
        ("metadata", Value::Null),
    ];
    object_only::<Response>(response);
    let whole: Value = response
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    object_only::<ResponseSnapshot>(&[("sequence_number", json!(0)), ("response", whole)]);
    let at = |rest: &[(&'static str, Value)]| {
        let mut members = vec![("sequence_number", json!(0)), ("item_id", json!("i"))];
        members.extend([("output_index", json!(0)), ("content_index", json!(0))]);
        members.extend_from_slice(rest);
        members
    };
    let part = json!({"type": "output_text", "text": "x"});
    object_only::<ContentPartEvent>(&at(&[("part", part)]));
    object_only::<TextDelta>(&at(&[("delta", json!("x"))]));
    object_only::<TextDone>(&at(&[("text", json!("x"))]));
    object_only::<RefusalDone>(&at(&[("refusal", json!("x"))]));
    let of_call = |rest: (&'static str, Value)| {
        let mut members = at(&[rest]);
        members.remove(3);
        members
    };
    object_only::<ArgumentsDelta>(&of_call(("delta", json!("{"))));
    object_only::<ArgumentsDone>(&of_call(("arguments", json!("{}"))));
    object_only::<OutputItemEvent>(&[
        ("sequence_number", json!(0)),
        ("output_index", json!(0)),
        ("item", json!({"type": "reasoning"})),
    ]);
    object_only::<OtherEvent>(&[("type", json!("x")), ("sequence_number", json!(0))]);
}

#[test]
fn requests_and_options() {
    let message = json!({"role": "user", "content": "x"});
    object_only::<ChatMessage>(&[
        ("role", json!("user")),
        ("content", json!("x")),
        ("name", Value::Null),
        ("tool_calls", json!([])),
        ("tool_call_id", Value::Null),
    ]);
    object_only::<ContentPart>(&[("type", json!("text")), ("text", json!("x"))]);
    object_only::<ImageUrl>(&[("url", json!("data:,")), ("detail", Value::Null)]);
    object_only::<ResponseFormat>(&[("type", json!("json_object"))]);
    object_only::<JsonSchema>(&[
        ("name", json!("s")),
        ("description", Value::Null),
        ("schema", json!({})),
        ("strict", json!(true)),
    ]);
    object_only::<StreamOptions>(&[("include_usage", json!(true))]);
    object_only::<FunctionName>(&[("name", json!("f"))]);
    object_only::<FunctionDefinition>(&[
        ("name", json!("f")),
        ("description", Value::Null),
        ("parameters", json!({})),
        ("strict", Value::Null),
    ]);
    object_only::<FunctionTool>(&[
        ("type", json!("function")),
        ("function", json!({"name": "f"})),
    ]);
    object_only::<NamedTool>(&[
        ("type", json!("function")),
        ("function", json!({"name": "f"})),
    ]);
    object_only::<InputMessage>(&[
        ("type", json!("message")),
        ("role", json!("user")),
        ("content", json!("x")),
    ]);
    object_only::<InputPart>(&[("type", json!("input_text")), ("text", json!("x"))]);
    // Requests have defaults for what follows, so a few values are enough of an array.
    object_only::<ChatCompletionRequest>(&[("model", json!("m")), ("messages", json!([message]))]);
    object_only::<ResponseRequest>(&[("model", json!("m")), ("input", json!("x"))]);
    object_only::<EmbeddingRequest>(&[("model", json!("m")), ("input", json!("x"))]);
    object_only::<ImageRequest>(&[("model", json!("m")), ("prompt", json!("x"))]);
    object_only::<SpeechRequest>(&[("model", json!("m")), ("input", json!("x"))]);
    object_only::<TranscriptionRequest>(&[("model", json!("m"))]);
    object_only::<VoicePipelineRequest>(&[("content_type", json!("audio/wav"))]);
    object_only::<RequestOptions>(&[("client_request_id", json!("x"))]);
}

/// What such an answer is to a caller.
#[tokio::test]
async fn an_array_within_an_answer_is_a_typed_error() {
    let choice = json!([0, {"role": "assistant", "content": "x"}, "stop"]);
    let chat = json!({"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]});
    let client = Server::script([answer(200, chat)]).await;
    let request = || ChatCompletionRequest::new("m", [ChatMessage::user("x")]);
    let error = client.client().chat().completions().create(request()).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::ResponseShape);

    let chunk = json!({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [[0, ["assistant"]]]});
    for (frame, kind) in [
        (chunk.to_string(), ErrorKind::ResponseShape),
        // Neither does an array report an error of the gateway's.
        (
            json!([{"message": "x"}]).to_string(),
            ErrorKind::ResponseShape,
        ),
    ] {
        let server = Server::script([sse(format!("data: {frame}\n\n"))]).await;
        let stream = server.client().chat().completions().stream(request()).await;
        let error = stream.unwrap().next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), kind, "{frame}: {error}");
    }
    for frame in [json!(["response.created", 0]), json!(["error"])] {
        let server = Server::script([sse(format!("data: {frame}\n\n"))]).await;
        let request = ResponseRequest::new("m", "x");
        let stream = server.client().responses().stream(request).await;
        let error = stream.unwrap().next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ResponseShape, "{frame}: {error}");
    }
}
