//! Both files are version 1 reports: one JSON value of at most 64 MiB and a million values in printable ASCII, with
//! exactly the fields of the schema, no key twice, and whole numbers only.

use super::{Applies, Check, Rule};
use crate::{Context, case::Filed, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "report_is_readable",
    demands: "Both files are version 1 reports: one JSON value of at most 64 MiB and a million values in printable ASCII, with exactly the fields of the schema, no key twice, and whole numbers only.",
    because: "A reader that forgives lets two readers see two reports in one file.",
    next: "write the report again with `canary preflight` or `canary run`; never edit one by hand",
    scope: Applies::Always,
    check: Check::File(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.live_text = Some("{\"schemaVersion\":1,\"schemaVersion\":1}".to_owned()),
        also: &[],
    },
};

fn check(file: &Filed<'_>, _: &Context, out: &mut Findings) {
    if let Err(error) = &file.document {
        out.add(file.subject, "$", error, "a version 1 report");
    }
}
