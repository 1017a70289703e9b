//! Forms of raw requests, with whatever parts a row writes.

use canary_core::digest::Digest;
use serde_json::Value;

use super::{Failure, audio::read_file};

/// A form (RFC 7578) as bytes, and the content type that names its boundary. Each part has a `name`
/// and either a `text`, or a `file` with an optional `filename` and `content_type`.
pub(super) async fn encode(parts: &Value) -> Result<(Vec<u8>, String), Failure> {
    let parts = parts.as_array().ok_or_else(Failure::unfit)?;
    let mut sections = Vec::new();
    for part in parts {
        sections.push(section(part).await?);
    }
    // A digest of everything in the form does not occur in it.
    let boundary = format!("canary-{}", &Digest::of_parts(&sections).to_string()[..32]);
    let mut body = Vec::new();
    for section in sections {
        body.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        body.extend_from_slice(&section);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok((body, format!("multipart/form-data; boundary={boundary}")))
}

async fn section(part: &Value) -> Result<Vec<u8>, Failure> {
    let field = |key: &str| part.get(key).and_then(Value::as_str);
    let name = field("name").ok_or_else(Failure::unfit)?;
    let head = format!("Content-Disposition: form-data; name=\"{name}\"");
    if let Some(text) = field("text") {
        return Ok(format!("{head}\r\n\r\n{text}").into_bytes());
    }
    let file = read_file(field("file").ok_or_else(Failure::unfit)?).await?;
    let filename = field("filename").unwrap_or("recording.wav");
    let content_type = field("content_type").unwrap_or("audio/wav");
    let head = format!("{head}; filename=\"{filename}\"\r\nContent-Type: {content_type}\r\n\r\n");
    Ok([head.as_bytes(), &file].concat())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::encode;

    async fn encoded(parts: serde_json::Value) -> (String, String) {
        let Ok((body, content_type)) = encode(&parts).await else {
            panic!("{parts} is a form");
        };
        (String::from_utf8(body).unwrap(), content_type)
    }

    #[tokio::test]
    async fn parts_stand_between_boundaries() {
        let parts = json!([
            {"name": "model", "text": "some-model"},
            {"name": "file", "file": "data:audio/wav;base64,UklGRg==", "filename": "a.wav"},
        ]);
        let (body, content_type) = encoded(parts).await;
        let boundary = content_type
            .strip_prefix("multipart/form-data; boundary=")
            .unwrap();
        let wanted = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nsome-model\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\
             Content-Type: audio/wav\r\n\r\nRIFF\r\n--{boundary}--\r\n"
        );
        assert_eq!(body, wanted);
    }

    #[tokio::test]
    async fn a_form_without_parts_is_only_its_end() {
        let (body, _) = encoded(json!([])).await;
        assert!(body.starts_with("--canary-") && body.ends_with("--\r\n"));
        assert!(encode(&json!([{"text": "nameless"}])).await.is_err());
        assert!(encode(&json!([{"name": "nothing"}])).await.is_err());
    }
}
