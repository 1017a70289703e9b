//! The gateway's address, safe to send a key to.

use std::fmt;

use thiserror::Error;
use url::{Host, Url};

/// The production gateway: the only one whose evidence may promote a release.
pub const PRODUCTION_BASE_URL: &str = "https://api.runinfra.ai/v1";

/// A base URL that passed the rules of the contract's §2: https, or plain http to this machine;
/// no user-info, query or fragment; no trailing slash.
///
/// A custom address is private: the debug form masks it, and reports use [`BaseUrl::reported`].
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Checks an address.
    pub fn parse(text: &str) -> Result<Self, UrlProblem> {
        // The URL parser drops tabs and newlines and turns backslashes round, as browsers do. An
        // address that reads otherwise than it is used is refused instead.
        if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
            return Err(UrlProblem::StrangeCharacter);
        }
        let url = Url::parse(text).map_err(|_| UrlProblem::NotAUrl)?;
        let loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(ip)) => ip.is_unspecified() || ip.octets() == [127, 0, 0, 1],
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => return Err(UrlProblem::NotAUrl),
        };
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => return Err(UrlProblem::PlainHttp),
            _ => return Err(UrlProblem::Scheme),
        }
        // `https://@host` parses to an empty user name, so the text itself is asked.
        let authority = text.split("//").nth(1).unwrap_or_default();
        let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err(UrlProblem::UserInfo);
        }
        if url.query().is_some() {
            return Err(UrlProblem::Query);
        }
        if url.fragment().is_some() {
            return Err(UrlProblem::Fragment);
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }

    /// The address, without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is [`PRODUCTION_BASE_URL`].
    pub fn is_production(&self) -> bool {
        self.0 == PRODUCTION_BASE_URL
    }

    /// What a report may say about the address: the production URL, or that another was set.
    pub fn reported(&self) -> &'static str {
        if self.is_production() {
            PRODUCTION_BASE_URL
        } else {
            "custom_set_redacted"
        }
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({})", self.reported())
    }
}

/// Why an address is not safe to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UrlProblem {
    /// Not an absolute URL with a host.
    #[error("not an absolute URL with a host; write it as https://HOST/PATH")]
    NotAUrl,
    /// Whitespace, a control character or a backslash.
    #[error("has whitespace, a control character or a backslash in it")]
    StrangeCharacter,
    /// Neither https nor http.
    #[error("has a scheme other than https (or http, on this machine)")]
    Scheme,
    /// Plain http to another machine.
    #[error(
        "plain http would send the key unprotected; use https (http is for localhost, 127.0.0.1, 0.0.0.0 and [::1])"
    )]
    PlainHttp,
    /// A user name or password.
    #[error("carries a user name or password; keys have inputs of their own")]
    UserInfo,
    /// A query.
    #[error("carries a query (`?…`); leave it off")]
    Query,
    /// A fragment.
    #[error("carries a fragment (`#…`); leave it off")]
    Fragment,
}
