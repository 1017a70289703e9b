//! Odd but legal HTTP, and illegal HTTP: what a proxy, a scanner or a broken client sends.

mod forms;
mod raw;

use std::time::Duration;

use runinfra_gateway::Config;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use self::raw::{CHAT, answers, chat, connect, exchange, only, request, rest};
use crate::support::{Bench, quick};

#[tokio::test]
async fn odd_but_legal_requests_are_answered() {
    let bench = Bench::conforming().await;
    let body = chat(&bench);
    let length = format!("content-length: {}\r\n", body.len());
    let chunked = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    let cases = [
        (
            "HTTP/1.0",
            request(&bench, "POST /v1/chat/completions HTTP/1.0", &length, &body),
        ),
        (
            "absolute target",
            request(&bench, "GET http://example.com/v1/models HTTP/1.1", "", ""),
        ),
        (
            "query",
            request(&bench, "GET /v1/models?limit=1 HTTP/1.1", "", ""),
        ),
        (
            "percent-encoded id",
            request(&bench, "GET /v1/models/bge%2Dm3 HTTP/1.1", "", ""),
        ),
        (
            "chunked",
            request(&bench, CHAT, "transfer-encoding: chunked\r\n", &chunked),
        ),
        (
            "same length twice",
            request(&bench, CHAT, &length.repeat(2), &body),
        ),
        (
            "empty lines first",
            format!(
                "\r\n\r\n{}",
                request(&bench, "GET /v1/models HTTP/1.1", "", "")
            ),
        ),
        (
            "a GET with a body",
            request(
                &bench,
                "GET /v1/models HTTP/1.1",
                "content-length: 2\r\n",
                "hi",
            ),
        ),
        (
            "an upgrade nobody offers",
            request(&bench, "GET /v1/models HTTP/1.1", "upgrade: h2c\r\n", ""),
        ),
    ];
    for (name, request) in cases {
        let answer = only(&bench, request).await;
        assert_eq!(answer.status, 200, "{name}: {answer:?}");
        assert!(answer.head.contains("\r\nx-request-id: "), "{name}");
    }
}

/// Each request is refused with this status and code, in the envelope and with a request id.
async fn refused(bench: &Bench, cases: &[(&str, String, u16, &str)]) {
    for (name, request, status, code) in cases {
        let answer = only(bench, request).await;
        assert_eq!(
            (answer.status, answer.code()),
            (*status, json!(code)),
            "{name}: {answer:?}"
        );
    }
    assert_eq!(bench.get("/models").await.status, 200);
}

#[tokio::test]
async fn bodies_of_doubtful_length_are_refused() {
    let bench = Bench::conforming().await;
    let body = chat(&bench);
    let post = |headers: &str, body: &str| request(&bench, CHAT, headers, body);
    let chunks = |chunks: &str| post("transfer-encoding: chunked\r\n", chunks);
    let two = format!("content-length: {}\r\ncontent-length: 5\r\n", body.len());
    let old = request(
        &bench,
        "POST /v1/chat/completions HTTP/1.0",
        "transfer-encoding: chunked\r\n",
        "0\r\n\r\n",
    );
    let absurd = "content-length: 99999999999999999999999\r\n";
    let cases = [
        ("two lengths", post(&two, &body), 400, "malformed_http"),
        (
            "a list of lengths",
            post("content-length: 5, 6\r\n", &body),
            400,
            "malformed_http",
        ),
        (
            "a negative length",
            post("content-length: -1\r\n", ""),
            400,
            "malformed_http",
        ),
        ("an absurd length", post(absurd, ""), 400, "malformed_http"),
        (
            "an unknown encoding",
            post("transfer-encoding: gzip\r\n", ""),
            400,
            "malformed_http",
        ),
        ("chunks in HTTP/1.0", old, 400, "malformed_http"),
        (
            "a chunk without a size",
            chunks("zz\r\nx\r\n0\r\n\r\n"),
            400,
            "truncated_body",
        ),
        (
            "a chunk of absurd size",
            chunks("ffffffffffffffffff\r\nx"),
            400,
            "truncated_body",
        ),
        ("no length", post("", ""), 400, "empty_body"),
    ];
    refused(&bench, &cases).await;
}

