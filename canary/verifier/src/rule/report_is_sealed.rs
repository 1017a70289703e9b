//! The seal of the run is the digest of the live report without it.

use canary_core::report::write;

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "report_is_sealed",
    demands: "The seal of the run is the digest of the live report without it.",
    because: "Nothing else in the report would tell that a time, a count or a digest in the evidence was changed by hand, when the new one is possible too.",
    next: "hand in the live report as the executor wrote it",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            let text = good.live_json();
            good.live_text = Some(text.replacen("\"durationMs\": ", "\"durationMs\": 1", 1));
        },
        also: &[],
    },
};

fn check(live: &Document, _: &Context, out: &mut Findings) {
    let Some(run) = &live.report.run else { return };
    let expected = write::seal(&live.report).ok().flatten();
    if run.seal_sha256.is_none() || run.seal_sha256 != expected {
        let said = |seal: Option<canary_core::digest::Digest>| {
            seal.map_or("no seal".to_owned(), |seal| seal.to_string())
        };
        let (found, expected) = (said(run.seal_sha256), said(expected));
        out.add(live.subject, "$.run.sealSha256", found, expected);
    }
}
