//! Links to pictures, as storage answers them.

use futures_util::future::BoxFuture;
use http::{HeaderValue, StatusCode};
use runinfra::transport::{BodyStream, TransportError};

use super::*;

/// A picture at `/picture`, what leads there, and what leads nowhere.
struct Storage;

fn answer(status: StatusCode, header: Option<(http::HeaderName, &'static str)>) -> HttpResponse {
    let mut headers = HeaderMap::new();
    headers.extend(header.map(|(name, value)| (Some(name), HeaderValue::from_static(value))));
    let body: BodyStream = Box::pin(futures_util::stream::iter([Ok(Bytes::from_static(b"png"))]));
    HttpResponse::new(status, headers, body)
}

impl Transport for Storage {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            assert!(request.headers.is_empty(), "no key goes along");
            let mut response = match request.url.path() {
                "/moved" => answer(StatusCode::FOUND, Some((LOCATION, "/picture"))),
                "/round" => answer(StatusCode::FOUND, Some((LOCATION, "/round"))),
                "/nowhere" => answer(StatusCode::FOUND, None),
                "/gone" => answer(StatusCode::NOT_FOUND, None),
                "/bare" => answer(StatusCode::OK, None),
                "/never" => std::future::pending().await,
                _ => answer(StatusCode::OK, Some((CONTENT_TYPE, "image/png"))),
            };
            if request.url.path() == "/stalls" {
                response.body = Box::pin(futures_util::stream::pending());
            }
            Ok(response)
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_link_leads_to_a_picture_or_is_given_up_in_time() {
    let began = Instant::now();
    let patience = Duration::from_secs(5);
    let table = [
        ("/picture", Some(Some("image/png")), 0),
        ("/moved", Some(Some("image/png")), 0),
        ("/bare", Some(None), 0),
        ("/round", None, 0),
        ("/nowhere", None, 0),
        ("/gone", None, 0),
        ("/never", None, 5),
        ("/stalls", None, 5),
    ];
    for (path, content_type, seconds) in table {
        let asked = Instant::now();
        let link = format!("http://127.0.0.1{path}");
        let media = fetched_by(asked + patience, &link, &Storage).await;
        let found = media.as_ref().map(|media| media.content_type.as_deref());
        assert_eq!(found, content_type, "{path}");
        assert!(media.is_none_or(|media| media.bytes == b"png"), "{path}");
        assert_eq!(asked.elapsed(), Duration::from_secs(seconds), "{path}");
    }
    assert_eq!(began.elapsed(), patience * 2);
    let inline = fetched("data:image/png;base64,cG5n", &Storage).await;
    assert_eq!(inline.map(|media| media.bytes), Some(b"png".to_vec()));
}
