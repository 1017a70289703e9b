//! Runs a row's calls through the SDK and observes them. It judges nothing.

mod audio;
mod chat;
mod client;
mod created;
mod drive;
mod embeddings;
mod failure;
mod form;
mod images;
mod ledger;
mod models;
mod raw;
mod responses;
#[cfg(test)]
pub(crate) mod sample;
mod source;
mod webhooks;

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use canary_core::{
    digest::DigestKey,
    input::Inputs,
    matrix::{Call, Counter, Row, Venue},
    observe::{CallSeen, Ending, Observation, Stalls},
    template::{Scope, Slot, Unfilled, fill},
};
use futures_util::future::join_all;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use runinfra::{RequestOptions, transport::Transport};
use serde_json::{Map, Value};

use crate::{
    budget::Budgets,
    pace::Pace,
    pulse::Pulse,
    record::{Log, Recorder},
    scope::RowScope,
    script::ScriptedServer,
};
pub use created::Created;
pub use drive::Seen;
pub use failure::Failure;
pub use ledger::{AnswerIds, Books, RequestIds};

/// What every row of a run has in common.
pub struct World {
    /// The gateway under test.
    pub base_url: String,
    /// Resolved inputs.
    pub inputs: Inputs,
    /// Private files that inputs were decoded to, by input name.
    pub files: BTreeMap<String, PathBuf>,
    /// The run's key: makes nonces, and digests what reports may not hold.
    pub key: DigestKey,
    /// What carries the SDK's requests.
    pub transport: Arc<dyn Transport>,
    /// How long one call may take.
    pub call_timeout: Duration,
    /// How often the SDK may try again where a row does not say; [`None`] is the SDK's own choice.
    pub most_retries: Option<u32>,
    /// Request ids that answers of this run had.
    pub ids: RequestIds,
    /// Ids that answers of this run gave themselves.
    pub answer_ids: AnswerIds,
    /// When answers of this run say that they were made.
    pub created: Created,
    /// The work that was done for each key of this run.
    pub budgets: Budgets,
    /// The gateway's own books; only a rehearsal can open them.
    pub books: Option<Arc<dyn Books>>,
    /// How many requests the gateway's budget allows.
    pub pace: Pace,
    /// When this process got no turn.
    pub pulse: Pulse,
}

/// How long a scripted server waits for its answers to be written or let go of.
const LET_GO: Duration = Duration::from_secs(10);

/// A row that could not be tried at all, through no fault of the gateway.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// The scripted server could not start.
    #[error("could not open a loopback port for the scripted server: {0}")]
    Script(#[from] std::io::Error),
}

/// Tries a row, or one of its counter-scripts. `scope` fills its templates.
pub async fn observe(
    row: &Row,
    counter: Option<&Counter>,
    world: &World,
    scope: &RowScope<'_>,
) -> Result<Observation, ProbeError> {
    let server = if row.venue == Venue::Local {
        let script = counter
            .and_then(|counter| counter.script.as_ref())
            .unwrap_or(&row.script);
        Some(ScriptedServer::start(script, scope).await?)
    } else {
        None
    };
    let base_url = server
        .as_ref()
        .map_or(world.base_url.as_str(), ScriptedServer::base_url);
    let mut seen: Vec<CallSeen> = Vec::new();
    let mut stalls = BTreeMap::new();
    let mut began: Vec<Instant> = Vec::new();
    for (first, group) in groups(&row.calls) {
        let now = {
            let scope = scope.after(&seen);
            let tries = group.iter().enumerate().map(|(at, call)| {
                let counter = counter.filter(|_| first + at == 0);
                try_call(Setting {
                    call,
                    counter,
                    base_url,
                    scope: &scope,
                    row,
                    world,
                })
            });
            join_all(tries).await
        };
        for tried in now.into_iter().flatten() {
            stalls.insert(tried.seen.name.clone(), tried.stalls);
            began.push(tried.began);
            seen.push(tried.seen);
        }
    }
    let server = match server {
        Some(server) => {
            // The client lets go a moment before the server sees it.
            server.settle(LET_GO).await;
            Some(server.seen())
        }
        None => None,
    };
    let live = row.venue == Venue::Live;
    if live {
        let exchanges = || seen.iter().flat_map(|call| &call.exchanges);
        let more = exchanges().count().saturating_sub(row.calls.len());
        world.pace.learn(exchanges(), more);
    }
    Ok(Observation {
        repeated_ids: if live {
            world.ids.note(&seen)
        } else {
            Vec::new()
        },
        ids_again: if live {
            world.answer_ids.note(&seen)
        } else {
            Vec::new()
        },
        stale: if live {
            world.created.note(began.into_iter().zip(&seen))
        } else {
            Vec::new()
        },
        over_budget: world.budgets.over(ledger::request_ids(&seen).into_iter()),
        secrets: ledger::secrets(row, &scope.after(&seen), world),
        books: world
            .books
            .as_deref()
            .map(|books| ledger::runs(books, &seen)),
        calls: seen,
        stalls,
        server,
        now: SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs(),
    })
}

/// Calls that run at the same time, with the position of each group's first.
fn groups(calls: &[Call]) -> Vec<(usize, &[Call])> {
    let mut out = Vec::new();
    let mut start = 0;
    for at in 1..=calls.len() {
        if calls.get(at).is_none_or(|call| !call.parallel) {
            out.push((start, &calls[start..at]));
            start = at;
        }
    }
    out
}

