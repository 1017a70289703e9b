//! Every way in which time runs out, and the one in which it must not.

use std::time::Duration;

use bytes::Bytes;
use runinfra::types::SpeechRequest;
use runinfra::{ErrorKind, RequestOptions};
use tokio::time::Instant;

use crate::memory::{self, Memory};
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

/// What the paused clock counts in; no real second passes.
const LIMIT: Duration = Duration::from_secs(10);
/// Nearly all of it.
const GAP: Duration = Duration::from_secs(8);

fn body(pause: Duration, pieces: &[impl AsRef<[u8]>]) -> Vec<memory::Step> {
    let sent = |piece: &[u8]| memory::Step::Send(Bytes::copy_from_slice(piece));
    let steps = pieces
        .iter()
        .flat_map(|piece| [memory::Step::Pause(pause), sent(piece.as_ref())]);
    steps.chain([memory::Step::Hold]).collect()
}

fn events(before: Duration) -> Vec<memory::Step> {
    vec![
        memory::Step::Pause(before),
        memory::Step::Head(200, "text/event-stream"),
    ]
}

/// Head and gaps are each within their limit, all of them together far beyond it.
#[tokio::test(start_paused = true)]
async fn a_stream_may_take_longer_than_the_timeout_but_not_be_silent_for_so_long() {
    let frames = support::chat_frames();
    let whole = [events(GAP), body(GAP, &frames)].concat();
    let cut = [events(GAP), body(GAP, &frames[..2])].concat();
    let transport = Memory::script([whole, cut]);
    let client = transport.builder().timeout(LIMIT).build().unwrap();
    let begun = Instant::now();
    let mut stream = client
        .chat()
        .completions()
        .stream(operations::chat())
        .await
        .unwrap();
    for _ in 0..frames.len() - 1 {
        stream.next().await.unwrap().unwrap();
    }
    assert!(stream.next().await.is_none());
    assert!(begun.elapsed() >= GAP * 6);

    let mut stalled = client
        .chat()
        .completions()
        .stream(operations::chat())
        .await
        .unwrap();
    stalled.next().await.unwrap().unwrap();
    stalled.next().await.unwrap().unwrap();
    let last = Instant::now();
    let error = stalled.next().await.unwrap().unwrap_err();
    assert_eq!(
        (error.kind(), error.request_id()),
        (ErrorKind::Timeout, Some(REQUEST_ID))
    );
    assert!(last.elapsed() >= LIMIT && last.elapsed() < LIMIT + GAP);
    assert!(stalled.next().await.is_none());
}

/// Each piece comes as soon as it is asked for, and is asked for when the idle time is long over.
#[tokio::test(start_paused = true)]
async fn a_slow_reader_is_not_a_silent_gateway() {
    let mut steps = events(Duration::ZERO);
    for frame in support::chat_frames() {
        steps.extend([memory::Step::Turn, memory::Step::Send(frame.into())]);
    }
    let transport = Memory::script([steps]);
    let client = transport.builder().idle_timeout(LIMIT).build().unwrap();
    let mut stream = client
        .chat()
        .completions()
        .stream(operations::chat())
        .await
        .unwrap();
    while let Some(event) = stream.next().await {
        event.unwrap();
        tokio::time::sleep(LIMIT * 2).await;
    }
}

fn audio() -> Vec<memory::Step> {
    vec![
        memory::Step::Pause(GAP),
        memory::Step::Head(200, "audio/wav"),
    ]
}

#[tokio::test(start_paused = true)]
async fn audio_may_take_longer_than_the_timeout_as_a_stream() {
    let transport = Memory::script([[audio(), body(GAP, &["RIFF", "more"])].concat()]);
    let client = transport.builder().timeout(LIMIT).build().unwrap();
    let speech = client.audio().speech().create(spoken()).await.unwrap();
    let mut stream = speech.into_stream();
    assert_eq!(stream.next().await.unwrap().unwrap(), b"RIFF".as_slice());
    assert_eq!(stream.next().await.unwrap().unwrap(), b"more".as_slice());
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(
        (error.kind(), error.request_id()),
        (ErrorKind::Timeout, Some(REQUEST_ID))
    );
    assert!(stream.next().await.is_none());
}

fn spoken() -> SpeechRequest {
    SpeechRequest::new("m", "x", "v")
}

/// The timeout is for the head, and once more for the body; an idle timeout is none of its business.
#[tokio::test(start_paused = true)]
async fn audio_that_is_read_whole_has_the_timeout_twice() {
    let mut in_time = [audio(), body(GAP, &["RIFF"])].concat();
    in_time.pop();
    let late = [audio(), body(GAP, &["RIFF", "more"])].concat();
    let transport = Memory::script([in_time, late]);
    let builder = transport.builder().timeout(LIMIT).idle_timeout(LIMIT / 5);
    let client = builder.build().unwrap();
    let read = async || {
        let speech = client.audio().speech().create(spoken()).await?;
        speech.bytes().await
    };
    assert_eq!(read().await.unwrap(), b"RIFF".as_slice());
    let error = read().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.request_id()),
        (ErrorKind::Timeout, Some(REQUEST_ID))
    );
}

/// The whole call has one deadline; waits and attempts do not extend it.
#[tokio::test(start_paused = true)]
async fn retries_happen_within_the_deadline() {
    let busy = vec![
        memory::Step::Pause(GAP),
        memory::Step::Head(503, "text/plain"),
    ];
    let transport = Memory::script([busy, vec![memory::Step::Hold]]);
    let client = transport.builder().timeout(LIMIT).build().unwrap();
    let begun = Instant::now();
    let error = client.models().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(transport.calls(), 2);
    assert!(begun.elapsed() >= LIMIT && begun.elapsed() < GAP * 2);
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
