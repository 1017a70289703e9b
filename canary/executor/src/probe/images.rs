//! Image generation. An image that is answered as a URL is fetched, without the key.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use canary_core::observe::MediaSeen;
use futures_util::StreamExt;
use http::{
    HeaderMap, Method,
    header::{CONTENT_TYPE, LOCATION},
};
use runinfra::{
    Client, RequestOptions,
    transport::{HttpRequest, HttpResponse, Transport},
};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::{Failure, drive::Drive};

/// How often one link may send the caller on.
const MOST_HOPS: usize = 5;

/// No image of any row is larger.
const LARGEST_IMAGE: usize = 32 << 20;

/// What fetches pictures that are answered as links, and how long it may take over all of a call's.
#[derive(Clone, Copy)]
pub(super) struct Fetch<'a> {
    pub(super) transport: &'a dyn Transport,
    pub(super) patience: Duration,
}

pub(super) async fn generate(
    mut drive: Drive<'_>,
    client: &Client,
    fetch: Fetch<'_>,
    options: RequestOptions,
) -> Result<(), Failure> {
    let request = drive.typed()?;
    let answer = client.images().generate_with(request, options).await?;
    drive.answered(&answer, None);
    // A link that never answers is no picture; the row goes on and says so.
    let until = Instant::now() + fetch.patience;
    for image in &answer.data {
        let media = match (image.bytes(), &image.url) {
            (Some(decoded), _) => decoded.ok().map(|bytes| MediaSeen {
                bytes,
                content_type: None,
            }),
            (None, Some(url)) => fetched_by(until, url, fetch.transport).await,
            (None, None) => None,
        };
        // What cannot be had is no image; the row's expectations count the images.
        drive.seen.media.extend(media);
    }
    Ok(())
}

async fn fetched_by(until: Instant, url: &str, fetch: &dyn Transport) -> Option<MediaSeen> {
    timeout_at(until, fetched(url, fetch)).await.ok().flatten()
}

async fn fetched(url: &str, fetch: &dyn Transport) -> Option<MediaSeen> {
    let url = Url::parse(url).ok()?;
    if url.scheme() == "data" {
        let (head, data) = url.path().split_once(',')?;
        let content_type = head.split(';').next().map(str::to_owned);
        return Some(MediaSeen {
            bytes: STANDARD.decode(data).ok()?,
            content_type,
        });
    }
    let response = followed(url, fetch).await?;
    let content_type = response
        .headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .map(str::to_owned);
    let mut body = response.body;
    let mut bytes = Vec::new();
    while let Some(piece) = body.next().await {
        bytes.extend_from_slice(&piece.ok()?);
        if bytes.len() > LARGEST_IMAGE {
            return None;
        }
    }
    Some(MediaSeen {
        bytes,
        content_type,
    })
}

/// The answer that a link leads to. Storage may send the caller on; there is no key to be sent along.
async fn followed(mut url: Url, fetch: &dyn Transport) -> Option<HttpResponse> {
    for _ in 0..MOST_HOPS {
        let request = HttpRequest::new(Method::GET, url.clone(), HeaderMap::new(), Bytes::new());
        let response = fetch.send(request).await.ok()?;
        if response.status.is_success() {
            return Some(response);
        }
        if !response.status.is_redirection() {
            return None;
        }
        url = url
            .join(response.headers.get(LOCATION)?.to_str().ok()?)
            .ok()?;
    }
    None
}

#[cfg(test)]
mod tests;
