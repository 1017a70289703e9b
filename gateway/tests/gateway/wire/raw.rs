//! Requests and answers as bytes.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::Bench;

/// One answer as it stood on the wire.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Raw {
    pub(super) fn code(&self) -> Value {
        assert!(
            self.head.contains("\r\nx-request-id: "),
            "untraced: {self:?}"
        );
        assert!(
            self.head.contains("\r\ncontent-type: application/json"),
            "{self:?}"
        );
        let body: Value = serde_json::from_slice(&self.body).unwrap();
        assert!(!body["error"]["message"].as_str().unwrap().is_empty());
        assert!(body["error"]["type"].is_string());
        body["error"]["code"].clone()
    }
}

/// Splits what came into answers; each but an answer to HEAD is as long as its content length says.
pub(super) fn answers(mut bytes: &[u8], to_head: bool) -> Vec<Raw> {
    let mut answers = Vec::new();
    while !bytes.is_empty() {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(bytes)));
        let head = std::str::from_utf8(&bytes[..end + 2]).unwrap().to_owned();
        let status = head[9..12].parse().unwrap();
        let length = head
            .split("content-length: ")
            .nth(1)
            .map_or(0, |rest| rest.lines().next().unwrap().parse().unwrap());
        let length = if to_head { 0 } else { length };
        let (body, rest) = bytes[end + 4..].split_at(length);
        answers.push(Raw {
            status,
            head,
            body: body.to_vec(),
        });
        bytes = rest;
    }
    answers
}

pub(super) async fn connect(bench: &Bench) -> TcpStream {
    TcpStream::connect(bench.gateway.address()).await.unwrap()
}

/// What a connection says until it ends.
pub(super) async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let reading = stream.read_to_end(&mut bytes);
    tokio::time::timeout(Duration::from_secs(30), reading)
        .await
        .unwrap_or_else(|_| panic!("the connection stays open"))
        .unwrap();
    bytes
}

/// Sends bytes, and reads answers until the gateway ends the connection.
pub(super) async fn exchange(bench: &Bench, request: impl AsRef<[u8]>) -> Vec<Raw> {
    let request = request.as_ref();
    let mut stream = connect(bench).await;
    stream.write_all(request).await.unwrap();
    answers(&rest(&mut stream).await, request.starts_with(b"HEAD "))
}

pub(super) async fn only(bench: &Bench, request: impl AsRef<[u8]>) -> Raw {
    let mut answers = exchange(bench, request).await;
    assert_eq!(answers.len(), 1, "{answers:?}");
    answers.remove(0)
}

/// Fills in what most requests have: `{auth}`, `{json}` and the length of the body.
pub(super) fn request(bench: &Bench, line: &str, headers: &str, body: &str) -> String {
    let key = bench.gateway.api_key();
    format!(
        "{line}\r\nhost: x\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\n{headers}connection: close\r\n\r\n{body}"
    )
}

pub(super) const CHAT: &str = "POST /v1/chat/completions HTTP/1.1";

pub(super) fn chat(bench: &Bench) -> String {
    bench.chat(json!("Say hello")).to_string()
}