#[tokio::test]
async fn heads_that_are_no_http_or_too_large_are_refused() {
    let bench = Bench::conforming().await;
    let get = |headers: &str| request(&bench, "GET /v1/models HTTP/1.1", headers, "");
    let later = request(&bench, "GET /v1/models HTTP/2.0", "", "");
    let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned();
    let huge = format!("x-a: {}\r\n", "y".repeat(300_000));
    let long = format!("GET /v1/models/{} HTTP/1.1", "a".repeat(65_600));
    let cases = [
        ("a later HTTP", later, 400, "malformed_http"),
        ("HTTP/2 itself", preface, 400, "http_version_not_supported"),
        (
            "a folded header",
            get("x-a: 1\r\n 2\r\n"),
            400,
            "malformed_http",
        ),
        (
            "a name with a space",
            get("x a: 1\r\n"),
            400,
            "malformed_http",
        ),
        (
            "many headers",
            get(&"x-a: 1\r\n".repeat(200)),
            431,
            "headers_too_large",
        ),
        ("a huge header", get(&huge), 431, "headers_too_large"),
        (
            "a huge target",
            request(&bench, &long, "", ""),
            414,
            "target_too_long",
        ),
        (
            "two keys",
            get("authorization: Bearer x\r\n"),
            401,
            "malformed_authorization",
        ),
    ];
    refused(&bench, &cases).await;
}

#[tokio::test]
async fn targets_and_methods_that_lead_nowhere_are_refused() {
    let bench = Bench::conforming().await;
    let of = |line: &str| request(&bench, &format!("{line} HTTP/1.1"), "", "");
    let cases = [
        (
            "a trailing slash",
            of("GET /v1/models/"),
            404,
            "route_not_found",
        ),
        (
            "a double slash",
            of("GET /v1//models"),
            404,
            "route_not_found",
        ),
        (
            "a path that climbs",
            of("GET /v1/x/../models"),
            404,
            "route_not_found",
        ),
        (
            "a percent-encoded route",
            of("GET /v1/%6Dodels"),
            404,
            "route_not_found",
        ),
        (
            "no UTF-8 behind percents",
            of("GET /v1/models/%FF"),
            404,
            "route_not_found",
        ),
        (
            "a NUL behind percents",
            of("GET /v1/models/a%00b"),
            404,
            "model_not_found",
        ),
        ("the asterisk", of("OPTIONS *"), 404, "route_not_found"),
        (
            "a tunnel",
            of("CONNECT example.com:443"),
            404,
            "route_not_found",
        ),
        (
            "OPTIONS",
            of("OPTIONS /v1/models"),
            405,
            "method_not_allowed",
        ),
        (
            "a made-up method",
            of("FETCH /v1/models"),
            405,
            "method_not_allowed",
        ),
    ];
    refused(&bench, &cases).await;
}

#[tokio::test]
async fn a_sender_that_stops_in_the_middle_is_told_so() {
    let bench = Bench::conforming().await;
    let cases = [
        (
            "half a head",
            "GET /v1/models HTTP/1.1\r\nhost: x\r\nauthor".to_owned(),
            "truncated_head",
        ),
        (
            "half a body",
            request(&bench, CHAT, "content-length: 500\r\n", "{"),
            "truncated_body",
        ),
        (
            "chunks without an end",
            request(
                &bench,
                CHAT,
                "transfer-encoding: chunked\r\n",
                "2\r\n{}\r\n",
            ),
            "truncated_body",
        ),
    ];
    for (name, request, code) in cases {
        let mut stream = connect(&bench).await;
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let answer = answers(&rest(&mut stream).await, false).remove(0);
        assert_eq!((answer.status, answer.code()), (400, json!(code)), "{name}");
    }
}

