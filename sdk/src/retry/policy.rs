//! What may be tried again. Declared by each call, never assumed: a repeated POST may be charged twice.

use http::StatusCode;

use crate::error::{Error, ErrorKind};

/// Whether a call may be sent more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Replay {
    /// A GET: nothing happens twice.
    Always,
    /// The gateway replays the stored answer, if the call carries an idempotency key.
    WithKey,
    /// Sent once, key or no key.
    Never,
}

impl Replay {
    /// How many times a call may be tried again.
    pub(crate) fn retries(self, has_key: bool, max_retries: u32) -> u32 {
        match self {
            Self::Always => max_retries,
            Self::WithKey if has_key => max_retries,
            Self::WithKey | Self::Never => 0,
        }
    }
}

/// Whether a failure may pass by itself: the transport's, or one of the contract's transient statuses.
pub(crate) fn is_transient(error: &Error) -> bool {
    match error
        .status()
        .and_then(|status| StatusCode::from_u16(status).ok())
    {
        Some(status) if !status.is_success() => {
            matches!(status.as_u16(), 408 | 409 | 429 | 500 | 502 | 503 | 504)
        }
        _ => matches!(error.kind(), ErrorKind::Connection | ErrorKind::Timeout),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contract_table() {
        let rows = [
            (Replay::Always, false, 2),
            (Replay::Always, true, 2),
            (Replay::WithKey, false, 0),
            (Replay::WithKey, true, 2),
            (Replay::Never, false, 0),
            (Replay::Never, true, 0),
        ];
        for (replay, has_key, retries) in rows {
            assert_eq!(replay.retries(has_key, 2), retries, "{replay:?} {has_key}");
            assert_eq!(replay.retries(has_key, 0), 0);
        }
    }

    #[test]
    fn transient_is_exactly_the_contract_list() {
        for code in 100..600 {
            let status = StatusCode::from_u16(code).unwrap();
            if status.is_success() {
                continue;
            }
            let error = Error::new(ErrorKind::Connection, "x").with_trace(status, None);
            let listed = [408, 409, 429, 500, 502, 503, 504].contains(&code);
            assert_eq!(is_transient(&error), listed, "{code}");
        }
    }

    #[test]
    fn a_broken_body_is_transient_and_a_wrong_shape_is_not() {
        for (kind, transient) in [
            (ErrorKind::Connection, true),
            (ErrorKind::Timeout, true),
            (ErrorKind::ResponseShape, false),
            (ErrorKind::InvalidRequestOptions, false),
        ] {
            assert_eq!(is_transient(&Error::new(kind, "x")), transient);
            assert_eq!(
                is_transient(&Error::new(kind, "x").with_trace(StatusCode::OK, None)),
                transient
            );
        }
    }
}
