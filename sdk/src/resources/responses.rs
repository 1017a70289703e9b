use crate::answer::Answer;
use crate::client::Client;
use crate::error::Error;
use crate::exchange;
use crate::options::RequestOptions;
use crate::request::Recipe;
use crate::retry::policy::Replay;
use crate::sse::EventStream;
use crate::types::{Response, ResponseEvent, ResponseRequest};

/// Responses: chat with the Responses API's event model.
#[derive(Clone, Copy, Debug)]
pub struct Responses<'a> {
    client: &'a Client,
}

impl<'a> Responses<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Responds, and waits for the whole response: `POST /responses`. Tried again only with an idempotency key.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call.
    pub fn create(
        self,
        request: ResponseRequest,
    ) -> impl Future<Output = Result<Answer<Response>, Error>> + Send {
        self.create_with(request, RequestOptions::default())
    }

    /// [`create`](Self::create), with options.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call.
    pub fn create_with(
        self,
        request: ResponseRequest,
        options: RequestOptions,
    ) -> impl Future<Output = Result<Answer<Response>, Error>> + Send {
        let core = &*self.client.core;
        let url = &core.routes.responses;
        let recipe = Recipe::json("responses.create", url, &request, Replay::WithKey);
        exchange::json(core, recipe, &options)
    }

    /// Responds, and hands over events as they come. Sent once, key or no key.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call, here for what fails before the first event, in the stream for what fails later.
    pub fn stream(
        self,
        request: ResponseRequest,
    ) -> impl Future<Output = Result<EventStream<ResponseEvent>, Error>> + Send {
        self.stream_with(request, RequestOptions::default())
    }

    /// [`stream`](Self::stream), with options.
    ///
    /// # Errors
    ///
    /// As [`stream`](Self::stream).
    pub fn stream_with(
        self,
        request: ResponseRequest,
        options: RequestOptions,
    ) -> impl Future<Output = Result<EventStream<ResponseEvent>, Error>> + Send {
        let core = &*self.client.core;
        let url = &core.routes.responses;
        let recipe = Recipe::events("responses.stream", url, &request);
        exchange::events(core, recipe, &options)
    }
}
