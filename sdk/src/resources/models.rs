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
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// for model in &client.models().list().await?.data {
    ///     println!("{} of {}", model.id, model.owned_by);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call.
    pub fn list(self) -> impl Future<Output = Result<Answer<ModelList>, Error>> + Send {
        self.list_with(RequestOptions::default())
    }

    /// [`list`](Self::list), with options.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// use std::time::Duration;
    /// use runinfra::RequestOptions;
    ///
    /// // A health check that answers soon, one way or the other.
    /// let options = RequestOptions::new().timeout(Duration::from_secs(5)).max_retries(0);
    /// let models = client.models().list_with(options).await?;
    /// # assert!(!models.data.is_empty());
    /// # Ok(())
    /// # }
    /// ```
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
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let model = gateway.models().llm;
    /// use runinfra::ErrorKind;
    ///
    /// match client.models().retrieve(model).await {
    ///     Ok(model) => println!("{} is deployed", model.id),
    ///     Err(error) if error.kind() == ErrorKind::ModelNotFound => println!("not deployed ({:?})", error.request_id()),
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ModelNotFound`](crate::ErrorKind::ModelNotFound) when it is not deployed, and any [`Error`] of a call.
    pub fn retrieve(self, id: &str) -> impl Future<Output = Result<Answer<Model>, Error>> + Send {
        self.retrieve_with(id, RequestOptions::default())
    }

    /// [`retrieve`](Self::retrieve), with options.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let model = gateway.models().llm;
    /// use runinfra::RequestOptions;
    ///
    /// // Your id for the request, to find it by in the gateway's log and in yours.
    /// let options = RequestOptions::new().client_request_id("nightly-7315");
    /// let model = client.models().retrieve_with(model, options).await?;
    /// # assert!(!model.id.is_empty());
    /// # Ok(())
    /// # }
    /// ```
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
