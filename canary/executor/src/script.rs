//! The scripted server behind `.local` rows: real sockets, real disconnects, real stalls.
//!
//! It answers as the row's script says and writes down what it received. It is no HTTP server for
//! anyone else: one request after another on each connection, bodies with `Content-Length` or
//! chunked.

mod receive;

use std::{
    net::Ipv4Addr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use canary_core::{
    matrix::{Frame, Reply, ReplyBody, Then},
    observe::{RequestSeen, ServerSeen},
    template::{Scope, fill, fill_text},
};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinSet,
};
use tokio_util::task::AbortOnDropHandle;

/// A running scripted server; it stops when dropped.
pub struct ScriptedServer {
    base_url: String,
    seen: Arc<Mutex<ServerSeen>>,
    changed: Arc<Notify>,
    under_way: Arc<AtomicUsize>,
    _accepting: AbortOnDropHandle<()>,
}

/// A reply with its slots filled, as steps to take on the socket.
#[derive(Debug, Clone)]
struct Steps {
    delay: Duration,
    /// Without the blank line that ends it.
    head: Vec<u8>,
    /// Whether a fresh request id is added, another each time.
    traced: bool,
    body: Vec<Step>,
    then: Then,
}

#[derive(Debug, Clone)]
enum Step {
    Write(Vec<u8>),
    Pause(Duration),
}

impl ScriptedServer {
    /// Binds a free loopback port and answers with the script.
    pub async fn start(script: &[Reply], scope: &dyn Scope) -> std::io::Result<Self> {
        let steps: Vec<Steps> = script.iter().map(|reply| steps(reply, scope)).collect();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let base_url = format!("http://{}/v1", listener.local_addr()?);
        let seen = Arc::<Mutex<ServerSeen>>::default();
        let changed = Arc::<Notify>::default();
        let under_way = Arc::<AtomicUsize>::default();
        let shared = Shared {
            seen: Arc::clone(&seen),
            changed: Arc::clone(&changed),
            under_way: Arc::clone(&under_way),
            steps: steps.into(),
            began: Instant::now(),
        };
        let accepting = tokio::spawn(accept(listener, shared));
        Ok(Self {
            base_url,
            seen,
            changed,
            under_way,
            _accepting: AbortOnDropHandle::new(accepting),
        })
    }

    /// Base URL for a client.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// What was received so far.
    pub fn seen(&self) -> ServerSeen {
        lock(&self.seen).clone()
    }

    /// Waits, at most so long, until no answer is under way: each was written to its end, or the
    /// client has let go of it, which the server sees a moment after the client did.
    pub async fn settle(&self, at_most: Duration) {
        let idle = async {
            loop {
                let changed = self.changed.notified();
                if self.under_way.load(Ordering::SeqCst) == 0 {
                    return;
                }
                changed.await;
            }
        };
        // Running out of time is an answer too: the row will see that nobody closed.
        let _in_time = tokio::time::timeout(at_most, idle).await;
    }
}

#[derive(Clone)]
struct Shared {
    seen: Arc<Mutex<ServerSeen>>,
    changed: Arc<Notify>,
    under_way: Arc<AtomicUsize>,
    steps: Arc<[Steps]>,
    began: Instant,
}

impl Shared {
    fn abandoned(&self) {
        lock(&self.seen).abandoned += 1;
    }
}

/// An answer that is under way for as long as this lives.
struct UnderWay<'s>(&'s Shared);

impl<'s> UnderWay<'s> {
    fn begin(shared: &'s Shared) -> Self {
        shared.under_way.fetch_add(1, Ordering::SeqCst);
        Self(shared)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
        self.0.changed.notify_waiters();
    }
}

fn lock(seen: &Mutex<ServerSeen>) -> MutexGuard<'_, ServerSeen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, shared: Shared) {
    let mut connections = JoinSet::new();
    while let Ok((socket, _)) = listener.accept().await {
        lock(&shared.seen).connections += 1;
        let shared = shared.clone();
        connections.spawn(async move {
            // A client that goes away mid-request is an observation, not a failure of the server.
            let _gone = serve(socket, &shared).await;
        });
    }
}

async fn serve(mut socket: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut buffer = Vec::new();
    while let Some(mut request) = receive::request(&mut socket, &mut buffer).await? {
        request.at = shared.began.elapsed();
        let _under_way = UnderWay::begin(shared);
        let steps = note(shared, request);
        let Some(steps) = steps else { return Ok(()) };
        if !answer(&mut socket, &steps, shared).await? {
            return Ok(());
        }
    }
    Ok(())
}

/// Writes a request down and says which reply it gets.
fn note(shared: &Shared, request: RequestSeen) -> Option<Steps> {
    let mut seen = lock(&shared.seen);
    let at = seen.requests.len();
    seen.requests.push(request);
    shared.steps.get(at).or(shared.steps.last()).cloned()
}