/// Everything one call needs.
struct Setting<'a> {
    call: &'a Call,
    counter: Option<&'a Counter>,
    base_url: &'a str,
    scope: &'a RowScope<'a>,
    row: &'a Row,
    world: &'a World,
}

/// A call that was made.
struct Tried {
    seen: CallSeen,
    /// When this process had no turn meanwhile.
    stalls: Stalls,
    began: Instant,
}

/// Makes one call. [`None`] when it could not be made because an earlier one brought nothing back.
async fn try_call(setting: Setting<'_>) -> Option<Tried> {
    let call = setting.call;
    let request = filled(
        &call.request,
        setting.counter.map(|counter| &counter.request),
        setting.scope,
    )
    .ok()?;
    let options = filled(
        &call.options,
        setting.counter.map(|counter| &counter.options),
        setting.scope,
    )
    .ok()?;
    let log = Log::start();
    let mut seen = Seen::default();
    let result = drive_call(&setting, &request, options, &log, &mut seen).await;
    let took = log.elapsed();
    let stalls = setting.world.pulse.stalls_since(log.began());
    let ending = match result {
        Ok(()) if seen.cancelled => Ending::Cancelled,
        Ok(()) => Ending::Answered,
        Err(failure) => {
            seen.request_id = seen.request_id.or(failure.request_id);
            Ending::Failed(*failure.seen)
        }
    };
    let seen = CallSeen {
        name: call.name.clone(),
        asked: Value::Object(request),
        ending,
        text: seen.text,
        document: seen.document,
        events: seen.events,
        media: seen.media,
        request_id: seen.request_id,
        replayed: seen.replayed,
        exchanges: log.take(),
        took,
    };
    Some(Tried {
        seen,
        stalls,
        began: log.began(),
    })
}

async fn drive_call(
    setting: &Setting<'_>,
    request: &Map<String, Value>,
    options: Map<String, Value>,
    log: &Log,
    seen: &mut Seen,
) -> Result<(), Failure> {
    let transport = Arc::new(Recorder::new(
        Arc::clone(&setting.world.transport),
        log.clone(),
    ));
    let key = client::api_key(setting);
    let drive = drive::Drive {
        request: Value::Object(request.clone()),
        consume: &setting.call.consume,
        scope: setting.scope,
        log,
        seen,
    };
    match setting.call.operation.name {
        "raw.request" => return raw::request(drive, transport, setting.base_url, &key).await,
        "sdk.source" => return source::wasm_is_refused(&drive),
        _ => {}
    }
    let client = client::client(setting, transport, &key).map_err(Failure::from)?;
    let options: RequestOptions =
        serde_json::from_value(Value::Object(options)).map_err(|_| Failure::unfit())?;
    drive::run(
        setting.call.operation.name,
        drive,
        &client,
        images::Fetch {
            transport: setting.world.transport.as_ref(),
            patience: setting.world.call_timeout,
        },
        options,
    )
    .await
}

/// Puts a counter-script's parameters in the place of the row's, and fills the slots.
fn filled(
    written: &Map<String, Value>,
    counter: Option<&Map<String, Value>>,
    scope: &dyn Scope,
) -> Result<Map<String, Value>, Unfilled> {
    let mut whole = written.clone();
    for (key, value) in counter.into_iter().flatten() {
        whole.insert(key.clone(), value.clone());
    }
    // What fills a slot of a path is one segment of it, whatever it contains (CONTRACT §2).
    let path = whole.remove("path");
    let path = path.map(|path| fill(&path, &Segments(scope))).transpose()?;
    let mut filled = match fill(&Value::Object(whole), scope)? {
        Some(Value::Object(filled)) => filled,
        _ => Map::new(),
    };
    if let Some(path) = path.flatten() {
        filled.insert("path".to_owned(), path);
    }
    Ok(filled)
}

/// Fills slots with their values percent-encoded, all but the unreserved characters of RFC 3986.
struct Segments<'a>(&'a dyn Scope);

impl Scope for Segments<'_> {
    fn value(&self, slot: &Slot) -> Result<Option<Value>, Unfilled> {
        const RESERVED: AsciiSet = NON_ALPHANUMERIC
            .remove(b'-')
            .remove(b'.')
            .remove(b'_')
            .remove(b'~');
        Ok(self.0.value(slot)?.map(|value| match value {
            Value::String(text) => utf8_percent_encode(&text, &RESERVED).to_string().into(),
            other => other,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Slash;

    impl Scope for Slash {
        fn value(&self, _slot: &Slot) -> Result<Option<Value>, Unfilled> {
            Ok(Some("a/b ?é~".into()))
        }
    }

    #[test]
    fn what_fills_a_path_is_one_segment_of_it() {
        let written = serde_json::json!({ "path": "/${nonce}/pipeline", "json": "${nonce}" });
        let Value::Object(written) = written else {
            unreachable!()
        };
        let filled = filled(&written, None, &Slash).unwrap();
        assert_eq!(filled["path"], "/a%2Fb%20%3F%C3%A9~/pipeline");
        assert_eq!(filled["json"], "a/b ?é~");
    }
}
