use crate::answer::Answer;
use crate::client::Client;
use crate::error::Error;
use crate::exchange;
use crate::options::RequestOptions;
use crate::request::Recipe;
use crate::retry::policy::Replay;
use crate::types::{ImageList, ImageRequest};

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
    pub fn generate(
        self,
        request: ImageRequest,
    ) -> impl Future<Output = Result<Answer<ImageList>, Error>> + Send {
        self.generate_with(request, RequestOptions::default())
    }

    /// [`generate`](Self::generate), with options.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call.
    pub fn generate_with(
        self,
        request: ImageRequest,
        options: RequestOptions,
    ) -> impl Future<Output = Result<Answer<ImageList>, Error>> + Send {
        let core = &*self.client.core;
        let url = &core.routes.images;
        let recipe = Recipe::json("images.generate", url, &request, Replay::Never);
        exchange::json(core, recipe, &options)
    }
}
