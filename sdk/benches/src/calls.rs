//! One chat call, made by a bare HTTP client, by this crate and by `async-openai`: same endpoint, same work.

use http::{HeaderMap, HeaderValue};
use runinfra::types::{ChatCompletion, ChatCompletionRequest, ChatMessage};

/// The HTTP client by itself: serialise the request, send the same headers, read the body, parse it into the same type.
#[derive(Clone)]
pub struct Bare {
    client: reqwest::Client,
    url: reqwest::Url,
    headers: HeaderMap,
}

impl Bare {
    pub fn new(base_url: &str) -> Self {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("authorization", "Bearer rp_live_bench"),
            ("x-runinfra-sdk", "rust"),
            ("x-runinfra-sdk-version", "0.1.0"),
            ("user-agent", "runinfra-rust/0.1.0"),
            ("accept-encoding", "identity"),
            ("accept", "application/json"),
            ("content-type", "application/json"),
            (
                "x-client-request-id",
                "7d3c0a52-4b1e-4f0e-9d55-0d8e6f1a2b3c",
            ),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let client = http_client();
        Self {
            client,
            url: format!("{base_url}/chat/completions").parse().unwrap(),
            headers,
        }
    }

    pub async fn call(&self) -> u64 {
        let body = serde_json::to_vec(&request()).unwrap();
        let sent = self
            .client
            .post(self.url.clone())
            .headers(self.headers.clone())
            .body(body)
            .send();
        let bytes = sent.await.unwrap().bytes().await.unwrap();
        let answer: ChatCompletion = serde_json::from_slice(&bytes).unwrap();
        answer.created
    }
}

fn http_client() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .http1_only()
        .tcp_nodelay(true)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

pub fn request() -> ChatCompletionRequest {
    ChatCompletionRequest::new(
        "llama-3.1-8b-instruct",
        [
            ChatMessage::system("Be brief."),
            ChatMessage::user("Say something about foxes and dogs."),
        ],
    )
    .temperature(0.2)
    .max_tokens(64_u32)
}

/// This crate.
#[derive(Clone)]
pub struct Sdk(pub runinfra::Client);

impl Sdk {
    pub fn new(base_url: &str) -> Self {
        Self(
            runinfra::Client::builder()
                .api_key("rp_live_bench")
                .base_url(base_url)
                .build()
                .unwrap(),
        )
    }

    pub async fn call(&self) -> u64 {
        self.0
            .chat()
            .completions()
            .create(request())
            .await
            .unwrap()
            .created
    }
}

/// `async-openai`.
#[derive(Clone)]
pub struct AsyncOpenAi(async_openai::Client<async_openai::config::OpenAIConfig>);

impl AsyncOpenAi {
    pub fn new(base_url: &str) -> Self {
        let config = async_openai::config::OpenAIConfig::new()
            .with_api_key("rp_live_bench")
            .with_api_base(base_url);
        Self(async_openai::Client::with_config(config).with_http_client(http_client()))
    }

    pub async fn call(&self) -> u64 {
        use async_openai::types::chat::{
            ChatCompletionRequestSystemMessageArgs, ChatCompletionRequestUserMessageArgs,
            CreateChatCompletionRequestArgs,
        };
        let request = CreateChatCompletionRequestArgs::default()
            .model("llama-3.1-8b-instruct")
            .messages([
                ChatCompletionRequestSystemMessageArgs::default()
                    .content("Be brief.")
                    .build()
                    .unwrap()
                    .into(),
                ChatCompletionRequestUserMessageArgs::default()
                    .content("Say something about foxes and dogs.")
                    .build()
                    .unwrap()
                    .into(),
            ])
            .temperature(0.2)
            .max_tokens(64_u32)
            .build()
            .unwrap();
        u64::from(self.0.chat().create(request).await.unwrap().created)
    }
}
