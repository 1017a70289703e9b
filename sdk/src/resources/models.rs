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
    pub fn list(self) -> impl Future<Output = Result<Answer<ModelList>, Error>> + Send {
        self.list_with(RequestOptions::default())
    }

    /// [`list`](Self::list), with options.
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call.
    pub fn list_with(
        self,
        options: RequestOptions,
    ) -> impl Future<Output = Result<Answer<ModelList>, Error>> + Send {
        let url = self.client.core.routes.models.clone();
        exchange::json(&self.client.core, Ok(get("models.list", url)), &options)
    }

    /// One of them: `GET /models/{id}`. The id is percent-encoded as one path segment.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ModelNotFound`](crate::ErrorKind::ModelNotFound) when it is not deployed, and any [`Error`] of a call.
    pub fn retrieve(self, id: &str) -> impl Future<Output = Result<Answer<Model>, Error>> + Send {
        self.retrieve_with(id, RequestOptions::default())
    }

    /// [`retrieve`](Self::retrieve), with options.
    ///
    /// # Errors
    ///
    /// As [`retrieve`](Self::retrieve).
    pub fn retrieve_with(
        self,
        id: &str,
        options: RequestOptions,
    ) -> impl Future<Output = Result<Answer<Model>, Error>> + Send {
        let recipe = path_segment("model", id.trim()).map(|segment| {
            let mut url = self.client.core.routes.models.clone();
            url.set_path(&format!("{}/{segment}", url.path()));
            get("models.retrieve", url)
        });
        exchange::json(&self.client.core, recipe, &options)
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
