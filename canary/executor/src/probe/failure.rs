//! What a failed call leaves to be seen.

use canary_core::observe::ErrorSeen;
use runinfra::Error;

/// A call that ended in an error.
pub struct Failure {
    /// Boxed, since results that carry it are passed through every prober.
    pub(super) seen: Box<ErrorSeen>,
    pub(super) request_id: Option<String>,
}

impl Failure {
    /// A request document that the SDK's typed request refuses.
    pub(super) fn unfit() -> Self {
        Self {
            seen: Box::new(ErrorSeen {
                kind: "invalid_request_options".to_owned(),
                ..ErrorSeen::default()
            }),
            request_id: None,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let mut renderings = vec![
            error.to_string(),
            format!("{error:?}"),
            format!("{error:#?}"),
        ];
        let mut source = std::error::Error::source(&error);
        while let Some(inner) = source {
            renderings.extend([inner.to_string(), format!("{inner:?}")]);
            source = inner.source();
        }
        Self {
            request_id: error.request_id().map(str::to_owned),
            seen: Box::new(ErrorSeen {
                kind: error.kind().as_str().to_owned(),
                status: error.status(),
                error_type: error.error_type().map(str::to_owned),
                code: error.code().map(str::to_owned),
                param: error.param().map(str::to_owned),
                retry_after: error.retry_after(),
                credits: error.credits().map(|credits| {
                    (
                        credits.current_balance_cents,
                        credits.required_cents,
                        credits.topup_url.clone(),
                    )
                }),
                renderings,
            }),
        }
    }
}
