//! The reports tell of every declared input whether it was set, and of no other; an alias that was
//! used is a declared one of an input that is set.

use canary_core::report::v1::EnvState;

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "inputs_are_the_declared",
    demands: "The reports tell of every declared input whether it was set, and of no other; an alias that was used is a declared one of an input that is set.",
    because: "An input left out of the report could be one that was missing.",
    next: "make both reports again with this repository's matrix",
    scope: Applies::Always,
    check: Check::Each(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            for report in [&mut good.readiness, &mut good.live] {
                let aliases = &mut report.readiness.aliases;
                aliases.insert("RUNINFRA_LLM_MODEL".to_owned(), "MY_MODEL".to_owned());
            }
            good.bind();
        },
        also: &[],
    },
};

fn check(document: &Document, context: &Context, out: &mut Findings) {
    let (subject, report) = (document.subject, &document.report);
    let declared = &context.canon.inputs;
    let expected: Vec<&str> = declared.keys().map(String::as_str).collect();
    let mut maps = vec![("$.readiness.env".to_owned(), &report.readiness.env)];
    for (index, lane) in document.lanes() {
        maps.push((format!("$.reports[{index}].env"), &lane.env));
    }
    for (at, env) in maps {
        let found: Vec<&str> = env.keys().map(String::as_str).collect();
        out.same_names(subject, &at, &found, &expected);
    }
    for (input, alias) in &report.readiness.aliases {
        let at = format!("$.readiness.aliases.{input}");
        let known = declared
            .get(input)
            .is_some_and(|aliases| aliases.contains(alias));
        if !known {
            out.add(
                subject,
                &at,
                format!("`{alias}`"),
                "a declared alias of a declared input",
            );
        }
        if report.readiness.env.get(input) != Some(&EnvState::SetRedacted) {
            out.add(
                subject,
                at,
                "an alias of an input that is not set",
                "an input that is set",
            );
        }
    }
}
