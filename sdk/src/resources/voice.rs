use http::Method;

use crate::answer::Answer;
use crate::client::Client;
use crate::error::Error;
use crate::exchange;
use crate::options::RequestOptions;
use crate::request::{Body, Recipe};
use crate::retry::policy::Replay;
use crate::types::{VoicePipelineAnswer, VoicePipelineRequest};

/// Voice.
#[derive(Clone, Copy, Debug)]
pub struct Voice<'a> {
    client: &'a Client,
}

impl<'a> Voice<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// The voice pipeline this client is scoped to: `POST /{pipelineId}/pipeline`.
    pub fn pipeline(self) -> VoicePipeline<'a> {
        VoicePipeline {
            client: self.client,
        }
    }
}

/// A voice pipeline.
#[derive(Clone, Copy, Debug)]
pub struct VoicePipeline<'a> {
    client: &'a Client,
}

impl VoicePipeline<'_> {
    /// Sends a recording and gets what was said and the response to it. Sent once, key or no key.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let (api_key, base_url, pipeline_id) = (gateway.pipeline_key(), gateway.base_url(), gateway.pipeline_id());
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let spoken = runinfra::types::SpeechRequest::new(gateway.models().tts, "hello world", "alloy").response_format("wav");
    /// # let wav = client.audio().speech().create(spoken).await?.bytes().await?;
    /// use runinfra::Client;
    /// use runinfra::types::VoicePipelineRequest;
    ///
    /// let client = Client::builder().api_key(api_key).base_url(base_url).pipeline_id(pipeline_id).build()?;
    /// let heard = client.voice().pipeline().create(VoicePipelineRequest::new(wav, "audio/wav")).await?;
    /// println!("{:?} -> {:?}", heard.transcript, heard.response_text);
    /// # assert!(heard.transcript.is_some());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequestOptions`](crate::ErrorKind::InvalidRequestOptions), with nothing sent, when the client is
    /// not scoped to a pipeline; and any [`Error`] of a call.
    pub fn create(
        self,
        request: VoicePipelineRequest,
    ) -> impl Future<Output = Result<Answer<VoicePipelineAnswer>, Error>> + Send {
        self.create_with(request, RequestOptions::default())
    }

    /// [`create`](Self::create), with options.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let (api_key, base_url, pipeline_id) = (gateway.pipeline_key(), gateway.base_url(), gateway.pipeline_id());
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let spoken = runinfra::types::SpeechRequest::new(gateway.models().tts, "hello world", "alloy").response_format("wav");
    /// # let wav = client.audio().speech().create(spoken).await?.bytes().await?;
    /// # let client = runinfra::Client::builder().api_key(api_key).base_url(base_url).pipeline_id(pipeline_id).build()?;
    /// use runinfra::RequestOptions;
    /// use runinfra::types::VoicePipelineRequest;
    ///
    /// let options = RequestOptions::new().client_request_id("call-81-turn-4");
    /// let heard = client.voice().pipeline().create_with(VoicePipelineRequest::new(wav, "audio/wav"), options).await?;
    /// # assert!(heard.request_id().is_some());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    pub fn create_with(
        self,
        request: VoicePipelineRequest,
        options: RequestOptions,
    ) -> impl Future<Output = Result<Answer<VoicePipelineAnswer>, Error>> + Send {
        exchange::json(&self.client.core, self.recipe(request), &options)
    }

    fn recipe(self, request: VoicePipelineRequest) -> Result<Recipe, Error> {
        if !self.client.core.base.is_pipeline_scoped() {
            return Err(Error::invalid(
                "voice.pipeline.create needs a client scoped to a pipeline: build it with pipeline_id"
                    .to_owned(),
            ));
        }
        request.check()?;
        Ok(Recipe {
            operation: "voice.pipeline.create",
            method: Method::POST,
            url: self.client.core.routes.voice_pipeline.clone(),
            accept: "application/json",
            body: Some(Body::typed(&request.content_type, request.audio)?),
            replay: Replay::Never,
        })
    }
}
