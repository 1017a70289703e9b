//! What both gateways are asked.
#![expect(clippy::too_many_lines, reason = "lists: one probe a line")]

use serde_json::{Value, json};

use super::transcript::{PATIENCE, record};
use super::{DIFFERENCES_SHOWN, Group, diff};
use crate::support::Bench;

pub(crate) const SECOND_KEY: &str = "rp_live_second0000000000000000000000000000000000";
pub(crate) const LIMITED_KEY: &str = "rp_live_limited000000000000000000000000000000000";

pub(crate) type Transcripts = Vec<(&'static str, Value)>;

struct Prober<'a> {
    bench: &'a Bench,
    transcripts: Transcripts,
    /// What a conforming gateway said, once that is known.
    baseline: Option<&'a Transcripts>,
    found: usize,
}

/// How a request is made.
#[derive(Clone, Copy, Default)]
struct With<'a> {
    key: Option<&'a str>,
    idempotency: Option<&'a str>,
    pipeline: Option<&'a str>,
}

impl Prober<'_> {
    fn request(&self, path: &str, body: &Value, with: With<'_>) -> reqwest::RequestBuilder {
        let pipeline = with.pipeline.map(|id| format!("/{id}")).unwrap_or_default();
        let url = self.bench.url(&format!("{pipeline}{path}"));
        let mut request = match body {
            Value::Null => self.bench.http.get(url),
            Value::String(raw) => self
                .bench
                .http
                .post(url)
                .header("content-type", "application/json")
                .body(raw.clone()),
            body => self.bench.http.post(url).json(body),
        };
        let key = with.key.unwrap_or(self.bench.gateway.api_key());
        if !key.is_empty() {
            request = request.bearer_auth(key);
        }
        if let Some(key) = with.idempotency {
            request = request.header("idempotency-key", key);
        }
        request.header("x-client-request-id", "client-trace-1")
    }

    async fn send(&mut self, name: &'static str, path: &str, body: Value, with: With<'_>) {
        if self.found <= DIFFERENCES_SHOWN {
            let request = self.request(path, &body, with);
            self.push(name, request).await;
        }
    }

    /// Sends and keeps; once enough differs, the rest is not asked any more.
    async fn push(&mut self, name: &'static str, request: reqwest::RequestBuilder) {
        let transcript = self.record(request).await;
        self.keep(name, transcript);
    }

    fn keep(&mut self, name: &'static str, transcript: Value) {
        if self.found > DIFFERENCES_SHOWN {
            return;
        }
        let entry = (name, transcript);
        if let Some(expected) = self
            .baseline
            .and_then(|baseline| baseline.get(self.transcripts.len()))
        {
            // Silence is slow to wait for, and one or two of it show as much as five.
            let silent = entry.1 == "no answer" || entry.1["end"] == "silence";
            let slow = silent || entry.1["slow"] == true;
            self.found += if slow { DIFFERENCES_SHOWN / 2 } else { 0 }
                + diff::differences(std::slice::from_ref(expected), std::slice::from_ref(&entry))
                    .len();
        }
        self.transcripts.push(entry);
    }

    /// Sends for its effect on the journal only.
    async fn nudge(&self, request: reqwest::RequestBuilder) {
        let _ = tokio::time::timeout(PATIENCE, request.send()).await;
    }

    async fn record(&self, request: reqwest::RequestBuilder) -> Value {
        let gateway = &self.bench.gateway;
        let secrets = [
            (gateway.api_key(), "WORKSPACE KEY"),
            (gateway.pipeline_key(), "PIPELINE KEY"),
            (gateway.pipeline_id(), "PIPELINE"),
            (gateway.other_pipeline_id(), "OTHER PIPELINE"),
        ];
        record(request, &secrets).await
    }

    async fn chat(&mut self, name: &'static str, body: Value) {
        let body = self.bench.chat(body);
        self.send(name, "/chat/completions", body, With::default())
            .await;
    }
}

/// The probes of a group.
pub(crate) async fn run(
    bench: &Bench,
    group: Group,
    baseline: Option<&Transcripts>,
) -> Transcripts {
    let mut prober = Prober {
        bench,
        transcripts: Vec::new(),
        baseline,
        found: 0,
    };
    match group {
        Group::Chat => chat(&mut prober).await,
        Group::Responses => responses(&mut prober).await,
        Group::Embeddings => embeddings(&mut prober).await,
        Group::Images => images(&mut prober).await,
        Group::Speech => speech(&mut prober).await,
        Group::Listening => listening(&mut prober).await,
        Group::Models => models(&mut prober).await,
        Group::Scopes => scopes(&mut prober).await,
        Group::Idempotency => idempotency(&mut prober).await,
        Group::Everything => everything(&mut prober).await,
    }
    prober.transcripts
}

