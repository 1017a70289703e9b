//! Paths to operations. A path is flat (`/v1/chat/completions`) or under a pipeline (`/v1/{pipelineId}/chat/completions`).

use http::{Method, StatusCode};
use percent_encoding::percent_decode_str;

use crate::envelope::{ApiError, ErrorType};

/// One operation of the surface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    Models,
    Model(String),
    Chat,
    Responses,
    Embeddings,
    Images,
    Speech,
    Transcriptions,
    Voice,
    OpenApi,
    /// A picture that an earlier answer linked to.
    File(String),
}

impl Route {
    /// The name under which the journal and the faults know it.
    pub(crate) fn operation(&self) -> &'static str {
        match self {
            Self::Models => "models.list",
            Self::Model(_) => "models.retrieve",
            Self::Chat => "chat.completions.create",
            Self::Responses => "responses.create",
            Self::Embeddings => "embeddings.create",
            Self::Images => "images.generate",
            Self::Speech => "audio.speech.create",
            Self::Transcriptions => "audio.transcriptions.create",
            Self::Voice => "voice.pipeline.create",
            Self::OpenApi => "openapi",
            Self::File(_) => "images.fetch",
        }
    }

    /// Whether a run is charged, and so bound to an idempotency key.
    pub(crate) fn charges(&self) -> bool {
        self.price_cents() > 0
    }

    /// What one run costs.
    pub(crate) fn price_cents(&self) -> u64 {
        match self {
            Self::Models | Self::Model(_) | Self::OpenApi | Self::File(_) => 0,
            Self::Embeddings => 1,
            Self::Chat | Self::Responses => 2,
            Self::Speech | Self::Transcriptions => 3,
            Self::Images | Self::Voice => 4,
        }
    }

    /// Whether the route answers without a key.
    pub(crate) fn is_public(&self) -> bool {
        matches!(self, Self::OpenApi | Self::File(_))
    }

    /// Largest body, in bytes.
    pub(crate) fn max_body(&self) -> usize {
        match self {
            Self::Transcriptions | Self::Voice => 26 * 1024 * 1024,
            Self::Chat | Self::Responses | Self::Speech => 8 * 1024 * 1024,
            _ => 1024 * 1024,
        }
    }

    fn method(&self) -> Method {
        match self {
            Self::Models | Self::Model(_) | Self::OpenApi | Self::File(_) => Method::GET,
            _ => Method::POST,
        }
    }

    /// Refuses every method but the route's own with 405 and `Allow`.
    pub(crate) fn check_method(&self, method: &Method) -> Result<(), ApiError> {
        let own = self.method();
        if *method == own {
            return Ok(());
        }
        let mut error = ApiError::new(
            StatusCode::METHOD_NOT_ALLOWED,
            ErrorType::InvalidRequest,
            "method_not_allowed",
            format!("{method} is not allowed here. Use {own}."),
        );
        error.allow = Some(if own == Method::GET { "GET" } else { "POST" });
        Err(error)
    }
}

/// Where a request is going.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) pipeline: Option<String>,
    pub(crate) route: Route,
}

/// Reads a path; `None` is an unknown route.
pub(crate) fn resolve(path: &str) -> Option<Target> {
    let rest = path.strip_prefix("/v1/")?;
    let raw: Vec<&str> = rest.split('/').collect();
    if let Some(route) = flat(&raw) {
        return Some(Target {
            pipeline: None,
            route,
        });
    }
    let (first, tail) = raw.split_first()?;
    let pipeline = decode(first)?;
    let route = match tail {
        ["pipeline"] => Route::Voice,
        _ => flat(tail).filter(|route| !route.is_public())?,
    };
    Some(Target {
        pipeline: Some(pipeline),
        route,
    })
}

fn flat(segments: &[&str]) -> Option<Route> {
    Some(match segments {
        ["models"] => Route::Models,
        // An id may hold a slash, as `org/model` does.
        ["models", id @ ..] if id.iter().all(|part| !part.is_empty()) => {
            Route::Model(decode(&id.join("/"))?)
        }
        ["chat", "completions"] => Route::Chat,
        ["responses"] => Route::Responses,
        ["embeddings"] => Route::Embeddings,
        ["images", "generations"] => Route::Images,
        ["audio", "speech"] => Route::Speech,
        ["audio", "transcriptions"] => Route::Transcriptions,
        ["openapi.json"] => Route::OpenApi,
        ["images", "files", name] => Route::File(decode(name)?),
        _ => return None,
    })
}

fn decode(segment: &str) -> Option<String> {
    let decoded = percent_decode_str(segment).decode_utf8().ok()?;
    (!decoded.is_empty()).then(|| decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_resolve_flat_and_under_a_pipeline() {
        let table = [
            ("/v1/models", None, Some(Route::Models)),
            (
                "/v1/models/bge-m3",
                None,
                Some(Route::Model("bge-m3".into())),
            ),
            ("/v1/models/a/b", None, Some(Route::Model("a/b".into()))),
            ("/v1/chat/completions", None, Some(Route::Chat)),
            ("/v1/p%2F1/chat/completions", Some("p/1"), Some(Route::Chat)),
            ("/v1/p1/pipeline", Some("p1"), Some(Route::Voice)),
            (
                "/v1/p1/models/x",
                Some("p1"),
                Some(Route::Model("x".into())),
            ),
            ("/v1/pipeline", None, None),
            ("/v1/completions", None, None),
            ("/v1/files", None, None),
            ("/v1/models/", None, None),
            ("/v1/p1/openapi.json", None, None),
            ("/chat/completions", None, None),
            ("/v1/%FF/chat/completions", None, None),
        ];
        for (path, pipeline, route) in table {
            let found = resolve(path);
            assert_eq!(
                found.map(|target| (target.pipeline, target.route)),
                route.map(|route| (pipeline.map(str::to_owned), route)),
                "{path}"
            );
        }
    }
}
