//! Memory over many calls, and with many connections.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::client::{answer, request};
use crate::server::gateway_server;
use crate::{CONNECTIONS, KEY};

/// Memory of this process in MiB, where the system says so (Linux).
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1_024.0)
}

/// Calls that each bring an idempotency key of their own: once the journal and the stored answers are full, memory stays where it is.
pub(crate) fn memory() {
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

/// A thousand connections that say nothing, and a thousand that have sent half a head.
pub(crate) fn connections() {
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
