//! The client: checked once, cheap to clone, shared by every call.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;

use crate::config::{
    BaseUrl, DEFAULT_BASE_URL, DEFAULT_CONNECT_TIMEOUT, DEFAULT_MAX_EVENT_BYTES,
    DEFAULT_MAX_RETRIES, DEFAULT_RETRY_BASE, DEFAULT_TIMEOUT,
};
use crate::error::{Error, ErrorKind};
use crate::options::{Defaults, positive};
use crate::request::base_headers;
use crate::resources::{Audio, Chat, Embeddings, Images, Models, Responses, Voice, Webhooks};
use crate::routes::Routes;
use crate::secret::{ApiKey, Redactor};
use crate::transport::{Http, Transport};

type Jitter = dyn Fn() -> f64 + Send + Sync;

/// A client of one gateway with one key. Clones share connections.
///
/// ```
/// use runinfra::Client;
///
/// # fn main() -> Result<(), runinfra::Error> {
/// let client = Client::builder().api_key("rp_live_example").build()?;
/// let again = client.clone();
/// # let _ = again;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) core: Arc<Core>,
}

pub(crate) struct Core {
    pub(crate) base: BaseUrl,
    pub(crate) routes: Routes,
    pub(crate) headers: HeaderMap,
    pub(crate) redactor: Redactor,
    pub(crate) defaults: Defaults,
    pub(crate) max_event_bytes: usize,
    pub(crate) transport: Arc<dyn Transport>,
    jitter: Arc<Jitter>,
}

impl Core {
    pub(crate) fn jitter(&self) -> f64 {
        (self.jitter)()
    }
}

impl Client {
    /// Starts from the defaults. Only the key is needed.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// The models that this key reaches.
    pub fn models(&self) -> Models<'_> {
        Models::new(self)
    }

    /// Chat completions.
    pub fn chat(&self) -> Chat<'_> {
        Chat::new(self)
    }

    /// Responses: chat with the Responses API's event model.
    pub fn responses(&self) -> Responses<'_> {
        Responses::new(self)
    }

    /// Embeddings.
    pub fn embeddings(&self) -> Embeddings<'_> {
        Embeddings::new(self)
    }

    /// Image generation.
    pub fn images(&self) -> Images<'_> {
        Images::new(self)
    }

    /// Speech and transcription.
    pub fn audio(&self) -> Audio<'_> {
        Audio::new(self)
    }

    /// Voice pipelines, for clients scoped to one.
    pub fn voice(&self) -> Voice<'_> {
        Voice::new(self)
    }

    /// Verification of webhook deliveries, without any network. Also available as free functions in
    /// [`webhooks`](crate::webhooks).
    pub fn webhooks(&self) -> Webhooks<'_> {
        Webhooks::new(self)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field(
                "base_url",
                &self.core.redactor.clean(self.core.base.route("").as_str()),
            )
            .field("defaults", &self.core.defaults)
            .finish_non_exhaustive()
    }
}

/// Makes a [`Client`]. Nothing is checked until [`build`](Self::build).
#[derive(Clone, Default)]
#[must_use]
pub struct ClientBuilder {
    api_key: Option<String>,
    base_url: Option<String>,
    pipeline_id: Option<String>,
    timeout: Option<Duration>,
    idle_timeout: Option<Duration>,
    connect_timeout: Option<Duration>,
    max_retries: Option<u32>,
    retry_base: Option<Duration>,
    max_event_bytes: Option<usize>,
    transport: Option<Arc<dyn Transport>>,
    jitter: Option<Arc<Jitter>>,
}

impl ClientBuilder {
    /// The key, as shown when it was created. Surrounding white space is dropped.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// Another gateway than production. Remote ones need https; http is for this machine only. No user-info, query or
    /// fragment.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Scopes the client to one pipeline: the id becomes a segment of every path.
    pub fn pipeline_id(mut self, id: impl Into<String>) -> Self {
        self.pipeline_id = Some(id.into());
        self
    }

