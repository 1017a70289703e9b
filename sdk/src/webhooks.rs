//! Verification of webhook deliveries. Pure: no network, and the clock is an argument.
//!
//! A delivery carries `RunInfra-Signature: t=<unix seconds>,v1=<hex>[,v1=<hex>…]`, where `v1` is the HMAC-SHA256 of
//! `<t>.<raw body>` under the endpoint's secret. Verify the raw body, before anything parses it.
//!
//! ```
//! use std::time::SystemTime;
//!
//! fn handle(body: &[u8], signature: &str, secret: &str) -> Result<(), runinfra::Error> {
//!     let event = runinfra::webhooks::construct_event(body, signature, secret, SystemTime::now())?;
//!     println!("{}", event["type"]);
//!     Ok(())
//! }
//! # assert!(handle(b"{}", "t=1,v1=00", "whsec_example").is_err());
//! ```

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;

use crate::error::{Error, ErrorKind};

/// The header that carries the signature.
pub const SIGNATURE_HEADER: &str = "RunInfra-Signature";
/// How far a delivery's time may lie from now, either way.
pub const TOLERANCE: Duration = Duration::from_secs(300);
/// The longest header that is looked at, in bytes.
pub const LONGEST_HEADER: usize = 8192;

/// Checks that `payload`, the raw body, was signed under `secret` within [`TOLERANCE`] of `now`.
///
/// Any matching `v1` will do, so that a secret can be rotated. Comparison takes the same time wherever the difference is.
///
/// ```
/// # fn main() -> Result<(), runinfra::Error> {
/// # let (secret, now) = ("whsec_example", std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000));
/// # let header = "t=1700000000,v1=27e04aaf22bbc1cc9fd93a35735dd64540f512e746c5e95e33df1caa3e66ff84";
/// use runinfra::ErrorKind;
/// use runinfra::webhooks::verify_signature;
///
/// // As it came, before anything parses it; `header` is what `RunInfra-Signature` says, and `now` is `SystemTime::now()`.
/// let body = br#"{"type":"deployment.ready"}"#;
/// verify_signature(body, header, secret, now)?;
///
/// let changed = br#"{"type":"deployment.gone"}"#;
/// let error = verify_signature(changed, header, secret, now).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::WebhookVerification);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`ErrorKind::WebhookVerification`], saying which rule was broken, never what the secret or the signature is.
pub fn verify_signature(
    payload: &[u8],
    header: &str,
    secret: &str,
    now: SystemTime,
) -> Result<(), Error> {
    if secret.trim().is_empty() {
        return Err(refused(
            "the secret is blank: pass the endpoint's signing secret",
        ));
    }
    let signature = Signature::parse(header)?;
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    if now.abs_diff(signature.seconds) > TOLERANCE.as_secs() {
        return Err(refused(&format!(
            "the delivery's time is more than {} s from now: it is a replay, or a clock is wrong",
            TOLERANCE.as_secs()
        )));
    }
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return Err(refused("the secret is not a usable key"));
    };
    mac.update(signature.time.as_bytes());
    mac.update(b".");
    mac.update(payload);
    let matches = signature
        .digests
        .iter()
        .filter(|digest| mac.clone().verify_slice(*digest).is_ok())
        .count();
    if matches == 0 {
        return Err(refused(
            "no signature matches: the body was changed, or the secret belongs to another endpoint",
        ));
    }
    Ok(())
}

/// [`verify_signature`], then the body as JSON.
///
/// ```
/// # fn main() -> Result<(), runinfra::Error> {
/// # let (secret, now) = ("whsec_example", std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000));
/// # let header = "t=1700000000,v1=27e04aaf22bbc1cc9fd93a35735dd64540f512e746c5e95e33df1caa3e66ff84";
/// use runinfra::webhooks::construct_event;
///
/// let body = br#"{"type":"deployment.ready"}"#;
/// let event = construct_event(body, header, secret, now)?;
/// assert_eq!(event["type"], "deployment.ready");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`ErrorKind::WebhookVerification`] when the signature does not hold or the body is not JSON.
pub fn construct_event(
    payload: &[u8],
    header: &str,
    secret: &str,
    now: SystemTime,
) -> Result<Value, Error> {
    verify_signature(payload, header, secret, now)?;
    serde_json::from_slice(payload).map_err(|error| {
        refused(&format!(
            "the signed body is not JSON: {:?} at line {}",
            error.classify(),
            error.line()
        ))
    })
}

fn refused(found: &str) -> Error {
    Error::new(ErrorKind::WebhookVerification, found)
}

/// The parts of a signature header.
struct Signature<'a> {
    /// As it stands in the header, which is how it is signed.
    time: &'a str,
    seconds: u64,
    digests: Vec<[u8; 32]>,
}

impl<'a> Signature<'a> {
    fn parse(header: &'a str) -> Result<Self, Error> {
        if header.len() > LONGEST_HEADER {
            return Err(refused(&format!(
                "the signature header is longer than {LONGEST_HEADER} characters: it is not the gateway's"
            )));
        }
        let mut time = None;
        let mut digests = Vec::new();
        for part in header.split(',') {
            match part.trim().split_once('=') {
                Some(("t", _)) if time.is_some() => {
                    return Err(refused("the signature header has more than one time"));
                }
                Some(("t", text)) => time = Some(text),
                // One that is not a digest cannot match; another of them still may.
                Some(("v1", text)) => digests.extend(digest(text)),
                // Schemes to come.
                Some(_) => {}
                None => return Err(refused("the signature header is not of the form t=…,v1=…")),
            }
        }
        let time = time.ok_or_else(|| refused("the signature header has no time"))?;
        let seconds = Some(time)
            .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|text| text.parse().ok());
        let seconds = seconds.ok_or_else(|| {
            refused("the signature header's time is not a whole number of seconds")
        })?;
        if digests.is_empty() {
            return Err(refused("the signature header has no v1 signature"));
        }
        Ok(Self {
            time,
            seconds,
            digests,
        })
    }
}

fn digest(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests;
