//! No condition was broken more often than it was tried, and a place of a violation is told only
//! where there was one.

use canary_core::evidence::Measured;

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "measurements_are_possible",
    demands: "No condition was broken more often than it was tried, and a place of a violation is told only where there was one.",
    because: "Counts that cannot be were not measured.",
    next: "make the report again; never edit one by hand",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            let measured = &mut good.evidence("chat.completions.create").checks[2].measured;
            *measured = Measured::Each {
                evaluated: 3,
                violations: 0,
                at: canary_core::evidence::Place::new("$.id"),
            };
        },
        also: &[],
    },
};

fn check(live: &Document, context: &Context, out: &mut Findings) {
    for (_, _, result, at) in live.results(&context.canon) {
        let checks = result.evidence.iter().flat_map(|evidence| &evidence.checks);
        for (index, check) in checks.enumerate() {
            let Measured::Each {
                evaluated,
                violations,
                at: place,
            } = &check.measured
            else {
                continue;
            };
            let at = format!("{at}.evidence.checks[{index}].measured");
            if violations > evaluated {
                let expected = format!("at most {evaluated}");
                out.add(
                    live.subject,
                    format!("{at}.violations"),
                    violations,
                    expected,
                );
            }
            if *violations == 0 && place.is_some() {
                out.add(
                    live.subject,
                    format!("{at}.at"),
                    "a place",
                    "nothing violated",
                );
            }
        }
    }
}
