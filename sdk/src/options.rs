//! Options of one call. They travel in headers or stay here; none reaches a request body.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Deserializer};

use crate::error::Error;
use crate::header;
use crate::types::ObjectOnly;

/// What one call does differently from its client.
///
/// Read from a document, the keys are `client_request_id`, `idempotency_key`, `timeout_seconds`, `idle_timeout_seconds`,
/// `max_retries`, `retry_base_seconds` and `headers`; any other key is refused. Values are checked when the call is made,
/// before any network use, and refused as [`ErrorKind::InvalidRequestOptions`](crate::ErrorKind::InvalidRequestOptions).
///
/// ```
/// use std::time::Duration;
/// use runinfra::RequestOptions;
///
/// let options = RequestOptions::new()
///     .idempotency_key("order-7315")
///     .timeout(Duration::from_secs(20))
///     .header("x-team", "search");
/// # let _ = options;
/// ```
#[derive(Clone, Default, Deserialize)]
#[serde(remote = "Self", default, deny_unknown_fields)]
pub struct RequestOptions {
    pub(crate) client_request_id: Option<String>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) timeout_seconds: Option<f64>,
    pub(crate) idle_timeout_seconds: Option<f64>,
    pub(crate) max_retries: Option<u32>,
    pub(crate) retry_base_seconds: Option<f64>,
    pub(crate) headers: BTreeMap<String, String>,
}

impl<'de> Deserialize<'de> for RequestOptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(ObjectOnly(deserializer))
    }
}

impl RequestOptions {
    /// Options that change nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The `X-Client-Request-Id` to send instead of a fresh UUID: up to 255 printable ASCII characters.
    #[must_use]
    pub fn client_request_id(mut self, id: impl Into<String>) -> Self {
        self.client_request_id = Some(id.into());
        self
    }

    /// The `Idempotency-Key` of every attempt: up to 255 printable ASCII characters.
    ///
    /// It makes `responses` and non-streaming chat safe to retry. Elsewhere it is sent for the gateway to bind, so that a
    /// repetition by hand is not charged twice.
    #[must_use]
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// How long the whole call may take: every attempt, the waits between them, and the body. Above zero; the client's unless
    /// set.
    ///
    /// For a stream and for speech it ends when the status and the headers have come. From there
    /// [`idle_timeout`](Self::idle_timeout) bounds every silence of a stream, and [`Speech::bytes`](crate::Speech::bytes) takes
    /// this long once more at most.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout_seconds = Some(timeout.as_secs_f64());
        self
    }

    /// How long a stream of events or of audio may stay silent. Above zero.
    ///
    /// Unless set here it is the client's, but no longer than the call's own [`timeout`](Self::timeout) if that is set; without
    /// the client's it is the timeout.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout_seconds = Some(timeout.as_secs_f64());
        self
    }

    /// How many times a replay-safe call is tried again; 0 for never.
    #[must_use]
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = Some(retries);
        self
    }

    /// The first wait between two attempts; it doubles from there.
    #[must_use]
    pub fn retry_base(mut self, base: Duration) -> Self {
        self.retry_base_seconds = Some(base.as_secs_f64());
        self
    }

    /// Adds a header of application metadata. Names that belong to the SDK, to the transport or to credentials are refused, and
    /// so are `accept` and `accept-encoding`: what can be read is the SDK's to say.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }
}

impl fmt::Debug for RequestOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Callers put what they like into these values, so only the names are shown.
        f.debug_struct("RequestOptions")
            .field("client_request_id", &self.client_request_id.is_some())
            .field("idempotency_key", &self.idempotency_key.is_some())
            .field("timeout_seconds", &self.timeout_seconds)
            .field("idle_timeout_seconds", &self.idle_timeout_seconds)
            .field("max_retries", &self.max_retries)
            .field("retry_base_seconds", &self.retry_base_seconds)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .finish()
    }
}

/// What a client does when a call does not say otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Defaults {
    pub(crate) timeout: Duration,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) max_retries: u32,
    pub(crate) retry_base: Duration,
}

/// Options after checking, with the client's defaults filled in.
pub(crate) struct Settled {
    pub(crate) client_request_id: HeaderValue,
    pub(crate) idempotency_key: Option<HeaderValue>,
    pub(crate) timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) max_retries: u32,
    pub(crate) retry_base: Duration,
    pub(crate) headers: HeaderMap,
}

impl RequestOptions {
    pub(crate) fn settle(&self, defaults: &Defaults) -> Result<Settled, Error> {
        let client_request_id = match &self.client_request_id {
            Some(id) => header::caller_id("client_request_id", id)?,
            None => fresh_request_id()?,
        };
        let idempotency_key = match &self.idempotency_key {
            Some(key) => Some(header::caller_id("idempotency_key", key)?),
            None => None,
        };
        let timeout = match self.timeout_seconds {
            Some(seconds) => positive("timeout", seconds)?,
            None => defaults.timeout,
        };
        let idle_timeout = match self.idle_timeout_seconds {
            Some(seconds) => positive("idle_timeout", seconds)?,
            // A call that asks for a shorter timeout does not want to wait longer than that between two events either.
            None => defaults.idle_timeout.map_or(timeout, |idle| {
                if self.timeout_seconds.is_some() {
                    idle.min(timeout)
                } else {
                    idle
                }
            }),
        };
        let retry_base = match self.retry_base_seconds {
            Some(seconds) => non_negative("retry_base", seconds)?,
            None => defaults.retry_base,
        };
        let mut headers = HeaderMap::with_capacity(self.headers.len());
        for (name, value) in &self.headers {
            let (name, value) = header::custom(name, value)?;
            headers.insert(name, value);
        }
        let max_retries = self.max_retries.unwrap_or(defaults.max_retries);
        Ok(Settled {
            client_request_id,
            idempotency_key,
            timeout,
            idle_timeout,
            max_retries,
            retry_base,
            headers,
        })
    }
}