    /// How long a whole call may take: attempts, waits and body. 120 s unless set.
    ///
    /// For a stream and for speech it ends when the status and the headers have come. From there
    /// [`idle_timeout`](Self::idle_timeout) bounds every silence of a stream, and [`Speech::bytes`](crate::Speech::bytes) takes
    /// this long once more at most.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How long a stream of events or of audio may stay silent. The timeout of the call unless set. A stream that keeps sending
    /// is never cut.
    ///
    /// A call that sets a shorter [`timeout`](crate::RequestOptions::timeout) of its own, and no idle timeout, waits no longer
    /// than that for the next bytes either.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = Some(timeout);
        self
    }

    /// How long a connection may take to be made: 10 s unless set. Belongs to the default transport; with
    /// [`transport`](Self::transport), set it there.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// How many times a replay-safe call is tried again: 2 unless set.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = Some(retries);
        self
    }

    /// The first wait between two attempts: 250 ms unless set. It doubles from there, up to 30 s.
    pub fn retry_base(mut self, base: Duration) -> Self {
        self.retry_base = Some(base);
        self
    }

    /// The largest server-sent event a stream accepts, in bytes: 16 MiB unless set. It bounds what a stream can make the
    /// client hold.
    pub fn max_event_bytes(mut self, bytes: usize) -> Self {
        self.max_event_bytes = Some(bytes);
        self
    }

    /// Sends through `transport` instead of a fresh [`Http`].
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Where the jitter between attempts comes from: a number from 0 (wait the full time) to 1 (wait half). Random unless
    /// set; tests set it.
    pub fn jitter(mut self, jitter: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.jitter = Some(Arc::new(jitter));
        self
    }

    /// Checks everything and makes the client. No connection is made yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Authentication`] for a blank or unprintable key, [`ErrorKind::InvalidRequestOptions`] for anything else
    /// that breaks a rule, [`ErrorKind::Connection`] when the default transport cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        let key = ApiKey::parse(self.api_key.as_deref().unwrap_or_default())
            .map_err(|found| Error::new(ErrorKind::Authentication, found))?;
        let base = BaseUrl::parse(
            self.base_url.as_deref().unwrap_or(DEFAULT_BASE_URL),
            self.pipeline_id.as_deref(),
        )?;
        let checked = |name: &str, value: Option<Duration>, default: Duration| {
            positive(name, value.unwrap_or(default).as_secs_f64())
        };
        let defaults = Defaults {
            timeout: checked("timeout", self.timeout, DEFAULT_TIMEOUT)?,
            idle_timeout: self
                .idle_timeout
                .map(|idle| positive("idle_timeout", idle.as_secs_f64()))
                .transpose()?,
            max_retries: self.max_retries.unwrap_or(DEFAULT_MAX_RETRIES),
            retry_base: self.retry_base.unwrap_or(DEFAULT_RETRY_BASE),
        };
        let connect_timeout = checked(
            "connect_timeout",
            self.connect_timeout,
            DEFAULT_CONNECT_TIMEOUT,
        )?;
        let max_event_bytes = self.max_event_bytes.unwrap_or(DEFAULT_MAX_EVENT_BYTES);
        if max_event_bytes == 0 {
            return Err(Error::invalid(
                "max_event_bytes must be above zero".to_owned(),
            ));
        }
        let redactor = key.redactor();
        let transport = if let Some(transport) = self.transport {
            transport
        } else {
            let http = Http::builder().connect_timeout(connect_timeout).build();
            Arc::new(http.map_err(|failure| {
                Error::transport("setting up the transport", &failure, &redactor)
            })?)
        };
        let authorization = key.bearer().map_err(|_| {
            Error::new(
                ErrorKind::Authentication,
                "the API key is not a header value",
            )
        })?;
        Ok(Client {
            core: Arc::new(Core {
                routes: Routes::of(&base),
                base,
                headers: base_headers(authorization),
                redactor,
                defaults,
                max_event_bytes,
                transport,
                jitter: self.jitter.unwrap_or_else(|| Arc::new(fastrand::f64)),
            }),
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The base URL is not shown either: before it is checked it may hold a password.
        f.debug_struct("ClientBuilder")
            .field(
                "api_key",
                &self.api_key.as_ref().map(|_| crate::secret::MASK),
            )
            .field("timeout", &self.timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("max_retries", &self.max_retries)
            .field("retry_base", &self.retry_base)
            .field("max_event_bytes", &self.max_event_bytes)
            .finish_non_exhaustive()
    }
}
