//! The transport over real sockets. The only file that names the HTTP client.

use std::error::Error as _;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use futures_core::future::BoxFuture;
use futures_util::TryStreamExt as _;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls_platform_verifier::BuilderVerifierExt as _;

use super::{HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind};
use crate::config::DEFAULT_CONNECT_TIMEOUT;

/// Whose certificates a remote gateway must show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Roots {
    /// Mozilla's list, as of this crate's release. The same trust on every machine: a certificate authority that somebody
    /// installed on this one, to look into TLS, does not get to see the key. It also works where no list is installed.
    #[default]
    Mozilla,
    /// The operating system's list and its rules, for private gateways and networks that inspect TLS on purpose.
    Platform,
}

/// How long an idle connection is kept. Common servers close theirs after five seconds, and a request that meets the
/// close is lost: one that is charged for may not be sent again.
const POOL_IDLE: Duration = Duration::from_secs(4);

/// HTTP/1.1 over TCP or TLS, with connections kept for reuse.
///
/// Redirects are not followed (a key must not travel), proxies in the environment are not used, nothing is retried, and no
/// compression is asked for or undone.
#[derive(Clone, Debug)]
pub struct Http {
    client: reqwest::Client,
}

impl Http {
    /// A transport with the defaults: ten seconds to connect, Mozilla's roots.
    ///
    /// # Errors
    ///
    /// When the TLS stack cannot be set up.
    pub fn new() -> Result<Self, TransportError> {
        Self::builder().build()
    }

    /// Starts from the defaults.
    pub fn builder() -> HttpBuilder {
        HttpBuilder {
            connect_timeout: DEFAULT_CONNECT_TIMEOUT,
            idle_timeout: POOL_IDLE,
            roots: Roots::default(),
            extra_roots: Vec::new(),
        }
    }
}

/// Makes an [`Http`].
#[derive(Clone, Debug)]
#[must_use]
pub struct HttpBuilder {
    connect_timeout: Duration,
    idle_timeout: Duration,
    roots: Roots,
    extra_roots: Vec<CertificateDer<'static>>,
}

impl HttpBuilder {
    /// How long a connection, TLS included, may take to be made.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long a connection without a call is kept for the next one: four seconds, unless told. Shorter than the server's
    /// own keep-alive time, or now and then a call meets the server's close and fails without having been sent again.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// Whose certificates to accept.
    pub fn roots(mut self, roots: Roots) -> Self {
        self.roots = roots;
        self
    }

    /// Accepts one more root certificate, in DER, beside [`Roots::Mozilla`].
    pub fn root_certificate_der(mut self, der: impl Into<Vec<u8>>) -> Self {
        self.extra_roots.push(CertificateDer::from(der.into()));
        self
    }

    /// Makes the transport.
    ///
    /// # Errors
    ///
    /// When a root certificate cannot be read or the TLS stack cannot be set up.
    pub fn build(self) -> Result<Http, TransportError> {
        if self.roots == Roots::Platform && !self.extra_roots.is_empty() {
            return Err(other("extra root certificates go with Roots::Mozilla: install them in the system, or drop Roots::Platform".to_owned()));
        }
        let tls = self
            .tls()
            .map_err(|error| other(format!("the TLS settings are not usable: {error}")))?;
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .pool_idle_timeout(self.idle_timeout)
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .http1_only()
            .tcp_nodelay(true)
            .connect_timeout(self.connect_timeout)
            .build()
            .map_err(|error| describe(error, TransportErrorKind::Other))?;
        Ok(Http { client })
    }

    fn tls(&self) -> Result<rustls::ClientConfig, rustls::Error> {
        // Named here rather than installed for the process: that choice belongs to the program, not to a library.
        let provider: Arc<CryptoProvider> = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?;
        let config = match self.roots {
            Roots::Platform => config.with_platform_verifier()?,
            Roots::Mozilla => {
                let mut store = rustls::RootCertStore {
                    roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
                };
                for der in &self.extra_roots {
                    store.add(der.clone())?;
                }
                config.with_root_certificates(store)
            }
        };
        Ok(config.with_no_client_auth())
    }
}

impl Transport for Http {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let mut outgoing = reqwest::Request::new(request.method, request.url);
        *outgoing.headers_mut() = request.headers;
        if !request.body.is_empty() {
            *outgoing.body_mut() = Some(request.body.into());
        }
        let sent = self.client.execute(outgoing);
        Box::pin(async move {
            let mut response = sent
                .await
                .map_err(|error| describe(error, TransportErrorKind::Connection))?;
            let status = response.status();
            let headers = std::mem::take(response.headers_mut());
            let body = response.bytes_stream();
            let body = body.map_err(|error| describe(error, TransportErrorKind::Connection));
            Ok(HttpResponse::new(status, headers, Box::pin(body)))
        })
    }
}

fn other(message: String) -> TransportError {
    TransportError::new(TransportErrorKind::Other, message)
}

/// The client's words, without the URL, down the whole chain.
fn describe(error: reqwest::Error, otherwise: TransportErrorKind) -> TransportError {
    let kind = if error.is_timeout() {
        TransportErrorKind::Timeout
    } else if error.is_connect() {
        TransportErrorKind::Connect
    } else if error.is_builder() {
        TransportErrorKind::Other
    } else {
        otherwise
    };
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        // Writing to a String cannot fail.
        let _ = write!(text, ": {next}");
        cause = next.source();
    }
    TransportError::new(kind, text)
}
