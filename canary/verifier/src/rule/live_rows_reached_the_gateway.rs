//! Every call of a live row that passed was answered: it made an exchange, and has the status and
//! the request id of an answer.

use canary_core::report::v1::RowStatus;

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "live_rows_reached_the_gateway",
    demands: "Every call of a live row that passed was answered: it made an exchange, and has the status and the request id of an answer.",
    because: "Checks that hold where no gateway was asked were not measured on one. The gateway gives an id with every answer, so evidence without one cannot be told from a copy.",
    next: "run again; if it happens again, the gateway leaves request ids out",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            let call = &mut good.evidence("chat.completions.create").calls[1];
            (call.status, call.request_id, call.exchanges) = (None, None, 0);
        },
        also: &[],
    },
};

fn check(live: &Document, context: &Context, out: &mut Findings) {
    for (_, row, result, at) in live.results(&context.canon) {
        if !row.live || row.status(result) != RowStatus::Passed {
            continue;
        }
        let calls = result.evidence.iter().flat_map(|evidence| &evidence.calls);
        for (index, call) in calls.enumerate() {
            let at = format!("{at}.evidence.calls[{index}]");
            if call.exchanges == 0 {
                out.add(live.subject, format!("{at}.exchanges"), 0, "at least 1");
            }
            if call.status.is_none() {
                out.add(live.subject, format!("{at}.status"), "nothing", "a status");
            }
            if call.request_id.is_none() {
                out.add(live.subject, format!("{at}.requestId"), "nothing", "a UUID");
            }
        }
    }
}
