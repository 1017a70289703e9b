//! Open code-scanning alerts of a repository, asked of GitHub's REST API
//! (`GET /repos/{owner}/{repo}/code-scanning/alerts`).
//!
//! Pages are counted, and no link of an answer is followed: the token goes where it was meant to go.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use canary_core::input::Secret;
use futures_util::TryStreamExt as _;
use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{ACCEPT, AUTHORIZATION, LINK, USER_AGENT},
};
use runinfra::transport::{HttpRequest, Transport, TransportError};
use serde::Deserialize;
use url::Url;

/// GitHub's own API.
pub const GITHUB: &str = "https://api.github.com";

/// Alerts on one page; the API's most.
const PER_PAGE: usize = 100;
/// The most pages that are read. Nobody has ten thousand open alerts and a release.
const MOST_PAGES: usize = 100;
/// The longest page, in bytes.
const LONGEST: usize = 16 << 20;
/// How long one page may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A repository, as `owner/name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    owner: String,
    name: String,
}

impl std::str::FromStr for Repository {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let word = |part: &str| {
            let known = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            !part.is_empty() && part.chars().all(known) && part != "." && part != ".."
        };
        match text.split_once('/') {
            Some((owner, name)) if word(owner) && word(name) => Ok(Self {
                owner: owner.to_owned(),
                name: name.to_owned(),
            }),
            _ => Err("a repository is written owner/name".to_owned()),
        }
    }
}

/// An open alert: what the release engineer needs to find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Its number in the repository.
    pub number: u64,
    /// The rule that raised it, as printable text.
    pub rule: String,
    /// How bad the rule says it is, as printable text.
    pub severity: String,
}

/// Why nobody can say whether alerts are open.
#[derive(Debug, thiserror::Error)]
pub enum SecurityError {
    /// The address cannot be asked.
    #[error(
        "cannot ask {0}: the API's address has to be https, or on this machine; see --api-base"
    )]
    Base(String),
    /// The token is no header value.
    #[error("the token is not one: it has characters that no token has; set GITHUB_TOKEN again")]
    Token,
    /// The API was not reached, or the answer broke off.
    #[error("tried to list the alerts, page {page}, and the connection failed ({kind}); try again")]
    Unreachable {
        /// The page that was asked for.
        page: usize,
        /// Where in its work the connection failed.
        kind: &'static str,
    },
    /// The answer took too long.
    #[error(
        "tried to list the alerts, page {page}, and had no answer within 30 seconds; try again"
    )]
    TimedOut {
        /// The page that was asked for.
        page: usize,
    },
    /// The API refused.
    #[error("tried to list the alerts, page {page}, and was answered {status}: {advice}")]
    Refused {
        /// The page that was asked for.
        page: usize,
        /// The status of the answer.
        status: u16,
        /// What that means, and what to do.
        advice: &'static str,
    },
    /// The answer is no list of alerts.
    #[error(
        "tried to list the alerts, page {page}, and the answer is no list of alerts; check --api-base"
    )]
    Shape {
        /// The page that was asked for.
        page: usize,
    },
    /// There seem to be ever more pages.
    #[error(
        "read {MOST_PAGES} pages of alerts and there are still more; look at the repository's security page"
    )]
    Endless,
}

