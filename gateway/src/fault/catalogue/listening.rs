//! Transcription and the voice pipeline.
#![expect(clippy::too_many_lines, reason = "tables: one entry a fault")]

use http::StatusCode;
use serde_json::{Value, json};

use crate::fault::catalogue::{TRANSCRIPTIONS, VOICE};
use crate::fault::edit::{content_type, rename, whole, without};
use crate::fault::{Effect, Fault, Layer, Modality, On, Subject};
use crate::reply::{Body, to_json};

const fn heard(
    name: &'static str,
    breaks: &'static str,
    rewrite: fn(&Subject, &mut Value),
) -> Fault {
    Fault {
        name,
        modality: Modality::Transcription,
        layer: Layer::Body,
        breaks,
        promise: "CONTRACT §1 routes: transcriptions",
        effect: Effect::Json(On::whole(TRANSCRIPTIONS), rewrite),
    }
}

const fn voice(
    name: &'static str,
    breaks: &'static str,
    rewrite: fn(&Subject, &mut Value),
) -> Fault {
    Fault {
        name,
        modality: Modality::Voice,
        layer: Layer::Body,
        breaks,
        promise: "CONTRACT §1 routes: pipeline",
        effect: Effect::Json(On::whole(VOICE), rewrite),
    }
}

fn change_text(body: &mut Value, change: impl Fn(&str) -> String) {
    if let Some(text) = body["text"].as_str() {
        body["text"] = change(text).into();
    }
}

fn each_segment(body: &mut Value, change: impl FnMut(&mut Value)) {
    let segments = body.get_mut("segments").and_then(Value::as_array_mut);
    segments.into_iter().flatten().for_each(change);
}

pub(super) fn faults() -> Vec<Fault> {
    let mut faults = transcription();
    faults.extend(pipeline());
    faults
}

