//! The error envelope: `{"error":{"message","type","code","param"?}}`, and which status goes with which type (CONTRACT §1).

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::{ALLOW, HeaderValue, RETRY_AFTER};
use serde::Serialize;

use crate::reply::Reply;

/// The closed list of `error.type` values this gateway sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ErrorType {
    #[serde(rename = "invalid_request_error")]
    InvalidRequest,
    #[serde(rename = "authentication_error")]
    Authentication,
    InsufficientCredits,
    #[serde(rename = "permission_error")]
    Permission,
    #[serde(rename = "not_found_error")]
    NotFound,
    #[serde(rename = "idempotency_error")]
    Idempotency,
    #[serde(rename = "rate_limit_error")]
    RateLimit,
    #[serde(rename = "server_error")]
    Server,
}

/// What a 402 says about the balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Credits {
    pub(crate) balance_cents: u64,
    pub(crate) required_cents: u64,
}

/// A refusal, before it becomes bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{status} {code}: {message}")]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) kind: ErrorType,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) param: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) credits: Option<Box<Credits>>,
    pub(crate) allow: Option<&'static str>,
}

impl ApiError {
    pub(crate) fn new(
        status: StatusCode,
        kind: ErrorType,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            status,
            kind,
            code,
            message: message.into(),
            param: None,
            retry_after: None,
            credits: None,
            allow: None,
        }
    }

    /// 400: the request does not fit the documented schema.
    pub(crate) fn invalid(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            ErrorType::InvalidRequest,
            code,
            message,
        )
    }

    /// 422: well-formed, but its content cannot be processed.
    pub(crate) fn unprocessable(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            ErrorType::InvalidRequest,
            code,
            message,
        )
    }

    /// 400: the model lacks what the request needs; the message names the capability.
    pub(crate) fn capability(model: &str, capability: &str, param: &str) -> Self {
        Self::invalid(
            "unsupported_capability",
            format!(
                "The model `{model}` lacks the capability `{capability}`, which `{param}` needs. Choose a deployment that lists `{capability}`."
            ),
        )
        .at(param)
    }

    /// 404: the model is not deployed where this key may look.
    pub(crate) fn model_not_found(model: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            ErrorType::NotFound,
            "model_not_found",
            format!(
                "The model `{}` is not deployed here. `GET /v1/models` lists what is.",
                clip(model)
            ),
        )
        .at("model")
    }

    /// Adds the reason to the message.
    pub(crate) fn because(mut self, reason: &str) -> Self {
        self.message.push(' ');
        self.message.push_str(reason);
        self
    }

    /// Names the offending field.
    pub(crate) fn at(mut self, param: impl Into<String>) -> Self {
        self.param = Some(param.into());
        self
    }

    /// The reply that carries this refusal.
    pub(crate) fn into_reply(self) -> Reply {
        let mut reply = Reply::json(self.status, self.to_bytes());
        if let Some(wait) = self.retry_after {
            let seconds = wait.as_millis().div_ceil(1000).max(1);
            if let Ok(value) = HeaderValue::try_from(seconds.to_string()) {
                reply.headers.insert(RETRY_AFTER, value);
            }
        }
        if let Some(allow) = self.allow {
            reply.headers.insert(ALLOW, HeaderValue::from_static(allow));
        }
        reply
    }

    /// The envelope as JSON.
    pub(crate) fn to_bytes(&self) -> Bytes {
        let body = Envelope {
            error: Body {
                message: &self.message,
                kind: self.kind,
                code: self.code,
                param: self.param.as_deref(),
                current_balance_cents: self.credits.as_ref().map(|credits| credits.balance_cents),
                required_cents: self.credits.as_ref().map(|credits| credits.required_cents),
                topup_url: self.credits.as_ref().map(|_| TOPUP_URL),
            },
        };
        crate::reply::to_json(&body)
    }
}

const TOPUP_URL: &str = "https://runinfra.ai/settings/billing";

#[derive(Serialize)]
struct Envelope<'a> {
    error: Body<'a>,
}

#[derive(Serialize)]
struct Body<'a> {
    message: &'a str,
    #[serde(rename = "type")]
    kind: ErrorType,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    param: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_balance_cents: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    required_cents: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    topup_url: Option<&'static str>,
}

/// Keeps a caller's own text short when a message repeats it.
pub(crate) fn clip(text: &str) -> &str {
    match text.char_indices().nth(120) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}
