//! The operations: pure functions from a call to a reply.

mod chat;
mod document;
mod embeddings;
mod functions;
mod images;
mod messages;
mod models;
mod multipart;
mod openapi;
mod responses;
mod sampling;
mod speech;
mod transcriptions;
mod voice;

use crate::app::Call;
use crate::catalog::{self, Capability, MODELS, Modality, Model};
use crate::envelope::ApiError;
use crate::files::Files;
use crate::reply::Reply;
use crate::router::Route;

/// What routes may know besides the call.
#[derive(Debug)]
pub(crate) struct Context {
    /// `http://127.0.0.1:PORT/v1`, for links to generated pictures.
    pub(crate) base_url: String,
    /// Whether a Responses stream also ends with `[DONE]`.
    pub(crate) done_after_responses: bool,
    /// Pictures that answers link to.
    pub(crate) files: Files,
}

impl Context {
    pub(crate) fn new(base_url: String, done_after_responses: bool) -> Self {
        Self {
            base_url,
            done_after_responses,
            files: Files::default(),
        }
    }
}

/// Runs the operation that the call names.
pub(crate) fn answer(context: &Context, call: &Call) -> Result<Reply, ApiError> {
    match &call.target.route {
        Route::Models => Ok(models::list()),
        Route::Model(id) => models::retrieve(id),
        Route::Chat => chat::create(call),
        Route::Responses => responses::create(context, call),
        Route::Embeddings => embeddings::create(call),
        Route::Images => images::create(context, call),
        Route::File(name) => images::fetch(context, name),
        Route::Speech => speech::create(call),
        Route::Transcriptions => transcriptions::create(call),
        Route::Voice => voice::create(call),
        Route::OpenApi => Ok(openapi::document(&context.base_url)),
    }
}

/// The parts of a multipart body without their boundary and those named; `None` when it is none.
pub(crate) fn multipart_content(call: &Call, left_out: &[&str]) -> Option<Vec<u8>> {
    multipart::content(call, left_out)
}

/// The deployed model with this id, if it does this kind of work. On a pipeline route, `default` is the pipeline's own.
fn model(call: &Call, id: &str, modality: Modality) -> Result<&'static Model, ApiError> {
    if id.trim().is_empty() {
        return Err(ApiError::invalid(
            "missing_required_parameter",
            "`model` is blank. Name a deployed model; `GET /v1/models` lists them.",
        )
        .at("model"));
    }
    let id = match (id, &call.target.pipeline) {
        ("default", Some(_)) => default_id(modality),
        _ => id,
    };
    let model = catalog::find(id).ok_or_else(|| ApiError::model_not_found(id))?;
    if model.modality == modality {
        return Ok(model);
    }
    let needed = match modality {
        Modality::Llm => "chat",
        Modality::Embedding => "embeddings",
        Modality::Image => "image generation",
        Modality::Tts => "speech",
        Modality::Asr => "transcription",
    };
    Err(ApiError::capability(id, needed, "model"))
}

fn default_id(modality: Modality) -> &'static str {
    match modality {
        Modality::Llm => MODELS.llm,
        Modality::Embedding => MODELS.embedding,
        Modality::Image => MODELS.image,
        Modality::Tts => MODELS.tts,
        Modality::Asr => MODELS.asr,
    }
}

/// Refuses with 400 when the model lacks what `param` needs.
fn require(model: &Model, capability: Capability, name: &str, param: &str) -> Result<(), ApiError> {
    if model.can(capability) {
        return Ok(());
    }
    Err(ApiError::capability(model.id, name, param))
}
