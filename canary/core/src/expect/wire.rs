//! Words about the wire: status, headers, attempts.

use std::time::Duration;

use super::{
    Word as Entry,
    build::{Argument, Part, count},
};
use crate::{
    evidence::Scalar,
    judge::Rule,
    observe::{AnswerSeen, CallSeen},
};

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "status",
        argument: "a status or an array of statuses",
        about: "The last answer has this HTTP status.",
        read: |arg| Some(vec![status(Rule::OneOf(arg.statuses()?))]),
    },
    Entry {
        word: "request_id",
        argument: "",
        about: "Every answer carries a UUID in X-Request-Id, no two the same, and the SDK exposes the last.",
        read: |_| Some(vec![uuid_on_every_answer(), exposed_request_id()]),
    },
    Entry {
        word: "content_type",
        argument: "a media type or an array of them",
        about: "The last answer has this content type, whatever its parameters.",
        read: |arg| {
            Some(vec![Part::word(arg.words()?, |call, _| {
                call.answer()?.media_type()
            })])
        },
    },
    Entry {
        word: "header",
        argument: "{ name, is } where is = present, absent, integer, uuid, or { equals } / { contains } with a text",
        about: "A header of the last answer is as said.",
        read: header,
    },
    Entry {
        word: "adjusted",
        argument: "an array of parameter names",
        about: "X-Param-Adjustments names each of these parameters.",
        read: adjusted,
    },
    Entry {
        word: "rate_limit_headers",
        argument: "",
        about: "X-RateLimit-Limit and -Remaining are whole numbers, the second not above the first, and -Tier is there.",
        read: |_| Some(vec![rate_limit_headers()]),
    },
    Entry {
        word: "no_retry_after",
        argument: "",
        about: "No answer but a 429 or 503 carries Retry-After.",
        read: |_| {
            Some(vec![Part::each(1, |call, _, tally| {
                for answer in answers(call) {
                    tally.hold(
                        matches!(answer.status, 429 | 503)
                            || answer.header("retry-after").is_none(),
                    );
                }
            })])
        },
    },
    Entry {
        word: "body_ends",
        argument: "",
        about: "The body of the last answer was read to its end, and ended as HTTP ends it: with its last chunk, or at its length.",
        read: |_| Some(vec![Part::truth(|call, _| Some(call.answer()?.whole))]),
    },
    Entry {
        word: "attempts",
        argument: "a whole number",
        about: "The SDK sent the request this often.",
        read: |arg| {
            let wanted = Scalar::Count(arg.count()?);
            Some(vec![Part::found(Rule::OneOf(vec![wanted]), |call, _| {
                Some(count(call.exchanges.len()))
            })])
        },
    },
    Entry {
        word: "retry_gap_ms",
        argument: "{ min, max } in milliseconds",
        about: "Each attempt but the first began this long after the one before was answered.",
        read: retry_gap,
    },
];

/// Seconds since 1970 of a date as HTTP headers have it, in its usual form.
pub fn http_date(text: &str) -> Option<i64> {
    let parsed = chrono::DateTime::parse_from_rfc2822(text.trim()).ok()?;
    Some(parsed.timestamp())
}

pub(super) fn answers(call: &CallSeen) -> impl Iterator<Item = &AnswerSeen> {
    call.exchanges
        .iter()
        .filter_map(|exchange| exchange.answer.as_ref())
}

/// The status of a call's last answer.
pub(super) fn status(rule: Rule) -> Part {
    Part::found(rule, |call, _| {
        call.answer().map(|answer| Scalar::Status(answer.status))
    })
}

/// Whether a text is a UUID as `X-Request-Id` has it.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Every answer of a call carries a UUID of its own.
pub(super) fn uuid_on_every_answer() -> Part {
    Part::each(1, |call, _, tally| {
        let mut seen: Vec<&str> = Vec::new();
        for answer in answers(call) {
            let id = answer.header("x-request-id");
            tally.hold(id.is_some_and(|id| is_uuid(id) && !seen.contains(&id)));
            seen.extend(id);
        }
    })
    .named("uuid")
}

fn exposed_request_id() -> Part {
    Part::truth(|call, _| {
        let header = call.answer()?.header("x-request-id")?;
        Some(call.request_id.as_deref() == Some(header))
    })
    .named("exposed")
}

