//! One HTTP request past the SDK's guards, for promises that a well-behaved client never reaches.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use canary_core::input::Secret;
use futures_util::StreamExt;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use runinfra::transport::{HttpRequest, Transport};
use serde_json::Value;
use url::Url;

use super::{Failure, drive::Drive, form};

/// Sends the request as the row wrote it. Whatever comes back is for the wire's record.
pub(super) async fn request(
    drive: Drive<'_>,
    transport: Arc<dyn Transport>,
    base_url: &str,
    key: &Secret,
) -> Result<(), Failure> {
    let field = |name: &str| drive.request.get(name).and_then(Value::as_str);
    let method = Method::from_bytes(field("method").unwrap_or_default().as_bytes())
        .map_err(|_| Failure::unfit())?;
    let url = Url::parse(&format!("{base_url}{}", field("path").unwrap_or_default()))
        .map_err(|_| Failure::unfit())?;
    let (body, content_type) = body(&drive.request).await?;
    let mut headers = HeaderMap::new();
    if let Some(content_type) = content_type {
        headers.insert(
            http::header::CONTENT_TYPE,
            HeaderValue::from_str(&content_type).map_err(|_| Failure::unfit())?,
        );
    }
    if drive
        .request
        .get("authorized")
        .and_then(Value::as_bool)
        .unwrap_or(true)
    {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose()))
            .map_err(|_| Failure::unfit())?;
        value.set_sensitive(true);
        headers.insert(http::header::AUTHORIZATION, value);
    }
    for (name, value) in drive
        .request
        .get("headers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| Failure::unfit())?;
        let value = HeaderValue::from_str(value.as_str().unwrap_or_default())
            .map_err(|_| Failure::unfit())?;
        headers.insert(name, value);
    }
    let request = HttpRequest::new(method, url, headers, body);
    // A transport failure is on the record; the row's expectations say what it means.
    if let Ok(response) = transport.send(request).await {
        let mut body = response.body;
        let lose = drive.request.get("lose") == Some(&Value::Bool(true));
        while !lose && let Some(Ok(_)) = body.next().await {}
    }
    let seen = drive.seen;
    drive.log.look_at_last(|answer| {
        seen.request_id = answer.header("x-request-id").map(str::to_owned);
        seen.document = answer.json();
    });
    Ok(())
}

/// The body that the row wrote, in one of its forms, and the content type that goes with it.
async fn body(request: &Value) -> Result<(Bytes, Option<String>), Failure> {
    let field = |name: &str| request.get(name).and_then(Value::as_str);
    if let Some(parts) = request.get("form") {
        let (body, content_type) = form::encode(parts).await?;
        return Ok((Bytes::from(body), Some(content_type)));
    }
    let body = if let Some(json) = request.get("json") {
        Bytes::from(json.to_string())
    } else if let Some(encoded) = field("base64") {
        Bytes::from(STANDARD.decode(encoded).map_err(|_| Failure::unfit())?)
    } else if let Some(text) = field("text") {
        Bytes::from(text.to_owned())
    } else {
        return Ok((Bytes::new(), None));
    };
    Ok((body, Some("application/json".to_owned())))
}
