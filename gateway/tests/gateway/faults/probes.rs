//! What both gateways are asked.

mod chat;
mod idempotency;
mod media;
mod service;

use serde_json::Value;

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

    /// Sends for its effect on the journal, and waits for the answer as long as a busy machine may need for work that keeps it busy.
    async fn wait(&self, request: reqwest::RequestBuilder) {
        let _ = tokio::time::timeout(10 * PATIENCE, request.send()).await;
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
        Group::Chat => chat::chat(&mut prober).await,
        Group::Responses => chat::responses(&mut prober).await,
        Group::Embeddings => media::embeddings(&mut prober).await,
        Group::Images => media::images(&mut prober).await,
        Group::Speech => media::speech(&mut prober).await,
        Group::Listening => media::listening(&mut prober).await,
        Group::Models => service::models(&mut prober).await,
        Group::Scopes => service::scopes(&mut prober).await,
        Group::Idempotency => idempotency::idempotency(&mut prober).await,
        Group::Everything => service::everything(&mut prober).await,
    }
    prober.transcripts
}
