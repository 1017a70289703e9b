//! Embeddings, pictures and sound.

use serde_json::json;

use super::{Prober, With};

pub(super) async fn embeddings(prober: &mut Prober<'_>) {
    let model = prober.bench.gateway.models().embedding;
    let bodies = [
        (
            "one",
            json!({"model": model, "input": "The cat sat on the mat while it rained."}),
        ),
        (
            "two",
            json!({"model": model, "input": ["A kitten rested.", "Quarterly revenue grew."], "dimensions": 64, "encoding_format": "float"}),
        ),
        (
            "repeated",
            json!({"model": model, "input": ["A kitten rested.", "Wheat grew.", "A kitten rested."]}),
        ),
    ];
    let long = "It rained on the roofs and on the sea. ".repeat(20);
    let numbered: Vec<String> = (0..40)
        .map(|number| format!("Room {number} is free."))
        .collect();
    for (name, input) in [
        ("many", json!(numbered)),
        (
            "begun otherwise",
            json!([format!("Wheat grew. {long}"), long]),
        ),
    ] {
        let body = json!({"model": model, "input": input});
        prober
            .send(name, "/embeddings", body, With::default())
            .await;
    }
    for (name, body) in bodies {
        prober
            .send(name, "/embeddings", body, With::default())
            .await;
    }
}

pub(super) async fn images(prober: &mut Prober<'_>) {
    let model = prober.bench.gateway.models().image;
    let bodies = [
        (
            "inline",
            json!({"model": model, "prompt": "a red circle", "size": "48x32", "n": 2, "response_format": "b64_json"}),
        ),
        (
            "linked",
            json!({"model": model, "prompt": "a red circle", "size": "48x32", "response_format": "url"}),
        ),
        (
            "worded",
            json!({"model": model, "prompt": "a red circle on a blue background", "size": "48x32", "response_format": "b64_json"}),
        ),
    ];
    for (name, body) in bodies {
        prober
            .send(name, "/images/generations", body, With::default())
            .await;
    }
}

pub(super) async fn speech(prober: &mut Prober<'_>) {
    let model = prober.bench.gateway.models().tts;
    let bodies = [
        (
            "wav",
            json!({"model": model, "input": "nonce alpha forty two", "voice": "alloy", "response_format": "wav"}),
        ),
        (
            "default",
            json!({"model": model, "input": "hello", "voice": "nova"}),
        ),
        (
            "pcm",
            json!({"model": model, "input": "hi", "ref_audio": "UklGRg==", "ref_text": "hi", "response_format": "pcm"}),
        ),
        ("no voice", json!({"model": model, "input": "hi"})),
        (
            "digits",
            json!({"model": model, "input": "room 42", "voice": "alloy", "response_format": "wav"}),
        ),
        (
            "fast",
            json!({"model": model, "input": "hi", "voice": "alloy", "speed": 2.0, "response_format": "pcm"}),
        ),
    ];
    for (name, body) in bodies {
        prober
            .send(name, "/audio/speech", body, With::default())
            .await;
    }
}

async fn spoken(prober: &Prober<'_>, text: &str) -> Vec<u8> {
    let body = json!({"model": prober.bench.gateway.models().tts, "input": text, "voice": "alloy", "response_format": "wav"});
    prober.bench.post("/audio/speech", &body).await.body
}

pub(super) fn form(
    prober: &Prober<'_>,
    audio: Vec<u8>,
    format: &'static str,
) -> reqwest::multipart::Form {
    let file = reqwest::multipart::Part::bytes(audio)
        .file_name("a.wav")
        .mime_str("audio/wav")
        .unwrap();
    reqwest::multipart::Form::new()
        .part("file", file)
        .text("model", prober.bench.gateway.models().asr)
        .text("response_format", format)
}

pub(super) async fn listening(prober: &mut Prober<'_>) {
    let audio = spoken(prober, "say the word marmalade").await;
    let sentences = spoken(prober, "The first one is short. The second is not.").await;
    for (name, format, audio) in [
        ("json", "json", audio.clone()),
        ("verbose", "verbose_json", audio.clone()),
        ("sentences", "verbose_json", sentences),
        ("noise", "json", b"nothing".to_vec()),
        ("empty", "json", Vec::new()),
    ] {
        let request = prober
            .bench
            .http
            .post(prober.bench.url("/audio/transcriptions"))
            .bearer_auth(prober.bench.gateway.api_key())
            .multipart(form(prober, audio, format));
        prober.push(name, request).await;
    }
    let url = prober
        .bench
        .url(&format!("/{}/pipeline", prober.bench.gateway.pipeline_id()));
    let request = prober
        .bench
        .http
        .post(url)
        .bearer_auth(prober.bench.gateway.pipeline_key())
        .header("content-type", "audio/wav")
        .body(audio);
    prober.push("voice", request).await;
}
