//! The calls. Each waits for its asynchronous twin, which says what it does and how it fails.

use super::{Client, EventStream};
use crate::answer::Answer;
use crate::error::Error;
use crate::options::RequestOptions;
use crate::types::{
    ChatCompletion, ChatCompletionChunk, ChatCompletionRequest, EmbeddingList, EmbeddingRequest,
    ImageList, ImageRequest, Model, ModelList, Response, ResponseEvent, ResponseRequest,
};

/// The models that a key reaches.
#[derive(Clone, Copy, Debug)]
pub struct Models<'a> {
    client: &'a Client,
}

impl<'a> Models<'a> {
    pub(super) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// [`Models::list`](crate::Models::list).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn list(self) -> Result<Answer<ModelList>, Error> {
        self.list_with(RequestOptions::default())
    }

    /// [`Models::list_with`](crate::Models::list_with).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn list_with(self, options: RequestOptions) -> Result<Answer<ModelList>, Error> {
        self.client
            .wait(self.client.inner.models().list_with(options))
    }

    /// [`Models::retrieve`](crate::Models::retrieve).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn retrieve(self, id: &str) -> Result<Answer<Model>, Error> {
        self.retrieve_with(id, RequestOptions::default())
    }

    /// [`Models::retrieve_with`](crate::Models::retrieve_with).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn retrieve_with(self, id: &str, options: RequestOptions) -> Result<Answer<Model>, Error> {
        self.client
            .wait(self.client.inner.models().retrieve_with(id, options))
    }
}

/// Chat.
#[derive(Clone, Copy, Debug)]
pub struct Chat<'a> {
    client: &'a Client,
}

impl<'a> Chat<'a> {
    pub(super) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Chat completions.
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
    /// [`Completions::create`](crate::Completions::create).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn create(self, request: ChatCompletionRequest) -> Result<Answer<ChatCompletion>, Error> {
        self.create_with(request, RequestOptions::default())
    }

    /// [`Completions::create_with`](crate::Completions::create_with).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn create_with(
        self,
        request: ChatCompletionRequest,
        options: RequestOptions,
    ) -> Result<Answer<ChatCompletion>, Error> {
        self.client.wait(
            self.client
                .inner
                .chat()
                .completions()
                .create_with(request, options),
        )
    }

    /// [`Completions::stream`](crate::Completions::stream).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn stream(
        self,
        request: ChatCompletionRequest,
    ) -> Result<EventStream<ChatCompletionChunk>, Error> {
        self.stream_with(request, RequestOptions::default())
    }

    /// [`Completions::stream_with`](crate::Completions::stream_with).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn stream_with(
        self,
        request: ChatCompletionRequest,
        options: RequestOptions,
    ) -> Result<EventStream<ChatCompletionChunk>, Error> {
        let inner = self.client.wait(
            self.client
                .inner
                .chat()
                .completions()
                .stream_with(request, options),
        )?;
        Ok(EventStream::new(self.client, inner))
    }
}

/// Responses.
#[derive(Clone, Copy, Debug)]
pub struct Responses<'a> {
    client: &'a Client,
}

impl<'a> Responses<'a> {
    pub(super) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// [`Responses::create`](crate::Responses::create).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn create(self, request: ResponseRequest) -> Result<Answer<Response>, Error> {
        self.create_with(request, RequestOptions::default())
    }

    /// [`Responses::create_with`](crate::Responses::create_with).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn create_with(
        self,
        request: ResponseRequest,
        options: RequestOptions,
    ) -> Result<Answer<Response>, Error> {
        self.client
            .wait(self.client.inner.responses().create_with(request, options))
    }

    /// [`Responses::stream`](crate::Responses::stream).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn stream(self, request: ResponseRequest) -> Result<EventStream<ResponseEvent>, Error> {
        self.stream_with(request, RequestOptions::default())
    }

    /// [`Responses::stream_with`](crate::Responses::stream_with).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn stream_with(
        self,
        request: ResponseRequest,
        options: RequestOptions,
    ) -> Result<EventStream<ResponseEvent>, Error> {
        let inner = self
            .client
            .wait(self.client.inner.responses().stream_with(request, options))?;
        Ok(EventStream::new(self.client, inner))
    }
}

/// Embeddings.
#[derive(Clone, Copy, Debug)]
pub struct Embeddings<'a> {
    client: &'a Client,
}

impl<'a> Embeddings<'a> {
    pub(super) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// [`Embeddings::create`](crate::Embeddings::create).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn create(self, request: EmbeddingRequest) -> Result<Answer<EmbeddingList>, Error> {
        self.create_with(request, RequestOptions::default())
    }

    /// [`Embeddings::create_with`](crate::Embeddings::create_with).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn create_with(
        self,
        request: EmbeddingRequest,
        options: RequestOptions,
    ) -> Result<Answer<EmbeddingList>, Error> {
        self.client
            .wait(self.client.inner.embeddings().create_with(request, options))
    }
}

/// Image generation.
#[derive(Clone, Copy, Debug)]
pub struct Images<'a> {
    client: &'a Client,
}

impl<'a> Images<'a> {
    pub(super) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// [`Images::generate`](crate::Images::generate).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn generate(self, request: ImageRequest) -> Result<Answer<ImageList>, Error> {
        self.generate_with(request, RequestOptions::default())
    }

    /// [`Images::generate_with`](crate::Images::generate_with).
    ///
    /// # Errors
    ///
    /// As its twin.
    pub fn generate_with(
        self,
        request: ImageRequest,
        options: RequestOptions,
    ) -> Result<Answer<ImageList>, Error> {
        self.client
            .wait(self.client.inner.images().generate_with(request, options))
    }
}
