//! Every lane has the same rows with the same statuses, and the report says `matched`.

use canary_core::report::v1::{Lane, ParityStatus};

use super::{Applies, Check, Rule, word};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "parity_is_matched",
    demands: "Every lane has the same rows with the same statuses, and the report says `matched`.",
    because: "SDKs of several languages promise the same.",
    next: "look for the row in which the lanes differ",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.live.parity.status = ParityStatus::Mismatched,
        also: &[],
    },
};

fn check(live: &Document, _: &Context, out: &mut Findings) {
    let statuses = |lane: &Lane| -> Vec<_> {
        let results = lane.results.iter();
        results.map(|row| (row.name.clone(), row.status)).collect()
    };
    let lanes = &live.report.reports;
    for (index, pair) in lanes.windows(2).enumerate() {
        if statuses(&pair[0]) != statuses(&pair[1]) {
            let at = format!("$.reports[{}].results", index + 1);
            out.add(
                live.subject,
                at,
                "other statuses",
                "those of the lane before",
            );
        }
    }
    let found = live.report.parity.status;
    if found != ParityStatus::Matched {
        let expected = word(&ParityStatus::Matched);
        out.add(live.subject, "$.parity.status", word(&found), expected);
    }
}
