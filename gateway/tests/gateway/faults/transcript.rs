//! One exchange as JSON in which only what matters is left: ids, times and keys are replaced by their kind.

use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use futures_util::StreamExt as _;
use regex::Regex;
use reqwest::header::HeaderValue;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

/// Silence longer than this ends an exchange.
pub(crate) const PATIENCE: Duration = Duration::from_secs(12);
/// Many pauses of this length are a drip; a single one is a busy machine.
const GAP: Duration = Duration::from_millis(150);
const DRIP: usize = 20;
/// A wait of this length is one of the slow faults'.
const LONG: Duration = Duration::from_millis(3_600);
/// A stream that came in one piece is asked for again: a starved machine also joins pieces.
const TRIES: usize = 3;

/// Sends a request and writes down everything about its answer.
pub(crate) async fn record(request: reqwest::RequestBuilder, secrets: &[(&str, &str)]) -> Value {
    let mut again = request.try_clone();
    let mut transcript = once(request, secrets).await;
    for _ in 1..TRIES {
        let joined = transcript["pieces"] == "few" && transcript["keyed"] == false;
        let Some(request) = again.take().filter(|_| joined) else {
            break;
        };
        again = request.try_clone();
        transcript = once(request, secrets).await;
    }
    transcript
}

async fn once(request: reqwest::RequestBuilder, secrets: &[(&str, &str)]) -> Value {
    let (client, request) = request.build_split();
    let request = request.unwrap();
    let keyed = request.headers().contains_key("idempotency-key");
    let started = Instant::now();
    let response = match tokio::time::timeout(PATIENCE, client.execute(request)).await {
        Err(_) => return json!("no answer"),
        Ok(Err(error)) => {
            return json!(if error.is_connect() {
                "no connection"
            } else {
                "connection lost before the answer"
            });
        }
        Ok(Ok(response)) => response,
    };
    let mut headers = Map::new();
    for (name, value) in response.headers() {
        // The length follows from the body; a date of the present is the clock's.
        let present = name == "date" && is_present(value);
        if !present && name != "content-length" {
            headers.insert(
                name.to_string(),
                plain(value.to_str().unwrap_or_default(), secrets),
            );
        }
    }
    let status = response.status().as_u16();
    let late = started.elapsed() > LONG;
    let (bytes, arrival) = body(response).await;
    let content = content(&bytes, secrets);
    let mut transcript = json!({"status": status, "headers": headers, "end": arrival.end, "drips": arrival.gaps >= DRIP, "slow": late || arrival.long, "keyed": keyed});
    if content.is_array() {
        transcript["pieces"] = json!(if arrival.pieces > 3 { "several" } else { "few" });
    }
    transcript["body"] = content;
    transcript
}

fn is_present(date: &HeaderValue) -> bool {
    const DAY: Duration = Duration::from_secs(86_400);
    let date = date
        .to_str()
        .ok()
        .and_then(|date| httpdate::parse_http_date(date).ok());
    let now = SystemTime::now();
    date.is_some_and(|date| date < now + DAY && now < date + DAY)
}

/// How a body came in.
struct Arrival {
    end: &'static str,
    gaps: usize,
    pieces: usize,
    long: bool,
}

async fn body(response: reqwest::Response) -> (Vec<u8>, Arrival) {
    let mut chunks = response.bytes_stream();
    let mut bytes = Vec::new();
    let mut arrival = Arrival {
        end: "complete",
        gaps: 0,
        pieces: 0,
        long: false,
    };
    loop {
        let waiting = Instant::now();
        match tokio::time::timeout(PATIENCE, chunks.next()).await {
            Err(_) => arrival.end = "silence",
            Ok(None) => {}
            Ok(Some(Err(_))) => arrival.end = "connection lost",
            Ok(Some(Ok(chunk))) => {
                bytes.extend_from_slice(&chunk);
                arrival.pieces += 1;
                arrival.gaps += usize::from(waiting.elapsed() > GAP);
                arrival.long |= waiting.elapsed() > LONG;
                continue;
            }
        }
        return (bytes, arrival);
    }
}

fn content(bytes: &[u8], secrets: &[(&str, &str)]) -> Value {
    if let Ok(document) = serde_json::from_slice(bytes) {
        return normal(document, secrets);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if text.starts_with("data:") || text.starts_with("event:") => text
            .split("\n\n")
            .filter(|frame| !frame.is_empty())
            .map(|frame| event(frame, secrets))
            .collect(),
        Ok(text) => plain(text, secrets),
        Err(_) => {
            json!({"bytes": bytes.len(), "starts": hex::encode(&bytes[..bytes.len().min(4)]), "digest": hex::encode(&Sha256::digest(bytes)[..4])})
        }
    }
}

