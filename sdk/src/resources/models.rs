use http::Method;

use crate::answer::Answer;
use crate::client::Client;
use crate::config::path_segment;
use crate::error::Error;
use crate::exchange;
use crate::options::RequestOptions;
use crate::request::Recipe;
use crate::retry::policy::Replay;
use crate::types::{Model, ModelList};

/// The models that a key reaches. Free of charge, and tried again after transient failures.
#[derive(Clone, Copy, Debug)]
pub struct Models<'a> {
    client: &'a Client,
}

impl<'a> Models<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// All of them: `GET /models`.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call.
    pub async fn list(self) -> Result<Answer<ModelList>, Error> {
        self.list_with(RequestOptions::default()).await
    }

    /// [`list`](Self::list), with options.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call.
    pub async fn list_with(self, options: RequestOptions) -> Result<Answer<ModelList>, Error> {
        let url = self.client.core.routes.models.clone();
        exchange::json(&self.client.core, get("models.list", url), &options).await
    }

    /// One of them: `GET /models/{id}`. The id is percent-encoded as one path segment.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ModelNotFound`](crate::ErrorKind::ModelNotFound) when it is not deployed, and any [`Error`] of a call.
    pub async fn retrieve(self, id: &str) -> Result<Answer<Model>, Error> {
        self.retrieve_with(id, RequestOptions::default()).await
    }

    /// [`retrieve`](Self::retrieve), with options.
    ///
    /// # Errors
    ///
    /// As [`retrieve`](Self::retrieve).
    pub async fn retrieve_with(
        self,
        id: &str,
        options: RequestOptions,
    ) -> Result<Answer<Model>, Error> {
        let segment = path_segment("model", id.trim())?;
        let mut url = self.client.core.routes.models.clone();
        url.set_path(&format!(
            "{}/{segment}",
            self.client.core.routes.models.path()
        ));
        exchange::json(&self.client.core, get("models.retrieve", url), &options).await
    }
}

fn get(operation: &'static str, url: url::Url) -> Recipe {
    Recipe {
        operation,
        method: Method::GET,
        url,
        accept: "application/json",
        body: None,
        replay: Replay::Always,
    }
}
