//! Load: plain chat calls a second on one core, beside a bare axum handler; a thousand paced streams at once; memory over many calls and
//! with many connections.
//!
//! Both servers run in one process on a thread of their own with a current-thread runtime, so each has one core at most. The client is
//! the same for both: a few keep-alive connections that write one prepared request and read its answer by its length. Rounds alternate,
//! so that whatever else the machine does hurts both alike; the result is the median of the rounds' ratios. Where the system says how
//! long a thread has run (Linux), the ratio of CPU time a call is given too: it hardly depends on what else runs.
//!
//! `cargo bench -p runinfra-gateway --bench load` runs all of it; a part is named behind `--`: `calls`, `streams`, `connections`,
//! `memory`. With
//! `taskset -c 0` before it, client, bare handler and gateway share one core, and calls a second include the client's share.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints its result and stops at the first surprise"
)]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use axum::extract::Json;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use runinfra_gateway::{Config, Gateway, Plan};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 16;
const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_millis(1_500);
const KEY: &str = "rp_live_0123456789012345678901234567890123456789";

#[derive(Deserialize)]
struct ChatRequest {
    model: String,
    messages: Vec<Message>,
    max_tokens: Option<u32>,
}

#[derive(Serialize, Deserialize)]
struct Message {
    role: String,
    content: String,
}

#[derive(Serialize)]
struct ChatAnswer {
    id: String,
    object: &'static str,
    created: u64,
    model: String,
    choices: Vec<Choice>,
    usage: Usage,
}

