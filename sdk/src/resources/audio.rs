use http::Method;

use crate::answer::Answer;
use crate::client::Client;
use crate::error::Error;
use crate::exchange;
use crate::options::RequestOptions;
use crate::request::{Body, Recipe};
use crate::retry::policy::Replay;
use crate::speech::Speech;
use crate::types::{SpeechRequest, Transcription, TranscriptionRequest};

/// Speech and transcription.
#[derive(Clone, Copy, Debug)]
pub struct Audio<'a> {
    client: &'a Client,
}

impl<'a> Audio<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Text to speech: `POST /audio/speech`.
    pub fn speech(self) -> SpeechSynthesis<'a> {
        SpeechSynthesis {
            client: self.client,
        }
    }

    /// Speech to text: `POST /audio/transcriptions`.
    pub fn transcriptions(self) -> Transcriptions<'a> {
        Transcriptions {
            client: self.client,
        }
    }
}

/// Text to speech.
#[derive(Clone, Copy, Debug)]
pub struct SpeechSynthesis<'a> {
    client: &'a Client,
}

impl SpeechSynthesis<'_> {
    /// Speaks. Sent once, key or no key; the gateway binds a key, so repeating by hand is safe with one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let model = gateway.models().tts;
    /// use runinfra::types::{SpeechFormat, SpeechRequest};
    ///
    /// let request = SpeechRequest::new(model, "hello world", "alloy").response_format(SpeechFormat::Wav);
    /// let speech = client.audio().speech().create(request).await?;
    /// println!("{:?} ({:?})", speech.content_type(), speech.request_id());
    /// let wav = speech.bytes().await?;
    /// # assert!(wav.starts_with(b"RIFF"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call, here for what fails before the audio, in reading it for what fails later.
    pub fn create(
        self,
        request: SpeechRequest,
    ) -> impl Future<Output = Result<Speech, Error>> + Send {
        self.create_with(request, RequestOptions::default())
    }

    /// [`create`](Self::create), with options.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let model = gateway.models().tts;
    /// use runinfra::RequestOptions;
    /// use runinfra::types::SpeechRequest;
    ///
    /// let options = RequestOptions::new().idempotency_key("greeting-3");
    /// let request = SpeechRequest::new(model, "hello world", "alloy");
    /// let first = client.audio().speech().create_with(request.clone(), options.clone()).await?.bytes().await?;
    /// let again = client.audio().speech().create_with(request, options).await?;
    /// assert!(again.replayed() && again.bytes().await? == first);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    pub fn create_with(
        self,
        request: SpeechRequest,
        options: RequestOptions,
    ) -> impl Future<Output = Result<Speech, Error>> + Send {
        let core = &*self.client.core;
        let url = &core.routes.speech;
        let recipe = Recipe::json("audio.speech.create", url, &request, Replay::Never);
        let recipe = recipe.map(|recipe| Recipe {
            accept: "audio/*, application/octet-stream",
            ..recipe
        });
        let opening = exchange::open(core, recipe, &options);
        async move { Speech::new(opening.await?) }
    }
}

/// Speech to text.
#[derive(Clone, Copy, Debug)]
pub struct Transcriptions<'a> {
    client: &'a Client,
}

impl Transcriptions<'_> {
    /// Transcribes a recording. Sent once, key or no key; the gateway binds a key, so repeating by hand is safe with one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let models = gateway.models();
    /// # let spoken = runinfra::types::SpeechRequest::new(models.tts, "hello world", "alloy").response_format("wav");
    /// # let wav = client.audio().speech().create(spoken).await?.bytes().await?;
    /// # let model = models.asr;
    /// use runinfra::types::{TranscriptionFormat, TranscriptionRequest};
    ///
    /// let request = TranscriptionRequest::new(model, wav)
    ///     .filename("greeting.wav")
    ///     .language("en")
    ///     .response_format(TranscriptionFormat::VerboseJson);
    /// let heard = client.audio().transcriptions().create(request).await?;
    /// println!("{} ({:?} s)", heard.text, heard.duration);
    /// # assert!(heard.text.to_lowercase().contains("hello") && heard.duration.is_some());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call.
    pub fn create(
        self,
        request: TranscriptionRequest,
    ) -> impl Future<Output = Result<Answer<Transcription>, Error>> + Send {
        self.create_with(request, RequestOptions::default())
    }

    /// [`create`](Self::create), with options.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
    /// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
    /// # let models = gateway.models();
    /// # let spoken = runinfra::types::SpeechRequest::new(models.tts, "hello world", "alloy").response_format("wav");
    /// # let wav = client.audio().speech().create(spoken).await?.bytes().await?;
    /// # let model = models.asr;
    /// use std::time::Duration;
    /// use runinfra::RequestOptions;
    /// use runinfra::types::TranscriptionRequest;
    ///
    /// // An hour of recording takes its time to go up.
    /// let options = RequestOptions::new().timeout(Duration::from_secs(600));
    /// let heard = client.audio().transcriptions().create_with(TranscriptionRequest::new(model, wav), options).await?;
    /// println!("{}", heard.text);
    /// # assert!(!heard.text.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Any [`Error`] of a call.
    pub fn create_with(
        self,
        request: TranscriptionRequest,
        options: RequestOptions,
    ) -> impl Future<Output = Result<Answer<Transcription>, Error>> + Send {
        let form = request.form().map(|form| form.encode());
        let body = form.and_then(|(content_type, bytes)| Body::typed(&content_type, bytes));
        let recipe = body.map(|body| Recipe {
            operation: "audio.transcriptions.create",
            method: Method::POST,
            url: self.client.core.routes.transcriptions.clone(),
            accept: "application/json",
            body: Some(body),
            replay: Replay::Never,
        });
        exchange::json(&self.client.core, recipe, &options)
    }
}
