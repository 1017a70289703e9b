//! Client for the RunInfra inference gateway.

#[cfg(target_family = "wasm")]
compile_error!(
    "runinfra does not build for wasm: whoever loads the module could read the API key. \
     Call the gateway from a server of yours, and let the browser call that server."
);

mod answer;
#[cfg(feature = "blocking")]
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
