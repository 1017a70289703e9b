//! Answers to requests whose head never came to be: one that is no HTTP/1.1, is too large, or did not arrive in time or in full.

use bytes::Bytes;
use http::StatusCode;

use crate::envelope::{ApiError, ErrorType};
use crate::ids;

/// Our own answer, when `bytes` are hyper's own answer to a head it could not read: an empty 400, 414 or 431 without a request id.
pub(crate) fn replacement(bytes: &[u8]) -> Option<Bytes> {
    let (status, code, message) = match bytes.get(..12)? {
        b"HTTP/1.1 400" => (
            StatusCode::BAD_REQUEST,
            "malformed_http",
            "The request's head is not valid HTTP/1.1.",
        ),
        b"HTTP/1.1 414" => (
            StatusCode::URI_TOO_LONG,
            "target_too_long",
            "The request's target is too long: at most 65,534 bytes are taken.",
        ),
        b"HTTP/1.1 431" => (
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "headers_too_large",
            "The request's head is too large: 64 KiB and 100 headers are taken.",
        ),
        _ => return None,
    };
    let head = std::str::from_utf8(bytes).ok()?.to_ascii_lowercase();
    let ours = head.contains("\r\ncontent-type:") || head.contains("\r\nx-");
    if ours || !head.contains("\r\ncontent-length: 0\r\n") {
        return None;
    }
    let error = ApiError::new(status, ErrorType::InvalidRequest, code, message);
    Some(last_answer(&error))
}

/// The answer to a head of which only a part arrived in time.
pub(crate) fn timed_out() -> Bytes {
    last_answer(&ApiError::new(
        StatusCode::REQUEST_TIMEOUT,
        ErrorType::InvalidRequest,
        "request_timeout",
        "The request's head did not arrive in time.",
    ))
}

/// The answer to a caller that begins with HTTP/2.
pub(crate) fn http2() -> Bytes {
    last_answer(&ApiError::invalid(
        "http_version_not_supported",
        "This gateway speaks HTTP/1.1, and no HTTP/2.",
    ))
}

/// The answer to a head that its sender ended in the middle.
pub(crate) fn truncated() -> Bytes {
    last_answer(&ApiError::invalid(
        "truncated_head",
        "The request's head ended before it was complete.",
    ))
}

/// A whole answer as bytes, after which the connection closes.
fn last_answer(error: &ApiError) -> Bytes {
    let body = error.to_bytes();
    let head = format!(
        "HTTP/1.1 {} {}\r\ncontent-type: application/json\r\nx-request-id: {}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        error.status.as_u16(),
        error.status.canonical_reason().unwrap_or_default(),
        ids::uuid(),
        body.len()
    );
    [head.as_bytes(), &body].concat().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_empty_answers_without_our_headers_are_replaced() {
        let foreign = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\ndate: x\r\n\r\n";
        let replaced = replacement(foreign).unwrap();
        assert!(
            std::str::from_utf8(&replaced)
                .unwrap()
                .contains("x-request-id: ")
        );
        for own in [
            "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            "data: x",
        ] {
            assert_eq!(replacement(own.as_bytes()), None);
        }
    }
}