fn header(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let mut table = arg.node()?.table(arg.reader)?;
    let name = table.string(arg.reader, "name")?.to_ascii_lowercase();
    let is = table.required(arg.reader, "is");
    table.refuse_unknown(arg.reader);
    let is = is?;
    if is.is_string() {
        let test = is.word::<fn(Option<&str>) -> bool>(
            arg.reader,
            "header test",
            &[
                ("present", |value| {
                    value.is_some_and(|value| !value.trim().is_empty())
                }),
                ("absent", |value| value.is_none()),
                ("integer", |value| {
                    value.is_some_and(|value| value.parse::<u64>().is_ok())
                }),
                ("uuid", |value| value.is_some_and(is_uuid)),
            ],
        )?;
        return Some(vec![
            Part::truth(move |call, _| Some(test(call.answer()?.header(&name)))).named("is"),
        ]);
    }
    let mut inner = is.table(arg.reader)?;
    let (equals, contains) = (inner.optional("equals"), inner.optional("contains"));
    inner.refuse_unknown(arg.reader);
    let (node, whole) = match (equals, contains) {
        (Some(node), None) => (node, true),
        (None, Some(node)) => (node, false),
        _ => {
            arg.reader
                .problem(is.span(), "write either `equals` or `contains`");
            return None;
        }
    };
    arg.node = Some(node);
    let wanted = arg.text()?;
    Some(vec![
        Part::echo(wanted, move |call, wanted| {
            let value = call.answer()?.header(&name)?;
            let fits = if whole {
                value == wanted
            } else {
                value.contains(wanted)
            };
            Some(if fits {
                wanted.to_owned()
            } else {
                value.to_owned()
            })
        })
        .named(if whole { "equals" } else { "contains" }),
    ])
}

fn adjusted(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let node = arg.node()?;
    let names: Vec<String> = node
        .strings(arg.reader)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    if names.is_empty() {
        return None;
    }
    Some(vec![Part::each(
        names.len() as u64,
        move |call, _, tally| {
            let value = call
                .answer()
                .map(|answer| answer.header_list("x-param-adjustments"))
                .unwrap_or_default();
            // Any syntax will do, as long as the parameter's name stands there as a word of its own.
            let mut words = value
                .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .collect::<Vec<_>>();
            words.sort_unstable();
            for name in &names {
                tally.hold_at(words.binary_search(&name.as_str()).is_ok(), name);
            }
        },
    )])
}

fn rate_limit_headers() -> Part {
    Part::each(3, |call, _, tally| {
        let Some(answer) = call.answer() else { return };
        let number = |name: &str| {
            answer
                .header(name)
                .and_then(|value| value.parse::<u64>().ok())
        };
        let (limit, remaining) = (number("x-ratelimit-limit"), number("x-ratelimit-remaining"));
        tally.hold_at(limit.is_some_and(|limit| limit > 0), "x-ratelimit-limit");
        let counts =
            matches!((limit, remaining), (Some(limit), Some(remaining)) if remaining <= limit);
        tally.hold_at(counts, "x-ratelimit-remaining");
        let tier = answer
            .header("x-ratelimit-tier")
            .is_some_and(|tier| !tier.trim().is_empty());
        tally.hold_at(tier, "x-ratelimit-tier");
    })
}

fn retry_gap(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let mut table = arg.node()?.table(arg.reader)?;
    let min = table
        .required(arg.reader, "min")
        .and_then(|node| node.count(arg.reader));
    let max = table
        .required(arg.reader, "max")
        .and_then(|node| node.count(arg.reader));
    table.refuse_unknown(arg.reader);
    let (min, max) = (Duration::from_millis(min?), Duration::from_millis(max?));
    Some(vec![Part::each(1, move |call, _, tally| {
        for pair in call.exchanges.windows(2) {
            let gap = pair[1].at.saturating_sub(pair[0].ended());
            tally.hold((min..=max).contains(&gap));
        }
    })])
}

#[cfg(test)]
mod tests {
    use super::{http_date, is_uuid};

    #[test]
    fn an_http_date_is_read() {
        let date = http_date("Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(date, Some(784_111_777));
        assert_eq!(http_date(" Sun, 06 Nov 1994 08:49:37 GMT "), date);
        assert_eq!(http_date("yesterday"), None);
    }

    #[test]
    fn a_uuid_is_told_from_what_looks_like_one() {
        assert!(is_uuid("6fa459ea-ee8a-4ca4-894e-db77e160355e"));
        for no in [
            "",
            "6fa459ea",
            "6fa459eaxee8a-4ca4-894e-db77e160355e",
            "6fa459ea-ee8a-4ca4-894e-db77e160355g",
        ] {
            assert!(!is_uuid(no), "{no}");
        }
    }
}
