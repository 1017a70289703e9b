//! Models, keys, and a little of everything.
#![expect(clippy::too_many_lines, reason = "lists: one probe a line")]

use serde_json::{Value, json};

use super::chat::weather;
use super::{LIMITED_KEY, Prober, With};

pub(super) async fn models(prober: &mut Prober<'_>) {
    let id = prober.bench.gateway.models().llm;
    prober
        .send("list", "/models", Value::Null, With::default())
        .await;
    prober
        .send(
            "retrieve",
            &format!("/models/{id}"),
            Value::Null,
            With::default(),
        )
        .await;
    prober
        .send("unknown", "/models/none-such", Value::Null, With::default())
        .await;
    prober
        .chat(
            "unknown chat",
            json!({"model": "none-such", "prompt": "Say hello"}),
        )
        .await;
    for (name, model) in [
        ("chat in capitals", "LLAMA-3.3-70B-Instruct"),
        ("chat cut", "llama-3.3-70b"),
        ("chat longer", "llama-3.3-70b-instruct-fp8"),
        (
            "chat with embeddings",
            prober.bench.gateway.models().embedding,
        ),
    ] {
        prober
            .chat(name, json!({"model": model, "prompt": "Say hello"}))
            .await;
    }
    let embedding = json!({"model": id, "input": "hello"});
    prober
        .send(
            "embeddings with chat",
            "/embeddings",
            embedding,
            With::default(),
        )
        .await;
}

/// A little of everything: successes, streams, and each kind of refusal.
pub(super) async fn everything(prober: &mut Prober<'_>) {
    let models = prober.bench.gateway.models();
    prober
        .send("models", "/models", Value::Null, With::default())
        .await;
    prober
        .chat("chat", json!("Say exactly: alpha-1-beta"))
        .await;
    prober
        .chat("chat again", json!("Say exactly: gamma-2-delta"))
        .await;
    prober
        .chat(
            "stream",
            json!({"prompt": "Count from 1 to 30", "stream": true}),
        )
        .await;
    prober.chat("adjusted", json!({"prompt": "Say hi", "top_p": 1.5, "logit_bias": {"5": 1}, "service_tier": "auto", "store": true, "metadata": {"a": "b"}})).await;
    prober
        .chat(
            "strict",
            json!({"prompt": "Say hi", "top_p": 1.5, "strict_params": true}),
        )
        .await;
    prober
        .chat(
            "strict penalty",
            json!({"prompt": "Say hi", "presence_penalty": 9.0, "strict_params": true}),
        )
        .await;
    let speech =
        json!({"model": models.tts, "input": "hi", "voice": "alloy", "response_format": "pcm"});
    prober
        .send("speech", "/audio/speech", speech, With::default())
        .await;
    prober
        .send(
            "no key",
            "/models",
            Value::Null,
            With {
                key: Some(""),
                ..With::default()
            },
        )
        .await;
    prober
        .send(
            "bad key",
            "/models",
            Value::Null,
            With {
                key: Some("rp_live_wrong"),
                ..With::default()
            },
        )
        .await;
    prober
        .chat(
            "unknown model",
            json!({"model": "none-such", "prompt": "x"}),
        )
        .await;
    prober
        .chat("unknown field", json!({"prompt": "x", "surprise": 1}))
        .await;
    prober
        .chat("unknown null", json!({"prompt": "x", "surprise": null}))
        .await;
    prober
        .chat("prefixed field", json!({"prompt": "x", "_surprise": 1}))
        .await;
    let tools = weather();
    prober
        .chat(
            "field beside tools",
            json!({"prompt": "x", "tools": tools, "surprise": 1}),
        )
        .await;
    prober
        .send(
            "malformed",
            "/chat/completions",
            json!("{\"model\": "),
            With::default(),
        )
        .await;
    prober
        .chat("wrong type", json!({"prompt": "x", "max_tokens": "4"}))
        .await;
    prober.chat("empty", json!({"messages": []})).await;
    prober
        .chat("low", json!({"prompt": "Say hi", "top_p": -0.5}))
        .await;
    prober.chat("strict stream", json!({"prompt": "Say hi", "stream": true, "strict_params": true, "logit_bias": {"1": -100}})).await;
    let hello = prober.bench.chat(json!("Say hi")).to_string();
    let charset = prober
        .bench
        .http
        .post(prober.bench.url("/chat/completions"))
        .bearer_auth(prober.bench.gateway.api_key())
        .header("content-type", "application/json; charset=utf-8")
        .body(hello);
    prober.push("charset", charset).await;
    prober
        .chat(
            "hosted tool",
            json!({"prompt": "Say hi", "tools": [{"type": "web_search"}]}),
        )
        .await;
    prober
        .chat(
            "interpreter",
            json!({"prompt": "Say hi", "tools": [{"type": "code_interpreter"}]}),
        )
        .await;
    prober
        .chat(
            "audio",
            json!({"prompt": "Say hi", "audio": {"voice": "alloy"}}),
        )
        .await;
    prober
        .chat(
            "base tools",
            json!({"model": models.base, "prompt": "Say hi", "tools": weather()}),
        )
        .await;
    prober.chat("bad schema", json!({"prompt": "Say hi", "response_format": {"type": "json_schema", "json_schema": {"name": "p", "schema": {"type": 5}}}})).await;
    prober.chat("too long", json!("word ".repeat(9_000))).await;
    prober
        .send("legacy", "/completions", json!({}), With::default())
        .await;
    prober
        .send("method", "/chat/completions", Value::Null, With::default())
        .await;
    let limited = With {
        key: Some(LIMITED_KEY),
        ..With::default()
    };
    prober
        .send("within budget", "/models", Value::Null, limited)
        .await;
    prober
        .send("over budget", "/models", Value::Null, limited)
        .await;
}

