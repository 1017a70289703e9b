//! The bytes that everyone decodes.

use bytes::Bytes;
use serde_json::json;

/// A streamed chat answer of `events` chunks, as a gateway writes it.
pub fn stream(events: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for number in 0..events {
        let words = ["the ", "quick ", "brown ", "fox ", "jumps \"over\" ", "žluťoučký ", "kůň\n"];
        let chunk = json!({
            "id": "chatcmpl-7d3c0a524b1e4f0e9d550d8e6f1a2b3c", "object": "chat.completion.chunk", "created": 1_763_690_000, "model": "llama-3.1-8b-instruct",
            "system_fingerprint": "fp_1a2b3c4d5e",
            "choices": [{"index": 0, "delta": {"content": words[number % words.len()]}, "logprobs": null, "finish_reason": null}]
        });
        bytes.extend_from_slice(format!("data: {chunk}\n\n").as_bytes());
    }
    bytes.extend_from_slice(b"data: [DONE]\n\n");
    bytes
}

/// How the bytes arrive.
pub fn chunkings(bytes: &[u8]) -> Vec<(&'static str, Vec<Bytes>)> {
    let fixed = |size: usize| bytes.chunks(size).map(Bytes::copy_from_slice).collect::<Vec<_>>();
    let mut frames = Vec::new();
    let mut rest = bytes;
    while let Some(end) = memchr::memmem::find(rest, b"\n\n") {
        frames.push(Bytes::copy_from_slice(&rest[..end + 2]));
        rest = &rest[end + 2..];
    }
    let mut tiny = Vec::new();
    let (mut at, mut size) = (0, 1);
    while at < bytes.len() {
        let end = (at + size).min(bytes.len());
        tiny.push(Bytes::copy_from_slice(&bytes[at..end]));
        at = end;
        size = (size * 7 + 3) % 40 + 1;
    }
    vec![("16 KiB chunks", fixed(16 * 1024)), ("one frame a chunk", frames), ("256 KiB bursts", fixed(256 * 1024)), ("1-40 byte chunks", tiny)]
}

/// A chat answer, whole.
pub fn answer() -> String {
    json!({
        "id": "chatcmpl-7d3c0a524b1e4f0e9d550d8e6f1a2b3c", "object": "chat.completion", "created": 1_763_690_000, "model": "llama-3.1-8b-instruct",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "The quick brown fox jumps over the lazy dog.", "refusal": null}, "logprobs": null, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 11, "completion_tokens": 10, "total_tokens": 21}, "system_fingerprint": "fp_1a2b3c4d5e"
    })
    .to_string()
}