fn weather() -> Value {
    json!([{"type": "function", "function": {"name": "get_weather", "description": "Weather of a city", "parameters":
        {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}, "required": ["city", "days"]}}}])
}

fn schema() -> Value {
    json!({"type": "json_schema", "json_schema": {"name": "probe", "schema": {"type": "object",
        "properties": {"mood": {"enum": ["calm", "wild"]}, "level": {"type": "integer"}}, "required": ["mood", "level"], "additionalProperties": false}}})
}

async fn chat(prober: &mut Prober<'_>) {
    let models = prober.bench.gateway.models();
    prober
        .chat("nonce", json!("Reply with exactly: Nonce-7F3A"))
        .await;
    prober
        .chat("unicode", json!("Say \"Grüße aus Köln\""))
        .await;
    prober
        .chat(
            "limited",
            json!({"prompt": "Count from 1 to 50", "max_tokens": 4}),
        )
        .await;
    prober.chat("stopped", json!({"prompt": "Count from 1 to 50", "stop": ["30", "12"], "metadata": {"probe": "p-1"}})).await;
    let story = json!({"prompt": "Write a long story about a lighthouse.", "max_tokens": 90});
    for (name, field, value) in [
        ("warm", "temperature", json!(0.2)),
        ("nucleus", "top_p", json!(0.1)),
        ("seeded", "seed", json!(99)),
        ("penalised", "frequency_penalty", json!(2.0)),
        ("several", "n", json!(2)),
    ] {
        let mut body = story.clone();
        body[field] = value;
        prober.chat(name, body).await;
    }
    let turns = json!({"messages": [{"role": "system", "content": "End every answer with \"over\"."},
        {"role": "user", "content": "My code word is falcon-42."}, {"role": "assistant", "content": "Noted."}, {"role": "user", "content": "What is my code word?"}]});
    prober.chat("conversation", turns).await;
    let parts = json!({"messages": [{"role": "user", "content": [{"type": "text", "text": "Follow the next part."}, {"type": "text", "text": "Say exactly: second-part-2"}]}]});
    prober.chat("parts", parts).await;
    let tools = json!({"prompt": "What is the weather in Paris for 3 days?", "tools": weather()});
    prober.chat("tools", tools.clone()).await;
    let mut none = tools.clone();
    none["tool_choice"] = "none".into();
    prober.chat("no tool", none).await;
    let result = json!({"tools": weather(), "messages": [{"role": "user", "content": "What is the weather in Paris?"},
        {"role": "assistant", "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}]},
        {"role": "tool", "tool_call_id": "call_1", "content": "rain, 9 degrees"}]});
    prober.chat("tool result", result).await;
    prober.chat("object", json!({"prompt": "Return a JSON object with key a set to 1.", "response_format": {"type": "json_object"}})).await;
    prober
        .chat(
            "schema",
            json!({"prompt": "Be wild at level 4.", "response_format": schema()}),
        )
        .await;
    let blue = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADAgH/p9QGdwAAAABJRU5ErkJggg==";
    let look = json!({"model": models.vision, "messages": [{"role": "user", "content": [{"type": "text", "text": "What size is this image?"},
        {"type": "image_url", "image_url": {"url": format!("data:image/png;base64,{blue}")}}]}]});
    prober.chat("vision", look).await;
    prober
        .chat("alike one", json!("Tell me about the red boats."))
        .await;
    prober.chat("stream", json!({"prompt": "Count from 1 to 20", "stream": true, "stream_options": {"include_usage": true}})).await;
    prober
        .chat(
            "stream limited",
            json!({"prompt": "Count from 1 to 20 in words", "stream": true, "max_tokens": 9}),
        )
        .await;
    let mut streamed = tools;
    streamed["stream"] = true.into();
    prober.chat("stream tools", streamed).await;
}

async fn responses(prober: &mut Prober<'_>) {
    let model = prober.bench.gateway.models().llm;
    let story = "Write a long story about a lighthouse.";
    let bodies = [
        (
            "plain",
            json!({"model": model, "input": "Count from 1 to 9", "instructions": "End every answer with \"over\"."}),
        ),
        (
            "limited",
            json!({"model": model, "input": story, "max_output_tokens": 20, "temperature": 0.1}),
        ),
        (
            "array",
            json!({"model": model, "input": [{"role": "user", "content": "My code word is falcon-42."}, {"role": "user", "content": "What is my code word?"}]}),
        ),
        (
            "tools",
            json!({"model": model, "input": "What is the weather in Paris for 3 days?", "tools": weather()}),
        ),
        (
            "no tool",
            json!({"model": model, "input": "What is the weather in Paris?", "tools": weather(), "tool_choice": "none"}),
        ),
        (
            "schema",
            json!({"model": model, "input": "Be wild at level 4.", "response_format": schema()}),
        ),
        (
            "state",
            json!({"model": model, "input": "hi", "previous_response_id": "resp_1"}),
        ),
        (
            "stream",
            json!({"model": model, "input": "Count from 1 to 9", "stream": true}),
        ),
        (
            "stream limited",
            json!({"model": model, "input": story, "stream": true, "max_output_tokens": 7}),
        ),
    ];
    for (name, body) in bodies {
        prober.send(name, "/responses", body, With::default()).await;
    }
}

async fn embeddings(prober: &mut Prober<'_>) {
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
    ];
    for (name, body) in bodies {
        prober
            .send(name, "/embeddings", body, With::default())
            .await;
    }
}

