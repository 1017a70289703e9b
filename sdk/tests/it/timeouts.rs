//! Every way in which time runs out, and the one in which it must not.

use std::sync::Arc;
use std::time::Duration;

use runinfra::{ErrorKind, RequestOptions};
use tokio::sync::Notify;

use crate::operations::{self, ALL, ModelsList, Operation};
use crate::support::{self, REQUEST_ID, Server, Step};

const SHORT: Duration = Duration::from_millis(150);

fn head(content_type: &str) -> Step {
    Step::Send(format!("HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\nx-request-id: {REQUEST_ID}\r\ncontent-length: 5000\r\n\r\n").into_bytes())
}

#[tokio::test]
async fn no_answer_in_time() {
    for operation in ALL {
        let server = Server::script([vec![Step::Hold]]).await;
        let client = server.builder().pipeline_id("p").build().unwrap();
        let error = operation
            .run(
                &client,
                RequestOptions::new().timeout(SHORT).idempotency_key("k"),
            )
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{operation:?}: {error}");
        assert_eq!(error.request_id(), None);
        assert_eq!(
            server.seen().len(),
            1,
            "{operation:?}: the call's time is over, so there is no other attempt"
        );
        server.closed(1).await;
    }
}

#[tokio::test]
async fn a_body_that_stalls_is_a_traced_timeout() {
    for operation in ALL {
        let content_type = match operation {
            Operation::Speech => "audio/wav",
            stream if stream.is_stream() => "text/event-stream",
            _ => "application/json",
        };
        let server = Server::script([vec![
            head(content_type),
            Step::Send(b": \n".to_vec()),
            Step::Hold,
        ]])
        .await;
        let client = server.builder().pipeline_id("p").build().unwrap();
        let error = operation
            .run(&client, RequestOptions::new().timeout(SHORT))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{operation:?}: {error}");
        assert_eq!(error.request_id(), Some(REQUEST_ID), "{operation:?}");
        server.closed(1).await;
    }
}

#[tokio::test]
async fn an_error_whose_body_stalls_is_still_that_error() {
    let stalled =
        format!("HTTP/1.1 402 No\r\nx-request-id: {REQUEST_ID}\r\ncontent-length: 50\r\n\r\n{{")
            .into_bytes();
    let server = Server::script([vec![Step::Send(stalled), Step::Hold]]).await;
    let error = server
        .client()
        .models()
        .list_with(RequestOptions::new().timeout(SHORT))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InsufficientCredits);
    assert_eq!(error.request_id(), Some(REQUEST_ID));
}

/// The address swallows packets only when nothing answers for it; where something does, the failure is a connection error.
#[tokio::test]
async fn a_connection_that_is_not_made_in_time() {
    // A listener whose queue is full accepts nobody: the handshake is never finished.
    let listener = socket_with_full_queue().await;
    let client = runinfra::Client::builder()
        .api_key(support::KEY)
        .base_url(format!("http://{}/v1", listener.address))
        .connect_timeout(SHORT)
        .timeout(support::PATIENCE)
        .max_retries(0)
        .build()
        .unwrap();
    let error = client.models().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error:?}");
}

struct FullQueue {
    address: std::net::SocketAddr,
    _listener: tokio::net::TcpListener,
    _waiting: Vec<tokio::net::TcpStream>,
}

async fn socket_with_full_queue() -> FullQueue {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    // Until one is not let in any more.
    while let Ok(stream) =
        tokio::time::timeout(SHORT, tokio::net::TcpStream::connect(address)).await
    {
        waiting.push(stream.unwrap());
    }
    FullQueue {
        address,
        _listener: listener,
        _waiting: waiting,
    }
}