#[tokio::test]
async fn head_is_refused_without_a_body() {
    let bench = Bench::conforming().await;
    let answer = only(&bench, request(&bench, "HEAD /v1/models HTTP/1.1", "", "")).await;
    assert_eq!(answer.status, 405);
    assert!(answer.head.contains("\r\nallow: GET\r\n") && answer.body.is_empty());
    assert!(answer.head.contains("\r\nx-request-id: "));
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_their_order() {
    let bench = Bench::conforming().await;
    let head = format!(
        "host: x\r\nauthorization: Bearer {}\r\n",
        bench.gateway.api_key()
    );
    let body = chat(&bench);
    let requests = format!(
        "GET /v1/models/bge-m3 HTTP/1.1\r\n{head}\r\nGET /v1/none HTTP/1.1\r\n{head}\r\n{CHAT}\r\n{head}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}nonsense\r\n\r\n",
        body.len()
    );
    let answers = exchange(&bench, requests).await;
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200, 404, 200, 400]);
    assert_eq!(answers[3].code(), json!("malformed_http"));
    let ids: std::collections::HashSet<&str> = answers
        .iter()
        .map(|answer| answer.head.split("x-request-id: ").nth(1).unwrap())
        .map(|rest| rest.lines().next().unwrap())
        .collect();
    assert_eq!(ids.len(), 4);
}

#[tokio::test]
async fn a_caller_that_waits_is_told_to_go_on_or_refused_at_once() {
    let bench = Bench::conforming().await;
    let body = chat(&bench);
    let expecting = format!("content-length: {}\r\nexpect: 100-continue\r\n", body.len());
    let mut stream = connect(&bench).await;
    let asked = request(&bench, CHAT, &expecting, "");
    stream.write_all(asked.as_bytes()).await.unwrap();
    let mut word = [0; 25];
    stream.read_exact(&mut word).await.unwrap();
    assert_eq!(&word, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(body.as_bytes()).await.unwrap();
    assert_eq!(answers(&rest(&mut stream).await, false)[0].status, 200);
    // Nobody needs a body that is refused anyway: neither for its key, nor for its announced size.
    for (asked, status, code) in [
        (
            format!("{CHAT}\r\nhost: x\r\n{expecting}\r\n"),
            401,
            "missing_api_key",
        ),
        (
            request(
                &bench,
                CHAT,
                "content-length: 900000000\r\nexpect: 100-continue\r\n",
                "",
            ),
            422,
            "request_too_large",
        ),
    ] {
        let mut stream = connect(&bench).await;
        stream.write_all(asked.as_bytes()).await.unwrap();
        let answer = answers(&rest(&mut stream).await, false).remove(0);
        assert_eq!((answer.status, answer.code()), (status, json!(code)));
    }
}

#[tokio::test]
async fn an_oversized_body_is_refused_while_its_sender_still_writes() {
    let bench = Bench::conforming().await;
    let size = 12 * 1024 * 1024;
    let head = request(&bench, CHAT, &format!("content-length: {size}\r\n"), "");
    let mut stream = connect(&bench).await;
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&vec![b' '; size]).await.unwrap();
    let answer = answers(&rest(&mut stream).await, false).remove(0);
    assert_eq!(
        (answer.status, answer.code()),
        (422, json!("request_too_large"))
    );
}

#[tokio::test]
async fn a_head_that_drips_in_does_not_outlive_the_read_timeout() {
    let bench = Bench::start(Config {
        read_timeout: Duration::from_millis(200),
        ..quick()
    })
    .await;
    let mut stream = connect(&bench).await;
    let (mut reading, mut writing) = stream.split();
    let mut said = Vec::new();
    let dripping = async {
        let mut drips = b"GET /v1/models HTTP/1.1\r\nx-a: "
            .iter()
            .chain(std::iter::repeat(&b'y'));
        let mut ticks = tokio::time::interval(Duration::from_millis(10));
        // Ends when the gateway has closed its side, which a write then notices.
        while writing.write_all(&[*drips.next().unwrap()]).await.is_ok() {
            ticks.tick().await;
        }
    };
    let reading = reading.read_to_end(&mut said);
    tokio::select! {
        // The writer may notice a moment before the answer was read.
        () = dripping => {}
        read = reading => { read.unwrap(); }
    }
    if !said.is_empty() {
        assert_eq!(answers(&said, false)[0].code(), json!("request_timeout"));
    }
    assert_eq!(bench.get("/models").await.status, 200);
}
