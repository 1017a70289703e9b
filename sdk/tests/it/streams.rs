//! How streams end, and that they cannot end quietly anywhere else.

use std::sync::Arc;

use futures_core::future::BoxFuture;
use futures_util::{StreamExt as _, stream};
use runinfra::transport::{Http, HttpRequest, HttpResponse, Transport, TransportError};
use runinfra::types::{ChatCompletionChunk, ChatCompletionRequest, ResponseEvent, ResponseRequest};
use runinfra::{Client, Error, ErrorKind, EventStream};
use serde_json::json;
use tokio::sync::Notify;

use crate::operations::{self, chat};
use crate::support::{self, REQUEST_ID, Server, Step, chat_frames, response_frames};

/// The raw texts of a whole stream, or the error it ended with.
async fn read_chat(client: &Client) -> Result<Vec<String>, Error> {
    let mut stream = client.chat().completions().stream(chat()).await?;
    let mut texts = Vec::new();
    while let Some(event) = stream.next().await {
        texts.push(event?.raw().to_owned());
    }
    Ok(texts)
}

async fn read_response(client: &Client) -> Result<Vec<String>, Error> {
    let mut stream = client
        .responses()
        .stream(ResponseRequest::new("m", "hi"))
        .await?;
    let mut texts = Vec::new();
    while let Some(event) = stream.next().await {
        texts.push(event?.raw().to_owned());
    }
    Ok(texts)
}

/// Serves the first `n` bytes of `body` to the n-th request, with an orderly end: nothing but the events can tell.
async fn cut_server(body: String) -> Server {
    Server::start(move |_, number| support::sse(&body.as_bytes()[..number])).await
}

