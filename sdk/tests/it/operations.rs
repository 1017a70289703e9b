//! Every operation as one function, so that what holds for all of them is tested on all of them.

use runinfra::types::{
    ChatCompletionRequest, ChatMessage, EmbeddingRequest, ImageRequest, ResponseRequest,
    SpeechRequest, TranscriptionRequest, VoicePipelineRequest,
};
use runinfra::{Client, Error, RequestOptions};

use crate::support;
use crate::support::Step;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    ModelsList,
    ModelsRetrieve,
    ChatCreate,
    ChatStream,
    ResponsesCreate,
    ResponsesStream,
    Embeddings,
    Images,
    Speech,
    Transcriptions,
    VoicePipeline,
}

pub(crate) use Operation::*;

pub(crate) const ALL: [Operation; 11] = [
    ModelsList,
    ModelsRetrieve,
    ChatCreate,
    ChatStream,
    ResponsesCreate,
    ResponsesStream,
    Embeddings,
    Images,
    Speech,
    Transcriptions,
    VoicePipeline,
];

pub(crate) fn chat() -> ChatCompletionRequest {
    ChatCompletionRequest::new("m", [ChatMessage::user("hi")])
}

impl Operation {
    /// Makes the call and reads its answer to the end. `client` is scoped to a pipeline.
    pub(crate) async fn run(self, client: &Client, options: RequestOptions) -> Result<(), Error> {
        match self {
            ModelsList => client.models().list_with(options).await.map(drop),
            ModelsRetrieve => client.models().retrieve_with("m", options).await.map(drop),
            ChatCreate => client
                .chat()
                .completions()
                .create_with(chat(), options)
                .await
                .map(drop),
            ChatStream => {
                let mut stream = client
                    .chat()
                    .completions()
                    .stream_with(chat(), options)
                    .await?;
                while let Some(event) = stream.next().await {
                    event?;
                }
                Ok(())
            }
            ResponsesCreate => client
                .responses()
                .create_with(ResponseRequest::new("m", "hi"), options)
                .await
                .map(drop),
            ResponsesStream => {
                let mut stream = client
                    .responses()
                    .stream_with(ResponseRequest::new("m", "hi"), options)
                    .await?;
                while let Some(event) = stream.next().await {
                    event?;
                }
                Ok(())
            }
            Embeddings => client
                .embeddings()
                .create_with(EmbeddingRequest::new("m", "hi"), options)
                .await
                .map(drop),
            Images => client
                .images()
                .generate_with(ImageRequest::new("m", "hi"), options)
                .await
                .map(drop),
            Speech => {
                let speech = client
                    .audio()
                    .speech()
                    .create_with(SpeechRequest::new("m", "hi", "v"), options)
                    .await?;
                speech.bytes().await.map(drop)
            }
            Transcriptions => {
                let request = TranscriptionRequest::new("m", b"RIFF".to_vec());
                client
                    .audio()
                    .transcriptions()
                    .create_with(request, options)
                    .await
                    .map(drop)
            }
            VoicePipeline => {
                let request = VoicePipelineRequest::new(b"RIFF".to_vec(), "audio/wav");
                client
                    .voice()
                    .pipeline()
                    .create_with(request, options)
                    .await
                    .map(drop)
            }
        }
    }

    /// What a healthy gateway answers.
    pub(crate) fn good(self) -> Vec<Step> {
        use serde_json::json;
        let model = json!({"id": "m", "object": "model", "created": 1, "owned_by": "me"});
        match self {
            ModelsList => support::json(200, json!({"object": "list", "data": [model]})),
            ModelsRetrieve => support::json(200, model),
            ChatCreate => support::json(200, support::chat_answer()),
            ChatStream => support::sse(support::chat_frames().concat()),
            ResponsesCreate => support::json(200, support::response("completed", "hello")),
            ResponsesStream => support::sse(support::response_frames().concat()),
            Embeddings => {
                let vector = json!({"object": "embedding", "index": 0, "embedding": [0.5]});
                support::json(
                    200,
                    json!({"object": "list", "model": "m", "data": [vector], "usage": {"prompt_tokens": 1, "total_tokens": 1}}),
                )
            }
            Images => support::json(
                200,
                json!({"created": 7, "data": [{"url": "https://x/y.png"}]}),
            ),
            Speech => support::reply(
                200,
                &[
                    ("content-type", "audio/wav"),
                    ("x-request-id", support::REQUEST_ID),
                ],
                b"RIFF",
            ),
            Transcriptions => support::json(200, json!({"text": "hi"})),
            VoicePipeline => support::json(200, json!({"transcript": "hi"})),
        }
    }

    pub(crate) fn is_stream(self) -> bool {
        matches!(self, ChatStream | ResponsesStream)
    }

    /// The contract's table: tried again without a key, and with one.
    pub(crate) fn retried(self) -> (bool, bool) {
        match self {
            ModelsList | ModelsRetrieve => (true, true),
            ChatCreate | ResponsesCreate => (false, true),
            _ => (false, false),
        }
    }
}
