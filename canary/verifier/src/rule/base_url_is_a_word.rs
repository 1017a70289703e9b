//! The base URL of every lane is the production gateway's, or the word for every other.

use canary_core::report::v1::{CUSTOM_BASE_URL, PRODUCTION_BASE_URL};

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "base_url_is_a_word",
    demands: "The base URL of every lane is the production gateway's, or the word that stands for every other.",
    because: "A URL of somebody's own may name a host, a user or a key.",
    next: "make the report again; never edit one by hand",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.live.reports[0].base_url = "https://user@gateway.internal/v1".to_owned(),
        also: &["gateway_is_production"],
    },
};

fn check(live: &Document, _: &Context, out: &mut Findings) {
    for (index, lane) in live.report.reports.iter().enumerate() {
        let found = lane.base_url.as_str();
        if ![PRODUCTION_BASE_URL, CUSTOM_BASE_URL].contains(&found) {
            let at = format!("$.reports[{index}].baseURL");
            let expected = format!("{PRODUCTION_BASE_URL}, or {CUSTOM_BASE_URL}");
            out.add(live.subject, at, found, expected);
        }
    }
}
