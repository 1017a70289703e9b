//! What is tried again, counted on the server's side.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use runinfra::{ErrorKind, RequestOptions};

use crate::operations::{self, ALL, ChatCreate, ModelsList, Operation};
use crate::support::{self, REQUEST_ID, Server, Step};

/// How often the server is asked when it fails in this way for ever.
async fn attempts(operation: Operation, key: bool, failure: Vec<Step>) -> (usize, runinfra::Error) {
    let server = Server::script([failure]).await;
    let client = server.builder().pipeline_id("p").build().unwrap();
    let mut options = RequestOptions::new();
    if key {
        options = options.idempotency_key("k-1");
    }
    let error = operation.run(&client, options).await.unwrap_err();
    let seen = server.seen();
    for request in &seen {
        assert_eq!(
            request.header("idempotency-key"),
            key.then_some("k-1"),
            "one key for all attempts"
        );
        assert_eq!(
            request.header("x-client-request-id"),
            seen[0].header("x-client-request-id")
        );
        assert_eq!(
            request.body, seen[0].body,
            "the body is rebuilt for each attempt"
        );
    }
    (seen.len(), error)
}

#[tokio::test]
async fn the_contract_table() {
    for operation in ALL {
        let (plain, with_key) = operation.retried();
        for (key, retried) in [(false, plain), (true, with_key)] {
            let wanted = if retried { 3 } else { 1 };
            for status in [408, 409, 429, 500, 502, 503, 504] {
                let (seen, error) = attempts(
                    operation,
                    key,
                    support::error(status, "server_error", "busy"),
                )
                .await;
                assert_eq!(seen, wanted, "{operation:?} key {key} status {status}");
                assert_eq!(error.status(), Some(status));
                assert_eq!(error.request_id(), Some(REQUEST_ID));
            }
            for status in [400, 401, 402, 403, 404, 405, 413, 422, 501, 302, 304] {
                let (seen, _) = attempts(operation, key, support::error(status, "x", "no")).await;
                assert_eq!(seen, 1, "{operation:?} key {key} status {status}");
            }
            let transport: [(&str, Vec<Step>); 4] = [
                ("closed before the head", vec![Step::Close]),
                ("reset before the head", vec![Step::Reset]),
                (
                    "closed in the head",
                    vec![
                        Step::Send(b"HTTP/1.1 200 OK\r\ncontent-".to_vec()),
                        Step::Close,
                    ],
                ),
                ("closed in the body", cut_body(operation)),
            ];
            for (name, steps) in transport {
                let (seen, error) = attempts(operation, key, steps).await;
                assert_eq!(seen, wanted, "{operation:?} key {key} {name}");
                assert_eq!(
                    error.kind(),
                    ErrorKind::Connection,
                    "{operation:?} {name} {error}"
                );
            }
        }
    }
}

/// A good answer that promises more than it delivers.
fn cut_body(operation: Operation) -> Vec<Step> {
    let content_type = match operation {
        Operation::Speech => "audio/wav",
        stream if stream.is_stream() => "text/event-stream",
        _ => "application/json",
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\nx-request-id: {REQUEST_ID}\r\ncontent-length: 100\r\n\r\n"
    );
    vec![
        Step::Send(head.into_bytes()),
        Step::Send(b": \n\n".to_vec()),
        Step::Close,
    ]
}

#[tokio::test]
async fn a_later_attempt_that_succeeds_is_the_answer() {
    for operation in ALL {
        let server = Server::start(move |_, number| {
            if number < 2 {
                support::error(503, "server_error", "cold")
            } else {
                operation.good()
            }
        })
        .await;
        let client = server.builder().pipeline_id("p").build().unwrap();
        let outcome = operation
            .run(&client, RequestOptions::new().idempotency_key("k"))
            .await;
        let (_, retried) = operation.retried();
        assert_eq!(outcome.is_ok(), retried, "{operation:?}");
        assert_eq!(server.seen().len(), if retried { 3 } else { 1 });
    }
}

#[tokio::test]
async fn the_number_of_retries_is_the_clients_or_the_calls() {
    let server = Server::script([support::error(503, "server_error", "busy")]).await;
    let client = server.builder().max_retries(4).build().unwrap();
    client.models().list().await.unwrap_err();
    assert_eq!(server.seen().len(), 5);
    client
        .models()
        .list_with(RequestOptions::new().max_retries(0))
        .await
        .unwrap_err();
    assert_eq!(server.seen().len(), 6);
    client
        .models()
        .list_with(RequestOptions::new().max_retries(1))
        .await
        .unwrap_err();
    assert_eq!(server.seen().len(), 8);
}