/// Cuts `body` after every byte: before `complete` bytes that is a traced error, and from there on all `events` arrive.
async fn cut_anywhere(
    body: String,
    complete: usize,
    events: usize,
    read: impl AsyncFn(&Client) -> Result<Vec<String>, Error>,
) {
    let lengths = 0..=body.len();
    let server = cut_server(body).await;
    let client = server.client();
    for length in lengths {
        match read(&client).await {
            Ok(read) => assert!(
                length >= complete && read.len() == events,
                "cut at {length} passed as whole"
            ),
            Err(error) => {
                assert!(length < complete, "cut at {length}: {error}");
                assert_eq!(
                    (error.kind(), error.request_id()),
                    (ErrorKind::Connection, Some(REQUEST_ID)),
                    "cut at {length}: {error}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_chat_cut_at_any_byte_is_whole_or_an_error() {
    let body = chat_frames().concat();
    // `[DONE]` is whole when its last bracket has come, with or without its line end.
    let complete = body.find("[DONE]").unwrap() + "[DONE]".len();
    cut_anywhere(body, complete, chat_frames().len() - 1, read_chat).await;
}

#[tokio::test]
async fn a_response_cut_at_any_byte_is_whole_or_an_error() {
    let body = response_frames().concat();
    let complete = body.trim_end().len();
    cut_anywhere(body, complete, response_frames().len(), read_response).await;
}

#[tokio::test]
async fn a_reset_in_the_middle_is_a_traced_connection_error() {
    let gate = Arc::new(Notify::new());
    let server = Server::script([vec![
        support::sse_head(),
        Step::Send(chat_frames()[0].clone().into_bytes()),
        Step::Wait(Arc::clone(&gate)),
        Step::Reset,
    ]])
    .await;
    let mut stream = server
        .client()
        .chat()
        .completions()
        .stream(chat())
        .await
        .unwrap();
    stream.next().await.unwrap().unwrap();
    gate.notify_one();
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(
        (error.kind(), error.request_id()),
        (ErrorKind::Connection, Some(REQUEST_ID))
    );
    assert!(stream.next().await.is_none());
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn every_wrong_frame_is_a_typed_error_and_the_last_item() {
    let good = chat_frames()[0].clone();
    let rows = [
        ("data: {\"a\": \n\n", ErrorKind::StreamParse),
        ("data: hello\n\n", ErrorKind::StreamParse),
        ("data:\n\n", ErrorKind::StreamParse),
        ("data: {}\n\n", ErrorKind::ResponseShape),
        ("data: []\n\n", ErrorKind::ResponseShape),
        (
            "data: {\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[]}\n\n",
            ErrorKind::ResponseShape,
        ),
        (
            "data: {\"error\":{\"message\":\"busy\",\"type\":\"rate_limit_error\"}}\n\n",
            ErrorKind::RateLimit,
        ),
        (
            "data: {\"error\":{\"message\":\"broken\",\"type\":\"server_error\"}}\n\n",
            ErrorKind::Api,
        ),
        (
            "event: error\ndata: {\"message\":\"broken\",\"code\":\"insufficient_credits\"}\n\n",
            ErrorKind::InsufficientCredits,
        ),
    ];
    for (frame, kind) in rows {
        let body = format!("{good}{frame}{}", chat_frames().concat());
        let server = Server::script([support::sse(body)]).await;
        let mut stream = server
            .client()
            .chat()
            .completions()
            .stream(chat())
            .await
            .unwrap();
        stream.next().await.unwrap().unwrap();
        let error = stream.next().await.unwrap().unwrap_err();
        assert_eq!(
            (error.kind(), error.request_id(), error.status()),
            (kind, Some(REQUEST_ID), Some(200)),
            "{frame} {error}"
        );
        assert!(stream.next().await.is_none(), "{frame}");
        server.closed(1).await;
    }
}

#[tokio::test]
async fn bytes_that_are_not_utf8_are_a_parse_error() {
    let mut body = chat_frames()[0].clone().into_bytes();
    body.extend_from_slice(b"data: {\"id\":\"\xFF\"}\n\n");
    let server = Server::script([support::sse(body)]).await;
    assert_eq!(
        read_chat(&server.client()).await.unwrap_err().kind(),
        ErrorKind::StreamParse
    );
}

#[tokio::test]
async fn a_response_that_fails_or_is_cut_short_ends_its_stream() {
    for (name, status) in [("failed", "failed"), ("incomplete", "incomplete")] {
        let last = json!({"type": format!("response.{name}"), "sequence_number": 1, "response": support::response(status, "he")});
        let body = format!(
            "{}data: {last}\n\ndata: not read any more\n\n",
            response_frames()[0]
        );
        let server = Server::script([support::sse(body)]).await;
        let mut stream = server
            .client()
            .responses()
            .stream(ResponseRequest::new("m", "hi"))
            .await
            .unwrap();
        stream.next().await.unwrap().unwrap();
        let last = stream.next().await.unwrap().unwrap();
        assert!(matches!(
            &*last,
            ResponseEvent::Failed(_) | ResponseEvent::Incomplete(_)
        ));
        assert_eq!(last.final_response().unwrap().status.as_str(), status);
        assert!(stream.next().await.is_none());
    }
}

#[tokio::test]
async fn an_error_event_or_an_early_done_is_no_end_of_a_response() {
    let error_event = "event: error\ndata: {\"type\":\"error\",\"sequence_number\":1,\"code\":\"server_error\",\"message\":\"broken\",\"param\":null}\n\n";
    for (frame, kind) in [
        (error_event, ErrorKind::Api),
        ("data: [DONE]\n\n", ErrorKind::Connection),
        (
            "data: {\"type\":\"response.completed\"}\n\n",
            ErrorKind::ResponseShape,
        ),
        ("data: {}\n\n", ErrorKind::ResponseShape),
    ] {
        let server =
            Server::script([support::sse(format!("{}{frame}", response_frames()[0]))]).await;
        let error = read_response(&server.client()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.request_id()),
            (kind, Some(REQUEST_ID)),
            "{frame} {error}"
        );
    }
}

#[tokio::test]
async fn an_event_beyond_the_bound_is_refused_and_the_connection_given_up() {
    let huge = format!("data: {}\n", "x".repeat(100_000));
    let server = Server::script([vec![
        support::sse_head(),
        Step::Send(huge.into_bytes()),
        Step::Hold,
    ]])
    .await;
    let client = server.builder().max_event_bytes(10_000).build().unwrap();
    let error = read_chat(&client).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.request_id()),
        (ErrorKind::StreamParse, Some(REQUEST_ID))
    );
    assert!(error.message().contains("10000"), "{error}");
    server.closed(1).await;
}

#[tokio::test]
async fn dropping_a_stream_closes_its_connection() {
    let steps = vec![
        support::sse_head(),
        Step::Send(chat_frames()[0].clone().into_bytes()),
        Step::Hold,
    ];
    let server = Server::script([steps]).await;
    let client = server.client();
    let unread = client.chat().completions().stream(chat()).await.unwrap();
    drop(unread);
    server.closed(1).await;
    let mut begun = client.chat().completions().stream(chat()).await.unwrap();
    begun.next().await.unwrap().unwrap();
    drop(begun);
    server.closed(2).await;
}

#[tokio::test]
async fn dropping_a_call_closes_its_connection() {
    let server = Server::script([vec![Step::Hold]]).await;
    let client = server.client();
    let call = tokio::spawn(async move { client.models().list().await });
    while server.seen().is_empty() {
        tokio::task::yield_now().await;
    }
    call.abort();
    server.closed(1).await;
}

/// As much as a gateway would send if nobody held it back: far more than the sockets' buffers take.
const PIECES: usize = 4_000;

fn piece() -> Vec<u8> {
    chat_frames()[1].repeat(100).into_bytes()
}

/// Reads one event of a gateway that would send for ever, then none, and waits until nothing moves any more. Gives the stream,
/// and how many bytes the gateway got rid of.
async fn stopped_after_one_event(
    transport: Arc<dyn Transport>,
) -> (Server, EventStream<ChatCompletionChunk>, usize) {
    let pieces = (0..PIECES).map(|_| Step::Send(piece()));
    let steps = std::iter::once(support::sse_head()).chain(pieces);
    let (server, sent) = Server::counting(steps.collect()).await;
    let client = server.builder().transport(transport).build().unwrap();
    let mut stream = client.chat().completions().stream(chat()).await.unwrap();
    stream.next().await.unwrap().unwrap();
    // All tasks share this thread, so another call over the network goes through only after each that can go on has had turns:
    // what stands still while several do waits for the reader, and not for the machine.
    let other = Server::script([operations::ModelsList.good()]).await;
    let mut before = 0;
    loop {
        for _ in 0..10 {
            other.client().models().list().await.unwrap();
        }
        let now = sent();
        if now == before {
            return (server, stream, now);
        }
        before = now;
    }
}

/// A gateway that would send for ever is held back by a reader that has stopped, before it has sent much.
#[tokio::test]
async fn a_slow_reader_holds_bounded_memory() {
    let http = Arc::new(Http::new().unwrap());
    let (_server, mut stream, sent) = stopped_after_one_event(http).await;
    let total = piece().len() * PIECES;
    assert!(
        sent < total / 3,
        "{sent} of {total} bytes went to a reader that does not read"
    );
    for _ in 0..5_000 {
        stream.next().await.unwrap().unwrap();
    }
}

/// Reads ahead of its reader, without a bound.
struct Eager(Http);

impl Transport for Eager {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            let mut response = self.0.send(request).await?;
            let (pieces, mut arrived) = tokio::sync::mpsc::unbounded_channel();
            let ahead = stream::poll_fn(move |context| arrived.poll_recv(context));
            let mut body = std::mem::replace(&mut response.body, Box::pin(ahead));
            tokio::spawn(async move {
                while let Some(piece) = body.next().await {
                    let _ = pieces.send(piece);
                }
            });
            Ok(response)
        })
    }
}

