use crate::answer::Answer;
use crate::client::Client;
use crate::error::Error;
use crate::exchange;
use crate::options::RequestOptions;
use crate::request::Recipe;
use crate::retry::policy::Replay;
use crate::types::{EmbeddingList, EmbeddingRequest};

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
        let core = &*self.client.core;
        let url = &core.routes.embeddings;
        let recipe = Recipe::json("embeddings.create", url, &request, Replay::Never);
        exchange::json(core, recipe, &options)
    }
}
