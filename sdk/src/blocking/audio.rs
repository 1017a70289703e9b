//! The calls about sound. Each waits for its asynchronous twin, which says what it does and how it fails.

use super::{Client, Speech};
use crate::answer::Answer;
use crate::error::Error;
use crate::options::RequestOptions;
use crate::types::{
    SpeechRequest, Transcription, TranscriptionRequest, VoicePipelineAnswer, VoicePipelineRequest,
};

/// Speech and transcription.
#[derive(Clone, Copy, Debug)]
pub struct Audio<'a> {
    client: &'a Client,
}

impl<'a> Audio<'a> {
    pub(super) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Text to speech.
    pub fn speech(self) -> SpeechSynthesis<'a> {
        SpeechSynthesis {
            client: self.client,
        }
    }

    /// Speech to text.
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
    /// [`SpeechSynthesis::create`](crate::SpeechSynthesis::create).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn create(self, request: SpeechRequest) -> Result<Speech, Error> {
        self.create_with(request, RequestOptions::default())
    }

    /// [`SpeechSynthesis::create_with`](crate::SpeechSynthesis::create_with).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn create_with(
        self,
        request: SpeechRequest,
        options: RequestOptions,
    ) -> Result<Speech, Error> {
        let inner = self.client.wait(
            self.client
                .inner
                .audio()
                .speech()
                .create_with(request, options),
        )?;
        Ok(Speech::new(self.client, inner))
    }
}

/// Speech to text.
#[derive(Clone, Copy, Debug)]
pub struct Transcriptions<'a> {
    client: &'a Client,
}

impl Transcriptions<'_> {
    /// [`Transcriptions::create`](crate::Transcriptions::create).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn create(self, request: TranscriptionRequest) -> Result<Answer<Transcription>, Error> {
        self.create_with(request, RequestOptions::default())
    }

    /// [`Transcriptions::create_with`](crate::Transcriptions::create_with).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn create_with(
        self,
        request: TranscriptionRequest,
        options: RequestOptions,
    ) -> Result<Answer<Transcription>, Error> {
        self.client.wait(
            self.client
                .inner
                .audio()
                .transcriptions()
                .create_with(request, options),
        )
    }
}

/// Voice.
#[derive(Clone, Copy, Debug)]
pub struct Voice<'a> {
    client: &'a Client,
}

impl<'a> Voice<'a> {
    pub(super) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// The voice pipeline this client is scoped to.
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
    /// [`VoicePipeline::create`](crate::VoicePipeline::create).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn create(
        self,
        request: VoicePipelineRequest,
    ) -> Result<Answer<VoicePipelineAnswer>, Error> {
        self.create_with(request, RequestOptions::default())
    }

    /// [`VoicePipeline::create_with`](crate::VoicePipeline::create_with).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn create_with(
        self,
        request: VoicePipelineRequest,
        options: RequestOptions,
    ) -> Result<Answer<VoicePipelineAnswer>, Error> {
        self.client.wait(
            self.client
                .inner
                .voice()
                .pipeline()
                .create_with(request, options),
        )
    }
}
