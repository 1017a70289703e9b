//! What a row looked for because it had asked for a fresh nonce, no other row looked for.

use std::collections::BTreeMap;

use canary_core::{digest::Digest, evidence::Measured};

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "nonces_are_fresh",
    demands: "What a row looked for because it had asked for a fresh nonce, no other row looked for.",
    because: "Every row makes nonces of its own. Measurements that were copied from another row repeat them.",
    next: "make the report again; never edit one by hand",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            // Another row that asks for a nonce, and shows the first one's.
            let demand = good.canon.rows[1].checks[3].clone();
            let recorded = good.evidence("chat.completions.create").checks[3].clone();
            let mut first = recorded;
            "call".clone_into(&mut first.of);
            good.evidence("models.list").checks.push(first);
            good.canon.rows[0].checks.push(crate::canon::CanonCheck {
                of: "call".to_owned(),
                ..demand
            });
        },
        also: &[],
    },
};

fn check(live: &Document, context: &Context, out: &mut Findings) {
    // In which lane and row, and where, a digest was first looked for.
    let mut seen: BTreeMap<Digest, (&str, &str, String)> = BTreeMap::new();
    for (lane, row, result, at) in live.results(&context.canon) {
        let checks = result.evidence.iter().flat_map(|evidence| &evidence.checks);
        for (index, (recorded, demand)) in checks.zip(&row.checks).enumerate() {
            let Measured::Echo { wanted, .. } = &recorded.measured else {
                continue;
            };
            if !demand.fresh {
                continue;
            }
            let at = format!("{at}.evidence.checks[{index}].measured.wanted");
            let here = (lane.language.as_str(), row.name.as_str(), at.clone());
            let first = seen.entry(*wanted).or_insert(here);
            if (first.0, first.1) != (lane.language.as_str(), row.name.as_str()) {
                let found = format!("what {} was", first.2);
                out.add(live.subject, at, found, "a nonce of its own");
            }
        }
    }
}
