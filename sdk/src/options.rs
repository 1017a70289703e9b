//! Options of one call. They travel in headers or stay here; none reaches a request body.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use serde::Deserialize;

use crate::error::Error;
use crate::header;

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
#[serde(default, deny_unknown_fields)]
pub struct RequestOptions {
    pub(crate) client_request_id: Option<String>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) timeout_seconds: Option<f64>,
    pub(crate) idle_timeout_seconds: Option<f64>,
    pub(crate) max_retries: Option<u32>,
    pub(crate) retry_base_seconds: Option<f64>,
    pub(crate) headers: BTreeMap<String, String>,
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

    /// How long the whole call may take: every attempt, the waits between them, and the body. Above zero.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout_seconds = Some(timeout.as_secs_f64());
        self
    }

    /// How long a stream may stay silent. Above zero; the call's timeout where neither call nor client say.
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

    /// Adds a header of application metadata. Names that belong to the SDK, to the transport or to credentials are refused.
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
const LONGEST_TIMEOUT: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

fn fresh_request_id() -> Result<HeaderValue, Error> {
    let mut buffer = uuid::Uuid::encode_buffer();
    let text = uuid::Uuid::new_v4().hyphenated().encode_lower(&mut buffer);
    header::caller_id("client_request_id", text)
}

pub(crate) fn positive(name: &str, seconds: f64) -> Result<Duration, Error> {
    match Duration::try_from_secs_f64(seconds) {
        // Longer than any clock can add without overflow means the same as this.
        Ok(duration) if !duration.is_zero() => Ok(duration.min(LONGEST_TIMEOUT)),
        _ => Err(Error::invalid(format!(
            "{name} must be above zero and finite, and is {seconds} seconds"
        ))),
    }
}

fn non_negative(name: &str, seconds: f64) -> Result<Duration, Error> {
    Duration::try_from_secs_f64(seconds).map_err(|_| {
        Error::invalid(format!(
            "{name} must be zero or more and finite, and is {seconds} seconds"
        ))
    })
}
