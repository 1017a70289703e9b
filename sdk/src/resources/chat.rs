use http::Method;
use serde_json::Value;

use crate::answer::Answer;
use crate::client::Client;
use crate::error::Error;
use crate::exchange;
use crate::options::RequestOptions;
use crate::request::{Body, Recipe};
use crate::retry::policy::Replay;
use crate::sse::EventStream;
use crate::types::{ChatCompletion, ChatCompletionChunk, ChatCompletionRequest, encode};

/// Chat.
#[derive(Clone, Copy, Debug)]
pub struct Chat<'a> {
    client: &'a Client,
}

impl<'a> Chat<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Chat completions: `POST /chat/completions`.
    pub fn completions(self) -> Completions<'a> {
        Completions {
            client: self.client,
        }
    }
}

/// Chat completions.
#[derive(Clone, Copy, Debug)]
pub struct Completions<'a> {
    client: &'a Client,
}

impl Completions<'_> {
    /// Completes a chat and waits for the whole answer. Tried again only with an idempotency key.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call.
    pub fn create(
        self,
        request: ChatCompletionRequest,
    ) -> impl Future<Output = Result<Answer<ChatCompletion>, Error>> + Send {
        self.create_with(request, RequestOptions::default())
    }

    /// [`create`](Self::create), with options.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call.
    pub fn create_with(
        self,
        request: ChatCompletionRequest,
        options: RequestOptions,
    ) -> impl Future<Output = Result<Answer<ChatCompletion>, Error>> + Send {
        let recipe = encode(&request, &[]).map(|body| {
            self.post(
                "chat.completions.create",
                "application/json",
                body,
                Replay::WithKey,
            )
        });
        exchange::json(&self.client.core, recipe, &options)
    }

    /// Completes a chat and hands over its pieces as they come. Sent once, key or no key.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call, here for what fails before the first event, in the stream for what fails later.
    pub fn stream(
        self,
        request: ChatCompletionRequest,
    ) -> impl Future<Output = Result<EventStream<ChatCompletionChunk>, Error>> + Send {
        self.stream_with(request, RequestOptions::default())
    }

    /// [`stream`](Self::stream), with options.
    ///
    /// # Errors
    ///
    /// As [`stream`](Self::stream).
    pub fn stream_with(
        self,
        request: ChatCompletionRequest,
        options: RequestOptions,
    ) -> impl Future<Output = Result<EventStream<ChatCompletionChunk>, Error>> + Send {
        const OPERATION: &str = "chat.completions.stream";
        let recipe = encode(&request, &[("stream", Value::Bool(true))])
            .map(|body| self.post(OPERATION, "text/event-stream", body, Replay::Never));
        let opening = exchange::open(&self.client.core, recipe, &options);
        async move { EventStream::new(opening.await?, self.client.core.max_event_bytes, OPERATION) }
    }

    fn post(
        self,
        operation: &'static str,
        accept: &'static str,
        body: Vec<u8>,
        replay: Replay,
    ) -> Recipe {
        let url = self.client.core.routes.chat_completions.clone();
        Recipe {
            operation,
            method: Method::POST,
            url,
            accept,
            body: Some(Body::json(body)),
            replay,
        }
    }
}