async fn images(prober: &mut Prober<'_>) {
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
    ];
    for (name, body) in bodies {
        prober
            .send(name, "/images/generations", body, With::default())
            .await;
    }
}

async fn speech(prober: &mut Prober<'_>) {
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

fn form(prober: &Prober<'_>, audio: Vec<u8>, format: &'static str) -> reqwest::multipart::Form {
    let file = reqwest::multipart::Part::bytes(audio)
        .file_name("a.wav")
        .mime_str("audio/wav")
        .unwrap();
    reqwest::multipart::Form::new()
        .part("file", file)
        .text("model", prober.bench.gateway.models().asr)
        .text("response_format", format)
}

async fn listening(prober: &mut Prober<'_>) {
    let audio = spoken(prober, "say the word marmalade").await;
    for (name, format, audio) in [
        ("json", "json", audio.clone()),
        ("verbose", "verbose_json", audio.clone()),
        ("noise", "json", b"nothing".to_vec()),
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

async fn models(prober: &mut Prober<'_>) {
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
}

/// A little of everything: successes, streams, and each kind of refusal.
async fn everything(prober: &mut Prober<'_>) {
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
        .chat(
            "hosted tool",
            json!({"prompt": "Say hi", "tools": [{"type": "web_search"}]}),
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

async fn scopes(prober: &mut Prober<'_>) {
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
    for (name, key) in [("no key", ""), ("bad key", "rp_live_wrong")] {
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

async fn idempotency(prober: &mut Prober<'_>) {
    let models = prober.bench.gateway.models();
    let chat =
        |text: &str| json!({"model": models.llm, "messages": [{"role": "user", "content": text}]});
    let keyed = |key| With {
        idempotency: Some(key),
        ..With::default()
    };
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
            prober.nudge(prober.request("/images/generations", &picture, keyed("concurrent")))
        });
        futures_util::future::join_all(both).await;
    }
    for _ in 0..2 {
        let audio = vec![0_u8; 8_044];
        let wav = [&b"RIFF\x84\x1f\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\x60\x1f\0\0"[..], &audio[..8_032]].concat();
        let request = prober
            .bench
            .http
            .post(prober.bench.url("/audio/transcriptions"))
            .bearer_auth(prober.bench.gateway.api_key())
            .header("idempotency-key", "asr");
        prober
            .nudge(request.multipart(form(prober, wav.clone(), "json")))
            .await;
        let url = prober
            .bench
            .url(&format!("/{}/pipeline", prober.bench.gateway.pipeline_id()));
        let request = prober
            .bench
            .http
            .post(url)
            .bearer_auth(prober.bench.gateway.api_key())
            .header("idempotency-key", "voice")
            .header("content-type", "audio/wav");
        prober.nudge(request.body(wav)).await;
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
        prober.keep("ran at once", json!(concurrent));
    }
}
