//! Text to speech.
#![expect(clippy::too_many_lines, reason = "tables: one entry a fault")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::fault::catalogue::SPEECH;
use crate::fault::edit::{Object, bytes, content_type, whole};
use crate::fault::{Effect, Fault, Layer, Modality, On, Subject};
use crate::model::media::speech::{AudioFormat, silence};
use crate::reply::{Reply, to_json};

const ROUTE: &str = "CONTRACT §1 routes: speech";

const fn lost(name: &'static str, breaks: &'static str, rewrite: fn(&mut Object)) -> Fault {
    Fault {
        name,
        modality: Modality::Speech,
        layer: Layer::Parameters,
        breaks,
        promise: ROUTE,
        effect: Effect::Request(SPEECH, rewrite),
    }
}

const fn body(
    name: &'static str,
    breaks: &'static str,
    rewrite: fn(&Subject, &mut Reply),
) -> Fault {
    Fault {
        name,
        modality: Modality::Speech,
        layer: Layer::Body,
        breaks,
        promise: ROUTE,
        effect: Effect::Reply(On::operation(SPEECH), rewrite),
    }
}

/// The format that an answer's content type names.
fn format_of(reply: &Reply) -> AudioFormat {
    let declared = reply
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    [
        AudioFormat::Mp3,
        AudioFormat::Opus,
        AudioFormat::Aac,
        AudioFormat::Flac,
        AudioFormat::Wav,
        AudioFormat::Pcm,
    ]
    .into_iter()
    .find(|format| format.content_type() == declared)
    .unwrap_or(AudioFormat::Wav)
}

/// Changes the text that is to be spoken, where there is something to change.
fn change_text(body: &mut Object, change: impl FnOnce(&str) -> Option<String>) {
    if let Some(text) = body.get("input").and_then(Value::as_str).and_then(change) {
        body.insert("input".to_owned(), text.into());
    }
}

pub(super) fn faults() -> Vec<Fault> {
    vec![
        lost(
            "speech.format_ignored",
            "`response_format` makes no difference: WAV comes.",
            |body| {
                body.insert("response_format".to_owned(), "wav".into());
            },
        ),
        lost(
            "speech.voice_ignored",
            "`voice` and reference audio make no difference.",
            |body| {
                body.insert("voice".to_owned(), "default".into());
            },
        ),
        lost(
            "speech.words_replaced",
            "Every text is spoken as the same words.",
            |body| {
                body.insert("input".to_owned(), "hello from the speech service".into());
            },
        ),
        lost(
            "speech.text_truncated",
            "Only the first 12 characters are spoken.",
            |body| {
                if let Some(text) = body.get("input").and_then(Value::as_str) {
                    let cut: String = text.chars().take(12).collect();
                    body.insert("input".to_owned(), cut.into());
                }
            },
        ),
        lost(
            "speech.missing_voice_accepted",
            "A request with neither voice nor reference audio is spoken.",
            |body| {
                body.entry("voice").or_insert_with(|| "default".into());
            },
        ),
        body(
            "speech.silent",
            "The audio is silence in the asked format.",
            |_, reply| {
                if let Ok(audio) = silence(2.0, format_of(reply)) {
                    whole(reply, audio);
                }
            },
        ),
        body("speech.empty", "The audio has no bytes.", |_, reply| {
            whole(reply, "");
        }),
        body(
            "speech.cut_off",
            "The second half of the audio is missing.",
            |_, reply| bytes(reply, |audio| audio[..audio.len() / 2].to_vec()),
        ),
        body(
            "speech.header_only",
            "Only the container's first bytes come.",
            |_, reply| bytes(reply, |audio| audio.iter().take(44).copied().collect()),
        ),
        body(
            "speech.bytes_corrupted",
            "Line breaks inside the audio are rewritten as if it were text.",
            |_, reply| {
                bytes(reply, |audio| {
                    String::from_utf8_lossy(audio)
                        .replace('\n', "\r\n")
                        .into_bytes()
                });
            },
        ),
        body(
            "speech.content_type_generic",
            "The audio is announced as a stream of bytes.",
            |_, reply| content_type(reply, "application/octet-stream"),
        ),
        body(
            "speech.content_type_other_format",
            "The audio is announced as another format.",
            |_, reply| {
                let other = if format_of(reply) == AudioFormat::Wav {
                    "audio/mpeg"
                } else {
                    "audio/wav"
                };
                content_type(reply, other);
            },
        ),
        body(
            "speech.wrapped_in_json",
            "The audio comes as base64 inside JSON.",
            |_, reply| {
                bytes(reply, |audio| {
                    to_json(&json!({"audio": STANDARD.encode(audio)})).to_vec()
                });
                content_type(reply, "application/json");
            },
        ),
        body(
            "speech.base64_body",
            "The audio comes as base64 text under its audio type.",
            |_, reply| bytes(reply, |audio| STANDARD.encode(audio).into_bytes()),
        ),
        lost(
            "speech.first_word_lost",
            "The first word is not spoken.",
            |body| {
                change_text(body, |text| {
                    let (_, rest) = text.trim_start().split_once(' ')?;
                    Some(rest.to_owned())
                });
            },
        ),
        lost(
            "speech.last_word_lost",
            "The last word is not spoken.",
            |body| {
                change_text(body, |text| {
                    let (kept, _) = text.trim_end().rsplit_once(' ')?;
                    Some(kept.to_owned())
                });
            },
        ),
        lost("speech.digits_lost", "Digits are not spoken.", |body| {
            change_text(body, |text| {
                let kept: String = text.chars().filter(|one| !one.is_ascii_digit()).collect();
                let words: Vec<&str> = kept.split_whitespace().collect();
                (!words.is_empty()).then(|| words.join(" "))
            });
        }),
        lost(
            "speech.voice_name_spoken",
            "The voice's name is spoken before the text.",
            |body| {
                let voice = body.get("voice").and_then(Value::as_str).map(str::to_owned);
                if let Some(voice) = voice {
                    change_text(body, |text| Some(format!("{voice} {text}")));
                }
            },
        ),
    ]
}
