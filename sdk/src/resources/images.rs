use http::Method;

use crate::answer::Answer;
use crate::client::Client;
use crate::error::Error;
use crate::exchange;
use crate::options::RequestOptions;
use crate::request::{Body, Recipe};
use crate::retry::policy::Replay;
use crate::types::{ImageList, ImageRequest, encode};

/// Image generation.
#[derive(Clone, Copy, Debug)]
pub struct Images<'a> {
    client: &'a Client,
}

impl<'a> Images<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Generates images: `POST /images/generations`. Sent once, key or no key.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call.
    pub async fn generate(self, request: ImageRequest) -> Result<Answer<ImageList>, Error> {
        self.generate_with(request, RequestOptions::default()).await
    }

    /// [`generate`](Self::generate), with options.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call.
    pub async fn generate_with(
        self,
        request: ImageRequest,
        options: RequestOptions,
    ) -> Result<Answer<ImageList>, Error> {
        let body = encode(&request, &[])?;
        let recipe = Recipe {
            operation: "images.generate",
            method: Method::POST,
            url: self.client.core.routes.images.clone(),
            accept: "application/json",
            body: Some(Body::json(body)),
            replay: Replay::Never,
        };
        exchange::json(&self.client.core, recipe, &options).await
    }
}
