//! Neither report holds anything of the form of a secret or of a private path, nor the value of a
//! sensitive variable that is set where the verifier runs.

use canary_core::report::read::SIZE_LIMIT;

use super::{Applies, Check, Rule};
use crate::{Context, case::Filed, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "report_leaks_nothing",
    demands: "Neither report holds anything of the form of a secret or of a private path, nor the value of a sensitive variable that is set where the verifier runs.",
    because: "Reports are uploaded, attached and published.",
    next: "revoke what leaked, then find out how it got into a report; the value is not shown here",
    scope: Applies::Always,
    check: Check::File(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.run().id = ["rp_live", "0123456789abcdefABCDEF0123"].join("_"),
        also: &["run_is_completed"],
    },
};

fn check(file: &Filed<'_>, context: &Context, out: &mut Findings) {
    // What is too long to be read is not scanned either: another rule refuses it.
    if file.bytes.len() > SIZE_LIMIT {
        return;
    }
    for leak in context.scanner.scan(&String::from_utf8_lossy(file.bytes)) {
        let at = leak.at.to_string();
        out.add(file.subject, at, leak.pattern, "nothing of the kind");
    }
}