fn transcription() -> Vec<Fault> {
    vec![
        heard(
            "transcription.canned",
            "Every file has the same transcript.",
            |_, body| body["text"] = "thank you for watching".into(),
        ),
        heard(
            "transcription.empty",
            "Every transcript is empty.",
            |_, body| body["text"] = "".into(),
        ),
        heard(
            "transcription.last_word_lost",
            "The last word is missing.",
            |_, body| {
                change_text(body, |text| {
                    text.rsplit_once(' ')
                        .map_or_else(String::new, |(kept, _)| kept.to_owned())
                });
            },
        ),
        heard(
            "transcription.words_shuffled",
            "Words come in reverse order.",
            |_, body| {
                change_text(body, |text| {
                    text.split(' ').rev().collect::<Vec<_>>().join(" ")
                });
            },
        ),
        heard(
            "transcription.repeated",
            "The transcript comes twice, as models do that loop.",
            |_, body| change_text(body, |text| format!("{text} {text}")),
        ),
        heard(
            "transcription.text_renamed",
            "The text comes as `transcript` instead of `text`.",
            |_, body| rename(body, "text", "transcript"),
        ),
        heard(
            "transcription.verbose_ignored",
            "`verbose_json` gives the plain answer.",
            |_, body| *body = json!({"text": body["text"]}),
        ),
        heard(
            "transcription.segments_missing",
            "`verbose_json` has no segments.",
            |_, body| without(body, "segments"),
        ),
        heard(
            "transcription.segments_empty",
            "`verbose_json` has an empty list of segments.",
            |_, body| {
                if body["segments"].is_array() {
                    body["segments"] = json!([]);
                }
            },
        ),
        heard(
            "transcription.duration_zero",
            "`verbose_json` gives a duration of zero.",
            |_, body| {
                if body["duration"].is_number() {
                    body["duration"] = 0.0.into();
                }
            },
        ),
        heard(
            "transcription.language_missing",
            "`verbose_json` names no language.",
            |_, body| without(body, "language"),
        ),
        heard(
            "transcription.segment_times_reversed",
            "Segments end before they start.",
            |_, body| {
                for segment in body["segments"].as_array_mut().into_iter().flatten() {
                    let (start, end) = (segment["start"].take(), segment["end"].take());
                    segment["start"] = end;
                    segment["end"] = start;
                }
            },
        ),
        Fault {
            name: "transcription.plain_text_sent",
            modality: Modality::Transcription,
            layer: Layer::Body,
            breaks: "The transcript comes as plain text instead of JSON.",
            promise: "CONTRACT §1 routes: transcriptions",
            effect: Effect::Reply(On::operation(TRANSCRIPTIONS), |_, reply| {
                crate::fault::edit::bytes(reply, |bytes| {
                    let body: Value = serde_json::from_slice(bytes).unwrap_or_default();
                    body["text"]
                        .as_str()
                        .unwrap_or_default()
                        .as_bytes()
                        .to_vec()
                });
                content_type(reply, "text/plain; charset=utf-8");
            }),
        },
        Fault {
            name: "transcription.undecodable_accepted",
            modality: Modality::Transcription,
            layer: Layer::Status,
            breaks: "Undecodable audio gets a transcript instead of a refusal.",
            promise: "CONTRACT §1 Errors: 422",
            effect: Effect::Reply(On::refused(TRANSCRIPTIONS, 422), |_, reply| {
                reply.status = StatusCode::OK;
                whole(reply, to_json(&json!({"text": "you"})));
            }),
        },
        heard(
            "transcription.hallucinated_tail",
            "Words that nobody said follow at the end.",
            |_, body| change_text(body, |text| format!("{text} Thank you for watching.")),
        ),
        heard(
            "transcription.segments_overlap",
            "Each segment lasts until the end of the audio.",
            |_, body| {
                let end = body["duration"].clone();
                each_segment(body, |segment| segment["end"] = end.clone());
            },
        ),
        heard(
            "transcription.segments_at_zero",
            "Every segment begins and ends at zero.",
            |_, body| {
                each_segment(body, |segment| {
                    segment["start"] = 0.0.into();
                    segment["end"] = 0.0.into();
                });
            },
        ),
        heard(
            "transcription.task_wrong",
            "`verbose_json` says that the audio was translated.",
            |_, body| {
                if body["task"].is_string() {
                    body["task"] = "translate".into();
                }
            },
        ),
        heard(
            "transcription.language_empty",
            "`verbose_json` has an empty language.",
            |_, body| {
                if body["language"].is_string() {
                    body["language"] = "".into();
                }
            },
        ),
        heard(
            "transcription.language_unknown",
            "`verbose_json` names a language that does not exist.",
            |_, body| {
                if body["language"].is_string() {
                    body["language"] = "auto".into();
                }
            },
        ),
        heard(
            "transcription.duration_in_milliseconds",
            "`verbose_json` gives the duration in milliseconds.",
            |_, body| {
                if let Some(seconds) = body["duration"].as_f64() {
                    body["duration"] = (seconds * 1_000.0).into();
                }
            },
        ),
        Fault {
            name: "transcription.empty_file_accepted",
            modality: Modality::Transcription,
            layer: Layer::Status,
            breaks: "An empty file gets an empty transcript instead of a refusal.",
            promise: "CONTRACT §1 Errors: 400",
            effect: Effect::Reply(On::refused(TRANSCRIPTIONS, 400), |_, reply| {
                let Body::Whole(bytes) = &reply.body else {
                    return;
                };
                let refusal: Value = serde_json::from_slice(bytes).unwrap_or_default();
                if refusal["error"]["code"] == "empty_file" {
                    reply.status = StatusCode::OK;
                    whole(reply, to_json(&json!({"text": ""})));
                }
            }),
        },
    ]
}

fn pipeline() -> Vec<Fault> {
    vec![
        voice(
            "voice.transcript_missing",
            "The answer has no transcript.",
            |_, body| without(body, "transcript"),
        ),
        voice(
            "voice.transcript_canned",
            "Every audio has the same transcript.",
            |_, body| body["transcript"] = "thank you for watching".into(),
        ),
        voice(
            "voice.transcript_empty",
            "The transcript is empty.",
            |_, body| body["transcript"] = "".into(),
        ),
        voice(
            "voice.response_missing",
            "The answer has no response text.",
            |_, body| without(body, "response_text"),
        ),
        voice(
            "voice.response_empty",
            "The response text is empty.",
            |_, body| body["response_text"] = "".into(),
        ),
        voice(
            "voice.response_canned",
            "Every question has the same response.",
            |_, body| body["response_text"] = "I am sorry, I did not get that.".into(),
        ),
        voice(
            "voice.everything_canned",
            "Transcript and response are the same for every audio.",
            |_, body| {
                body["transcript"] = "thank you for watching".into();
                body["response_text"] = "You are welcome.".into();
            },
        ),
        voice(
            "voice.wrapped_in_data",
            "The answer is wrapped in `{\"data\": …}`.",
            |_, body| *body = json!({"data": body.take()}),
        ),
        voice(
            "voice.fields_swapped",
            "Transcript and response text change places.",
            |_, body| {
                let (transcript, response) =
                    (body["transcript"].take(), body["response_text"].take());
                body["transcript"] = response;
                body["response_text"] = transcript;
            },
        ),
    ]
}
