//! Multipart bodies that are none.

use serde_json::json;

use super::raw::only;
use crate::support::Bench;

#[tokio::test]
async fn forms_that_are_none_are_refused() {
    let bench = Bench::conforming().await;
    let form = |content_type: &str, body: &str| {
        let key = bench.gateway.api_key();
        format!(
            "POST /v1/audio/transcriptions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
    };
    let parts = "multipart/form-data; boundary=x";
    let part = |disposition: &str, body: &str| {
        format!("--x\r\ncontent-disposition: form-data{disposition}\r\n\r\n{body}\r\n")
    };
    let model = part("; name=\"model\"", "whisper-large-v3");
    let file = part("; name=\"file\"; filename=\"a.wav\"", "");
    let cases = [
        (
            "no boundary",
            form("multipart/form-data", "--x--\r\n"),
            "invalid_content_type",
        ),
        (
            "JSON",
            form("application/json", "{}"),
            "invalid_content_type",
        ),
        ("nothing at all", form(parts, ""), "malformed_multipart"),
        (
            "no parts",
            form(parts, "--x--\r\n"),
            "missing_required_parameter",
        ),
        (
            "no file",
            form(parts, &format!("{model}--x--\r\n")),
            "missing_required_parameter",
        ),
        (
            "an empty file",
            form(parts, &format!("{model}{file}--x--\r\n")),
            "empty_file",
        ),
        (
            "another boundary",
            form(parts, "--y--\r\n"),
            "malformed_multipart",
        ),
        ("no end", form(parts, &model), "malformed_multipart"),
        (
            "no name",
            form(parts, &format!("{}--x--\r\n", part("", "x"))),
            "malformed_multipart",
        ),
        (
            "too many",
            form(
                parts,
                &format!("{}--x--\r\n", part("; name=\"a\"", "").repeat(65)),
            ),
            "too_many_parts",
        ),
    ];
    for (name, request, code) in cases {
        let answer = only(&bench, request).await;
        assert_eq!((answer.status, answer.code()), (400, json!(code)), "{name}");
    }
}
