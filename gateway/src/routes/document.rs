//! JSON bodies into typed requests, with refusals that name the field.

use http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::app::Call;
use crate::envelope::{ApiError, clip};

/// Reads the body as `T`. The happy path reads it once; only a refusal is read again to find out where it went wrong.
pub(super) fn parse<T: DeserializeOwned>(call: &Call) -> Result<T, ApiError> {
    check_content_type(call)?;
    serde_json::from_slice(&call.body).map_err(|error| refusal::<T>(&call.body, &error))
}

fn check_content_type(call: &Call) -> Result<(), ApiError> {
    let declared = call
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = declared.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(ApiError::invalid(
        "invalid_content_type",
        "The body must be JSON. Send `Content-Type: application/json`.",
    ))
}

fn refusal<T: DeserializeOwned>(body: &[u8], error: &serde_json::Error) -> ApiError {
    if body.is_empty() {
        return ApiError::invalid("empty_body", "The body is empty. Send a JSON object.");
    }
    if error.classify() != Category::Data {
        return ApiError::invalid(
            "malformed_json",
            format!(
                "The body is not valid JSON (line {}, column {}).",
                error.line(),
                error.column()
            ),
        );
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let Err(located) = serde_path_to_error::deserialize::<_, T>(&mut deserializer) else {
        return ApiError::invalid("malformed_json", "The body is not one JSON document.");
    };
    let path = located.path().to_string();
    let reason = located.inner().to_string();
    let reason = reason.split(" at line ").next().unwrap_or_default();
    let named = ticked(reason);
    if reason.starts_with("unknown field") {
        let name = named.unwrap_or(&path);
        return ApiError::invalid(
            "unknown_parameter",
            format!(
                "Unknown parameter `{}`. Remove it; `GET /v1/openapi.json` lists what this route takes.",
                clip(name)
            ),
        )
        .at(clip(&nested(&path, name)));
    }
    if reason.starts_with("duplicate field") {
        let name = named.unwrap_or(&path);
        return ApiError::invalid(
            "duplicate_parameter",
            format!("`{}` is there more than once. Send it once.", clip(name)),
        )
        .at(nested(&path, name));
    }
    if reason.starts_with("missing field") {
        let name = named.unwrap_or(&path);
        return ApiError::invalid(
            "missing_required_parameter",
            format!("Missing required parameter `{}`.", clip(name)),
        )
        .at(nested(&path, name));
    }
    ApiError::invalid(
        "invalid_type",
        format!("Invalid value for `{}`: {}.", clip(&path), clip(reason)),
    )
    .at(clip(&path))
}

/// The field that serde puts between backticks.
fn ticked(reason: &str) -> Option<&str> {
    reason.split('`').nth(1)
}

fn nested(path: &str, name: &str) -> String {
    if path == "." || path == name || path.is_empty() {
        name.to_owned()
    } else if path.ends_with(&format!(".{name}")) {
        path.to_owned()
    } else {
        format!("{path}.{name}")
    }
}
