//! Every lane ran against the production gateway.

use canary_core::report::v1::PRODUCTION_BASE_URL;

use super::{Applies, Check, Rule};
use crate::{Context, Scope, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "gateway_is_production",
    demands: "Every lane ran against the production gateway.",
    because: "That is the gateway which the release will meet.",
    next: "unset RUNINFRA_BASE_URL, or set it to the production gateway",
    scope: Applies::To(Scope::Promotion),
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            good.live.reports[0].base_url = canary_core::report::v1::CUSTOM_BASE_URL.to_owned();
        },
        also: &[],
    },
};

fn check(live: &Document, _: &Context, out: &mut Findings) {
    for (index, lane) in live.report.reports.iter().enumerate() {
        let at = format!("$.reports[{index}].baseURL");
        out.equal(
            live.subject,
            at,
            lane.base_url.as_str(),
            PRODUCTION_BASE_URL,
        );
    }
}