/// Ten years: what "no limit" comes to.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

fn fresh_request_id() -> Result<HeaderValue, Error> {
    let mut buffer = uuid::Uuid::encode_buffer();
    let text = uuid::Uuid::new_v4().hyphenated().encode_lower(&mut buffer);
    HeaderValue::try_from(&*text)
        .map_err(|_| Error::invalid("a fresh client_request_id is not a header value".to_owned()))
}

pub(crate) fn positive(name: &str, seconds: f64) -> Result<Duration, Error> {
    match duration(seconds) {
        Some(duration) if !duration.is_zero() => Ok(duration),
        _ => Err(Error::invalid(format!(
            "{name} must be above zero and finite, and is {seconds} seconds"
        ))),
    }
}

fn non_negative(name: &str, seconds: f64) -> Result<Duration, Error> {
    duration(seconds).ok_or_else(|| {
        Error::invalid(format!(
            "{name} must be zero or more and finite, and is {seconds} seconds"
        ))
    })
}

fn duration(seconds: f64) -> Option<Duration> {
    // Longer than any clock can add without overflow means the same as ten years.
    let bounded = if seconds.is_finite() {
        seconds.min(LONGEST.as_secs_f64())
    } else {
        seconds
    };
    Duration::try_from_secs_f64(bounded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn defaults() -> Defaults {
        Defaults {
            timeout: Duration::from_secs(120),
            idle_timeout: None,
            max_retries: 2,
            retry_base: Duration::from_millis(250),
        }
    }

    #[test]
    fn numbers_out_of_range_are_refused() {
        for bad in [
            0.0,
            -0.0,
            -1.0,
            1e-12,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
        ] {
            let timeout = RequestOptions {
                timeout_seconds: Some(bad),
                ..RequestOptions::new()
            };
            let idle = RequestOptions {
                idle_timeout_seconds: Some(bad),
                ..RequestOptions::new()
            };
            for options in [timeout, idle] {
                let error = options.settle(&defaults()).err().unwrap();
                assert_eq!(error.kind(), ErrorKind::InvalidRequestOptions, "{bad}");
            }
        }
        for bad in [-0.1, f64::NAN, f64::INFINITY] {
            let options = RequestOptions {
                retry_base_seconds: Some(bad),
                ..RequestOptions::new()
            };
            assert!(options.settle(&defaults()).is_err(), "{bad}");
        }
        for good in [1e-9, 0.5, 120.0, 1e300] {
            let options = RequestOptions {
                timeout_seconds: Some(good),
                retry_base_seconds: Some(good),
                ..RequestOptions::new()
            };
            assert!(options.settle(&defaults()).is_ok(), "{good}");
        }
    }

    #[test]
    fn silence_is_bounded_by_the_nearest_word_on_it() {
        let second = Duration::from_secs;
        let rows = [
            (None, None, None, second(120)),
            (Some(second(30)), None, None, second(30)),
            (None, Some(second(5)), None, second(5)),
            (Some(second(30)), Some(second(5)), None, second(5)),
            (Some(second(3)), Some(second(5)), None, second(3)),
            (
                Some(second(30)),
                Some(second(5)),
                Some(second(50)),
                second(50),
            ),
        ];
        for (client_idle, call_timeout, call_idle, wanted) in rows {
            let options = RequestOptions {
                timeout_seconds: call_timeout.map(|timeout| timeout.as_secs_f64()),
                idle_timeout_seconds: call_idle.map(|timeout| timeout.as_secs_f64()),
                ..RequestOptions::new()
            };
            let settled = options
                .settle(&Defaults {
                    idle_timeout: client_idle,
                    ..defaults()
                })
                .ok()
                .unwrap();
            assert_eq!(settled.idle_timeout, wanted);
        }
    }

    #[test]
    fn a_document_is_read_by_name_and_an_unknown_key_refused() {
        let text = r#"{"client_request_id":"a","idempotency_key":"b","timeout_seconds":2.5,"idle_timeout_seconds":1,"max_retries":0,"retry_base_seconds":0,"headers":{"x-team":"search"}}"#;
        let options: RequestOptions = serde_json::from_str(text).unwrap();
        let settled = options.settle(&defaults()).ok().unwrap();
        assert_eq!(
            (settled.timeout, settled.idle_timeout, settled.max_retries),
            (Duration::from_millis(2500), Duration::from_secs(1), 0)
        );
        assert_eq!(settled.headers["x-team"], "search");
        for unknown in [
            r#"{"timeout":1}"#,
            r#"{"idempotencyKey":"b"}"#,
            r#"{"max_retries":-1}"#,
            r#"{"max_retries":1.5}"#,
        ] {
            assert!(
                serde_json::from_str::<RequestOptions>(unknown).is_err(),
                "{unknown}"
            );
        }
    }

    #[test]
    fn values_that_callers_choose_are_not_printed() {
        let options = RequestOptions::new()
            .header("x-note", "marker")
            .idempotency_key("marker")
            .client_request_id("marker");
        let printed = format!("{options:?}");
        assert!(
            printed.contains("x-note") && !printed.contains("marker"),
            "{printed}"
        );
    }
}
