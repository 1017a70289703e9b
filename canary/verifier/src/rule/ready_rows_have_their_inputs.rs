//! A row that is called ready has every input it needs set.

use canary_core::report::v1::{EnvState, ReadyStatus};

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "ready_rows_have_their_inputs",
    demands: "A row that is called ready has every input it needs set.",
    because: "Ready is a conclusion, and it is drawn again.",
    next: "set the input and run both steps again",
    scope: Applies::Always,
    check: Check::Each(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            for report in [&mut good.readiness, &mut good.live] {
                let env = &mut report.readiness.env;
                env.insert("RUNINFRA_API_KEY".to_owned(), EnvState::Missing);
                for lane in &mut report.reports {
                    lane.env.clone_from(env);
                }
            }
            good.bind();
        },
        also: &[],
    },
};

fn check(document: &Document, context: &Context, out: &mut Findings) {
    let readiness = &document.report.readiness;
    let is_set = |name: &String| readiness.env.get(name) == Some(&EnvState::SetRedacted);
    for (index, row) in readiness.rows.iter().enumerate() {
        let Some(demand) = context.canon.row(&row.name) else {
            continue;
        };
        let ready = row.status == ReadyStatus::Ready;
        for ways in demand.needs.iter().filter(|_| ready) {
            if !ways.iter().any(|inputs| inputs.iter().all(is_set)) {
                let ways: Vec<String> = ways.iter().map(|inputs| inputs.join(" and ")).collect();
                let found = format!("`{}` is ready without its inputs", row.name);
                let expected = format!("{} set", ways.join(", or "));
                let at = format!("$.readiness.rows[{index}].status");
                out.add(document.subject, at, found, expected);
            }
        }
    }
}
