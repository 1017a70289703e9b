//! Sound, out and in.

use runinfra::types::{
    SpeechFormat, SpeechRequest, TranscriptionFormat, TranscriptionRequest, VoicePipelineRequest,
};
use serde_json::json;

use crate::support::{self, REQUEST_ID, Server};

#[tokio::test]
async fn text_is_spoken() {
    let audio = support::reply(
        200,
        &[("content-type", "audio/mpeg"), ("x-request-id", REQUEST_ID)],
        b"ID3\x00\xFF",
    );
    let server = Server::script([audio]).await;
    let request = || SpeechRequest::new("t", "hello", "anna").response_format(SpeechFormat::Mp3);
    let speech = server
        .client()
        .audio()
        .speech()
        .create(request())
        .await
        .unwrap();
    assert_eq!(speech.request_id(), Some(REQUEST_ID));
    assert_eq!(speech.content_type(), Some("audio/mpeg"));
    assert_eq!(speech.bytes().await.unwrap(), b"ID3\x00\xFF".as_slice());
    let mut stream = server
        .client()
        .audio()
        .speech()
        .create(request())
        .await
        .unwrap()
        .into_stream();
    assert_eq!(
        (stream.status(), stream.request_id(), stream.replayed()),
        (200, Some(REQUEST_ID), false)
    );
    assert_eq!(stream.content_type(), Some("audio/mpeg"));
    assert_eq!(stream.headers()["x-request-id"], REQUEST_ID);
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        bytes.extend_from_slice(&piece.unwrap());
    }
    assert_eq!(bytes, b"ID3\x00\xFF");
    assert_eq!(
        server.seen()[0].json(),
        json!({"model": "t", "input": "hello", "voice": "anna", "response_format": "mp3"})
    );
}

#[tokio::test]
async fn audio_is_told_by_its_media_type() {
    for (media_type, audio) in [
        ("audio/ogg; codecs=opus", true),
        ("application/ogg", true),
        ("Application/FLAC", true),
        ("application/octet-stream", true),
        ("application/json", false),
        ("text/html", false),
        ("application/oggs", false),
    ] {
        let reply = support::reply(200, &[("content-type", media_type)], b"OggS");
        let server = Server::script([reply]).await;
        let request = SpeechRequest::new("t", "hello", "anna");
        let answer = server.client().audio().speech().create(request).await;
        assert_eq!(answer.is_ok(), audio, "{media_type}");
    }
}

#[tokio::test]
async fn a_recording_is_transcribed() {
    let server = Server::script([support::json(200, json!({"text": "hello", "language": "en", "duration": 1.5, "segments": [{"id": 0, "start": 0.0, "end": 1.5, "text": "hello", "tokens": [1]}]}))]).await;
    let request = TranscriptionRequest::new("a", b"RIFF".to_vec())
        .language("en")
        .temperature(0.5)
        .response_format(TranscriptionFormat::VerboseJson);
    let answer = server
        .client()
        .audio()
        .transcriptions()
        .create(request.clone())
        .await
        .unwrap();
    assert_eq!(answer.text, "hello");
    assert_eq!(answer.segments.as_ref().unwrap()[0].text, "hello");
    server
        .client()
        .audio()
        .transcriptions()
        .create(request)
        .await
        .unwrap();
    let seen = server.seen();
    let text = String::from_utf8(seen[0].body.clone()).unwrap();
    for part in [
        "name=\"file\"; filename=\"audio.wav\"\r\ncontent-type: audio/wav\r\n\r\nRIFF\r\n",
        "name=\"model\"\r\n\r\na\r\n",
        "name=\"language\"\r\n\r\nen\r\n",
        "name=\"temperature\"\r\n\r\n0.5\r\n",
        "name=\"response_format\"\r\n\r\nverbose_json\r\n",
    ] {
        assert!(text.contains(part), "{part:?} in {text}");
    }
    assert!(
        seen[0]
            .header("content-type")
            .unwrap()
            .starts_with("multipart/form-data; boundary=")
    );
    assert_eq!(
        seen[0].body, seen[1].body,
        "the same request has the same bytes, for the gateway's idempotency"
    );
}

#[tokio::test]
async fn a_voice_pipeline_answers() {
    for (body, transcript, response) in [
        (
            json!({"transcript": "hi", "response_text": "hello"}),
            Some("hi"),
            Some("hello"),
        ),
        (json!({"text": "hi"}), Some("hi"), None),
        (json!({"responseText": "hello"}), None, Some("hello")),
        (json!({"response": "hello"}), None, Some("hello")),
        (json!({"outputText": "hello"}), None, Some("hello")),
        (
            json!({"output_text": "hello", "response": {"odd": 1}}),
            None,
            Some("hello"),
        ),
    ] {
        let server = Server::script([support::json(200, body)]).await;
        let client = server.builder().pipeline_id("pipe 1").build().unwrap();
        let answer = client
            .voice()
            .pipeline()
            .create(VoicePipelineRequest::new(b"RIFF".to_vec(), "audio/wav"))
            .await
            .unwrap();
        assert_eq!(
            (
                answer.transcript.as_deref(),
                answer.response_text.as_deref()
            ),
            (transcript, response)
        );
        let seen = &server.seen()[0];
        assert_eq!(seen.path, "/v1/pipe%201/pipeline");
        assert_eq!(seen.header("content-type"), Some("audio/wav"));
        assert_eq!(seen.body, b"RIFF");
    }
}
