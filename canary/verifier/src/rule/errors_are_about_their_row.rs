//! The error of a row names the first of its checks that is broken, and tells the status and the
//! request id of the call that this check is about; where the row was stopped, it names the row, and
//! nothing that was not seen in one of its calls.

use canary_core::{
    evidence::WHOLE_ROW,
    judge::Outcome,
    report::v1::{CallEvidence, RowError, RowEvidence},
};

use super::{Applies, Check, Rule, STOPPED, word};
use crate::{
    Context,
    canon::CanonRow,
    case::Document,
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "errors_are_about_their_row",
    demands: "The error of a row names the first of its checks that is broken, and tells the status and the request id of the call that this check is about; where the row was stopped, it names the row, and nothing that was not seen in one of its calls.",
    because: "An error that points elsewhere was taken from another row.",
    next: "make the report again; never edit one by hand",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            good.fail("preview.row");
            if let Some(error) = &mut good.result("preview.row").error {
                error.name = "another.check".to_owned();
            }
        },
        also: &[],
    },
};

fn check(live: &Document, context: &Context, out: &mut Findings) {
    for (_, row, result, at) in live.results(&context.canon) {
        let Some(error) = &result.error else { continue };
        match &result.evidence {
            evidence if STOPPED.contains(&error.diagnostic) => {
                stopped(error, evidence.as_ref(), &at, out);
            }
            Some(evidence) => derived(error, row, evidence, &at, out),
            None => {}
        }
    }
}

/// A row that was stopped has no check to name, and no error of the gateway's; it may have seen something.
fn stopped(error: &RowError, evidence: Option<&RowEvidence>, at: &str, out: &mut Findings) {
    let calls = || evidence.iter().flat_map(|evidence| &evidence.calls);
    let name = error.name.as_str();
    out.equal(Subject::Live, format!("{at}.error.name"), name, WHOLE_ROW);
    if error.error_type.is_some() {
        let found = word(&error.error_type);
        out.add(Subject::Live, format!("{at}.error.type"), found, "nothing");
    }
    if error.status.is_some() && !calls().any(|call| call.status == error.status) {
        let (at, found) = (format!("{at}.error.status"), word(&error.status));
        out.add(Subject::Live, at, found, "the status of a call");
    }
    let id = &error.request_id;
    if id.is_some() && !calls().any(|call| call.request_id == *id) {
        let at = format!("{at}.error.requestId");
        out.add(Subject::Live, at, "another id", "the request id of a call");
    }
}

/// Everything else follows from the first broken check and the call that it is about.
fn derived(error: &RowError, row: &CanonRow, evidence: &RowEvidence, at: &str, out: &mut Findings) {
    let outcomes = row.outcomes(Some(evidence));
    let broken = outcomes
        .iter()
        .position(|outcome| *outcome == Outcome::Broken);
    let broken = broken.and_then(|index| row.checks.get(index));
    let name = broken.map_or(WHOLE_ROW, |check| check.id.as_str());
    if error.name != name {
        let (at, found) = (format!("{at}.error.name"), format!("`{}`", error.name));
        out.add(
            Subject::Live,
            at,
            found,
            format!("`{name}`, the first that is broken"),
        );
    }
    let about = |call: &&CallEvidence| broken.is_some_and(|check| check.of == call.name);
    let call = evidence.calls.iter().find(about).or(evidence.calls.last());
    if error.status != call.and_then(|call| call.status) {
        let (at, found) = (format!("{at}.error.status"), word(&error.status));
        out.add(
            Subject::Live,
            at,
            found,
            "the status of the call that the check is about",
        );
    }
    if error.request_id.as_ref() != call.and_then(|call| call.request_id.as_ref()) {
        let at = format!("{at}.error.requestId");
        let expected = "the request id of the call that the check is about";
        out.add(Subject::Live, at, "another id", expected);
    }
}
