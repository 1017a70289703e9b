//! From an operation's name to the SDK call that it names.

use std::time::Duration;

use canary_core::{
    matrix::Consume,
    observe::{EventSeen, MediaSeen},
    template::fill,
};
use futures_util::StreamExt;
use runinfra::{Answer, Client, Event, EventStream, RequestOptions};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Failure, audio, chat, embeddings, images, models, responses, webhooks};
use crate::{record::Log, scope::RowScope};

/// What the SDK handed back, as far as it came.
#[derive(Debug, Default)]
pub struct Seen {
    pub(super) text: Option<String>,
    pub(super) document: Option<Value>,
    pub(super) events: Vec<EventSeen>,
    pub(super) media: Vec<MediaSeen>,
    pub(super) request_id: Option<String>,
    pub(super) replayed: Option<bool>,
    pub(super) cancelled: bool,
}

/// One call being driven.
pub(super) struct Drive<'a> {
    pub(super) request: Value,
    pub(super) consume: &'a Consume,
    pub(super) scope: &'a RowScope<'a>,
    pub(super) log: &'a Log,
    pub(super) seen: &'a mut Seen,
}

impl Drive<'_> {
    /// The request as the SDK's typed request reads it.
    pub(super) fn typed<T: DeserializeOwned>(&mut self) -> Result<T, Failure> {
        serde_json::from_value(self.request.take()).map_err(|_| Failure::unfit())
    }

    /// Keeps a JSON answer.
    pub(super) fn answered<T>(&mut self, answer: &Answer<T>, text: Option<String>) {
        self.seen.request_id = answer.request_id().map(str::to_owned);
        self.seen.replayed = Some(answer.replayed());
        self.seen.document = Some(answer.json());
        self.seen.text = text;
    }

    fn pause(&self) -> Duration {
        let Consume::Slowly(value) = self.consume else {
            return Duration::ZERO;
        };
        let millis = fill(value, self.scope)
            .ok()
            .flatten()
            .and_then(|value| value.as_u64());
        Duration::from_millis(millis.unwrap_or(0))
    }

    /// Reads a stream as the row says, joining what `text` finds in its events.
    pub(super) async fn stream<T>(
        &mut self,
        mut stream: EventStream<T>,
        text: impl Fn(&T) -> Option<String>,
    ) -> Result<(), Failure>
    where
        EventStream<T>: futures_util::Stream<Item = Result<Event<T>, runinfra::Error>> + Unpin,
    {
        self.seen.request_id = stream.request_id().map(str::to_owned);
        let pause = self.pause();
        while let Some(event) = stream.next().await {
            let event = event.map_err(Failure::from)?;
            let joined = self.seen.text.get_or_insert_default();
            joined.extend(text(event.value()));
            self.seen.events.push(EventSeen {
                at: self.log.elapsed(),
                data: event.json(),
            });
            if let Consume::CancelAfter(count) = self.consume
                && self.seen.events.len() as u64 >= *count
            {
                self.seen.cancelled = true;
                return Ok(());
            }
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
        }
        Ok(())
    }
}

/// Makes the call that an operation names.
pub(super) async fn run(
    operation: &str,
    mut drive: Drive<'_>,
    client: &Client,
    fetch: images::Fetch<'_>,
    options: RequestOptions,
) -> Result<(), Failure> {
    let mut operation = operation.to_owned();
    if operation == "sdk.document" {
        let kind = drive.request.get("kind").and_then(Value::as_str);
        operation = kind.unwrap_or_default().to_owned();
        drive.request = drive.request.get("document").cloned().unwrap_or_default();
    }
    match operation.as_str() {
        "models.list" => models::list(drive, client, options).await,
        "models.walk" => models::walk(drive, client, options).await,
        "models.retrieve" => models::retrieve(drive, client, options).await,
        "chat.completions.walk" => models::ask_each(drive, client, options).await,
        "chat.completions.create" => chat::create(drive, client, options).await,
        "chat.completions.stream" => chat::stream(drive, client, options).await,
        "responses.create" => responses::create(drive, client, options).await,
        "responses.stream" => responses::stream(drive, client, options).await,
        "embeddings.create" => embeddings::create(drive, client, options).await,
        "images.generate" => images::generate(drive, client, fetch, options).await,
        "audio.speech.create" => audio::speech(drive, client, options).await,
        "audio.speech.stream" => audio::speech_stream(drive, client, options).await,
        "audio.transcriptions.create" => audio::transcription(drive, client, options).await,
        "voice.pipeline.create" => audio::voice(drive, client, options).await,
        "webhooks.verify_signature" => webhooks::webhook(&mut drive, client, false),
        "webhooks.construct_event" => webhooks::webhook(&mut drive, client, true),
        _ => Err(Failure::unfit()),
    }
}
