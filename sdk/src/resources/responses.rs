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
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let model = gateway.models().llm;
    /// use runinfra::types::ResponseRequest;
    ///
    /// let request = ResponseRequest::new(model, "Say hello.").instructions("Be brief.").max_output_tokens(32_u32);
    /// let response = client.responses().create(request).await?;
    /// println!("{}", response.output_text());
    /// # assert!(!response.output_text().is_empty());
    /// # Ok(())
    /// # }
    /// ```
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
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let model = gateway.models().llm;
    /// use runinfra::RequestOptions;
    /// use runinfra::types::ResponseRequest;
    ///
    /// let options = RequestOptions::new().idempotency_key("order-7315");
    /// let request = ResponseRequest::new(model, "Summarize this incident.");
    /// let first = client.responses().create_with(request.clone(), options.clone()).await?;
    /// // The stored answer: not run again, not charged again.
    /// let again = client.responses().create_with(request, options).await?;
    /// assert!(again.replayed() && again.id == first.id);
    /// # Ok(())
    /// # }
    /// ```
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
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let model = gateway.models().llm;
    /// use runinfra::types::{ResponseEvent, ResponseRequest};
    ///
    /// let mut stream = client.responses().stream(ResponseRequest::new(model, "Say hello.")).await?;
    /// while let Some(event) = stream.next().await {
    ///     match event?.into_value() {
    ///         ResponseEvent::OutputTextDelta(more) => print!("{}", more.delta),
    ///         ResponseEvent::Completed(last) => println!(" [{:?}]", last.response.usage),
    ///         ResponseEvent::Incomplete(last) => println!(" [cut short: {:?}]", last.response.incomplete_details),
    ///         ResponseEvent::Failed(last) => println!(" [failed: {:?}]", last.response.error),
    ///         _ => {}
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
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
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let model = gateway.models().llm;
    /// use runinfra::RequestOptions;
    /// use runinfra::types::ResponseRequest;
    ///
    /// let options = RequestOptions::new().header("x-team", "search");
    /// let mut stream = client.responses().stream_with(ResponseRequest::new(model, "Say hello."), options).await?;
    /// while let Some(event) = stream.next().await {
    ///     print!("{}", event?.text().unwrap_or_default());
    /// }
    /// # Ok(())
    /// # }
    /// ```
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