#[tokio::test]
async fn a_stream_may_take_longer_than_the_timeout_but_not_be_silent_for_so_long() {
    let frames = support::chat_frames();
    let gate = Arc::new(Notify::new());
    let mut steps = vec![support::sse_head()];
    for frame in &frames {
        steps.push(Step::Send(frame.clone().into_bytes()));
        steps.push(Step::Wait(Arc::clone(&gate)));
    }
    steps.push(Step::Hold);
    let server = Server::script([steps]).await;
    let idle = Duration::from_millis(400);
    let client = server.builder().timeout(idle).build().unwrap();
    let mut stream = client
        .chat()
        .completions()
        .stream(operations::chat())
        .await
        .unwrap();
    let begun = tokio::time::Instant::now();
    for _ in 0..frames.len() - 1 {
        stream.next().await.unwrap().unwrap();
        // The pace of a healthy, slow gateway: each gap within the idle time, all of them together beyond it.
        tokio::time::sleep(idle * 2 / 5).await;
        gate.notify_one();
    }
    assert!(stream.next().await.is_none());
    assert!(begun.elapsed() > idle);

    let mut stalled = client
        .chat()
        .completions()
        .stream(operations::chat())
        .await
        .unwrap();
    stalled.next().await.unwrap().unwrap();
    let error = stalled.next().await.unwrap().unwrap_err();
    assert_eq!(
        (error.kind(), error.request_id()),
        (ErrorKind::Timeout, Some(REQUEST_ID))
    );
    assert!(stalled.next().await.is_none());
}

#[tokio::test]
async fn a_slow_reader_is_not_a_silent_gateway() {
    let server = Server::script([support::sse(support::chat_frames().concat())]).await;
    let idle = Duration::from_millis(50);
    let client = server.builder().idle_timeout(idle).build().unwrap();
    let mut stream = client
        .chat()
        .completions()
        .stream(operations::chat())
        .await
        .unwrap();
    while let Some(event) = stream.next().await {
        event.unwrap();
        tokio::time::sleep(idle * 2).await;
    }
}

#[tokio::test]
async fn audio_may_take_longer_than_the_timeout_as_a_stream() {
    let gate = Arc::new(Notify::new());
    let head = support::reply(
        200,
        &[
            ("content-type", "audio/wav"),
            ("x-request-id", REQUEST_ID),
            ("connection", "close"),
        ],
        b"",
    );
    let Step::Send(head) = &head[0] else {
        unreachable!()
    };
    let head = String::from_utf8(head.clone())
        .unwrap()
        .replace("content-length: 0\r\n", "");
    let server = Server::script([vec![
        Step::Send(head.into_bytes()),
        Step::Send(b"RIFF".to_vec()),
        Step::Wait(Arc::clone(&gate)),
        Step::Send(b"more".to_vec()),
        Step::Hold,
    ]])
    .await;
    let client = server.builder().timeout(SHORT * 2).build().unwrap();
    let speech = client
        .audio()
        .speech()
        .create(runinfra::types::SpeechRequest::new("m", "x", "v"))
        .await
        .unwrap();
    let mut stream = speech.into_stream();
    assert_eq!(stream.next().await.unwrap().unwrap(), b"RIFF".as_slice());
    gate.notify_one();
    assert_eq!(stream.next().await.unwrap().unwrap(), b"more".as_slice());
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(
        (error.kind(), error.request_id()),
        (ErrorKind::Timeout, Some(REQUEST_ID))
    );
    assert!(stream.next().await.is_none());
}

/// The whole call has one deadline; waits and attempts do not extend it.
#[tokio::test]
async fn retries_happen_within_the_deadline() {
    let server = Server::script([
        support::error(503, "server_error", "busy"),
        vec![Step::Hold],
    ])
    .await;
    let client = server.builder().timeout(SHORT).build().unwrap();
    let error = client.models().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_huge_timeout_is_no_timeout() {
    let server = Server::script([ModelsList.good()]).await;
    let client = server
        .builder()
        .timeout(Duration::MAX)
        .idle_timeout(Duration::MAX)
        .connect_timeout(Duration::from_secs(u64::MAX / 4))
        .build()
        .unwrap();
    client.models().list().await.unwrap();
}
