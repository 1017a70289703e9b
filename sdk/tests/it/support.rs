//! A scripted HTTP/1.1 server over raw loopback sockets: it answers with the bytes it is told, and remembers what it saw.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use runinfra::{Client, ClientBuilder};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};

pub(crate) const KEY: &str = "rp_live_S3cretMarker+42";
pub(crate) const REQUEST_ID: &str = "7d3c0a52-4b1e-4f0e-9d55-0d8e6f1a2b3c";

/// Longer than anything here takes on a busy machine; only a broken test waits for it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// One thing the server does with the socket.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Send(Vec<u8>),
    /// Stays silent until the client goes away.
    Hold,
    /// Waits until the test says so.
    Wait(Arc<Notify>),
    /// Closes in good order.
    Close,
    /// Closes with a reset.
    Reset,
}

/// What the server saw of one request.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) connection: usize,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

#[derive(Default)]
struct Record {
    seen: Mutex<Vec<Seen>>,
    connections: watch::Sender<usize>,
    closed: watch::Sender<usize>,
    sent: AtomicUsize,
}

pub(crate) struct Server {
    address: SocketAddr,
    record: Arc<Record>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Answer = dyn Fn(&Seen, usize) -> Vec<Step> + Send + Sync;

impl Server {
    /// Answers the n-th request with what `answer` says for it.
    pub(crate) async fn start(
        answer: impl Fn(&Seen, usize) -> Vec<Step> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let record = Arc::new(Record::default());
        let answer: Arc<Answer> = Arc::new(answer);
        let shared = Arc::clone(&record);
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let number = *shared.connections.borrow();
                shared.connections.send_modify(|count| *count += 1);
                let (record, answer) = (Arc::clone(&shared), Arc::clone(&answer));
                tokio::spawn(async move {
                    serve(socket, number, &record, &*answer).await;
                    record.closed.send_modify(|count| *count += 1);
                });
            }
        });
        Self {
            address,
            record,
            task,
        }
    }

    /// Answers requests in order with these, and the last one from then on.
    pub(crate) async fn script(replies: impl Into<Vec<Vec<Step>>>) -> Self {
        let replies = replies.into();
        Self::start(move |_, number| replies[number.min(replies.len() - 1)].clone()).await
    }

    /// Answers every request with these, and gives a count of the bytes sent so far beside the server.
    pub(crate) async fn counting(steps: Vec<Step>) -> (Self, impl Fn() -> usize) {
        let server = Self::script([steps]).await;
        let record = Arc::clone(&server.record);
        (server, move || record.sent.load(Ordering::Relaxed))
    }

    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder()
            .api_key(KEY)
            .base_url(self.base_url())
            .retry_base(Duration::ZERO)
    }

    pub(crate) fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.record.seen.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.record.connections.borrow()
    }

    /// Waits until the clients of `count` connections have gone away.
    pub(crate) async fn closed(&self, count: usize) {
        let mut closed = self.record.closed.subscribe();
        let enough = closed.wait_for(|seen| *seen >= count);
        tokio::time::timeout(PATIENCE, enough)
            .await
            .unwrap()
            .unwrap();
    }
}

async fn serve(mut socket: TcpStream, connection: usize, record: &Record, answer: &Answer) {
    let mut buffer = Vec::new();
    while let Some(seen) = read_request(&mut socket, connection, &mut buffer).await {
        let number = {
            let mut all = record.seen.lock().unwrap();
            all.push(seen.clone());
            all.len() - 1
        };
        for step in answer(&seen, number) {
            match step {
                Step::Send(bytes) => {
                    if socket.write_all(&bytes).await.is_err() {
                        return;
                    }
                    record.sent.fetch_add(bytes.len(), Ordering::Relaxed);
                }
                Step::Wait(notify) => notify.notified().await,
                Step::Hold => {
                    let mut rest = [0; 64];
                    while matches!(socket.read(&mut rest).await, Ok(read) if read > 0) {}
                    return;
                }
                Step::Close => return,
                Step::Reset => {
                    let _ = socket.set_zero_linger();
                    return;
                }
            }
        }
    }
}

