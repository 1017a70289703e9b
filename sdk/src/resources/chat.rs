use crate::answer::Answer;
use crate::client::Client;
use crate::error::Error;
use crate::exchange;
use crate::options::RequestOptions;
use crate::request::Recipe;
use crate::retry::policy::Replay;
use crate::sse::EventStream;
use crate::types::{ChatCompletion, ChatCompletionChunk, ChatCompletionRequest};

/// Chat.
#[derive(Clone, Copy, Debug)]
pub struct Chat<'a> {
    client: &'a Client,
}

impl<'a> Chat<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Chat completions: `POST /chat/completions`.
    pub fn completions(self) -> Completions<'a> {
        Completions {
            client: self.client,
        }
    }
}

/// Chat completions.
#[derive(Clone, Copy, Debug)]
pub struct Completions<'a> {
    client: &'a Client,
}

impl Completions<'_> {
    /// Completes a chat and waits for the whole answer. Tried again only with an idempotency key.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let model = gateway.models().llm;
    /// use runinfra::types::{ChatCompletionRequest, ChatMessage};
    ///
    /// let messages = [ChatMessage::system("Be brief."), ChatMessage::user("Say hello.")];
    /// let request = ChatCompletionRequest::new(model, messages).max_tokens(32_u32);
    /// let answer = client.chat().completions().create(request).await?;
    /// println!("{} ({:?})", answer.text().unwrap_or_default(), answer.usage);
    /// # assert!(answer.text().is_some() && answer.usage.is_some());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call.
    pub fn create(
        self,
        request: ChatCompletionRequest,
    ) -> impl Future<Output = Result<Answer<ChatCompletion>, Error>> + Send {
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
    /// use runinfra::types::{ChatCompletionRequest, ChatMessage};
    ///
    /// // With a key it is tried again after transient failures, and charged once.
    /// let options = RequestOptions::new().idempotency_key("order-7315");
    /// let request = ChatCompletionRequest::new(model, [ChatMessage::user("Say hello.")]);
    /// let answer = client.chat().completions().create_with(request, options).await?;
    /// # assert!(answer.text().is_some() && !answer.replayed());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call.
    pub fn create_with(
        self,
        request: ChatCompletionRequest,
        options: RequestOptions,
    ) -> impl Future<Output = Result<Answer<ChatCompletion>, Error>> + Send {
        let core = &*self.client.core;
        let url = &core.routes.chat_completions;
        let recipe = Recipe::json("chat.completions.create", url, &request, Replay::WithKey);
        exchange::json(core, recipe, &options)
    }

    /// Completes a chat and hands over its pieces as they come. Sent once, key or no key.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let model = gateway.models().llm;
    /// use runinfra::types::{ChatCompletionRequest, ChatMessage, StreamOptions};
    ///
    /// let request = ChatCompletionRequest::new(model, [ChatMessage::user("Count to three.")])
    ///     .stream_options(StreamOptions::with_usage());
    /// let mut stream = client.chat().completions().stream(request).await?;
    /// while let Some(chunk) = stream.next().await {
    ///     let chunk = chunk?;
    ///     print!("{}", chunk.text().unwrap_or_default());
    ///     // Only the last chunk has it, and only because it was asked for.
    ///     if let Some(usage) = &chunk.usage {
    ///         println!(" [{} tokens]", usage.total_tokens);
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
        request: ChatCompletionRequest,
    ) -> impl Future<Output = Result<EventStream<ChatCompletionChunk>, Error>> + Send {
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
    /// use std::time::Duration;
    /// use runinfra::RequestOptions;
    /// use runinfra::types::{ChatCompletionRequest, ChatMessage};
    ///
    /// // Two minutes for a cold model to begin its answer; from there no silence of more than ten seconds.
    /// let options = RequestOptions::new().timeout(Duration::from_secs(120)).idle_timeout(Duration::from_secs(10));
    /// let request = ChatCompletionRequest::new(model, [ChatMessage::user("Count to three.")]);
    /// let mut stream = client.chat().completions().stream_with(request, options).await?;
    /// while let Some(chunk) = stream.next().await {
    ///     print!("{}", chunk?.text().unwrap_or_default());
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
        request: ChatCompletionRequest,
        options: RequestOptions,
    ) -> impl Future<Output = Result<EventStream<ChatCompletionChunk>, Error>> + Send {
        let core = &*self.client.core;
        let url = &core.routes.chat_completions;
        let recipe = Recipe::events("chat.completions.stream", url, &request);
        exchange::events(core, recipe, &options)
    }
}
