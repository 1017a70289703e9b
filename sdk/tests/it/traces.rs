//! Spans tell a call's story, and nothing of its key or its texts.

use std::io::Write;
use std::sync::{Arc, Mutex};

use runinfra::RequestOptions;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::operations::{ALL, ModelsList};
use crate::support::{self, KEY, REQUEST_ID, Server};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Collects this thread's spans and events, of every crate and level, until the guard is dropped.
    fn collect(&self) -> impl Drop + use<> {
        let log = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_ansi(false)
            .with_writer(move || log.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

#[tokio::test]
async fn a_call_is_a_span_with_its_request_id() {
    let server = Server::script([
        support::error(503, "server_error", "busy"),
        ModelsList.good(),
    ])
    .await;
    let client = server.client();
    let log = Log::default();
    let guard = log.collect();
    client.models().list().await.unwrap();
    drop(guard);
    let text = log.text();
    for part in [
        "call",
        "operation=\"models.list\"",
        "method=\"GET\"",
        "path=\"/v1/models\"",
        "kind=\"deployment\"",
        "status=503",
        "status=200",
        REQUEST_ID,
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

/// Not even the lines of the crates underneath, at the most talkative level.
#[tokio::test]
async fn no_log_line_holds_the_key() {
    let log = Log::default();
    let guard = log.collect();
    for reply in [
        support::error(400, KEY, KEY),
        support::reply(200, &[("x-request-id", KEY), ("content-type", KEY)], KEY),
        support::sse(format!("data: {KEY}\n\n")),
    ] {
        let server = Server::script([reply]).await;
        let client = server.builder().pipeline_id("p").build().unwrap();
        for operation in ALL {
            operation
                .run(&client, RequestOptions::new().header("x-note", "n"))
                .await
                .unwrap_err();
        }
    }
    drop(guard);
    let text = log.text();
    assert!(text.lines().count() > ALL.len());
    assert!(!text.contains("S3cretMarker"), "{text}");
}

#[tokio::test]
async fn a_key_in_the_path_is_masked() {
    let server = Server::script([ModelsList.good()]).await;
    let client = server.builder().pipeline_id(KEY).build().unwrap();
    let log = Log::default();
    let guard = log.collect();
    client.models().list().await.unwrap();
    drop(guard);
    let text = log.text();
    let own: Vec<_> = text
        .lines()
        .filter(|line| line.contains("operation="))
        .collect();
    assert!(!own.is_empty());
    for line in own {
        assert!(
            line.contains("/v1/[redacted]/models") && !line.contains("S3cretMarker"),
            "{line}"
        );
    }
}