#[derive(Serialize)]
struct Choice {
    index: u32,
    message: Message,
    finish_reason: &'static str,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the wire's names")]
struct Usage {
    prompt_tokens: usize,
    completion_tokens: u32,
    total_tokens: usize,
}

/// The floor: a bearer check, typed JSON in, typed JSON out.
async fn bare(
    headers: HeaderMap,
    Json(request): Json<ChatRequest>,
) -> Result<Json<ChatAnswer>, StatusCode> {
    let authorized = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .is_some_and(|key| key == KEY);
    if !authorized {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let prompt_tokens = request
        .messages
        .iter()
        .map(|message| message.content.len() / 4)
        .sum();
    let _ = request.max_tokens;
    Ok(Json(ChatAnswer {
        id: "chatcmpl-000000000000000000000000".to_owned(),
        object: "chat.completion",
        created: 1_800_000_000,
        model: request.model,
        choices: vec![Choice {
            index: 0,
            message: Message {
                role: "assistant".to_owned(),
                content: "nonce-4711".to_owned(),
            },
            finish_reason: "stop",
        }],
        usage: Usage {
            prompt_tokens,
            completion_tokens: 4,
            total_tokens: prompt_tokens + 4,
        },
    }))
}

/// A server on a thread of its own.
#[derive(Clone)]
struct Server {
    address: SocketAddr,
    /// Where Linux counts the thread's time.
    counter: Option<PathBuf>,
}

impl Server {
    /// How long its thread has run on a processor.
    fn cpu_time(&self) -> Option<Duration> {
        let text = std::fs::read_to_string(self.counter.as_ref()?).ok()?;
        let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
        Some(Duration::from_nanos(nanoseconds))
    }
}

/// Runs a server on a thread of its own, which has its name in a profile.
fn on_one_core<F>(
    name: &str,
    serve: impl FnOnce(mpsc::Sender<SocketAddr>) -> F + Send + 'static,
) -> Server
where
    F: Future<Output = ()>,
{
    let (started, address) = mpsc::channel();
    let (counting, counter) = mpsc::channel();
    let named = thread::Builder::new().name(name.to_owned());
    let run = move || {
        let thread = std::fs::read_link("/proc/thread-self").ok();
        let counter = thread.map(|thread| PathBuf::from("/proc").join(thread).join("schedstat"));
        counting.send(counter).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(serve(started));
    };
    named.spawn(run).unwrap();
    Server {
        address: address.recv().unwrap(),
        counter: counter.recv().unwrap(),
    }
}

fn axum_server() -> Server {
    on_one_core("axum", |started| async move {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        started.send(listener.local_addr().unwrap()).unwrap();
        axum::serve(
            listener,
            axum::Router::new().route("/v1/chat/completions", post(bare)),
        )
        .await
        .unwrap();
    })
}

fn gateway_server(pace: Duration) -> Server {
    on_one_core("gateway", move |started| async move {
        let config = Config {
            api_key: Some(runinfra_gateway::Secret::new(KEY)),
            plan: Plan::Enterprise,
            // The budget is counted and its headers are sent; the ceiling is beyond what a round can spend only because the clock is moved.
            clock: runinfra_gateway::Clock::manual(Duration::from_secs(1_800_000_000)),
            pace,
            ..Config::default()
        };
        let clock = config.clock.clone();
        let gateway = Gateway::start(config).await.unwrap();
        started.send(gateway.address()).unwrap();
        loop {
            tokio::time::sleep(Duration::from_millis(200)).await;
            clock.advance(Duration::from_secs(61));
        }
    })
}

fn request(body: &str) -> Vec<u8> {
    format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {KEY}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Reads one answer with a content length; returns its status.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> u16 {
    buffer.clear();
    loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = std::str::from_utf8(&buffer[..end])
                .unwrap()
                .to_ascii_lowercase();
            let length: usize = head
                .split("content-length: ")
                .nth(1)
                .unwrap()
                .lines()
                .next()
                .unwrap()
                .parse()
                .unwrap();
            if buffer.len() >= end + 4 + length {
                return head[9..12].parse().unwrap();
            }
        }
        assert!(stream.read_buf(buffer).await.unwrap() > 0);
    }
}

/// What a round came to.
struct Round {
    calls_per_second: f64,
    /// Microseconds of processor time a call.
    cpu: Option<f64>,
}

/// Calls over all connections for as long as a round lasts.
fn round(server: &Server, prompts: &[Vec<u8>]) -> Round {
    let before = server.cpu_time();
    let calls = calls(server.address, prompts, ROUND);
    let spent = server.cpu_time().zip(before);
    Round {
        calls_per_second: calls / ROUND.as_secs_f64(),
        cpu: spent.map(|(after, before)| after.saturating_sub(before).as_secs_f64() * 1e6 / calls),
    }
}

/// How many calls are answered in `time`.
fn calls(address: SocketAddr, prompts: &[Vec<u8>], time: Duration) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let calls: usize = runtime.block_on(async {
        let until = Instant::now() + time;
        let clients = (0..CONNECTIONS).map(|number| async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            let (mut buffer, mut calls) = (Vec::with_capacity(4_096), 0);
            while Instant::now() < until {
                stream
                    .write_all(&prompts[(number + calls) % prompts.len()])
                    .await
                    .unwrap();
                assert_eq!(answer(&mut stream, &mut buffer).await, 200);
                calls += 1;
            }
            calls
        });
        futures_util::future::join_all(clients)
            .await
            .into_iter()
            .sum()
    });
    f64::from(u32::try_from(calls).unwrap())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn calls_per_second() {
    let (axum, gateway) = (axum_server(), gateway_server(Duration::ZERO));
    // Different prompts, so that nothing can be remembered between calls.
    let prompts: Vec<Vec<u8>> = (0..512)
        .map(|number| {
            request(&format!(
                r#"{{"model":"llama-3.3-70b-instruct","messages":[{{"role":"user","content":"Reply with exactly: nonce-{number}"}}],"max_tokens":16}}"#
            ))
        })
        .collect();
    round(&axum, &prompts);
    round(&gateway, &prompts);
    let rounds: Vec<(Round, Round)> = (0..ROUNDS)
        .map(|_| (round(&axum, &prompts), round(&gateway, &prompts)))
        .collect();
    let of = |value: fn(&(Round, Round)) -> f64| median(rounds.iter().map(value).collect());
    println!(
        "plain chat on one core: axum {:.0}/s, gateway {:.0}/s, ratio {:.2} (target 0.80)",
        of(|(bare, _)| bare.calls_per_second),
        of(|(_, full)| full.calls_per_second),
        of(|(bare, full)| full.calls_per_second / bare.calls_per_second),
    );
    if rounds
        .iter()
        .all(|(bare, full)| bare.cpu.is_some() && full.cpu.is_some())
    {
        let cpu = |round: &Round| round.cpu.unwrap_or(f64::NAN);
        println!(
            "processor time a call: axum {:.1} us, gateway {:.1} us, ratio {:.2} (target 0.80)",
            median(rounds.iter().map(|(bare, _)| cpu(bare)).collect()),
            median(rounds.iter().map(|(_, full)| cpu(full)).collect()),
            median(
                rounds
                    .iter()
                    .map(|(bare, full)| cpu(bare) / cpu(full))
                    .collect()
            ),
        );
    }
}

/// Memory of this process in MiB, where the system says so (Linux).
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1_024.0)
}

