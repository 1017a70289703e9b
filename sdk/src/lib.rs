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
//! # Calls
//!
//! Each shows an example. Each that goes to the gateway has a twin whose name ends in `_with` and that takes [`RequestOptions`]:
//! a timeout, an idempotency key, a header.
//!
//! | call | does |
//! |---|---|
//! | [`models().list()`](Models::list), [`models().retrieve(…)`](Models::retrieve) | tells which models the key reaches; free |
//! | [`chat().completions().create(…)`](Completions::create) | completes a chat |
//! | [`chat().completions().stream(…)`](Completions::stream) | the same, in pieces |
//! | [`responses().create(…)`](Responses::create) | the same by the Responses API |
//! | [`responses().stream(…)`](Responses::stream) | the same, as its events |
//! | [`embeddings().create(…)`](Embeddings::create) | turns texts into vectors |
//! | [`images().generate(…)`](Images::generate) | draws images |
//! | [`audio().speech().create(…)`](SpeechSynthesis::create) | speaks: [whole](Speech::bytes), or [as it arrives](Speech::into_stream) |
//! | [`audio().transcriptions().create(…)`](Transcriptions::create) | writes down what a recording says |
//! | [`voice().pipeline().create(…)`](VoicePipeline::create) | hears a recording and answers it; needs a client scoped to a pipeline |
//! | [`webhooks().construct_event(…)`](Webhooks::construct_event) | verifies a delivery, without any network; also [a function](webhooks::construct_event) |
//!
//! # Streams
//!
//! [`EventStream::next`] gives the next event, and an [`EventStream`] is a `futures_core::Stream` too. It ends after its terminal
//! event (`[DONE]` for a chat; `response.completed`, `response.incomplete` or `response.failed` for a response). A body that ends
//! earlier, however politely, is an error. The timeout ends when the status and the headers have come; from there silence is
//! bounded by the idle timeout, and the length of the whole is not. Dropping a stream gives its connection up.
//!
//! # Errors
//!
//! Match on [`Error::kind`]; nothing has to be read out of a message. Every error of a traced answer carries its request id.
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
//! [`Responses::create_with`] shows a call that is repeated by hand and answered from the gateway's store.
//!
//! A wait is the gateway's `Retry-After` up to 60 s; otherwise it doubles from the retry base up to 30 s, less some jitter. The
//! timeout covers the whole call: attempts, waits and, but for streams and speech, the body. A wait that would outlast it is not
//! begun.
//!
//! # Fields this crate does not know
//!
//! Answers keep their text: [`Answer::raw`], [`Answer::json`], [`Event::raw`]. Requests take further body fields through `extra`,
//! which cannot set a typed one. Requests can be read from JSON or TOML and refuse unknown keys, as
//! [`ChatCompletionRequest`](types::ChatCompletionRequest) shows.
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
