//! How long to wait before the next attempt. Pure: the clock and the dice are passed in.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::RETRY_AFTER;

/// A longer `Retry-After` is shown to the caller, not waited for.
const LONGEST_ASKED: Duration = Duration::from_secs(60);
/// The longest wait of the exponential kind.
const LONGEST_GUESSED: Duration = Duration::from_secs(30);

/// The wait a `Retry-After` header asks for: whole seconds, or an HTTP date in the future.
///
/// A date in the past says nothing about how long to wait, only that clocks differ, and is read as absent; so is anything
/// else: signs, fractions, exponents, numbers that do not fit.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(Duration::from_secs);
    }
    httpdate::parse_http_date(text)
        .ok()?
        .duration_since(now)
        .ok()
        .filter(|wait| !wait.is_zero())
}

/// The wait before attempt number `retry` (0 for the first repetition).
///
/// `asked` is honoured up to 60 s. Otherwise the wait doubles from `base` up to 30 s, and `jitter` (0 to 1) takes up to half
/// of it away, so that clients that failed together do not come back together.
pub(crate) fn delay(retry: u32, base: Duration, asked: Option<Duration>, jitter: f64) -> Duration {
    if let Some(asked) = asked.filter(|asked| *asked <= LONGEST_ASKED) {
        return asked;
    }
    let doubled = 2_u32
        .checked_pow(retry)
        .and_then(|factor| base.checked_mul(factor));
    let full = doubled.unwrap_or(LONGEST_GUESSED).min(LONGEST_GUESSED);
    let jitter = if jitter.is_finite() {
        jitter.clamp(0.0, 1.0)
    } else {
        0.0
    };
    full.mul_f64(1.0 - jitter / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    fn parse(text: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(text).unwrap());
        // 1994-11-06 08:49:37 UTC, the date of RFC 9110's examples.
        retry_after(
            &headers,
            SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777),
        )
    }

    #[test]
    fn both_forms_and_hostile_values() {
        let rows = [
            ("0", Some(0)),
            ("7", Some(7)),
            (" 12 ", Some(12)),
            ("3600", Some(3600)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("Sun, 06 Nov 1994 08:49:57 GMT", Some(20)),
            ("Sunday, 06-Nov-94 08:50:37 GMT", Some(60)),
            ("Sun Nov  6 08:49:38 1994", Some(1)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994 08:49:36 GMT", None),
            ("Thu, 01 Jan 1970 00:00:00 GMT", None),
            ("", None),
            ("-5", None),
            ("+5", None),
            ("1.5", None),
            ("1e3", None),
            ("0x10", None),
            ("5, 10", None),
            ("soon", None),
            ("Sun, 99 Nov 1994 08:49:37 GMT", None),
        ];
        for (text, seconds) in rows {
            assert_eq!(parse(text), seconds.map(Duration::from_secs), "{text:?}");
        }
    }

    #[test]
    fn what_is_asked_wins_up_to_a_minute() {
        let base = Duration::from_millis(250);
        for (asked, wanted) in [(0, 0), (60_000, 60_000), (61_000, 250), (u64::MAX, 250)] {
            assert_eq!(
                delay(0, base, Some(Duration::from_millis(asked)), 0.0),
                Duration::from_millis(wanted),
                "{asked}"
            );
        }
    }

    #[test]
    fn waits_double_and_stop_at_thirty_seconds() {
        let base = Duration::from_millis(250);
        let waits: Vec<_> = (0..10)
            .map(|retry| delay(retry, base, None, 0.0).as_millis())
            .collect();
        assert_eq!(
            waits,
            [250, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]
        );
        assert_eq!(delay(u32::MAX, Duration::MAX, None, 0.0), LONGEST_GUESSED);
        assert_eq!(delay(3, Duration::ZERO, None, 0.0), Duration::ZERO);
    }

    proptest! {
        #[test]
        fn jitter_only_shortens_and_by_half_at_most(retry in 0_u32..40, base in 0_u64..100_000, jitter in -1.0_f64..2.0) {
            let base = Duration::from_millis(base);
            let full = delay(retry, base, None, 0.0);
            let wait = delay(retry, base, None, jitter);
            prop_assert!(wait <= full && wait >= full / 2);
        }
    }
}
