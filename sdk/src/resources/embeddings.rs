use http::Method;

use crate::answer::Answer;
use crate::client::Client;
use crate::error::Error;
use crate::exchange;
use crate::options::RequestOptions;
use crate::request::{Body, Recipe};
use crate::retry::policy::Replay;
use crate::types::{EmbeddingList, EmbeddingRequest, encode};

/// Embeddings.
#[derive(Clone, Copy, Debug)]
pub struct Embeddings<'a> {
    client: &'a Client,
}

impl<'a> Embeddings<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Embeds texts: `POST /embeddings`. Sent once, key or no key.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call.
    pub fn create(
        self,
        request: EmbeddingRequest,
    ) -> impl Future<Output = Result<Answer<EmbeddingList>, Error>> + Send {
        self.create_with(request, RequestOptions::default())
    }

    /// [`create`](Self::create), with options.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call.
    pub fn create_with(
        self,
        request: EmbeddingRequest,
        options: RequestOptions,
    ) -> impl Future<Output = Result<Answer<EmbeddingList>, Error>> + Send {
        let recipe = encode(&request, &[]).map(|body| Recipe {
            operation: "embeddings.create",
            method: Method::POST,
            url: self.client.core.routes.embeddings.clone(),
            accept: "application/json",
            body: Some(Body::json(body)),
            replay: Replay::Never,
        });
        exchange::json(&self.client.core, recipe, &options)
    }
}
