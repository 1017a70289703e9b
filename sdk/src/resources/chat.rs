use crate::answer::Answer;
use crate::client::Client;
use crate::error::Error;
use crate::exchange;
use crate::options::RequestOptions;
use crate::request::Recipe;
use crate::retry::policy::Replay;
use crate::sse::EventStream;
use crate::types::{ChatCompletion, ChatCompletionChunk, ChatCompletionRequest};

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
        let core = &*self.client.core;
        let url = &core.routes.chat_completions;
        let recipe = Recipe::json("chat.completions.create", url, &request, Replay::WithKey);
        exchange::json(core, recipe, &options)
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
        let core = &*self.client.core;
        let url = &core.routes.chat_completions;
        let recipe = Recipe::events("chat.completions.stream", url, &request);
        exchange::events(core, recipe, &options)
    }
}