/// What the test above would see of a client that holds nobody back.
#[tokio::test]
async fn reading_ahead_would_be_seen() {
    let eager = Arc::new(Eager(Http::new().unwrap()));
    let (_server, _stream, sent) = stopped_after_one_event(eager).await;
    assert!(sent >= piece().len() * PIECES, "{sent}");
}

#[tokio::test]
async fn connections_are_used_again() {
    let server = Server::start(|seen, _| match seen.json()["stream"].as_bool() {
        Some(true) => support::sse_chunked(chat_frames().concat()),
        _ => support::json(200, support::chat_answer()),
    })
    .await;
    let client = server.client();
    for _ in 0..5 {
        client.chat().completions().create(chat()).await.unwrap();
        assert_eq!(read_chat(&client.clone()).await.unwrap().len(), 4);
    }
    assert_eq!(server.connections(), 1);
    assert_eq!(server.seen().len(), 10);
    assert!(server.seen().iter().all(|seen| seen.connection == 0));
}

#[tokio::test]
async fn an_error_body_is_read_so_that_its_connection_can_be_used_again() {
    let server = Server::script([support::error(400, "invalid_request_error", "no")]).await;
    let client = server.client();
    for _ in 0..3 {
        client
            .chat()
            .completions()
            .create(chat())
            .await
            .unwrap_err();
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_stream_is_a_stream_for_stream_libraries_and_crosses_tasks() {
    use futures_util::TryStreamExt as _;
    let server = Server::script([support::sse(chat_frames().concat())]).await;
    let stream = server
        .client()
        .chat()
        .completions()
        .stream(ChatCompletionRequest::clone(&chat()))
        .await
        .unwrap();
    let events: Vec<_> = tokio::spawn(stream.try_collect()).await.unwrap().unwrap();
    assert_eq!(events.len(), 4);
    assert_eq!(events[1].text(), Some("žlu"));
}
