//! Webhook verification, through the client or through the free functions.

use std::time::{Duration, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use runinfra::{Client, webhooks};
use serde_json::Value;
use sha2::Sha256;

use super::{Failure, drive::Drive};

pub(super) fn webhook(
    drive: &mut Drive<'_>,
    client: &Client,
    construct: bool,
) -> Result<(), Failure> {
    let text = |key: &str| drive.request.get(key).and_then(Value::as_str);
    let payload = text("payload").unwrap_or_default().to_owned();
    let secret = text("secret").unwrap_or_default().to_owned();
    let timestamp = drive
        .request
        .get("timestamp")
        .and_then(Value::as_i64)
        .unwrap_or(0);
    let header = text("header").map_or_else(
        || {
            let signed = text("signed_payload").unwrap_or(&payload);
            signature_header(timestamp, signed, text("signing_secret").unwrap_or(&secret))
        },
        str::to_owned,
    );
    let now = drive
        .request
        .get("now")
        .and_then(Value::as_u64)
        .unwrap_or(timestamp.unsigned_abs());
    let now = UNIX_EPOCH + Duration::from_secs(now);
    let free = text("face") == Some("free");
    let payload = payload.as_bytes();
    if construct {
        let event = if free {
            webhooks::construct_event(payload, &header, &secret, now)
        } else {
            client
                .webhooks()
                .construct_event(payload, &header, &secret, now)
        };
        drive.seen.document = Some(event?);
    } else if free {
        webhooks::verify_signature(payload, &header, &secret, now)?;
    } else {
        client
            .webhooks()
            .verify_signature(payload, &header, &secret, now)?;
    }
    Ok(())
}

/// What a sender puts in `RunInfra-Signature`. Signed here by hand: the SDK must not check its own
/// work.
fn signature_header(timestamp: i64, payload: &str, secret: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(format!("{timestamp}.{payload}").as_bytes());
    format!(
        "t={timestamp},v1={}",
        hex::encode(mac.finalize().into_bytes())
    )
}