async fn read_request(
    socket: &mut TcpStream,
    connection: usize,
    buffer: &mut Vec<u8>,
) -> Option<Seen> {
    let head_end = loop {
        if let Some(at) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        if socket.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(buffer[..head_end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let mut start = lines.next()?.split(' ');
    let (method, path) = (start.next()?.to_owned(), start.next()?.to_owned());
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length: usize = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let body_start = head_end + 4;
    while buffer.len() < body_start + length {
        if socket.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    let body = buffer[body_start..body_start + length].to_vec();
    buffer.drain(..body_start + length);
    Some(Seen {
        connection,
        method,
        path,
        headers,
        body,
    })
}

/// A whole answer with a length.
pub(crate) fn reply(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<Step> {
    let body = body.as_ref();
    let mut bytes = head(status, headers);
    bytes.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
    bytes.extend_from_slice(body);
    vec![Step::Send(bytes)]
}

/// A whole JSON answer.
pub(crate) fn json(status: u16, body: impl std::fmt::Display) -> Vec<Step> {
    reply(
        status,
        &[
            ("content-type", "application/json"),
            ("x-request-id", REQUEST_ID),
        ],
        body.to_string(),
    )
}

/// The error envelope.
pub(crate) fn error(status: u16, error_type: &str, message: &str) -> Vec<Step> {
    json(
        status,
        serde_json::json!({"error": {"message": message, "type": error_type, "code": null}}),
    )
}

/// The head of an event stream whose body ends with the connection.
pub(crate) fn sse_head() -> Step {
    let mut bytes = head(
        200,
        &[
            ("content-type", "text/event-stream; charset=utf-8"),
            ("x-request-id", REQUEST_ID),
            ("connection", "close"),
        ],
    );
    bytes.extend_from_slice(b"\r\n");
    Step::Send(bytes)
}

/// An event stream, whole, ended by closing.
pub(crate) fn sse(body: impl AsRef<[u8]>) -> Vec<Step> {
    vec![sse_head(), Step::Send(body.as_ref().to_vec()), Step::Close]
}

/// An event stream in one chunk of chunked encoding, after which the connection can be used again.
pub(crate) fn sse_chunked(body: impl AsRef<[u8]>) -> Vec<Step> {
    let body = body.as_ref();
    let mut bytes = head(
        200,
        &[
            ("content-type", "text/event-stream"),
            ("x-request-id", REQUEST_ID),
            ("transfer-encoding", "chunked"),
        ],
    );
    bytes.extend_from_slice(format!("\r\n{:x}\r\n", body.len()).as_bytes());
    bytes.extend_from_slice(body);
    bytes.extend_from_slice(b"\r\n0\r\n\r\n");
    vec![Step::Send(bytes)]
}

fn head(status: u16, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status} Scripted\r\n");
    for (name, value) in headers {
        text.extend([name, ": ", value, "\r\n"]);
    }
    text.into_bytes()
}

/// The frames of a short chat, ended by `[DONE]`.
pub(crate) fn chat_frames() -> Vec<String> {
    let chunk = |delta: serde_json::Value, finish: Option<&str>| {
        let choice = serde_json::json!({"index": 0, "delta": delta, "finish_reason": finish});
        let chunk = serde_json::json!({"id": "c1", "object": "chat.completion.chunk", "created": 7, "model": "m", "choices": [choice]});
        format!("data: {chunk}\n\n")
    };
    vec![
        chunk(
            serde_json::json!({"role": "assistant", "content": ""}),
            None,
        ),
        chunk(serde_json::json!({"content": "žlu"}), None),
        chunk(serde_json::json!({"content": "ť 🦀"}), None),
        chunk(serde_json::json!({}), Some("stop")),
        "data: [DONE]\n\n".to_owned(),
    ]
}

/// A whole chat answer.
pub(crate) fn chat_answer() -> serde_json::Value {
    serde_json::json!({
        "id": "c1", "object": "chat.completion", "created": 7, "model": "m",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "hello"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
    })
}

/// A whole response.
pub(crate) fn response(status: &str, text: &str) -> serde_json::Value {
    serde_json::json!({
        "id": "r1", "object": "response", "created_at": 7, "status": status, "model": "m",
        "output": [
            {"type": "message", "id": "i1", "status": status, "role": "assistant", "content": [{"type": "output_text", "text": text, "annotations": []}]},
            {"type": "novel"}
        ],
        "usage": {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}
    })
}

/// The frames of a short streamed response.
pub(crate) fn response_frames() -> Vec<String> {
    let delta = |number: u32, text: &str| serde_json::json!({"type": "response.output_text.delta", "sequence_number": number, "item_id": "i1", "output_index": 0, "content_index": 0, "delta": text});
    let events = [
        serde_json::json!({"type": "response.created", "sequence_number": 0, "response": response("in_progress", "")}),
        delta(1, "hel"),
        delta(2, "lo"),
        serde_json::json!({"type": "response.novel", "sequence_number": 3}),
        serde_json::json!({"type": "response.completed", "sequence_number": 4, "response": response("completed", "hello")}),
    ];
    events
        .iter()
        .map(|event| {
            format!(
                "event: {}\ndata: {event}\n\n",
                event["type"].as_str().unwrap()
            )
        })
        .collect()
}
