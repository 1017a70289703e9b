//! Speech, transcription and the voice pipeline.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use canary_core::observe::MediaSeen;
use runinfra::{
    Client, RequestOptions,
    types::{SpeechRequest, TranscriptionRequest, VoicePipelineRequest},
};
use serde_json::Value;

use super::{Failure, drive::Drive};
use crate::media;

/// A named voice goes alone; without one, reference audio goes with its words and task type. A task
/// type by itself says nothing.
fn speech_request(drive: &mut Drive<'_>) -> Result<SpeechRequest, Failure> {
    if let Some(request) = drive.request.as_object_mut() {
        if request.contains_key("voice") {
            request.remove("ref_audio");
            request.remove("ref_text");
        }
        if !request.contains_key("ref_audio") {
            request.remove("task_type");
        }
    }
    drive.typed()
}

/// Reads the whole answer at once.
pub(super) async fn speech(
    mut drive: Drive<'_>,
    client: &Client,
    options: RequestOptions,
) -> Result<(), Failure> {
    let request = speech_request(&mut drive)?;
    let speech = client
        .audio()
        .speech()
        .create_with(request, options)
        .await?;
    keep_head(&mut drive, speech.request_id(), speech.replayed());
    let content_type = speech.content_type().map(str::to_owned);
    let bytes = speech.bytes().await?.to_vec();
    drive.seen.media.push(MediaSeen {
        bytes,
        content_type,
    });
    Ok(())
}

/// Reads the answer piece by piece.
pub(super) async fn speech_stream(
    mut drive: Drive<'_>,
    client: &Client,
    options: RequestOptions,
) -> Result<(), Failure> {
    let request = speech_request(&mut drive)?;
    let speech = client
        .audio()
        .speech()
        .create_with(request, options)
        .await?;
    keep_head(&mut drive, speech.request_id(), speech.replayed());
    let content_type = speech.content_type().map(str::to_owned);
    let mut stream = speech.into_stream();
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        bytes.extend_from_slice(&piece?);
    }
    drive.seen.media.push(MediaSeen {
        bytes,
        content_type,
    });
    Ok(())
}

fn keep_head(drive: &mut Drive<'_>, request_id: Option<&str>, replayed: bool) {
    drive.seen.request_id = request_id.map(str::to_owned);
    drive.seen.replayed = Some(replayed);
}

pub(super) async fn transcription(
    mut drive: Drive<'_>,
    client: &Client,
    options: RequestOptions,
) -> Result<(), Failure> {
    let file = take_file(&mut drive, "file").await?;
    let mut request: TranscriptionRequest = drive.typed()?;
    request.file = file;
    let answer = client
        .audio()
        .transcriptions()
        .create_with(request, options)
        .await?;
    let text = answer
        .json()
        .get("text")
        .and_then(Value::as_str)
        .map(str::to_owned);
    drive.answered(&answer, text);
    Ok(())
}

pub(super) async fn voice(
    mut drive: Drive<'_>,
    client: &Client,
    options: RequestOptions,
) -> Result<(), Failure> {
    let audio = take_file(&mut drive, "audio").await?;
    let mut request: VoicePipelineRequest = drive.typed()?;
    request.audio = audio;
    let answer = client
        .voice()
        .pipeline()
        .create_with(request, options)
        .await?;
    let heard = [answer.transcript.clone(), answer.response_text.clone()];
    let text: Vec<String> = heard.into_iter().flatten().collect();
    drive.answered(
        &answer,
        Some(text.join("\n")).filter(|text| !text.is_empty()),
    );
    Ok(())
}

/// Takes the bytes that a parameter names out of the request.
async fn take_file(drive: &mut Drive<'_>, key: &str) -> Result<Bytes, Failure> {
    let named = drive
        .request
        .as_object_mut()
        .and_then(|request| request.remove(key));
    let Some(Value::String(named)) = named else {
        return Err(Failure::unfit());
    };
    read_file(&named).await.map(Bytes::from)
}

/// The bytes that a row names: those of a `data:` URL, `empty` for none, `silence` for two seconds
/// of it, or those of a file.
pub(super) async fn read_file(named: &str) -> Result<Vec<u8>, Failure> {
    if let Some((_, data)) = named
        .strip_prefix("data:")
        .and_then(|rest| rest.split_once(','))
    {
        return STANDARD.decode(data).map_err(|_| Failure::unfit());
    }
    match named {
        "empty" => Ok(Vec::new()),
        "silence" => media::silence().ok_or_else(Failure::unfit),
        path => tokio::fs::read(path).await.map_err(|_| Failure::unfit()),
    }
}
