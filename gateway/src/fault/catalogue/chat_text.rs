//! Chat completions: what becomes of the text on its way back.

use serde_json::Value;

use crate::fault::catalogue::CHAT;
use crate::fault::edit::{collapsed, each_choice, each_text};
use crate::fault::{Effect, Fault, Layer, Modality, On};

const PARAMETERS: &str = "CONTRACT §1 Parameters";
const ROUTES: &str = "CONTRACT §1 routes: chat completions";

const fn body(
    name: &'static str,
    breaks: &'static str,
    promise: &'static str,
    rewrite: fn(&crate::fault::Subject, &mut Value),
) -> Fault {
    Fault {
        name,
        modality: Modality::Chat,
        layer: Layer::Body,
        breaks,
        promise,
        effect: Effect::Json(On::whole(CHAT), rewrite),
    }
}

pub(super) fn faults() -> Vec<Fault> {
    let mut faults = texts();
    faults.extend(metadata());
    faults
}

fn metadata() -> Vec<Fault> {
    vec![
        body(
            "chat.metadata_dropped",
            "`metadata` does not come back.",
            PARAMETERS,
            |_, body| {
                crate::fault::edit::without(body, "metadata");
            },
        ),
        body(
            "chat.metadata_changed",
            "`metadata` comes back with other values.",
            PARAMETERS,
            |_, body| {
                for value in body["metadata"]
                    .as_object_mut()
                    .into_iter()
                    .flat_map(|metadata| metadata.values_mut())
                {
                    *value = "redacted".into();
                }
            },
        ),
        body(
            "chat.metadata_names_lowercased",
            "The names in `metadata` come back in small letters.",
            PARAMETERS,
            |_, body| {
                if let Some(metadata) = body["metadata"].as_object_mut() {
                    *metadata = std::mem::take(metadata)
                        .into_iter()
                        .map(|(name, value)| (name.to_lowercase(), value))
                        .collect();
                }
            },
        ),
        body(
            "chat.metadata_trimmed",
            "The values in `metadata` come back without the spaces around them, and without those that are empty.",
            PARAMETERS,
            |_, body| {
                if let Some(metadata) = body["metadata"].as_object_mut() {
                    metadata.retain(|_, value| value != "");
                    for value in metadata.values_mut() {
                        if let Some(text) = value.as_str() {
                            *value = text.trim().into();
                        }
                    }
                }
            },
        ),
    ]
}

fn texts() -> Vec<Fault> {
    vec![
        body(
            "chat.text_cut_short",
            "The last word of every answer is missing, though the finish reason says it is complete.",
            ROUTES,
            |_, body| {
                each_text(body, |text| {
                    let end = text.trim_end().rfind([' ', '-']).unwrap_or(text.len() / 2);
                    text.get(..end).unwrap_or_default().to_owned()
                });
            },
        ),
        body(
            "chat.text_empty",
            "The answer's text is empty.",
            ROUTES,
            |_, body| each_text(body, |_| String::new()),
        ),
        body(
            "chat.text_null",
            "The answer's content is null although nothing was called.",
            ROUTES,
            |_, body| {
                each_choice(body, |choice| choice["message"]["content"] = Value::Null);
            },
        ),
        body(
            "chat.text_mojibake",
            "Characters beyond ASCII come back as if UTF-8 were Latin-1.",
            ROUTES,
            |_, body| {
                each_text(body, |text| text.bytes().map(char::from).collect());
            },
        ),
        body(
            "chat.backslashes_lost",
            "Backslashes are taken for escapes and go missing.",
            ROUTES,
            |_, body| each_text(body, |text| text.replace('\\', "")),
        ),
        body(
            "chat.text_lowercased",
            "The answer is changed to lower case on its way.",
            ROUTES,
            |_, body| each_text(body, str::to_lowercase),
        ),
        body(
            "chat.text_repeated",
            "The answer's text comes twice.",
            ROUTES,
            |_, body| each_text(body, |text| format!("{text}{text}")),
        ),
        body(
            "chat.text_prefixed",
            "The serving template's control words are left in the text.",
            ROUTES,
            |_, body| {
                each_text(body, |text| {
                    format!("<|im_start|>assistant\n{text}<|im_end|>")
                });
            },
        ),
        body(
            "chat.line_breaks_lost",
            "Line breaks come as spaces.",
            ROUTES,
            |_, body| each_text(body, |text| text.replace('\n', " ")),
        ),
        body(
            "chat.spaces_collapsed",
            "Several spaces in a row come as one.",
            ROUTES,
            |_, body| each_text(body, |text| collapsed(text, false).0),
        ),
    ]
}