/// Takes the steps; `false` when the connection is over.
async fn answer(socket: &mut TcpStream, steps: &Steps, shared: &Shared) -> std::io::Result<bool> {
    let taken = take_steps(socket, steps).await;
    if taken.is_err() {
        shared.abandoned();
        return Ok(false);
    }
    match steps.then {
        Then::End => Ok(true),
        Then::Disconnect => Ok(false),
        Then::Stall => {
            wait_closed(socket).await;
            shared.abandoned();
            Ok(false)
        }
    }
}

async fn take_steps(socket: &mut TcpStream, steps: &Steps) -> std::io::Result<()> {
    pause(socket, steps.delay).await?;
    socket.write_all(&head(steps)).await?;
    for step in &steps.body {
        match step {
            Step::Write(bytes) => socket.write_all(bytes).await?,
            Step::Pause(time) => pause(socket, *time).await?,
        }
    }
    socket.flush().await
}

fn head(steps: &Steps) -> Vec<u8> {
    let mut head = steps.head.clone();
    if steps.traced {
        head.extend_from_slice(format!("x-request-id: {}\r\n", uuid::Uuid::new_v4()).as_bytes());
    }
    head.extend_from_slice(b"\r\n");
    head
}

/// Waits out a pause, unless the client closes first: that is an error, so that the answer counts
/// as abandoned.
async fn pause(socket: &mut TcpStream, time: Duration) -> std::io::Result<()> {
    if time.is_zero() {
        return Ok(());
    }
    tokio::select! {
        () = tokio::time::sleep(time) => Ok(()),
        () = wait_closed(socket) => Err(std::io::ErrorKind::ConnectionReset.into()),
    }
}

async fn wait_closed(socket: &mut TcpStream) {
    let mut byte = [0; 1];
    while let Ok(1..) = socket.read(&mut byte).await {}
}

fn steps(reply: &Reply, scope: &dyn Scope) -> Steps {
    let body = body_steps(&reply.body, scope);
    let length: usize = body
        .iter()
        .map(|step| {
            if let Step::Write(bytes) = step {
                bytes.len()
            } else {
                0
            }
        })
        .sum();
    let streamed = matches!(reply.body, ReplyBody::Sse(_));
    let mut head = format!("HTTP/1.1 {} Scripted\r\n", reply.status);
    let mut header = |name: &str, value: &str| head.extend([name, ": ", value, "\r\n"]);
    for (name, value) in &reply.headers {
        let value = fill_text(value, scope).ok().flatten().unwrap_or_default();
        header(name, &value.replace(['\r', '\n'], " "));
    }
    let has = |name: &str| reply.headers.iter().any(|(key, _)| key == name);
    let traced = reply.request_id && !has("x-request-id");
    if !has("content-type") {
        let default = match &reply.body {
            ReplyBody::Sse(_) => "text/event-stream",
            ReplyBody::Text(_) => "text/plain",
            _ => "application/json",
        };
        header("content-type", default);
    }
    // Whoever is cut off or left waiting was promised more.
    let body = match (streamed, reply.then) {
        (true, then) => {
            header("transfer-encoding", "chunked");
            chunked(body, then == Then::End)
        }
        (false, Then::End) => {
            header("content-length", &length.to_string());
            body
        }
        (false, _) => {
            header("content-length", &(length + 64).to_string());
            body
        }
    };
    Steps {
        delay: Duration::from_millis(reply.delay_ms),
        head: head.into_bytes(),
        traced,
        body,
        then: reply.then,
    }
}

fn body_steps(body: &ReplyBody, scope: &dyn Scope) -> Vec<Step> {
    let text = |value: &Value| fill_text(value, scope).ok().flatten().unwrap_or_default();
    match body {
        ReplyBody::Empty => Vec::new(),
        ReplyBody::Text(value) => vec![Step::Write(text(value).into_bytes())],
        ReplyBody::Json(value) => {
            let filled = fill(value, scope).ok().flatten().unwrap_or(Value::Null);
            vec![Step::Write(filled.to_string().into_bytes())]
        }
        ReplyBody::Sse(frames) => frames
            .iter()
            .map(|frame| match frame {
                Frame::Data(value) => {
                    let filled = fill(value, scope).ok().flatten().unwrap_or(Value::Null);
                    let data = filled
                        .as_str()
                        .map_or_else(|| filled.to_string(), str::to_owned);
                    Step::Write(format!("data: {data}\n\n").into_bytes())
                }
                Frame::Raw(value) => Step::Write(text(value).into_bytes()),
                Frame::Pause(millis) => Step::Pause(Duration::from_millis(*millis)),
            })
            .collect(),
    }
}

fn chunked(steps: Vec<Step>, end: bool) -> Vec<Step> {
    let mut out: Vec<Step> = steps
        .into_iter()
        .map(|step| match step {
            Step::Write(bytes) if !bytes.is_empty() => Step::Write(
                [
                    format!("{:x}\r\n", bytes.len()).into_bytes(),
                    bytes,
                    b"\r\n".to_vec(),
                ]
                .concat(),
            ),
            other => other,
        })
        .collect();
    if end {
        out.push(Step::Write(b"0\r\n\r\n".to_vec()));
    }
    out
}

#[cfg(test)]
mod tests;
