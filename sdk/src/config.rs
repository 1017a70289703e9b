//! What a client is made of, and the rules its parts must obey before a key can be sent anywhere.

use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::{Host, Url};

use crate::error::Error;

/// The production gateway.
pub const DEFAULT_BASE_URL: &str = "https://api.runinfra.ai/v1";
/// How long a whole call may take unless the client or the call says otherwise; of a stream and of speech, the head.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(120);
/// How long a connection may take to be made unless the client says otherwise.
pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How many times a replay-safe call is tried again unless the client or the call says otherwise.
pub const DEFAULT_MAX_RETRIES: u32 = 2;
/// The first wait between two attempts unless the client or the call says otherwise.
pub const DEFAULT_RETRY_BASE: Duration = Duration::from_millis(250);
/// The largest server-sent event a stream accepts unless the client says otherwise, in bytes.
pub const DEFAULT_MAX_EVENT_BYTES: usize = 16 * 1024 * 1024;

/// RFC 3986's unreserved characters stay; everything else in a path segment is encoded.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A base URL that obeys the rules: https, or http to this machine; no user-info, query or fragment; no trailing slash.
#[derive(Clone, Debug)]
pub(crate) struct BaseUrl {
    url: Url,
    pipeline_scoped: bool,
}

impl BaseUrl {
    /// Checks `text` and scopes it to `pipeline_id`, once. No error quotes the URL: it may hold a password.
    pub(crate) fn parse(text: &str, pipeline_id: Option<&str>) -> Result<Self, Error> {
        let mut url = checked(text).map_err(|found| {
            Error::invalid(format!(
                "the base URL is not usable: {found}; use something like {DEFAULT_BASE_URL}"
            ))
        })?;
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        let mut pipeline_scoped = names_a_pipeline(&path);
        if let Some(id) = pipeline_id {
            let segment = path_segment("pipeline_id", id.trim())?;
            let last = path.rsplit('/').next().unwrap_or_default();
            if percent_decode_str(last).ne(id.trim().bytes()) {
                url.set_path(&format!("{path}/{segment}"));
            }
            pipeline_scoped = true;
        }
        Ok(Self {
            url,
            pipeline_scoped,
        })
    }

    /// Whether calls go to one pipeline: an id was given, or the path has a segment after `v1`.
    pub(crate) fn is_pipeline_scoped(&self) -> bool {
        self.pipeline_scoped
    }

    /// The URL of `route`, which starts with a slash and is already encoded.
    pub(crate) fn route(&self, route: &str) -> Url {
        let mut url = self.url.clone();
        let path = format!("{}{route}", self.url.path().trim_end_matches('/'));
        url.set_path(&path);
        url
    }
}

/// `value` percent-encoded as one path segment.
///
/// Refuses what cannot be one: nothing at all, and the two dot segments, which URL parsers resolve away.
pub(crate) fn path_segment(name: &str, value: &str) -> Result<String, Error> {
    match value {
        "" => Err(Error::invalid(format!(
            "{name} is blank: give the id, or leave it out"
        ))),
        "." | ".." => Err(Error::invalid(format!(
            "{name} is a dot segment, which no path can carry: give the id"
        ))),
        id => Ok(utf8_percent_encode(id, SEGMENT).to_string()),
    }
}

fn checked(text: &str) -> Result<Url, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Err("it is blank");
    }
    // The URL parser forgives these by dropping or rewriting them; a key should not follow a guess.
    if text
        .chars()
        .any(|c| c.is_control() || c.is_whitespace() || c == '\\')
    {
        return Err("it has white space, a control character or a backslash");
    }
    let url = Url::parse(text).map_err(|_| "it is not an absolute URL")?;
    let authority = text.split_once("://").map_or("", |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err("it carries a user name or password");
    }
    if url.query().is_some() {
        return Err("it has a query");
    }
    if url.fragment().is_some() {
        return Err("it has a fragment");
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_this_machine(&url) => Ok(url),
        "http" => Err(
            "plain http is only for localhost, 127.0.0.1, 0.0.0.0 and [::1]; a remote gateway needs https",
        ),
        _ => Err("its scheme is neither https nor http"),
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_unspecified() || ip == std::net::Ipv4Addr::LOCALHOST,
        Some(Host::Ipv6(ip)) => ip == std::net::Ipv6Addr::LOCALHOST,
        None => false,
    }
}

fn names_a_pipeline(path: &str) -> bool {
    let mut segments = path.split('/').skip_while(|segment| *segment != "v1");
    segments.next().is_some() && segments.next().is_some_and(|id| !id.is_empty())
}

#[cfg(test)]
mod tests;
