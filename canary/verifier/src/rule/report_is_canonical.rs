//! The bytes of a report are the ones that the writer makes of what it says.

use canary_core::report::{read, write};

use super::{Applies, Check, Rule};
use crate::{
    Context,
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "report_is_canonical",
    demands: "The bytes of a report are the ones that the writer makes of what it says.",
    because: "One report has one spelling; anything else was not written by the executor as it stands.",
    next: "hand in the files as the executor wrote them, without formatting them",
    scope: Applies::Always,
    check: Check::Bytes(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.live_text = Some(format!("{} ", good.live_json())),
        also: &[],
    },
};

fn check(subject: Subject, bytes: &[u8], _: &Context, out: &mut Findings) {
    let Ok(report) = read::read(bytes) else {
        return;
    };
    let same = write::canonical(&report).is_ok_and(|canonical| canonical == bytes);
    if !same {
        out.add(
            subject,
            "$",
            "another spelling of the same report",
            "the canonical bytes",
        );
    }
}