/// Calls that each bring an idempotency key of their own: once the journal and the stored answers are full, memory stays where it is.
fn memory() {
    const CALLS: usize = 80_000;
    const MOST_GROWTH: f64 = 16.0;
    let server = gateway_server(Duration::ZERO);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let batch = |number: usize| {
        let clients = (0..CONNECTIONS).map(|client| async move {
            let mut stream = TcpStream::connect(server.address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            let mut buffer = Vec::with_capacity(4_096);
            for call in 0..CALLS / CONNECTIONS {
                let key = format!("\r\nidempotency-key: soak-{number}-{client}-{call}\r\ncontent-type");
                let body = r#"{"model":"llama-3.3-70b-instruct","messages":[{"role":"user","content":"Reply with exactly: nonce"}]}"#;
                let request = String::from_utf8(request(body)).unwrap();
                let request = request.replacen("\r\ncontent-type", &key, 1);
                stream.write_all(request.as_bytes()).await.unwrap();
                assert_eq!(answer(&mut stream, &mut buffer).await, 200);
            }
        });
        runtime.block_on(futures_util::future::join_all(clients));
        resident()
    };
    // The first fills the journal (65,536 entries) and the stored keys (10,000).
    let sizes: Option<Vec<f64>> = (0..4).map(batch).collect();
    let Some(sizes) = sizes else {
        println!("memory: this system does not say");
        return;
    };
    let growth = sizes[3] - sizes[0];
    println!(
        "memory after each {CALLS} keyed calls: {sizes:.0?} MiB, growth {growth:.1} MiB (at most {MOST_GROWTH})"
    );
    assert!(growth < MOST_GROWTH);
}

fn paced_streams() {
    const STREAMS: usize = 1_000;
    let address = gateway_server(Duration::from_millis(20)).address;
    let body = r#"{"model":"llama-3.3-70b-instruct","messages":[{"role":"user","content":"Count from 1 to 30"}],"stream":true}"#;
    let request = request(body);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let started = Instant::now();
    let complete: usize = runtime.block_on(async {
        let streams = (0..STREAMS).map(|_| async {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(&request).await.unwrap();
            let mut buffer = Vec::new();
            while !buffer.ends_with(b"0\r\n\r\n") {
                assert!(stream.read_buf(&mut buffer).await.unwrap() > 0);
            }
            let text = String::from_utf8(buffer).unwrap();
            usize::from(text.contains("[DONE]"))
        });
        futures_util::future::join_all(streams)
            .await
            .into_iter()
            .sum()
    });
    println!(
        "paced streams at once: {complete} of {STREAMS} complete in {:.2} s (60 increments of 20 ms: 1.2 s alone)",
        started.elapsed().as_secs_f64()
    );
    assert_eq!(complete, STREAMS);
}

/// A thousand connections that say nothing, and a thousand that have sent half a head.
fn connections() {
    const EACH: usize = 1_000;
    const MOST_GROWTH: f64 = 64.0;
    let server = gateway_server(Duration::ZERO);
    let models = format!(
        "GET /v1/models HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {KEY}\r\n\r\n"
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let sizes: Option<Vec<f64>> = runtime.block_on(async {
        let ask = async || {
            let mut stream = TcpStream::connect(server.address).await.unwrap();
            stream.write_all(models.as_bytes()).await.unwrap();
            assert_eq!(answer(&mut stream, &mut Vec::new()).await, 200);
        };
        ask().await;
        let mut sizes = vec![resident()];
        let mut open = Vec::new();
        for half in ["", &models[..models.len() - 4]] {
            for _ in 0..EACH {
                let mut stream = TcpStream::connect(server.address).await.unwrap();
                stream.write_all(half.as_bytes()).await.unwrap();
                open.push(stream);
            }
            // Whoever asks now is behind all of them, so that they have been accepted and read.
            ask().await;
            sizes.push(resident());
        }
        sizes.into_iter().collect()
    });
    let Some(sizes) = sizes else {
        println!("connections: this system does not say how much memory they take");
        return;
    };
    let growth = sizes[2] - sizes[0];
    println!(
        "memory before, with {EACH} idle connections, with {EACH} slow heads more: {sizes:.1?} MiB, growth {growth:.1} MiB (at most {MOST_GROWTH}, both ends included)"
    );
    assert!(growth < MOST_GROWTH);
}

fn main() {
    let parts: [(&str, fn()); 4] = [
        ("calls", calls_per_second),
        ("streams", paced_streams),
        ("connections", connections),
        ("memory", memory),
    ];
    // Cargo adds `--bench` to what was asked for.
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let known = |asked: &String| parts.iter().any(|(name, _)| name == asked);
    assert!(
        asked.iter().all(known),
        "the parts are calls, streams, connections and memory"
    );
    for (name, run) in parts {
        if asked.is_empty() || asked.iter().any(|asked| asked == name) {
            run();
        }
    }
}
