//! Status, headers and bytes of a failure, read into an [`Error`]. Pure: no network, no clock but the one passed in.

use std::time::SystemTime;

use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use super::{Credits, Error, ErrorKind, Inner};
use crate::header;
use crate::retry::backoff;
use crate::secret::Redactor;

/// Longest text kept from a foreign field. What is cut was not going to be read.
const LONGEST_FIELD: usize = 2_000;

/// Reads a non-success answer.
pub(crate) fn answer(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    now: SystemTime,
    redactor: &Redactor,
) -> Error {
    // `{"error": {...}}`. Every member is read leniently: an error about an error helps nobody.
    let body: Option<Map<String, Value>> = serde_json::from_slice(body).ok();
    let envelope = body.as_ref().and_then(|body| body.get("error"));
    let fields = Fields::new(envelope.unwrap_or(&Value::Null), redactor);
    let message = fields.text("message").unwrap_or_else(|| match envelope {
        Some(_) => format!("the gateway answered {status} without a message"),
        None => format!("something answered {status}, without the gateway's error envelope: a proxy may stand in between"),
    });
    let error_type = fields.text("type");
    let code = fields.text("code");
    let kind = kind_of(status, error_type.as_deref(), code.as_deref());
    Error::from_inner(Inner {
        kind,
        status: Some(status),
        request_id: header::request_id(headers).map(|id| redactor.clean(id)),
        param: fields.text("param"),
        retry_after: backoff::retry_after(headers, now),
        credits: (kind == ErrorKind::InsufficientCredits).then(|| fields.credits()),
        error_type,
        code,
        message,
        cause: None,
    })
}

/// Reads the `error` member of a frame in the middle of a successful stream.
pub(crate) fn frame(
    error: &Value,
    status: StatusCode,
    request_id: Option<&str>,
    redactor: &Redactor,
) -> Error {
    let fields = Fields::new(error, redactor);
    let error_type = fields.text("type").filter(|text| text != "error");
    let code = fields.text("code");
    let kind = kind_of_type(error_type.as_deref().or(code.as_deref()));
    Error::from_inner(Inner {
        kind,
        status: Some(status),
        request_id: request_id.map(str::to_owned),
        message: fields
            .text("message")
            .unwrap_or_else(|| "the stream carried an error without a message".to_owned()),
        param: fields.text("param"),
        retry_after: None,
        credits: (kind == ErrorKind::InsufficientCredits).then(|| fields.credits()),
        error_type,
        code,
        cause: None,
    })
}

fn kind_of(status: StatusCode, error_type: Option<&str>, code: Option<&str>) -> ErrorKind {
    match status.as_u16() {
        401 => ErrorKind::Authentication,
        402 => ErrorKind::InsufficientCredits,
        403 => ErrorKind::PermissionDenied,
        // A 404 with another code, or without an envelope, says nothing about a model.
        404 if code == Some("model_not_found") || (code.is_none() && error_type.is_some()) => {
            ErrorKind::ModelNotFound
        }
        429 => ErrorKind::RateLimit,
        502..=504 => ErrorKind::Deployment,
        _ if error_type == Some("deployment_error") => ErrorKind::Deployment,
        _ => ErrorKind::Api,
    }
}

fn kind_of_type(error_type: Option<&str>) -> ErrorKind {
    match error_type {
        Some("authentication_error") => ErrorKind::Authentication,
        Some("insufficient_credits") => ErrorKind::InsufficientCredits,
        Some("permission_error") => ErrorKind::PermissionDenied,
        Some("rate_limit_error") => ErrorKind::RateLimit,
        Some("model_not_found" | "not_found_error") => ErrorKind::ModelNotFound,
        Some("deployment_error") => ErrorKind::Deployment,
        _ => ErrorKind::Api,
    }
}

/// The members of an error object, masked and bounded.
struct Fields<'a> {
    error: &'a Value,
    redactor: &'a Redactor,
}

impl<'a> Fields<'a> {
    fn new(error: &'a Value, redactor: &'a Redactor) -> Self {
        Self { error, redactor }
    }

    fn text(&self, name: &str) -> Option<String> {
        let text = match self.error.get(name)? {
            Value::String(text) => self.redactor.excerpt(text, LONGEST_FIELD),
            Value::Number(number) => self.redactor.excerpt(&number.to_string(), LONGEST_FIELD),
            _ => return None,
        };
        Some(text).filter(|text| !text.is_empty())
    }

    fn credits(&self) -> Credits {
        let cents = |name: &str| self.error.get(name).and_then(Value::as_i64);
        Credits {
            current_balance_cents: cents("current_balance_cents"),
            required_cents: cents("required_cents"),
            topup_url: self.text("topup_url"),
        }
    }
}

#[cfg(test)]
mod tests;
