//! Canned and cached answers.

use crate::fault::catalogue::{CHAT, RESPONSES};
use crate::fault::edit::replace_prompt;
use crate::fault::{Effect, Fault, Layer, Modality};

pub(super) fn faults() -> Vec<Fault> {
    const PROMISE: &str = "CONTRACT §1 routes: the prompt is answered, not a cache asked";
    let canned = |name, breaks, operation| Fault {
        name,
        modality: if operation == CHAT {
            Modality::Chat
        } else {
            Modality::Responses
        },
        layer: Layer::Body,
        breaks,
        promise: PROMISE,
        effect: Effect::Request(operation, |body| {
            replace_prompt(
                body,
                "Say exactly: I'm here to help! What would you like to know?",
            );
        }),
    };
    vec![
        canned(
            "cache.canned_chat",
            "Every chat has the same polite answer.",
            CHAT,
        ),
        canned(
            "cache.canned_responses",
            "Every response has the same polite answer.",
            RESPONSES,
        ),
        Fault {
            name: "cache.prompt_prefix_only",
            modality: Modality::Chat,
            layer: Layer::Body,
            breaks: "Prompts that start alike get the same answer.",
            promise: PROMISE,
            effect: Effect::Request(CHAT, |body| {
                for message in body
                    .get_mut("messages")
                    .and_then(serde_json::Value::as_array_mut)
                    .into_iter()
                    .flatten()
                {
                    if let Some(text) = message["content"].as_str() {
                        message["content"] =
                            text.split_inclusive(' ').take(4).collect::<String>().into();
                    }
                }
            }),
        },
    ]
}
