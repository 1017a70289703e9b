//! Foreign and hostile bytes: documented errors with request ids, bounded memory, no hang, no panic.

use std::time::Duration;

use crate::support::{Bench, quick, read};
use runinfra_gateway::Config;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Sends raw bytes and reads whatever comes until the connection closes or falls silent.
async fn raw(bench: &Bench, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(bench.gateway.address()).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(3), stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn head(bench: &Bench, length: usize) -> String {
    format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n",
        bench.gateway.api_key()
    )
}

fn assert_documented(answer: &str, status: &str) {
    assert!(
        answer.starts_with(&format!("HTTP/1.1 {status}")),
        "{answer}"
    );
    assert!(answer.contains("x-request-id: "), "{answer}");
    let body = answer.split("\r\n\r\n").nth(1).unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    assert!(
        body["error"]["message"]
            .as_str()
            .is_some_and(|message| !message.is_empty())
    );
}

#[tokio::test]
async fn heads_that_are_no_http_are_refused_with_a_request_id() {
    let bench = Bench::conforming().await;
    let long = format!(
        "GET /v1/models HTTP/1.1\r\nx-a: {}\r\n\r\n",
        "y".repeat(200_000)
    );
    for (bytes, status) in [
        (&b"\x00\x01\x02 nonsense\r\n\r\n"[..], "400"),
        (b"GET /v1/models HTTP/1.1\r\nbad header\r\n\r\n", "400"),
        (long.as_bytes(), "431"),
    ] {
        assert_documented(&raw(&bench, bytes).await, status);
    }
}

#[tokio::test]
async fn bodies_that_are_no_request_are_refused() {
    let bench = Bench::conforming().await;
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let bodies: [(&[u8], &str); 7] = [
        (b"", "400"),
        (b"\xff\xfe\x00", "400"),
        (b"null", "400"),
        (b"[]", "400"),
        (b"{\"model\": 1e999}", "400"),
        (nested.as_bytes(), "400"),
        (b"{\"model\":\"m\",\"messages\":[]} trailing", "400"),
    ];
    for (body, status) in bodies {
        let request = [head(&bench, body.len()).as_bytes(), body].concat();
        assert_documented(&raw(&bench, &request).await, status);
    }
}

#[tokio::test]
async fn oversized_bodies_are_refused_and_not_kept() {
    let bench = Bench::conforming().await;
    let body = vec![b'x'; 9 * 1024 * 1024];
    let answer = bench
        .http
        .post(bench.url("/chat/completions"))
        .bearer_auth(bench.gateway.api_key())
        .header("content-type", "application/json")
        .body(body.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 422);
    // Without a key nothing is kept at all, and the refusal still arrives.
    let answer = bench
        .http
        .post(bench.url("/chat/completions"))
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 401);
}

#[tokio::test]
async fn slow_and_truncated_bodies_end() {
    let bench = Bench::start(Config {
        read_timeout: Duration::from_millis(200),
        ..quick()
    })
    .await;
    let started = [head(&bench, 500).as_bytes(), b"{\"model\""].concat();
    assert_documented(&raw(&bench, &started).await, "408");
    let unended = b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n";
    assert_documented(&raw(&bench, unended).await, "408");
    // A connection that never says anything ends without an answer to nothing.
    assert_eq!(raw(&bench, b"").await, "");
    assert_eq!(bench.get("/models").await.status, 200);
}

#[tokio::test]
async fn a_thousand_idle_connections_leave_room_for_work() {
    let bench = Bench::conforming().await;
    let mut idle = Vec::new();
    for _ in 0..1_000 {
        idle.push(TcpStream::connect(bench.gateway.address()).await.unwrap());
    }
    assert_eq!(bench.ask(json!("Say hello")).await.text(), "hello");
    drop(idle);
}

#[tokio::test]
async fn schemas_that_explode_are_answered_in_time() {
    let bench = Bench::conforming().await;
    let recursive = json!({"type": "object", "required": ["a", "b", "c", "d"], "properties": {
        "a": {"$ref": "#"}, "b": {"$ref": "#"}, "c": {"$ref": "#"}, "d": {"$ref": "#"}}});
    let huge = json!({"type": "string", "pattern": "(((a{900}){900}){900}){900}"});
    let remote = json!({"$ref": "http://192.0.2.1/schema.json"});
    for schema in [
        recursive,
        json!({"type": "object", "properties": {"x": huge}, "required": ["x"]}),
        remote,
    ] {
        let body = json!({"prompt": "x", "response_format": {"type": "json_schema", "json_schema": {"name": "s", "schema": schema}}});
        let answer = tokio::time::timeout(Duration::from_secs(20), bench.ask(body))
            .await
            .unwrap();
        assert!([400, 422].contains(&answer.status), "{}", answer.status);
    }
}

#[tokio::test]
async fn refusals_never_repeat_a_presented_key() {
    let bench = Bench::conforming().await;
    let marker = "rp_live_marker000000000000000000000000000000000";
    for value in [
        format!("Bearer {marker}"),
        marker.to_owned(),
        format!("Basic {marker}"),
    ] {
        let answer = read(
            bench
                .http
                .get(bench.url("/models"))
                .header("authorization", value)
                .send()
                .await
                .unwrap(),
        )
        .await;
        assert_eq!(answer.status, 401);
        assert!(
            !format!("{answer:?}").contains("marker0")
                && !String::from_utf8_lossy(&answer.body).contains("marker0")
        );
    }
    let printed = format!("{:?}", bench.gateway);
    assert!(
        !printed.contains(bench.gateway.api_key())
            && !printed.contains(bench.gateway.pipeline_key())
    );
}
