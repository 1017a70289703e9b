//! Header names of the contract, and which names a caller may not set.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::error::Error;

pub(crate) const SDK: HeaderName = HeaderName::from_static("x-runinfra-sdk");
pub(crate) const SDK_VERSION: HeaderName = HeaderName::from_static("x-runinfra-sdk-version");
pub(crate) const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("x-client-request-id");
pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
pub(crate) const REPLAY: HeaderName = HeaderName::from_static("x-runinfra-idempotent-replay");

/// The longest request id worth keeping; a longer header is noise or an attack.
const LONGEST_REQUEST_ID: usize = 256;
/// The longest caller-chosen id, from the contract's rule for idempotency keys.
const LONGEST_CALLER_ID: usize = 255;

/// The contract's list: headers of the SDK, of the transport, and of credentials. Custom headers are app metadata only.
const REFUSED: [&str; 26] = [
    "api-key",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "forwarded",
    "host",
    "idempotency-key",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-access-token",
    "x-api-key",
    "x-auth-token",
    "x-client-request-id",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-runinfra-sdk",
    "x-runinfra-sdk-version",
];

/// Headers with which the SDK itself says what it can read. Another value would have a paid call run, and its answer refused.
const NEGOTIATED: [HeaderName; 2] = [http::header::ACCEPT, http::header::ACCEPT_ENCODING];

/// Checks one custom header. The error names the header, never its value.
pub(crate) fn custom(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    let parsed = HeaderName::try_from(name).map_err(|_| {
        Error::invalid(
            "a custom header has a name that HTTP does not allow: use letters, digits and dashes"
                .to_owned(),
        )
    })?;
    if REFUSED.contains(&parsed.as_str()) {
        return Err(Error::invalid(format!(
            "the custom header {parsed} belongs to the SDK or the transport: use another name, or the option made for it"
        )));
    }
    if NEGOTIATED.contains(&parsed) {
        return Err(Error::invalid(format!(
            "the custom header {parsed} says which answers can be read, which is the SDK's to say: leave it out"
        )));
    }
    let value = HeaderValue::try_from(value).map_err(|_| {
        Error::invalid(format!(
            "the value of the custom header {parsed} has a character that HTTP does not allow"
        ))
    })?;
    Ok((parsed, value))
}

/// Checks an id chosen by the caller: non-blank printable ASCII of at most 255 characters.
pub(crate) fn caller_id(name: &str, value: &str) -> Result<HeaderValue, Error> {
    let printable = value
        .bytes()
        .all(|byte| byte.is_ascii_graphic() || byte == b' ');
    let refuse = |found: &str| {
        Error::invalid(format!(
            "{name} {found}: use up to {LONGEST_CALLER_ID} printable ASCII characters"
        ))
    };
    if value.trim().is_empty() {
        return Err(refuse("is blank"));
    }
    if !printable {
        return Err(refuse("has a character that is not printable ASCII"));
    }
    if value.len() > LONGEST_CALLER_ID {
        return Err(refuse("is too long"));
    }
    HeaderValue::try_from(value).map_err(|_| refuse("is not a header value"))
}

/// The gateway's request id, when the answer carries a usable one.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?.trim();
    (!id.is_empty() && id.len() <= LONGEST_REQUEST_ID).then_some(id)
}

/// Whether the answer says that it was replayed from an idempotency record.
pub(crate) fn replayed(headers: &HeaderMap) -> bool {
    headers
        .get(REPLAY)
        .is_some_and(|value| value.as_bytes().trim_ascii().eq_ignore_ascii_case(b"true"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn reserved_headers_are_refused_in_any_case() {
        let negotiated = NEGOTIATED.iter().map(HeaderName::as_str);
        for name in REFUSED.into_iter().chain(negotiated) {
            for spelling in [name.to_owned(), name.to_uppercase()] {
                let error = custom(&spelling, "marker-value").unwrap_err();
                assert_eq!(error.kind(), ErrorKind::InvalidRequestOptions);
                assert!(error.to_string().contains(name), "{error}");
                assert!(!format!("{error:?}").contains("marker-value"));
            }
        }
        assert!(REFUSED.is_sorted());
    }

    #[test]
    fn app_metadata_passes_and_broken_headers_do_not() {
        assert!(custom("X-Team", "search").is_ok());
        for (name, value) in [
            ("", "x"),
            ("a b", "x"),
            ("x-ok", "a\nb"),
            ("x-ok", "a\u{0}b"),
            ("x\r\ninjected", "x"),
        ] {
            assert_eq!(
                custom(name, value).unwrap_err().kind(),
                ErrorKind::InvalidRequestOptions,
                "{name:?}"
            );
        }
    }

    #[test]
    fn caller_ids_are_bounded_printable_ascii() {
        for good in ["k", "3f1e-2ac", "two words", &"a".repeat(255)] {
            assert!(caller_id("idempotency_key", good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "   ",
            "naïve",
            "a\tb",
            "a\nb",
            "a\u{7f}",
            &"a".repeat(256),
        ] {
            let error = caller_id("idempotency_key", bad).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequestOptions, "{bad:?}");
            assert!(error.to_string().contains("idempotency_key"), "{error}");
        }
    }

    #[test]
    fn request_ids_are_trimmed_and_bounded() {
        let mut headers = HeaderMap::new();
        assert_eq!(request_id(&headers), None);
        for (value, wanted) in [
            (" abc ", Some("abc")),
            ("", None),
            (&*"x".repeat(257), None),
        ] {
            headers.insert(REQUEST_ID, HeaderValue::from_str(value).unwrap());
            assert_eq!(request_id(&headers), wanted);
        }
    }
}