pub(super) async fn scopes(prober: &mut Prober<'_>) {
    let (gateway, models) = (&prober.bench.gateway, prober.bench.gateway.models());
    let chat = json!({"model": models.llm, "messages": [{"role": "user", "content": "Say hi"}]});
    let bodies = [
        ("flat models", "/models", Value::Null),
        ("flat chat", "/chat/completions", chat.clone()),
        (
            "flat responses",
            "/responses",
            json!({"model": models.llm, "input": "Say hi"}),
        ),
        (
            "flat embeddings",
            "/embeddings",
            json!({"model": models.embedding, "input": "hi"}),
        ),
        (
            "flat images",
            "/images/generations",
            json!({"model": models.image, "prompt": "dot", "size": "16x16"}),
        ),
        (
            "flat speech",
            "/audio/speech",
            json!({"model": models.tts, "input": "hi", "voice": "a", "response_format": "pcm"}),
        ),
    ];
    let key = Some(gateway.pipeline_key());
    for (name, path, body) in bodies {
        prober
            .send(
                name,
                path,
                body,
                With {
                    key,
                    ..With::default()
                },
            )
            .await;
    }
    let whole = gateway.api_key();
    let (most, last) = whole.split_at(whole.len() - 1);
    let other_end = format!("{most}{}", if last == "x" { "y" } else { "x" });
    let (capitals, longer) = (whole.to_ascii_uppercase(), format!("{whole}0"));
    for (name, key) in [
        ("no key", ""),
        ("bad key", "rp_live_wrong"),
        ("key in capitals", &capitals),
        ("key with another end", &other_end),
        ("key and more", &longer),
        ("another key as long", &"x".repeat(whole.len())),
    ] {
        prober
            .send(
                name,
                "/models",
                Value::Null,
                With {
                    key: Some(key),
                    ..With::default()
                },
            )
            .await;
    }
    let bare = prober.bench.http.get(prober.bench.url("/models"));
    prober
        .push(
            "key without its scheme",
            bare.header("authorization", whole),
        )
        .await;
    for (name, pipeline, key) in [
        ("at home", gateway.pipeline_id(), key),
        ("elsewhere", gateway.other_pipeline_id(), key),
        ("nowhere", "pipe_unknown", None),
    ] {
        prober
            .send(
                name,
                "/chat/completions",
                chat.clone(),
                With {
                    key,
                    pipeline: Some(pipeline),
                    ..With::default()
                },
            )
            .await;
    }
}
