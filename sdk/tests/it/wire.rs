//! Exactly what each operation sends, and exactly how errors read: a change of either is a change to be seen in review.

use std::fmt::Write as _;

use runinfra::types::*;
use runinfra::{Error, RequestOptions};
use serde_json::json;

use crate::operations::{ALL, Operation};
use crate::support::{self, KEY, Seen, Server};

/// A request as it was sent, without what differs from run to run.
fn shown(seen: &Seen, server: &Server) -> String {
    let mut text = format!("{} {}\n", seen.method, seen.path);
    for (name, value) in &seen.headers {
        let value = match name.as_str() {
            "host" => value.replace(&server.address(), "[address]"),
            "x-client-request-id" => "[uuid]".to_owned(),
            "x-runinfra-sdk-version" | "user-agent" => {
                value.replace(env!("CARGO_PKG_VERSION"), "[version]")
            }
            "authorization" => value.replace(KEY, "[key]"),
            _ => value.clone(),
        };
        let _ = writeln!(text, "{name}: {value}");
    }
    let body = String::from_utf8_lossy(&seen.body).replace("\r\n", "\n");
    let _ = write!(text, "\n{body}");
    text
}

#[tokio::test]
async fn what_each_operation_sends() {
    let mut text = String::new();
    for operation in ALL {
        let server = Server::script([operation.good()]).await;
        let client = server.builder().pipeline_id("pipe_1").build().unwrap();
        operation.run(&client, RequestOptions::new()).await.unwrap();
        let _ = writeln!(
            text,
            "--- {operation:?}\n{}\n",
            shown(&server.seen()[0], &server)
        );
    }
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn every_typed_field_by_its_name_on_the_wire() {
    let server = Server::start(|seen, _| match seen.path.as_str() {
        "/v1/chat/completions" => Operation::ChatCreate.good(),
        "/v1/responses" => Operation::ResponsesCreate.good(),
        "/v1/embeddings" => Operation::Embeddings.good(),
        "/v1/images/generations" => Operation::Images.good(),
        _ => Operation::Speech.good(),
    })
    .await;
    let client = server.client();
    let metadata = || json!({"trace": 7}).as_object().unwrap().clone();
    let tool = || {
        vec![Tool::function(
            "weather",
            "Tells the weather.",
            json!({"type": "object"}),
        )]
    };
    let messages = [
        ChatMessage::system("Be brief."),
        ChatMessage::user(vec![
            ContentPart::text("What is this?"),
            ContentPart::image_url("data:image/png;base64,"),
        ]),
        ChatMessage::tool_calls([ToolCall::new("call_1", "weather", "{}")]),
        ChatMessage::tool("call_1", "sunny"),
    ];
    let chat = ChatCompletionRequest::new("m", messages)
        .temperature(0.5)
        .top_p(0.9)
        .max_tokens(4_u32)
        .max_completion_tokens(5_u32)
        .n(2_u32)
        .stop(vec!["END".to_owned()])
        .presence_penalty(0.1)
        .frequency_penalty(-0.1)
        .logit_bias([("50256".to_owned(), -100.0)])
        .logprobs(true)
        .top_logprobs(2_u32)
        .seed(-7_i64)
        .user("u")
        .metadata(metadata())
        .stream_options(StreamOptions::with_usage())
        .tools(tool())
        .tool_choice(ToolChoice::function("weather"))
        .parallel_tool_calls(false)
        .response_format(ResponseFormat::json_schema(
            "answer",
            json!({"type": "object"}),
        ))
        .service_tier("auto")
        .store(false)
        .prediction(json!({"content": "x", "type": "content"}))
        .strict_params(true)
        .extra("min_p", 0.1);
    client.chat().completions().create(chat).await.unwrap();
    let response = ResponseRequest::new("m", [InputMessage::user("x")])
        .instructions("i")
        .max_output_tokens(3_u32)
        .temperature(0.0)
        .top_p(1.0)
        .response_format(ResponseFormat::json_object())
        .tools(tool())
        .tool_choice(ToolMode::Required)
        .metadata(metadata())
        .user("u")
        .strict_params(false);
    client.responses().create(response).await.unwrap();
    let embedding = EmbeddingRequest::new("m", "x")
        .encoding_format("float")
        .dimensions(8_u32)
        .user("u")
        .strict_params(true);
    client.embeddings().create(embedding).await.unwrap();
    let image = ImageRequest::new("m", "x")
        .n(1_u32)
        .size("64x64")
        .response_format("url")
        .quality("high")
        .style("vivid")
        .user("u")
        .strict_params(true);
    client.images().generate(image).await.unwrap();
    let speech = SpeechRequest::with_reference("m", "x", "data:audio/wav;base64,", "said")
        .voice("v")
        .task_type("Base")
        .response_format("opus")
        .speed(1.5)
        .strict_params(true);
    client.audio().speech().create(speech).await.unwrap();
    let bodies: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| format!("{}\n{}", seen.path, String::from_utf8_lossy(&seen.body)))
        .collect();
    insta::assert_snapshot!(bodies.join("\n\n"));
}

#[tokio::test]
async fn how_errors_read() {
    let envelope =
        |status: u16, error: serde_json::Value| support::json(status, json!({ "error": error }));
    let replies = [
        envelope(
            401,
            json!({"message": "The key is not valid.", "type": "authentication_error"}),
        ),
        envelope(
            402,
            json!({"message": "No credit.", "type": "insufficient_credits", "current_balance_cents": 3, "required_cents": 9}),
        ),
        envelope(
            404,
            json!({"message": "No such model.", "type": "not_found_error", "code": "model_not_found", "param": "model"}),
        ),
        support::reply(429, &[("retry-after", "7")], "slow down"),
        support::reply(200, &[("content-type", "text/html")], "<html>"),
        support::json(200, json!({"object": "list", "data": [{"id": 7}]})),
        vec![support::Step::Close],
    ];
    let mut text = String::new();
    for reply in replies {
        let server = Server::script([reply]).await;
        let client = server.builder().max_retries(0).build().unwrap();
        let error: Error = client.models().list().await.unwrap_err();
        let _ = writeln!(text, "{error}");
    }
    insta::assert_snapshot!(text);
}

/// What was tried, what was found instead, and what to do about it.
#[tokio::test]
async fn how_errors_of_streams_and_audio_read() {
    let page = || support::reply(200, &[("content-type", "text/html")], "<html>");
    let audio = |body: &[u8]| support::reply(200, &[("content-type", "audio/wav")], body);
    let replies = [
        (Operation::ChatStream, page()),
        (Operation::ChatStream, support::reply(200, &[], "<html>")),
        (Operation::ChatStream, support::sse("data: hello\n\n")),
        (Operation::ChatStream, support::sse("data: {\"id\": 7}\n\n")),
        (Operation::ChatStream, support::sse(b"data: \"\xFF\"\n\n")),
        (Operation::ChatStream, support::sse("")),
        (Operation::ResponsesStream, support::sse("")),
        (Operation::Speech, page()),
        (Operation::Speech, audio(b"")),
        (
            Operation::Embeddings,
            support::reply(200, &[("content-type", "application/json")], b"\xFF"),
        ),
    ];
    let mut text = String::new();
    for (operation, reply) in replies {
        let server = Server::script([reply]).await;
        let error = operation
            .run(&server.client(), RequestOptions::new())
            .await
            .unwrap_err();
        let _ = writeln!(text, "{error}");
    }
    insta::assert_snapshot!(text);
}
