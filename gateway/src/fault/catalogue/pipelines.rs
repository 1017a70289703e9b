//! What breaks on the routes of a pipeline alone, while the workspace's are whole.

use crate::fault::catalogue::{CHAT, RESPONSES};
use crate::fault::edit::{is_done, without};
use crate::fault::{Effect, Fault, Layer, Modality, On, Subject};

const ROUTES: &str = "CONTRACT §1 Auth: a pipeline's own routes";

/// Whether a pipeline was asked: its id stands between the version and the route.
fn on_pipeline(subject: &Subject) -> bool {
    !matches!(
        subject.path.as_str(),
        "/v1/chat/completions" | "/v1/responses"
    )
}

pub(super) fn faults() -> Vec<Fault> {
    vec![
        Fault {
            name: "chat.usage_missing_on_pipelines",
            modality: Modality::Chat,
            layer: Layer::Body,
            breaks: "On a pipeline's route, answers have no usage.",
            promise: ROUTES,
            effect: Effect::Json(On::whole(CHAT), |subject, body| {
                if on_pipeline(subject) {
                    without(body, "usage");
                }
            }),
        },
        Fault {
            name: "stream.done_missing_on_pipelines",
            modality: Modality::Chat,
            layer: Layer::Stream,
            breaks: "On a pipeline's route, streams end without `[DONE]`.",
            promise: ROUTES,
            effect: Effect::Events(On::stream(CHAT), |subject, events| {
                if on_pipeline(subject) {
                    events.retain(|event| !is_done(event));
                }
            }),
        },
        Fault {
            name: "responses.usage_zero_on_pipelines",
            modality: Modality::Responses,
            layer: Layer::Body,
            breaks: "On a pipeline's route, usage counts nothing.",
            promise: ROUTES,
            effect: Effect::Json(On::whole(RESPONSES), |subject, body| {
                if on_pipeline(subject) {
                    for name in ["input_tokens", "output_tokens", "total_tokens"] {
                        body["usage"][name] = 0.into();
                    }
                }
            }),
        },
    ]
}
