//! How the gateway is said to have stood to a call fits the HTTP status of that call, no gateway
//! is blamed for a row that asks none, and a call with a status made at least one exchange.

use canary_core::report::v1::Standing;

use super::{Applies, Check, Rule, word};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "calls_are_possible",
    demands: "How the gateway is said to have stood to a call fits the HTTP status of that call, no gateway is blamed for a row that asks none, and a call with a status made at least one exchange.",
    because: "Rate limits that nobody saw would excuse every failure.",
    next: "make the report again; never edit one by hand",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.evidence("error.rate_limit.local").calls[0].exchanges = 0,
        also: &[],
    },
};

fn check(live: &Document, context: &Context, out: &mut Findings) {
    for (_, row, result, at) in live.results(&context.canon) {
        let calls = result.evidence.iter().flat_map(|evidence| &evidence.calls);
        for (index, call) in calls.enumerate() {
            let at = format!("{at}.evidence.calls[{index}]");
            let fits = match (call.standing, call.status) {
                (Standing::Answered, None) => true,
                (Standing::Answered, Some(status)) => (100..=599).contains(&status),
                (Standing::RateLimited, status) => status == Some(429),
                (Standing::OutOfCredits, status) => status == Some(402),
                (Standing::Unavailable, status) => status == Some(503),
                (Standing::Unreachable, status) => status.is_none(),
            };
            if !fits {
                let found = call
                    .status
                    .map_or("none".to_owned(), |status| status.to_string());
                let expected = format!("a status for `{}`", word(&call.standing));
                out.add(live.subject, format!("{at}.status"), found, expected);
            }
            if !row.live && call.standing != Standing::Answered {
                let found = word(&call.standing);
                let expected = "answered, as no gateway was asked";
                out.add(live.subject, format!("{at}.standing"), found, expected);
            }
            if call.status.is_some() && call.exchanges == 0 {
                out.add(live.subject, format!("{at}.exchanges"), 0, "at least 1");
            }
        }
    }
}
