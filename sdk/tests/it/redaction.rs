//! The key, echoed at the client from everywhere, and printed nowhere.

use std::error::Error as _;
use std::fmt::Debug;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use runinfra::transport::{
    HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind,
};
use runinfra::{Client, Error, RequestOptions};
use serde_json::json;

use crate::operations::{ALL, ChatStream, chat};
use crate::support::{self, KEY, Server, Step};

/// The key as it is, and as servers and proxies may write it.
fn forms() -> Vec<String> {
    let percent = |digits: String| {
        digits
            .as_bytes()
            .chunks(2)
            .fold(String::new(), |text, pair| {
                text + "%" + std::str::from_utf8(pair).unwrap()
            })
    };
    vec![
        KEY.to_owned(),
        KEY.to_ascii_uppercase(),
        format!("Bearer {KEY}"),
        hex::encode(KEY),
        hex::encode_upper(KEY),
        percent(hex::encode(KEY)),
        percent(hex::encode_upper(KEY)),
        percent_encoding::utf8_percent_encode(KEY, percent_encoding::NON_ALPHANUMERIC).to_string(),
        STANDARD.encode(KEY),
        STANDARD.encode(format!("Bearer {KEY}")),
        STANDARD.encode(format!("a{KEY}")),
        URL_SAFE_NO_PAD.encode(format!("ab{KEY}cd")),
    ]
}

/// What of the key must not be seen: its tell-tale middle, in every form, whatever the case.
fn assert_clean(text: &str, at: &str) {
    let lower = text.to_ascii_lowercase();
    for form in forms()
        .into_iter()
        .chain(["S3cretMarker".to_owned(), hex::encode("S3cretMarker")])
    {
        assert!(
            !lower.contains(&form.to_ascii_lowercase()),
            "{at}: {form} in {text}"
        );
    }
}

fn assert_error_clean(error: &Error, at: &str) {
    assert_clean(
        &format!("{error} {error:?} {error:#?} {}", error.message()),
        at,
    );
    let mut source = error.source();
    while let Some(cause) = source {
        assert_clean(&format!("{cause} {cause:?}"), at);
        source = cause.source();
    }
    for field in [
        error.request_id(),
        error.error_type(),
        error.code(),
        error.param(),
    ]
    .into_iter()
    .flatten()
    {
        assert_clean(field, at);
    }
    assert_clean(&format!("{:?}", error.credits()), at);
}

fn assert_debug_clean(value: &impl Debug, at: &str) {
    assert_clean(&format!("{value:?} {value:#?}"), at);
}

#[tokio::test]
async fn errors_that_echo_the_key() {
    for form in forms() {
        let envelope = json!({"error": {"message": format!("bad key {form}!"), "type": form, "code": form, "param": form, "topup_url": format!("https://x/?k={form}")}}).to_string();
        let bodies = [
            envelope,
            format!("<html>{form}</html>"),
            form.clone(),
            format!("{{\"error\":\"{form}\"}}"),
            json!({ form.as_str(): 1 }).to_string(),
        ];
        for body in bodies {
            for status in [400, 401, 402, 403, 404, 409, 429, 500, 503] {
                let reply = support::reply(
                    status,
                    &[
                        ("content-type", &form),
                        ("x-request-id", &form),
                        ("retry-after", &form),
                        ("x-echo", &form),
                    ],
                    &body,
                );
                let server = Server::script([reply]).await;
                let client = server.builder().max_retries(0).build().unwrap();
                let error = client
                    .chat()
                    .completions()
                    .create(chat())
                    .await
                    .unwrap_err();
                assert_eq!(error.status(), Some(status));
                assert_error_clean(&error, "error body");
            }
        }
    }
}

#[tokio::test]
async fn successes_of_the_wrong_shape_that_echo_the_key() {
    for form in forms() {
        let bodies = [
            form.clone(),
            json!({"object": form}).to_string(),
            json!({"id": 1, "object": "list", "data": form, "text": {"a": form}, "created": form, "choices": form}).to_string(),
            json!([form]).to_string(),
        ];
        for body in bodies {
            let reply = support::reply(
                200,
                &[
                    ("content-type", &form),
                    ("x-request-id", &form),
                    ("content-encoding", "identity"),
                ],
                &body,
            );
            let server = Server::script([reply]).await;
            let client = server.builder().pipeline_id("p").build().unwrap();
            for operation in ALL {
                assert_error_clean(
                    &operation
                        .run(&client, RequestOptions::new())
                        .await
                        .unwrap_err(),
                    "wrong shape",
                );
            }
        }
        let server =
            Server::script([support::reply(200, &[("content-encoding", &form)], "{}")]).await;
        assert_error_clean(
            &server.client().models().list().await.unwrap_err(),
            "content encoding",
        );
    }
}

#[tokio::test]
async fn stream_frames_that_echo_the_key() {
    for form in forms() {
        for frame in [
            format!("data: {form}\n\n"),
            format!("data: {}\n\n", json!({"id": {"a": form}})),
            format!("data: {}\n\n", json!({"object": form})),
            format!(
                "event: error\ndata: {}\n\n",
                json!({"message": form, "type": form, "code": form})
            ),
            format!(
                "data: {}\n\n",
                json!({"error": {"message": form, "param": form}})
            ),
            format!("data: {{\"id\":\"{form}"),
        ] {
            let server = Server::script([support::sse(frame)]).await;
            let client = server.client();
            assert_error_clean(
                &ChatStream
                    .run(&client, RequestOptions::new())
                    .await
                    .unwrap_err(),
                "frame",
            );
        }
    }
}