/// Lists the alerts that are open on a branch.
pub async fn open_alerts(
    transport: Arc<dyn Transport>,
    base: &Url,
    repository: &Repository,
    branch: &str,
    token: &Secret,
) -> Result<Vec<Alert>, SecurityError> {
    let local = base.host_str().is_some_and(is_loopback);
    if base.scheme() != "https" && !(base.scheme() == "http" && local) {
        return Err(SecurityError::Base(base.origin().ascii_serialization()));
    }
    let headers = headers(token)?;
    let mut alerts = Vec::new();
    for page in 1..=MOST_PAGES {
        let request = request(base, repository, branch, page, &headers)?;
        let answered = tokio::time::timeout(PATIENCE, read(transport.as_ref(), request));
        let (status, more, body) = answered
            .await
            .map_err(|_| SecurityError::TimedOut { page })?
            .map_err(|error| SecurityError::Unreachable {
                page,
                kind: error.kind().as_str(),
            })?;
        if status != StatusCode::OK {
            return Err(SecurityError::Refused {
                page,
                status: status.as_u16(),
                advice: advice(status),
            });
        }
        alerts.extend(parse(&body).ok_or(SecurityError::Shape { page })?);
        if !more {
            return Ok(alerts);
        }
    }
    Err(SecurityError::Endless)
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost"
        || host
            .parse()
            .is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

fn headers(token: &Secret) -> Result<HeaderMap, SecurityError> {
    let mut bearer = HeaderValue::from_str(&format!("Bearer {}", token.expose()))
        .map_err(|_| SecurityError::Token)?;
    bearer.set_sensitive(true);
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, bearer);
    let accept = HeaderValue::from_static("application/vnd.github+json");
    headers.insert(ACCEPT, accept);
    // GitHub refuses requests without a user agent.
    headers.insert(USER_AGENT, HeaderValue::from_static("runinfra-canary"));
    let version = HeaderValue::from_static("2022-11-28");
    headers.insert("x-github-api-version", version);
    Ok(headers)
}

fn request(
    base: &Url,
    repository: &Repository,
    branch: &str,
    page: usize,
    headers: &HeaderMap,
) -> Result<HttpRequest, SecurityError> {
    let mut url = base.clone();
    let Repository { owner, name } = repository;
    url.path_segments_mut()
        .map_err(|()| SecurityError::Base(base.scheme().to_owned()))?
        .pop_if_empty()
        .extend(["repos", owner, name, "code-scanning", "alerts"]);
    url.query_pairs_mut()
        .clear()
        .append_pair("state", "open")
        .append_pair("ref", &format!("refs/heads/{branch}"))
        .append_pair("per_page", &PER_PAGE.to_string())
        .append_pair("page", &page.to_string());
    Ok(HttpRequest::new(
        Method::GET,
        url,
        headers.clone(),
        Bytes::new(),
    ))
}

/// The status, whether there is a page after this one, and the body as far as it may be read.
async fn read(
    transport: &dyn Transport,
    request: HttpRequest,
) -> Result<(StatusCode, bool, Vec<u8>), TransportError> {
    let mut response = transport.send(request).await?;
    let links = response.headers.get_all(LINK).iter();
    let more = links.filter_map(|link| link.to_str().ok()).any(|link| {
        let mut parts = link.split([',', ';']).map(str::trim);
        parts.any(|part| part == "rel=\"next\"" || part == "rel=next")
    });
    let mut body = Vec::new();
    while let Some(chunk) = response.body.try_next().await? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST {
            break;
        }
    }
    Ok((response.status, more, body))
}

fn advice(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "the token is not accepted; set GITHUB_TOKEN to a valid one",
        403 => "code scanning is switched off, or the token lacks `security-events: read`",
        404 => "there is no such repository, no analysis of it, or the token cannot see it",
        429 => "too many requests; try again later",
        500.. => "the API is out of order; try again later",
        _ => "this is no answer of the API; check --api-base",
    }
}

/// What is read of an alert; GitHub may add what it likes.
#[derive(Deserialize)]
struct Listed {
    number: u64,
    state: String,
    rule: RuleOfAlert,
}

#[derive(Deserialize)]
struct RuleOfAlert {
    id: Option<String>,
    severity: Option<String>,
    security_severity_level: Option<String>,
}

/// The alerts of a page. One that is not open was not asked for, so nobody knows what was counted.
fn parse(body: &[u8]) -> Option<Vec<Alert>> {
    let listed: Vec<Listed> = serde_json::from_slice(body).ok()?;
    let known = listed.iter().all(|alert| alert.state == "open");
    known.then(|| {
        let alert = |alert: Listed| Alert {
            number: alert.number,
            rule: printable(alert.rule.id),
            severity: printable(alert.rule.security_severity_level.or(alert.rule.severity)),
        };
        listed.into_iter().map(alert).collect()
    })
}

fn printable(text: Option<String>) -> String {
    let text = text.unwrap_or_else(|| "unknown".to_owned());
    let visible = |c: char| if c.is_ascii_graphic() { c } else { '?' };
    text.chars().take(80).map(visible).collect()
}