#[tokio::test]
async fn an_attempt_that_cannot_connect_is_tried_again() {
    use runinfra::transport::{Http, HttpRequest, HttpResponse, Transport, TransportError};
    struct Counted(Http, Arc<Mutex<u32>>);
    impl Transport for Counted {
        fn send(
            &self,
            request: HttpRequest,
        ) -> futures_core::future::BoxFuture<'_, Result<HttpResponse, TransportError>> {
            *self.1.lock().unwrap() += 1;
            self.0.send(request)
        }
    }
    let gone = Server::script([vec![Step::Close]]).await.base_url();
    let count = Arc::new(Mutex::new(0));
    let client = runinfra::Client::builder()
        .api_key(support::KEY)
        .base_url(gone)
        .retry_base(Duration::ZERO)
        .transport(Arc::new(Counted(Http::new().unwrap(), Arc::clone(&count))))
        .build()
        .unwrap();
    assert_eq!(
        client.models().list().await.unwrap_err().kind(),
        ErrorKind::Connection
    );
    assert_eq!(*count.lock().unwrap(), 3);
    client
        .embeddings()
        .create(runinfra::types::EmbeddingRequest::new("m", "x"))
        .await
        .unwrap_err();
    assert_eq!(*count.lock().unwrap(), 4);
}

#[tokio::test]
async fn jitter_is_drawn_once_per_wait() {
    let server = Server::script([support::error(503, "server_error", "busy")]).await;
    let draws = Arc::new(Mutex::new(0));
    let counter = Arc::clone(&draws);
    let dice = move || {
        *counter.lock().unwrap() += 1;
        0.5
    };
    let client = server
        .builder()
        .max_retries(3)
        .jitter(dice)
        .build()
        .unwrap();
    client.models().list().await.unwrap_err();
    assert_eq!(*draws.lock().unwrap(), 3);
}

/// The gateway's own wait is honoured: with an hour between attempts by the client's reckoning, only it can end this test.
#[tokio::test]
async fn retry_after_decides_the_wait() {
    for wait in [
        "0".to_owned(),
        httpdate::fmt_http_date(std::time::SystemTime::now() + Duration::from_secs(1)),
    ] {
        let busy = support::reply(
            429,
            &[("retry-after", &wait), ("content-type", "application/json")],
            "{}",
        );
        let server = Server::script([busy, ModelsList.good()]).await;
        let client = server
            .builder()
            .retry_base(Duration::from_secs(3600))
            .jitter(|| 0.0)
            .timeout(support::PATIENCE)
            .build()
            .unwrap();
        client.models().list().await.unwrap();
        assert_eq!(server.seen().len(), 2);
    }
}

/// A wait that does not fit into the call's time is not begun: the caller gets the error that there is.
#[tokio::test]
async fn a_wait_beyond_the_deadline_is_not_begun() {
    for hostile in [
        "61",
        "3600",
        "18446744073709551615",
        "99999999999999999999999",
        "-1",
        "1e9",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "\t",
        "soon",
    ] {
        let server = Server::script([support::reply(
            503,
            &[("retry-after", hostile), ("x-request-id", REQUEST_ID)],
            "{}",
        )])
        .await;
        let client = server
            .builder()
            .retry_base(Duration::from_secs(29))
            .timeout(Duration::from_secs(10))
            .jitter(|| 0.0)
            .build()
            .unwrap();
        let error = client.models().list().await.unwrap_err();
        assert_eq!(
            (error.status(), error.kind()),
            (Some(503), ErrorKind::Deployment),
            "{hostile}"
        );
        assert_eq!(server.seen().len(), 1, "{hostile}");
    }
}

#[tokio::test]
async fn a_key_is_sent_where_it_does_not_make_retries_safe() {
    let server = Server::script([support::error(500, "server_error", "x")]).await;
    let client = server.builder().pipeline_id("p").build().unwrap();
    for operation in ALL {
        let _ = operation
            .run(
                &client,
                RequestOptions::new().idempotency_key("k").max_retries(0),
            )
            .await;
    }
    assert_eq!(server.seen().len(), ALL.len());
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| seen.header("idempotency-key") == Some("k"))
    );
}

#[tokio::test]
async fn a_replayed_answer_says_so() {
    for (value, replayed) in [
        ("true", true),
        ("TRUE", true),
        ("false", false),
        ("1", false),
    ] {
        let body = support::chat_answer().to_string();
        let server = Server::script([support::reply(
            200,
            &[("x-runinfra-idempotent-replay", value)],
            body,
        )])
        .await;
        let answer = server
            .client()
            .chat()
            .completions()
            .create(operations::chat())
            .await
            .unwrap();
        assert_eq!(answer.replayed(), replayed, "{value}");
    }
    let server = Server::script([ChatCreate.good()]).await;
    assert!(
        !server
            .client()
            .chat()
            .completions()
            .create(operations::chat())
            .await
            .unwrap()
            .replayed()
    );
}
