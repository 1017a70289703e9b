//! The bytes of a report are the ones that the writer makes of what it says.

use canary_core::report::write;

use super::{Applies, Check, Rule};
use crate::{Context, case::Filed, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "report_is_canonical",
    demands: "The bytes of a report are the ones that the writer makes of what it says.",
    because: "One report has one spelling; anything else was not written by the executor as it stands.",
    next: "hand in the files as the executor wrote them, without formatting them",
    scope: Applies::Always,
    check: Check::File(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.live_text = Some(format!("{} ", good.live_json())),
        also: &[],
    },
};

fn check(file: &Filed<'_>, _: &Context, out: &mut Findings) {
    let Ok(document) = &file.document else {
        return;
    };
    let canonical = write::spelled(&document.report);
    if !canonical.is_ok_and(|canonical| canonical == file.bytes) {
        let found = "another spelling of the same report";
        out.add(file.subject, "$", found, "the canonical bytes");
    }
}
