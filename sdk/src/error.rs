//! What can go wrong, sorted by what a program does about it.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

use crate::secret::Redactor;
use crate::transport::{TransportError, TransportErrorKind};

pub(crate) mod decode;

/// What kind of failure an [`Error`] is: the thing to match on.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let gateway = runinfra_gateway::Gateway::start(runinfra_gateway::Config::default()).await?;
/// # let client = runinfra::Client::builder().api_key(gateway.api_key()).base_url(gateway.base_url()).build()?;
/// use runinfra::ErrorKind;
///
/// match client.models().retrieve("no-such-model").await {
///     Ok(model) => println!("{}", model.owned_by),
///     Err(error) => match error.kind() {
///         ErrorKind::ModelNotFound => println!("not deployed ({:?})", error.request_id()),
///         ErrorKind::RateLimit => println!("wait {:?}", error.retry_after()),
///         ErrorKind::InsufficientCredits => println!("add credit: {:?}", error.credits()),
///         _ => return Err(error.into()),
///     },
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The key is missing, blank or not accepted (401).
    Authentication,
    /// The key does not reach this pipeline, or the plan does not have this feature (403).
    PermissionDenied,
    /// The workspace has no credit left (402); [`Error::credits`] says what would help.
    InsufficientCredits,
    /// Too many requests (429); [`Error::retry_after`] says how long to wait, if the gateway did.
    RateLimit,
    /// The model is not deployed, or the route does not exist (404).
    ModelNotFound,
    /// The deployment behind the gateway failed, is busy or is starting (502, 503, 504).
    Deployment,
    /// The call, the connection or a silent stream took longer than allowed.
    Timeout,
    /// The connection failed, before the answer or in the middle of it.
    Connection,
    /// A server-sent event could not be read: not JSON, not UTF-8, or too large.
    StreamParse,
    /// A success that does not have the contract's shape.
    ResponseShape,
    /// The request or its options break a rule that is checked before anything is sent.
    InvalidRequestOptions,
    /// A webhook's signature, timestamp or body is not acceptable.
    WebhookVerification,
    /// Any other failure the gateway reported; status, type, code and parameter are kept.
    Api,
}

impl ErrorKind {
    /// Every kind, in declaration order.
    pub const ALL: [Self; 13] = [
        Self::Authentication,
        Self::PermissionDenied,
        Self::InsufficientCredits,
        Self::RateLimit,
        Self::ModelNotFound,
        Self::Deployment,
        Self::Timeout,
        Self::Connection,
        Self::StreamParse,
        Self::ResponseShape,
        Self::InvalidRequestOptions,
        Self::WebhookVerification,
        Self::Api,
    ];

    /// The kind's stable name, in snake case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::PermissionDenied => "permission_denied",
            Self::InsufficientCredits => "insufficient_credits",
            Self::RateLimit => "rate_limit",
            Self::ModelNotFound => "model_not_found",
            Self::Deployment => "deployment",
            Self::Timeout => "timeout",
            Self::Connection => "connection",
            Self::StreamParse => "stream_parse",
            Self::ResponseShape => "response_shape",
            Self::InvalidRequestOptions => "invalid_request_options",
            Self::WebhookVerification => "webhook_verification",
            Self::Api => "api",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the gateway said about credit in a 402. Each part may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Credits {
    /// What the workspace has, in cents.
    pub current_balance_cents: Option<i64>,
    /// What the call needs, in cents.
    pub required_cents: Option<i64>,
    /// Where to buy more.
    pub topup_url: Option<String>,
}

/// Why a call failed. Neither `Display`, `Debug` nor the source chain ever holds the API key, whoever echoed it.
pub struct Error(Box<Inner>);

#[derive(Clone)]
pub(crate) struct Inner {
    pub(crate) kind: ErrorKind,
    pub(crate) status: Option<StatusCode>,
    pub(crate) request_id: Option<String>,
    pub(crate) error_type: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) param: Option<String>,
    pub(crate) message: String,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) credits: Option<Credits>,
    pub(crate) cause: Option<Cause>,
}

