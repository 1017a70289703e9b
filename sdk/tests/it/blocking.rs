//! The blocking face: the same calls, from threads without a runtime and from within one.

use runinfra::blocking::Client;
use runinfra::types::{ResponseRequest, SpeechRequest, TranscriptionRequest, VoicePipelineRequest};
use runinfra::{Error, ErrorKind};

use crate::operations::{ALL, ChatCreate, ChatStream, ModelsList, Operation, chat};
use crate::support::{self, REQUEST_ID, Server, Step};

impl Operation {
    fn run_blocking(self, client: &Client) -> Result<(), Error> {
        match self {
            Self::ModelsList => client.models().list().map(drop),
            Self::ModelsRetrieve => client.models().retrieve("m").map(drop),
            Self::ChatCreate => client.chat().completions().create(chat()).map(drop),
            Self::ChatStream => client
                .chat()
                .completions()
                .stream(chat())?
                .try_for_each(|event| event.map(drop)),
            Self::ResponsesCreate => client
                .responses()
                .create(ResponseRequest::new("m", "x"))
                .map(drop),
            Self::ResponsesStream => client
                .responses()
                .stream(ResponseRequest::new("m", "x"))?
                .try_for_each(|event| event.map(drop)),
            Self::Embeddings => client
                .embeddings()
                .create(runinfra::types::EmbeddingRequest::new("m", "x"))
                .map(drop),
            Self::Images => client
                .images()
                .generate(runinfra::types::ImageRequest::new("m", "x"))
                .map(drop),
            Self::Speech => client
                .audio()
                .speech()
                .create(SpeechRequest::new("m", "x", "v"))?
                .bytes()
                .map(drop),
            Self::Transcriptions => client
                .audio()
                .transcriptions()
                .create(TranscriptionRequest::new("m", b"x".to_vec()))
                .map(drop),
            Self::VoicePipeline => client
                .voice()
                .pipeline()
                .create(VoicePipelineRequest::new(b"x".to_vec(), "audio/wav"))
                .map(drop),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_succeeds_and_fails_like_its_twin() {
    for operation in ALL {
        let server = Server::start(move |_, number| {
            if number == 0 {
                operation.good()
            } else {
                support::error(401, "authentication_error", "no")
            }
        })
        .await;
        let client = Client::new(server.builder().pipeline_id("p")).unwrap();
        let (good, bad) = std::thread::spawn(move || {
            (
                operation.run_blocking(&client),
                operation.run_blocking(&client),
            )
        })
        .join()
        .unwrap();
        good.unwrap();
        let bad = bad.unwrap_err();
        assert_eq!(
            (bad.kind(), bad.request_id()),
            (ErrorKind::Authentication, Some(REQUEST_ID)),
            "{operation:?}"
        );
    }
}

/// Blocks a thread of that runtime, as any blocking call would; does not panic, in the call or in the drop.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_works_within_a_runtime() {
    let server = Server::script([ModelsList.good()]).await;
    let client = Client::new(server.builder()).unwrap();
    assert_eq!(client.models().list().unwrap().data[0].id, "m");
    tokio::task::spawn_blocking(move || client.models().list().map(drop))
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clones_call_from_several_threads_at_once() {
    let server = Server::script([ChatCreate.good()]).await;
    let client = Client::new(server.builder()).unwrap();
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            std::thread::spawn(move || client.chat().completions().create(chat()).map(drop))
        })
        .collect();
    for thread in threads {
        thread.join().unwrap().unwrap();
    }
    assert_eq!(server.seen().len(), 8);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_outlives_its_client_and_closes_when_dropped() {
    let frames = support::chat_frames();
    let server = Server::script([vec![
        support::sse_head(),
        Step::Send(frames[..2].concat().into_bytes()),
        Step::Hold,
    ]])
    .await;
    let client = Client::new(server.builder()).unwrap();
    let read = std::thread::spawn(move || {
        let mut stream = client.chat().completions().stream(chat()).unwrap();
        drop(client);
        let read = stream
            .by_ref()
            .take(2)
            .filter_map(|event| event.unwrap().text().map(str::to_owned))
            .collect::<String>();
        (stream.request_id().map(str::to_owned), read)
    });
    assert_eq!(
        read.join().unwrap(),
        (Some(REQUEST_ID.to_owned()), "žlu".to_owned())
    );
    server.closed(1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_time_is_kept_without_a_runtime_around() {
    let server = Server::script([vec![support::sse_head(), Step::Hold]]).await;
    let client = Client::new(
        server
            .builder()
            .idle_timeout(std::time::Duration::from_millis(50)),
    )
    .unwrap();
    let error = std::thread::spawn(move || ChatStream.run_blocking(&client))
        .join()
        .unwrap()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_of_audio_shows_its_head() {
    let audio = [
        ("content-type", "audio/wav"),
        ("x-request-id", REQUEST_ID),
        ("x-runinfra-idempotent-replay", "true"),
    ];
    let server = Server::script([support::reply(200, &audio, b"RIFF")]).await;
    let client = Client::new(server.builder()).unwrap();
    let request = SpeechRequest::new("m", "x", "v");
    let stream = client.audio().speech().create(request).unwrap();
    let stream = stream.into_stream();
    assert_eq!((stream.status(), stream.replayed()), (200, true));
    assert_eq!(stream.request_id(), Some(REQUEST_ID));
    assert_eq!(stream.content_type(), Some("audio/wav"));
    assert_eq!(stream.headers()["x-request-id"], REQUEST_ID);
    let pieces: Result<Vec<_>, _> = stream.collect();
    assert_eq!(pieces.unwrap().concat(), b"RIFF");
}
