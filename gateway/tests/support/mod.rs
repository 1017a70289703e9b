//! A gateway and a plain HTTP client, as every end-to-end test needs them.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    reason = "shared by several test binaries, none of which uses all of it"
)]

use futures_util::StreamExt as _;
use reqwest::{Method, Response};
use runinfra_gateway::{Config, Gateway, fault};
use serde_json::Value;

pub struct Bench {
    pub gateway: Gateway,
    pub http: reqwest::Client,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn text(&self) -> String {
        let body = self.json();
        body["choices"][0]["message"]["content"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// The `(name, data)` pairs of an event stream.
    pub fn events(&self) -> Vec<(String, String)> {
        let text = std::str::from_utf8(&self.body).unwrap();
        text.split("\n\n")
            .filter(|frame| !frame.is_empty())
            .map(|frame| {
                let mut event = (String::new(), String::new());
                for line in frame.lines() {
                    if let Some(name) = line.strip_prefix("event: ") {
                        event.0 = name.to_owned();
                    } else if let Some(data) = line.strip_prefix("data: ") {
                        event.1.push_str(data);
                    }
                }
                event
            })
            .collect()
    }

    pub fn frames(&self) -> Vec<Value> {
        self.events()
            .iter()
            .filter(|(_, data)| data != "[DONE]")
            .map(|(_, data)| serde_json::from_str(data).unwrap())
            .collect()
    }
}

impl Bench {
    pub async fn start(config: Config) -> Self {
        Self {
            gateway: Gateway::start(config).await.unwrap(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    pub async fn conforming() -> Self {
        Self::start(quick()).await
    }

    pub async fn broken(name: &str) -> Self {
        let fault = fault::find(name);
        assert!(fault.is_some(), "no fault {name}");
        Self::start(Config { fault, ..quick() }).await
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.gateway.base_url())
    }

    pub async fn get(&self, path: &str) -> Answer {
        read(
            self.http
                .get(self.url(path))
                .bearer_auth(self.gateway.api_key())
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_with(path, body, &[]).await
    }

    pub async fn post_with(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
        let mut request = self
            .http
            .request(Method::POST, self.url(path))
            .bearer_auth(self.gateway.api_key())
            .json(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        read(request.send().await.unwrap()).await
    }

    pub async fn ask(&self, body: Value) -> Answer {
        self.post("/chat/completions", &self.chat(body)).await
    }

    /// A chat body with the model filled in; a string becomes the user's message.
    pub fn chat(&self, body: Value) -> Value {
        let mut body = match body {
            Value::String(prompt) => {
                serde_json::json!({"messages": [{"role": "user", "content": prompt}]})
            }
            body => body,
        };
        if let Some(prompt) = body.as_object_mut().unwrap().remove("prompt") {
            body["messages"] = serde_json::json!([{"role": "user", "content": prompt}]);
        }
        if body.get("model").is_none() {
            body["model"] = self.gateway.models().llm.into();
        }
        body
    }
}

/// A gateway without pauses.
pub fn quick() -> Config {
    Config {
        pace: std::time::Duration::ZERO,
        ..Config::default()
    }
}

pub async fn read(response: Response) -> Answer {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let mut body = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        body.extend_from_slice(&chunk.unwrap());
    }
    Answer {
        status,
        headers,
        body,
    }
}