#[tokio::test]
async fn answers_that_echo_the_key_do_not_print_it() {
    for form in forms() {
        let mut answer = support::chat_answer();
        answer["choices"][0]["message"]["content"] = json!(form);
        let server = Server::script([support::reply(
            200,
            &[("x-request-id", &form), ("x-echo", &form)],
            answer.to_string(),
        )])
        .await;
        let answer = server
            .client()
            .chat()
            .completions()
            .create(chat())
            .await
            .unwrap();
        assert_debug_clean(&answer, "answer");
        assert_eq!(
            answer.text(),
            Some(form.as_str()),
            "the value itself is the caller's, unchanged"
        );

        let chunk = json!({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [{"index": 0, "delta": {"content": form}}]});
        let server = Server::script([vec![
            support::sse_head(),
            Step::Send(format!("data: {chunk}\n\n").into_bytes()),
            Step::Hold,
        ]])
        .await;
        let mut stream = server
            .client()
            .chat()
            .completions()
            .stream(chat())
            .await
            .unwrap();
        let event = stream.next().await.unwrap().unwrap();
        assert_debug_clean(&event, "event");
        assert_debug_clean(&stream, "stream");
    }
}

/// A transport that puts the key into its failures, and into panics that print what they hold.
struct Hostile(TransportErrorKind, String);

impl Transport for Hostile {
    fn send(
        &self,
        request: HttpRequest,
    ) -> futures_core::future::BoxFuture<'_, Result<HttpResponse, TransportError>> {
        assert_debug_clean(&request, "request");
        let failure = TransportError::new(
            self.0,
            format!("could not send {} with {:?}", self.1, request.headers),
        );
        Box::pin(async move { Err(failure) })
    }
}

#[tokio::test]
async fn transport_failures_that_echo_the_key() {
    use TransportErrorKind::{Connect, Connection, Other, Timeout};
    for form in forms() {
        for kind in [Connect, Timeout, Connection, Other] {
            let client = Client::builder()
                .api_key(KEY)
                .pipeline_id("p")
                .retry_base(std::time::Duration::ZERO)
                .transport(Arc::new(Hostile(kind, form.clone())))
                .build()
                .unwrap();
            for operation in ALL {
                let error = operation
                    .run(&client, RequestOptions::new())
                    .await
                    .unwrap_err();
                assert_error_clean(&error, "transport");
                assert!(error.source().is_some());
            }
        }
    }
}

#[tokio::test]
async fn what_the_caller_holds_does_not_print_the_key() {
    let builder = Client::builder()
        .api_key(KEY)
        .base_url(format!("https://host/{KEY}"))
        .pipeline_id(KEY);
    assert_debug_clean(&builder, "builder");
    let client = builder.build().unwrap();
    assert_debug_clean(&client, "client");
    assert_debug_clean(&client.chat().completions(), "handle");
    assert_debug_clean(
        &RequestOptions::new()
            .header("x-a", KEY)
            .idempotency_key(KEY)
            .client_request_id(KEY),
        "options",
    );
}

#[test]
fn refusals_do_not_quote_secrets() {
    for url in [
        format!("https://user:{KEY}@host/v1"),
        format!("https://host/?key={KEY}"),
        format!("{KEY}://host"),
        format!("http://{KEY}.example/"),
    ] {
        assert_error_clean(
            &Client::builder()
                .api_key(KEY)
                .base_url(url)
                .build()
                .unwrap_err(),
            "base URL",
        );
    }
    assert_error_clean(
        &Client::builder()
            .api_key(format!("{KEY} ž"))
            .build()
            .unwrap_err(),
        "key",
    );
    let now = std::time::SystemTime::now();
    for header in [
        KEY.to_owned(),
        format!("t={KEY},v1=00"),
        format!("t=1,v1={KEY}"),
    ] {
        assert_error_clean(
            &runinfra::webhooks::construct_event(KEY.as_bytes(), &header, KEY, now).unwrap_err(),
            "webhook",
        );
    }
}

#[tokio::test]
async fn option_refusals_do_not_quote_values() {
    let client = Client::builder().api_key(KEY).build().unwrap();
    let bad = format!("{KEY}\n");
    for options in [
        RequestOptions::new().header("x-a", &bad),
        RequestOptions::new().header("api-key", KEY),
        RequestOptions::new().header(&bad, "x"),
        RequestOptions::new().idempotency_key(&bad),
        RequestOptions::new().client_request_id(&bad),
    ] {
        assert_error_clean(
            &client.models().list_with(options).await.unwrap_err(),
            "options",
        );
    }
}

/// A panic that carries everything a program may hold of this crate.
#[tokio::test]
async fn panics_do_not_print_the_key() {
    let server = Server::script([support::error(401, "authentication_error", KEY)]).await;
    let client = server.client();
    let error = client.models().list().await.unwrap_err();
    let held = (client, error, RequestOptions::new().header("x-a", KEY));
    let panic =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| panic!("{held:?}"))).unwrap_err();
    assert_clean(panic.downcast_ref::<String>().unwrap(), "panic");
}
