//! Multipart bodies as named parts.

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::future::FutureExt as _;
use futures_util::stream;
use http::header::CONTENT_TYPE;

use crate::app::Call;
use crate::envelope::ApiError;

/// Parts beyond this many are refused.
const MOST_PARTS: usize = 64;

/// One part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) bytes: Bytes,
}

impl Part {
    /// The part as text.
    pub(super) fn text(&self) -> Result<&str, ApiError> {
        std::str::from_utf8(&self.bytes).map_err(|_| {
            ApiError::invalid(
                "invalid_type",
                format!("`{}` is not UTF-8 text.", self.name),
            )
            .at(self.name.clone())
        })
    }
}

/// Reads every part of the body.
pub(super) fn parse(call: &Call) -> Result<Vec<Part>, ApiError> {
    let declared = call
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let boundary = multer::parse_boundary(declared).map_err(|_| {
        ApiError::invalid(
            "invalid_content_type",
            "The body must be multipart. Send `Content-Type: multipart/form-data; boundary=…`.",
        )
    })?;
    // The body is all there, so the parser never waits and its future is ready at once.
    read(call.body.clone(), boundary)
        .now_or_never()
        .unwrap_or_else(|| Err(malformed()))
}

async fn read(body: Bytes, boundary: String) -> Result<Vec<Part>, ApiError> {
    let body = stream::once(async move { Ok::<Bytes, Infallible>(body) });
    let mut multipart = multer::Multipart::new(body, boundary);
    let mut parts = Vec::new();
    while let Some(field) = multipart.next_field().await.map_err(|_| malformed())? {
        if parts.len() == MOST_PARTS {
            return Err(ApiError::invalid(
                "too_many_parts",
                format!("At most {MOST_PARTS} parts are taken."),
            ));
        }
        let Some(name) = field.name().map(str::to_owned) else {
            return Err(ApiError::invalid(
                "malformed_multipart",
                "A part has no name.",
            ));
        };
        parts.push(Part {
            name,
            file_name: field.file_name().map(str::to_owned),
            content_type: field.content_type().map(ToString::to_string),
            bytes: field.bytes().await.map_err(|_| malformed())?,
        });
    }
    Ok(parts)
}

fn malformed() -> ApiError {
    ApiError::invalid(
        "malformed_multipart",
        "The body is not well-formed multipart. Check the boundary and that the body is complete.",
    )
}

/// The parts without their boundary, for comparing two bodies; `None` when the body is no multipart.
pub(super) fn content(call: &Call, left_out: &[&str]) -> Option<Vec<u8>> {
    let mut parts = parse(call).ok()?;
    parts.retain(|part| !left_out.contains(&part.name.as_str()));
    let mut content = Vec::new();
    for part in parts {
        let fields: [&[u8]; 4] = [
            part.name.as_bytes(),
            part.file_name.as_deref().unwrap_or_default().as_bytes(),
            part.content_type.as_deref().unwrap_or_default().as_bytes(),
            &part.bytes,
        ];
        for field in fields {
            content.extend_from_slice(&field.len().to_le_bytes());
            content.extend_from_slice(field);
        }
    }
    Some(content)
}
