use std::time::Duration;

use http::HeaderValue;
use serde_json::json;

use super::*;

fn read(status: u16, body: &str) -> Error {
    let mut headers = HeaderMap::new();
    headers.insert("x-request-id", HeaderValue::from_static("8c1f"));
    headers.insert("retry-after", HeaderValue::from_static("7"));
    answer(
        StatusCode::from_u16(status).unwrap(),
        &headers,
        body.as_bytes(),
        SystemTime::UNIX_EPOCH,
        &Redactor::new("rp_live_marker"),
    )
}

#[test]
fn statuses_become_kinds() {
    let rows = [
        (400, "invalid_request_error", None, ErrorKind::Api),
        (401, "authentication_error", None, ErrorKind::Authentication),
        (
            402,
            "insufficient_credits",
            None,
            ErrorKind::InsufficientCredits,
        ),
        (403, "permission_error", None, ErrorKind::PermissionDenied),
        (403, "byoc_plan_required", None, ErrorKind::PermissionDenied),
        (
            404,
            "not_found_error",
            Some("model_not_found"),
            ErrorKind::ModelNotFound,
        ),
        (404, "not_found_error", None, ErrorKind::ModelNotFound),
        (
            404,
            "not_found_error",
            Some("unknown_route"),
            ErrorKind::Api,
        ),
        (408, "timeout", None, ErrorKind::Api),
        (409, "idempotency_error", None, ErrorKind::Api),
        (422, "invalid_request_error", None, ErrorKind::Api),
        (429, "rate_limit_error", None, ErrorKind::RateLimit),
        (500, "server_error", None, ErrorKind::Api),
        (500, "deployment_error", None, ErrorKind::Deployment),
        (502, "server_error", None, ErrorKind::Deployment),
        (503, "server_error", None, ErrorKind::Deployment),
        (504, "server_error", None, ErrorKind::Deployment),
        (302, "moved", None, ErrorKind::Api),
    ];
    for (status, error_type, code, kind) in rows {
        let body = json!({"error": {"message": "no", "type": error_type, "code": code}});
        let error = read(status, &body.to_string());
        assert_eq!(error.kind(), kind, "{status} {error_type}");
        assert_eq!(error.status(), Some(status));
        assert_eq!(error.error_type(), Some(error_type));
        assert_eq!(error.code(), code);
        assert_eq!(error.request_id(), Some("8c1f"));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    }
}

#[test]
fn bodies_that_are_no_envelope_still_give_a_traced_error() {
    for body in [
        "",
        "<html>502</html>",
        "null",
        "[]",
        "{}",
        "{\"error\":null}",
        "{\"error\":\"no\"}",
        "{\"error\":{\"message\":{}}}",
        "\u{0}",
    ] {
        let error = read(502, body);
        assert_eq!(error.kind(), ErrorKind::Deployment, "{body}");
        assert_eq!(error.request_id(), Some("8c1f"), "{body}");
        assert!(!error.message().is_empty(), "{body}");
    }
    assert_eq!(read(404, "<html>").kind(), ErrorKind::Api);
}

#[test]
fn credit_comes_only_with_402() {
    let body = json!({"error": {"message": "top up", "type": "insufficient_credits", "current_balance_cents": 12, "required_cents": 90, "topup_url": "https://runinfra.ai/billing"}});
    let credits = read(402, &body.to_string()).credits().cloned().unwrap();
    assert_eq!(credits.current_balance_cents, Some(12));
    assert_eq!(credits.required_cents, Some(90));
    assert_eq!(
        credits.topup_url.as_deref(),
        Some("https://runinfra.ai/billing")
    );
    assert!(read(400, &body.to_string()).credits().is_none());
    let odd =
        json!({"error": {"current_balance_cents": "12", "required_cents": 1.5, "topup_url": 7}});
    assert_eq!(
        read(402, &odd.to_string())
            .credits()
            .unwrap()
            .current_balance_cents,
        None
    );
}

#[test]
fn an_echoed_key_is_masked_in_every_field() {
    let body = json!({"error": {"message": "key rp_live_marker", "type": "rp_live_marker", "code": "rp_live_marker", "param": "rp_live_marker", "topup_url": "https://x/?k=rp_live_marker"}});
    let error = read(402, &body.to_string());
    let printed = format!("{error} {error:?}");
    assert!(!printed.contains("marker"), "{printed}");
    assert!(error.message().contains("[redacted]"));
}

#[test]
fn long_fields_are_cut_after_masking() {
    let text = format!("{}rp_live_marker tail", "x".repeat(LONGEST_FIELD - 4));
    let error = read(400, &json!({"error": {"message": text}}).to_string());
    assert!(error.message().ends_with('…'));
    assert!(!error.message().contains("rp_l"), "{}", error.message());
}

#[test]
fn display_reads_like_a_sentence() {
    let body = json!({"error": {"message": "The model does not exist.", "type": "not_found_error", "code": "model_not_found", "param": "model"}});
    assert_eq!(
        read(404, &body.to_string()).to_string(),
        "model_not_found: The model does not exist. [status 404, type not_found_error, code model_not_found, param model, retry after seconds 7, request id 8c1f]"
    );
    assert_eq!(
        Error::invalid("model is blank".to_owned()).to_string(),
        "invalid_request_options: model is blank"
    );
}
