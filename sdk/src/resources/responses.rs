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
use crate::types::{Response, ResponseEvent, ResponseRequest, encode};

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
        let recipe = encode(&request, &[]).map(|body| {
            self.post(
                "responses.create",
                "application/json",
                body,
                Replay::WithKey,
            )
        });
        exchange::json(&self.client.core, recipe, &options)
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
        const OPERATION: &str = "responses.stream";
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
        let url = self.client.core.routes.responses.clone();
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
