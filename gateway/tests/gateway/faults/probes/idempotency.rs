//! Keys, and what they are bound to.
#![expect(clippy::too_many_lines, reason = "lists: one probe a line")]

use serde_json::{Value, json};

use super::media::form;
use super::{Prober, SECOND_KEY, With};

fn message(model: &str, text: &str) -> Value {
    json!({"model": model, "messages": [{"role": "user", "content": text}]})
}

fn keyed(key: &str) -> With<'_> {
    With {
        idempotency: Some(key),
        ..With::default()
    }
}

/// Keys that are nearly one, and requests that are nearly the same.
async fn identities(prober: &mut Prober<'_>) {
    let models = prober.bench.gateway.models();
    let (long, longer) = (
        format!("{}-1", "k".repeat(64)),
        format!("{}-2", "k".repeat(64)),
    );
    let hello = message(models.llm, "Say hi");
    let with = |name: &str, value: Value| {
        let mut body = hello.clone();
        body[name] = value;
        body
    };
    let chats = [
        ("long key", &*long, hello.clone()),
        ("long key, other end", &longer, hello.clone()),
        ("key in small letters", "same-key", hello.clone()),
        ("key in capitals", "SAME-KEY", hello.clone()),
        ("key for plain", "plain", hello.clone()),
        (
            "key for plain, limited",
            "plain",
            with("max_tokens", json!(1)),
        ),
        (
            "key for plain, streamed",
            "plain",
            with("stream", json!(true)),
        ),
        (
            "key for plain, as an object",
            "plain",
            with("response_format", json!({"type": "json_object"})),
        ),
        ("key", "a-beginning-of-its-own", hello.clone()),
        (
            "key, other beginning",
            "b-beginning-of-its-own",
            hello.clone(),
        ),
        ("adjusted", "adjusted", with("top_p", json!(1.5))),
        ("adjusted again", "adjusted", with("top_p", json!(1.5))),
    ];
    for (name, key, body) in chats {
        prober
            .send(name, "/chat/completions", body, keyed(key))
            .await;
    }
    for (name, voice) in [("one voice", "alloy"), ("another voice", "nova")] {
        let body =
            json!({"model": models.tts, "input": "hi", "voice": voice, "response_format": "pcm"});
        prober
            .send(name, "/audio/speech", body, keyed("voices"))
            .await;
    }
    for (name, heard, length) in [
        ("one file", "one voice question", 4_000),
        ("another file", "another voice question", 6_000),
    ] {
        let upload = hear(prober, "files", length);
        prober.push(name, upload).await;
        let question = ask(prober, "questions", length);
        prober.push(heard, question).await;
    }
}

/// A second or less of silence.
fn silence(bytes: u32) -> Vec<u8> {
    let mut wav =
        b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data"
            .to_vec();
    wav.extend(bytes.to_le_bytes());
    wav[4..8].copy_from_slice(&(bytes + 36).to_le_bytes());
    wav.resize(wav.len() + bytes as usize, 0);
    wav
}

fn hear(prober: &Prober<'_>, key: &str, bytes: u32) -> reqwest::RequestBuilder {
    let request = prober
        .bench
        .http
        .post(prober.bench.url("/audio/transcriptions"))
        .bearer_auth(prober.bench.gateway.api_key())
        .header("idempotency-key", key);
    request.multipart(form(prober, silence(bytes), "json"))
}

fn ask(prober: &Prober<'_>, key: &str, bytes: u32) -> reqwest::RequestBuilder {
    let path = format!("/{}/pipeline", prober.bench.gateway.pipeline_id());
    let request = prober
        .bench
        .http
        .post(prober.bench.url(&path))
        .bearer_auth(prober.bench.gateway.api_key())
        .header("idempotency-key", key)
        .header("content-type", "audio/wav");
    request.body(silence(bytes))
}

pub(super) async fn idempotency(prober: &mut Prober<'_>) {
    let models = prober.bench.gateway.models();
    let chat = |text: &str| message(models.llm, text);
    let twice = [
        ("chat", "/chat/completions", chat("Say hi")),
        (
            "responses",
            "/responses",
            json!({"model": models.llm, "input": "Say hi"}),
        ),
        (
            "embeddings",
            "/embeddings",
            json!({"model": models.embedding, "input": "hi"}),
        ),
        (
            "images",
            "/images/generations",
            json!({"model": models.image, "prompt": "dot", "size": "16x16", "response_format": "b64_json"}),
        ),
        (
            "speech",
            "/audio/speech",
            json!({"model": models.tts, "input": "hi", "voice": "a", "response_format": "pcm"}),
        ),
    ];
    for (key, path, body) in twice {
        prober.send("keyed", path, body.clone(), keyed(key)).await;
        prober.send("keyed again", path, body, keyed(key)).await;
    }
    prober
        .send(
            "conflict",
            "/chat/completions",
            chat("Say bye"),
            keyed("chat"),
        )
        .await;
    identities(prober).await;
    let other = With {
        key: Some(SECOND_KEY),
        ..keyed("chat")
    };
    prober
        .send("other caller", "/chat/completions", chat("Say hi"), other)
        .await;
    let wrong = json!({"model": "none-such", "messages": [{"role": "user", "content": "Say hi"}]});
    prober
        .send(
            "refused",
            "/chat/completions",
            wrong.clone(),
            keyed("refused"),
        )
        .await;
    prober
        .send(
            "refused, mended",
            "/chat/completions",
            chat("Say hi"),
            keyed("refused"),
        )
        .await;
    let stream = json!({"model": models.llm, "messages": [{"role": "user", "content": "Say hi"}], "stream": true});
    prober
        .send(
            "stream",
            "/chat/completions",
            stream.clone(),
            keyed("stream"),
        )
        .await;
    prober
        .send("stream again", "/chat/completions", stream, keyed("stream"))
        .await;
    let large = json!({"model": models.tts, "input": "a much longer text that needs room", "voice": "a", "response_format": "wav"});
    prober
        .send("large", "/audio/speech", large.clone(), keyed("large"))
        .await;
    prober
        .send("large again", "/audio/speech", large, keyed("large"))
        .await;
    // Drawing takes long enough for the others to arrive; it is left out where something else differs already.
    if prober.found == 0 {
        let picture = json!({"model": models.image, "prompt": "a harbour", "size": "1024x1024", "response_format": "url"});
        let both = [(); 4].map(|()| {
            prober.wait(prober.request("/images/generations", &picture, keyed("concurrent")))
        });
        futures_util::future::join_all(both).await;
    }
    for _ in 0..2 {
        prober.nudge(hear(prober, "asr", 8_032)).await;
        prober.nudge(ask(prober, "voice", 8_032)).await;
    }
    let journal = prober.bench.gateway.journal().snapshot();
    let keys = [
        "chat",
        "responses",
        "embeddings",
        "images",
        "speech",
        "refused",
        "stream",
        "large",
        "asr",
        "voice",
    ];
    let ran: serde_json::Map<String, Value> = keys
        .into_iter()
        .map(|key| {
            (
                key.to_owned(),
                json!([
                    journal.executions_for_key(key),
                    journal.charged_for_key(key)
                ]),
            )
        })
        .collect();
    prober.keep("ran and charged", Value::Object(ran));
    if prober.found == 0 {
        let concurrent = journal.executions_for_key("concurrent");
        // How many of them meet depends on the machine; that one of them ran again does not.
        prober.keep("ran again", json!(concurrent > 1));
    }
}
