//! The bytes that everyone decodes.

use bytes::Bytes;
use serde_json::json;

/// A streamed chat answer of `events` chunks, as a gateway writes it.
pub fn stream(events: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for number in 0..events {
        let words = [
            "the ",
            "quick ",
            "brown ",
            "fox ",
            "jumps \"over\" ",
            "žluťoučký ",
            "kůň\n",
        ];
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

/// How the bytes arrive: as views of a buffer, which is how an HTTP client hands them over.
pub fn chunkings(bytes: Vec<u8>) -> Vec<(&'static str, Vec<Bytes>)> {
    let bytes = Bytes::from(bytes);
    let cut = |mut next: Box<dyn FnMut(&[u8]) -> usize>| {
        let mut rest = bytes.clone();
        let mut chunks = Vec::new();
        while !rest.is_empty() {
            let size = next(&rest).min(rest.len());
            chunks.push(rest.split_to(size));
        }
        chunks
    };
    let mut state = 7_u64;
    vec![
        ("16 KiB chunks", cut(Box::new(|_| 16 * 1024))),
        (
            "one frame a chunk",
            cut(Box::new(|rest| {
                memchr::memmem::find(rest, b"\n\n").map_or(rest.len(), |end| end + 2)
            })),
        ),
        ("256 KiB bursts", cut(Box::new(|_| 256 * 1024))),
        (
            "1-40 byte chunks",
            cut(Box::new(move |_| {
                // Knuth's generator: sizes spread evenly over 1 to 40, the same in every run.
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) as usize % 40 + 1
            })),
        ),
    ]
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
