//! A gateway and a plain HTTP client, as every end-to-end test needs them.
use futures_util::StreamExt as _;
use reqwest::{Method, Response};
use runinfra_gateway::{Config, Gateway, fault};
use serde_json::Value;

pub(crate) struct Bench {
    pub(crate) gateway: Gateway,
    pub(crate) http: reqwest::Client,
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> String {
        let body = self.json();
        body["choices"][0]["message"]["content"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// The `(name, data)` pairs of an event stream.
    pub(crate) fn events(&self) -> Vec<(String, String)> {
        let text = std::str::from_utf8(&self.body).unwrap();
        text.split("\n\n")
            .filter(|frame| !frame.is_empty())
            .map(|frame| {
                let mut event = (String::new(), String::new());
                for line in frame.lines() {
                    if let Some(name) = line.strip_prefix("event: ") {
                        name.clone_into(&mut event.0);
                    } else if let Some(data) = line.strip_prefix("data: ") {
                        event.1.push_str(data);
                    }
                }
                event
            })
            .collect()
    }

    pub(crate) fn frames(&self) -> Vec<Value> {
        self.events()
            .iter()
            .filter(|(_, data)| data != "[DONE]")
            .map(|(_, data)| serde_json::from_str(data).unwrap())
            .collect()
    }
}

impl Bench {
    pub(crate) async fn start(config: Config) -> Self {
        // Another test may have been first.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        Self {
            gateway: Gateway::start(config).await.unwrap(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    pub(crate) async fn conforming() -> Self {
        Self::start(quick()).await
    }

    pub(crate) async fn broken(name: &str) -> Self {
        let fault = fault::find(name);
        assert!(fault.is_some(), "no fault {name}");
        Self::start(Config { fault, ..quick() }).await
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.gateway.base_url())
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
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

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_with(path, body, &[]).await
    }

    pub(crate) async fn post_with(
        &self,
        path: &str,
        body: &Value,
        headers: &[(&str, &str)],
    ) -> Answer {
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

    pub(crate) async fn ask(&self, body: Value) -> Answer {
        self.post("/chat/completions", &self.chat(body)).await
    }

    /// A chat body with the model filled in; a string becomes the user's message.
    pub(crate) fn chat(&self, body: Value) -> Value {
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
pub(crate) fn quick() -> Config {
    Config {
        pace: std::time::Duration::ZERO,
        ..Config::default()
    }
}

pub(crate) async fn read(response: Response) -> Answer {
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
