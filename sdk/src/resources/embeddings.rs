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
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let model = gateway.models().embedding;
    /// use runinfra::types::EmbeddingRequest;
    ///
    /// let request = EmbeddingRequest::new(model, ["a fox", "a dog"]).dimensions(64_u32);
    /// let vectors = client.embeddings().create(request).await?;
    /// for vector in &vectors.data {
    ///     println!("text {}: {} numbers", vector.index, vector.embedding.len());
    /// }
    /// # assert!(vectors.data.len() == 2 && vectors.data[0].embedding.len() == 64);
    /// # Ok(())
    /// # }
    /// ```
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
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let model = gateway.models().embedding;
    /// use runinfra::RequestOptions;
    /// use runinfra::types::EmbeddingRequest;
    ///
    /// // Never tried again by itself; with a key it can be repeated by hand without being charged twice.
    /// let options = RequestOptions::new().idempotency_key("batch-12");
    /// let request = EmbeddingRequest::new(model, "a fox");
    /// let vectors = client.embeddings().create_with(request.clone(), options.clone()).await?;
    /// let again = client.embeddings().create_with(request, options).await?;
    /// assert!(again.replayed() && again.data == vectors.data);
    /// # Ok(())
    /// # }
    /// ```
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