impl Error {
    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The HTTP status, when an answer arrived. A failure inside a success (a cut stream, a wrong shape) keeps its 200.
    pub fn status(&self) -> Option<u16> {
        self.0.status.map(|status| status.as_u16())
    }

    /// The gateway's `X-Request-Id`, when the answer was traced: quote it to support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The gateway's `error.type`.
    pub fn error_type(&self) -> Option<&str> {
        self.0.error_type.as_deref()
    }

    /// The gateway's `error.code`.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The gateway's `error.param`: the request field at fault.
    pub fn param(&self) -> Option<&str> {
        self.0.param.as_deref()
    }

    /// What went wrong, in words; the gateway's own words where it gave any. Secrets are masked.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// How long the gateway asked to wait, whatever the length; absent when it did not say or said nothing usable.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// What the gateway said about credit, in a failure of kind [`ErrorKind::InsufficientCredits`].
    pub fn credits(&self) -> Option<&Credits> {
        self.0.credits.as_ref()
    }

    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            status: None,
            request_id: None,
            error_type: None,
            code: None,
            param: None,
            message: message.into(),
            retry_after: None,
            credits: None,
            cause: None,
        }))
    }

    pub(crate) fn from_inner(inner: Inner) -> Self {
        Self(Box::new(inner))
    }

    pub(crate) fn invalid(message: String) -> Self {
        Self::new(ErrorKind::InvalidRequestOptions, message)
    }

    pub(crate) fn with_trace(mut self, status: StatusCode, request_id: Option<&str>) -> Self {
        self.0.status = Some(status);
        self.0.request_id = request_id.map(str::to_owned);
        self
    }

    pub(crate) fn with_cause(mut self, text: String) -> Self {
        self.0.cause = Some(Cause(text));
        self
    }

    /// A transport failure while `doing`; its own words become the source, with the key masked.
    pub(crate) fn transport(doing: &str, failure: &TransportError, redactor: &Redactor) -> Self {
        let kind = match failure.kind() {
            TransportErrorKind::Timeout => ErrorKind::Timeout,
            _ => ErrorKind::Connection,
        };
        let next = match failure.kind() {
            TransportErrorKind::Connect => "check the base URL and that the gateway can be reached",
            TransportErrorKind::Timeout => {
                "check that the gateway can be reached, or allow more time"
            }
            _ => "the gateway may have done the work: repeat only what is safe to repeat",
        };
        let found = failure.kind().as_str();
        Self::new(kind, format!("{doing} failed ({found}): {next}"))
            .with_cause(redactor.clean(&failure.to_string()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        write!(f, "{}: {}", inner.kind, inner.message)?;
        let mut open = " [";
        let mut part = |f: &mut fmt::Formatter<'_>, name: &str, value: &dyn fmt::Display| {
            write!(f, "{open}{name} {value}")?;
            open = ", ";
            Ok(())
        };
        if let Some(status) = self.status() {
            part(f, "status", &status)?;
        }
        if let Some(error_type) = self.error_type() {
            part(f, "type", &error_type)?;
        }
        if let Some(code) = self.code() {
            part(f, "code", &code)?;
        }
        if let Some(param) = self.param() {
            part(f, "param", &param)?;
        }
        if let Some(wait) = self.retry_after() {
            part(f, "retry after seconds", &wait.as_secs())?;
        }
        if let Some(id) = self.request_id() {
            part(f, "request id", &id)?;
        }
        f.write_str(if open == ", " { "]" } else { "" })
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("status", &self.status())
            .field("request_id", &inner.request_id)
            .field("error_type", &inner.error_type)
            .field("code", &inner.code)
            .field("param", &inner.param)
            .field("message", &inner.message)
            .field("retry_after", &inner.retry_after)
            .field("credits", &inner.credits)
            .field("cause", &inner.cause)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_ref().map(|cause| cause as _)
    }
}

/// The words of a lower layer, already masked. Keeping the layer's own error would keep what it echoes.
#[derive(Clone)]
pub(crate) struct Cause(String);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl std::error::Error for Cause {}