fn event(frame: &str, secrets: &[(&str, &str)]) -> Value {
    let mut event = Map::new();
    for line in frame.lines() {
        let (field, value) = line.split_once(": ").unwrap_or((line, ""));
        let value = serde_json::from_str(value).map_or_else(
            |_| plain(value, secrets),
            |document| normal(document, secrets),
        );
        event.insert(field.to_owned(), value);
    }
    Value::Object(event)
}

fn normal(value: Value, secrets: &[(&str, &str)]) -> Value {
    match value {
        Value::String(text) if text.len() > 400 => {
            json!({"length": text.len(), "digest": hex::encode(&Sha256::digest(&text)[..4])})
        }
        Value::String(text) => plain(&text, secrets),
        Value::Number(number) => moment(&number),
        Value::Array(entries) if entries.len() > 8 && entries.iter().all(Value::is_number) => {
            let squares: f64 = entries
                .iter()
                .filter_map(Value::as_f64)
                .map(|value| value * value)
                .sum();
            let digest = Sha256::digest(Value::Array(entries.clone()).to_string());
            json!({"numbers": entries.len(), "norm": format!("{:.3}", squares.sqrt()), "digest": hex::encode(&digest[..4])})
        }
        Value::Array(entries) => entries
            .into_iter()
            .map(|entry| normal(entry, secrets))
            .collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| {
                let value = if name == "latency_ms" {
                    json!("TIME")
                } else {
                    normal(value, secrets)
                };
                (name, value)
            })
            .collect(),
        other => other,
    }
}

fn moment(number: &serde_json::Number) -> Value {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    match number.as_u64() {
        Some(seconds) if seconds.abs_diff(now) < 150 => json!("NOW"),
        Some(seconds) if seconds.abs_diff(now) < 600 => json!("minutes from NOW"),
        Some(millis) if (millis / 1_000).abs_diff(now) < 600 => json!("NOW in milliseconds"),
        Some(seconds) if seconds > now && seconds - now < 1_000_000 => {
            json!(format!("NOW and {} hours", (seconds - now + 1_800) / 3_600))
        }
        _ => Value::Number(number.clone()),
    }
}

/// Text with ids, ports and keys replaced.
fn plain(text: &str, secrets: &[(&str, &str)]) -> Value {
    static IDS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(chatcmpl-|resp_|msg_|fc_|call_|voice-|img-|pipe_)[A-Za-z0-9]{24}\b")
            .unwrap()
    });
    static UUIDS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b")
            .unwrap()
    });
    static HEX_IDS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\breq-[0-9a-f]{20,32}\b").unwrap());
    static PORTS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"127\.0\.0\.1:\d+").unwrap());
    static SOON: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^[45]\d$").unwrap());
    if let Ok(number) = text.parse::<serde_json::Number>()
        && let Value::String(moment) = moment(&number)
    {
        return json!(format!("{moment} as text"));
    }
    let mut text = text.to_owned();
    for (secret, name) in secrets {
        text = text.replace(secret, name);
        text = text.replace(
            &base64::Engine::encode(&base64::engine::general_purpose::STANDARD, secret),
            &format!("base64 of {name}"),
        );
        let rest = ["rp_live_", "sk-ri-"];
        if let Some(rest) = rest.iter().find_map(|prefix| secret.strip_prefix(prefix)) {
            text = text.replace(rest, &format!("rest of {name}"));
        }
    }
    // Constant ids are faults of their own, and stay as they are.
    let text = IDS.replace_all(&text, |found: &regex::Captures<'_>| {
        if found[0].ends_with("00000000") {
            found[0].to_owned()
        } else {
            format!("{}ID", &found[1])
        }
    });
    let text = UUIDS.replace_all(&text, |found: &regex::Captures<'_>| {
        if found[0].starts_with("00000000") {
            found[0].to_owned()
        } else {
            "UUID".to_owned()
        }
    });
    let text = HEX_IDS.replace_all(&text, "req-HEX");
    let text = PORTS.replace_all(&text, "HOST");
    SOON.replace_all(&text, "SOON").into_owned().into()
}
