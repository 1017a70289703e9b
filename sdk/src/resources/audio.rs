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
