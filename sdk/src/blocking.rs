//! The same surface for programs without an async runtime (feature `blocking`).
//!
//! A client brings a runtime of its own, with one thread that moves bytes. Calls park the calling thread until they are done.
//! That is safe anywhere, even within someone else's runtime, where it blocks one of its threads like any blocking call.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
//! # let gateway = runtime.block_on(runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()))?;
//! # let (api_key, base_url, model) = (gateway.api_key(), gateway.base_url(), gateway.models().llm);
//! use runinfra::blocking::Client;
//! use runinfra::types::{ChatCompletionRequest, ChatMessage};
//!
//! let client = Client::new(runinfra::Client::builder().api_key(api_key).base_url(base_url))?;
//! let request = ChatCompletionRequest::new(model, [ChatMessage::user("Say hello.")]);
//! let answer = client.chat().completions().create(request)?;
//! println!("{}", answer.text().unwrap_or_default());
//! # assert!(answer.text().is_some());
//! # Ok(())
//! # }
//! ```

mod audio;
mod resources;
mod stream;

use std::fmt;
use std::future::Future;
use std::sync::Arc;

pub use audio::{Audio, SpeechSynthesis, Transcriptions, Voice, VoicePipeline};
pub use resources::{Chat, Completions, Embeddings, Images, Models, Responses};
pub use stream::{EventStream, Speech, SpeechStream};

use crate::client::ClientBuilder;
use crate::error::{Error, ErrorKind};
use crate::resources::Webhooks;

/// A client of one gateway with one key, whose calls return when they are done. Clones share connections.
#[derive(Clone)]
pub struct Client {
    inner: crate::Client,
    runtime: Arc<Runtime>,
}

/// A runtime that can be dropped anywhere.
struct Runtime(Option<tokio::runtime::Runtime>);

impl Drop for Runtime {
    fn drop(&mut self) {
        // Waiting for its thread would panic within another runtime.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Client {
    /// Makes a client as `builder` says.
    ///
    /// # Errors
    ///
    /// As [`ClientBuilder::build`], and [`ErrorKind::Connection`] when the system gives no thread.
    pub fn new(builder: ClientBuilder) -> Result<Self, Error> {
        let inner = builder.build()?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("runinfra")
            .enable_all()
            .build();
        let runtime = runtime.map_err(|error| {
            Error::new(
                ErrorKind::Connection,
                "starting the client's thread failed: raise this process's limits, or share one client, whose clones share its thread",
            )
            .with_cause(error.to_string())
        })?;
        Ok(Self {
            inner,
            runtime: Arc::new(Runtime(Some(runtime))),
        })
    }

    /// The models that this key reaches.
    pub fn models(&self) -> Models<'_> {
        Models::new(self)
    }

    /// Chat completions.
    pub fn chat(&self) -> Chat<'_> {
        Chat::new(self)
    }

    /// Responses: chat with the Responses API's event model.
    pub fn responses(&self) -> Responses<'_> {
        Responses::new(self)
    }

    /// Embeddings.
    pub fn embeddings(&self) -> Embeddings<'_> {
        Embeddings::new(self)
    }

    /// Image generation.
    pub fn images(&self) -> Images<'_> {
        Images::new(self)
    }

    /// Speech and transcription.
    pub fn audio(&self) -> Audio<'_> {
        Audio::new(self)
    }

    /// Voice pipelines, for clients scoped to one.
    pub fn voice(&self) -> Voice<'_> {
        Voice::new(self)
    }

    /// Verification of webhook deliveries.
    pub fn webhooks(&self) -> Webhooks<'_> {
        self.inner.webhooks()
    }

    /// Waits for `future` on this thread, while the client's own thread moves the bytes.
    fn wait<F: Future>(&self, future: F) -> F::Output {
        let _context = self.runtime.0.as_ref().map(tokio::runtime::Runtime::enter);
        pollster::block_on(future)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}
