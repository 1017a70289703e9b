//! Client for the RunInfra inference gateway: typed requests and answers, streams that cannot end quietly, retries only where
//! a repetition cannot be charged twice, and a key that is never printed.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
//! # let (api_key, base_url, model) = (gateway.api_key(), gateway.base_url(), gateway.models().llm);
//! use runinfra::Client;
//! use runinfra::types::{ChatCompletionRequest, ChatMessage};
//!
//! // Only the key is needed; the base URL is production's unless set.
//! let client = Client::builder().api_key(api_key).base_url(base_url).build()?;
//!
//! let request = ChatCompletionRequest::new(model, [ChatMessage::user("Say hello.")]).max_tokens(32_u32);
//! let answer = client.chat().completions().create(request).await?;
//! println!("{} ({:?})", answer.text().unwrap_or_default(), answer.request_id());
//! # assert!(answer.request_id().is_some());
//! # Ok(())
//! # }
//! ```
//!
//! # Keys and scopes
//!
//! A workspace key reaches every deployed model, chosen by `model`. A pipeline key reaches one pipeline: give its id to
//! [`ClientBuilder::pipeline_id`], which scopes every path. Remote gateways need https; plain http is for this machine. The key
//! is masked in everything this crate prints, in whatever encoding a server echoes it, and travels to no other host: redirects
//! are not followed, and proxies in the environment are not used. The crate refuses to build for wasm, where a key would be
//! in everybody's hands.
//!
//! # Streams
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
//! # let model = gateway.models().llm;
//! # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
//! use runinfra::types::{ChatCompletionRequest, ChatMessage, StreamOptions};
//!
//! let request = ChatCompletionRequest::new(model, [ChatMessage::user("Count to three.")]).stream_options(StreamOptions::with_usage());
//! let mut stream = client.chat().completions().stream(request).await?;
//! while let Some(event) = stream.next().await {
//!     print!("{}", event?.text().unwrap_or_default());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! An [`EventStream`] is a `futures_core::Stream` too. It ends after its terminal event (`[DONE]` for a chat; `response.completed`,
//! `response.incomplete` or `response.failed` for a response). A body that ends earlier, however politely, is an error. Silence is
//! bounded by the idle timeout; the length of the whole is not. Dropping a stream gives its connection up.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
//! # let model = gateway.models().llm;
//! # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
//! use runinfra::types::{ResponseEvent, ResponseRequest};
//!
//! let whole = client.responses().create(ResponseRequest::new(model, "Say hello.")).await?;
//! println!("{}", whole.output_text());
//!
//! let mut stream = client.responses().stream(ResponseRequest::new(model, "Say hello.")).await?;
//! while let Some(event) = stream.next().await {
//!     match event?.into_value() {
//!         ResponseEvent::OutputTextDelta(more) => print!("{}", more.delta),
//!         ResponseEvent::Completed(last) => println!(" [{:?}]", last.response.usage),
//!         _ => {}
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Models, embeddings, images
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
//! # let models = gateway.models();
//! # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
//! use runinfra::types::{EmbeddingRequest, ImageFormat, ImageRequest};
//!
//! for model in &client.models().list().await?.data {
//!     println!("{}", model.id);
//! }
//! let one = client.models().retrieve(models.embedding).await?;
//!
//! let request = EmbeddingRequest::new(&one.id, ["a fox", "a dog"]).dimensions(64_u32);
//! let vectors = client.embeddings().create(request).await?;
//! assert_eq!(vectors.data[0].embedding.len(), 64);
//!
//! let request = ImageRequest::new(models.image, "a fox in the snow").size("64x64").response_format(ImageFormat::B64Json);
//! let images = client.images().generate(request).await?;
//! let png = images.data[0].bytes().ok_or("no data")??;
//! # assert!(png.starts_with(b"\x89PNG"));
//! # Ok(())
//! # }
//! ```
//!
//! # Speech, transcription, voice
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
//! # let models = gateway.models();
//! # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
//! # let (key, base_url, pipeline) = (gateway.pipeline_key(), gateway.base_url(), gateway.pipeline_id());
//! use runinfra::Client;
//! use runinfra::types::{SpeechFormat, SpeechRequest, TranscriptionRequest, VoicePipelineRequest};
//!
//! let request = SpeechRequest::new(models.tts, "hello world", "alloy").response_format(SpeechFormat::Wav);
//! let wav = client.audio().speech().create(request).await?.bytes().await?;
//!
//! let request = TranscriptionRequest::new(models.asr, wav.clone()).language("en");
//! println!("{}", client.audio().transcriptions().create(request).await?.text);
//!
//! // A voice pipeline needs a client scoped to it.
//! let scoped = Client::builder().api_key(key).base_url(base_url).pipeline_id(pipeline).build()?;
//! let heard = scoped.voice().pipeline().create(VoicePipelineRequest::new(wav, "audio/wav")).await?;
//! println!("{:?} -> {:?}", heard.transcript, heard.response_text);
//! # Ok(())
//! # }
//! ```
//!
//! [`Speech::into_stream`] hands audio over as it arrives.
//!
//! # Errors
//!
//! Match on [`Error::kind`]; nothing has to be read out of a message. Every error of a traced answer carries its request id.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
//! # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
//! use runinfra::ErrorKind;
//!
//! match client.models().retrieve("no-such-model").await {
//!     Ok(model) => println!("{}", model.owned_by),
//!     Err(error) if error.kind() == ErrorKind::ModelNotFound => println!("not deployed ({:?})", error.request_id()),
//!     Err(error) if error.kind() == ErrorKind::RateLimit => println!("wait {:?}", error.retry_after()),
//!     Err(error) => return Err(error.into()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A success of another shape than the contract's is [`ErrorKind::ResponseShape`], never a value with holes in it. Compressed
//! answers are not asked for and are refused. A 404 is [`ErrorKind::ModelNotFound`] unless its code names something else or it
//! has no envelope; 502, 503 and 504 are [`ErrorKind::Deployment`]; a stream cut short is [`ErrorKind::Connection`].
//!
//! # Retries and idempotency
//!
//! | call | tried again |
//! |---|---|
//! | `models` | after transport failures and 408, 409, 429, 500, 502, 503, 504 |
//! | `responses.create`, `chat.completions.create` | the same, but only with an idempotency key |
//! | everything else, and every stream | never |
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
//! # let model = gateway.models().llm;
//! # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
//! use std::time::Duration;
//! use runinfra::RequestOptions;
//! use runinfra::types::ResponseRequest;
//!
//! let options = RequestOptions::new().idempotency_key("order-7315").timeout(Duration::from_secs(20));
//! let request = ResponseRequest::new(model, "Summarize this incident.");
//! let first = client.responses().create_with(request.clone(), options.clone()).await?;
//! let again = client.responses().create_with(request, options).await?;
//! assert!(again.replayed() && again.id == first.id);
//! # Ok(())
//! # }
//! ```
//!
//! A wait is the gateway's `Retry-After` up to 60 s; otherwise it doubles from the retry base up to 30 s, less some jitter. The
//! timeout covers the whole call: attempts, waits and body. A wait that would outlast it is not begun.
//!
//! # Fields this crate does not know
//!
//! Answers keep their text: [`Answer::raw`], [`Answer::json`], [`Event::raw`]. Requests take further body fields through `extra`,
//! which cannot set a typed one. Requests can be read from JSON or TOML and refuse unknown keys:
//!
//! ```
//! use runinfra::types::ChatCompletionRequest;
//!
//! # fn main() -> Result<(), serde_json::Error> {
//! let document = r#"{"model": "m", "messages": [{"role": "user", "content": "Hello"}], "extra_body": {"min_p": 0.1}}"#;
//! let request: ChatCompletionRequest = serde_json::from_str(document)?;
//! assert!(serde_json::from_str::<ChatCompletionRequest>(r#"{"modle": "m"}"#).is_err());
//! # let _ = request;
//! # Ok(())
//! # }
//! ```
//!
//! # Webhooks
//!
//! The [`webhooks`] module verifies deliveries, without any network.
//!
//! # Features
//!
//! | feature | adds |
//! |---|---|
//! | `blocking` | [`blocking`], the same surface without an async runtime |
//! | `tracing` | a span per call with operation, status and request id, and no text of any body |
//!
//! Neither is on by default. TLS is always rustls with ring; which roots it trusts is [`transport::Roots`]. Connections are
//! HTTP/1.1 and are kept for reuse. The asynchronous calls need a tokio runtime with its I/O and time drivers.
//!
//! The minimum supported Rust version is 1.88; it is raised only in a minor release.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(target_family = "wasm")]
compile_error!(
    "runinfra does not build for wasm: whoever loads the module could read the API key. \
     Call the gateway from a server of yours, and let the browser call that server."
);

mod answer;
#[cfg(feature = "blocking")]
#[cfg_attr(docsrs, doc(cfg(feature = "blocking")))]
pub mod blocking;
mod client;
mod config;
mod error;
mod exchange;
mod header;
mod idle;
mod multipart;
mod options;
mod request;
mod resources;
mod retry;
mod routes;
mod secret;
mod speech;
pub mod sse;
mod trace;
pub mod transport;
pub mod types;
pub mod webhooks;

pub use answer::Answer;
pub use client::{Client, ClientBuilder};
pub use config::{
    DEFAULT_BASE_URL, DEFAULT_CONNECT_TIMEOUT, DEFAULT_MAX_EVENT_BYTES, DEFAULT_MAX_RETRIES,
    DEFAULT_RETRY_BASE, DEFAULT_TIMEOUT,
};
pub use error::{Credits, Error, ErrorKind};
pub use options::RequestOptions;
pub use resources::*;
pub use speech::{Speech, SpeechStream};
pub use sse::{Event, EventStream};
