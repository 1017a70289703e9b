//! Chat completions.

use crate::fault::{Effect, Fault, Layer, Modality, On};

const CHAT: &str = "chat.completions.create";

const fn fault(
    name: &'static str,
    layer: Layer,
    breaks: &'static str,
    promise: &'static str,
    effect: Effect,
) -> Fault {
    Fault {
        name,
        modality: Modality::Chat,
        layer,
        breaks,
        promise,
        effect,
    }
}

pub(super) fn faults() -> Vec<Fault> {
    vec![
        fault(
            "chat.max_tokens_ignored",
            Layer::Parameters,
            "The answer goes on past `max_tokens`.",
            "CONTRACT §1 Parameters",
            Effect::Request(CHAT, |body| {
                body.remove("max_tokens");
                body.remove("max_completion_tokens");
            }),
        ),
        fault(
            "chat.usage_sum_wrong",
            Layer::Body,
            "`total_tokens` is not the sum of its parts.",
            "CONTRACT §1 Shapes",
            Effect::Json(On::whole(CHAT), |_, body| {
                body["usage"]["total_tokens"] = 1.into();
            }),
        ),
    ]
}
