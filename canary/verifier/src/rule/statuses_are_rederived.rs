//! The status of every row, and the reason given for it, follow from its checks and from how the
//! gateway stood to its calls; evidence, error and missing inputs stand exactly where the status
//! asks for them.

use canary_core::{
    report::v1::{Diagnostic, RowResult, RowStatus},
    verdict::row_status,
};

use super::{Applies, Check, Rule, STOPPED, word};
use crate::{
    Context,
    case::Document,
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "statuses_are_rederived",
    demands: "The status of every row, and the reason given for it, follow from its checks and from how the gateway stood to its calls; evidence, error and missing inputs stand exactly where the status asks for them.",
    because: "A row that says passed over a broken check is the oldest trick there is.",
    next: "make the report again; never edit one by hand",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            good.fail("preview.row");
            good.result("preview.row").error = None;
        },
        also: &[],
    },
};

fn check(live: &Document, context: &Context, out: &mut Findings) {
    for (_, row, result, at) in live.results(&context.canon) {
        parts(result, &at, out);
        let Some(evidence) = &result.evidence else {
            continue;
        };
        let standings: Vec<_> = evidence.calls.iter().map(|call| call.standing).collect();
        let (status, diagnostic) = row_status(&row.outcomes(Some(evidence)), &standings);
        let claimed = result.error.as_ref().map(|error| error.diagnostic);
        let stopped = claimed.is_some_and(|why| STOPPED.contains(&why));
        if stopped && result.status != RowStatus::Passed {
            continue;
        }
        if result.status != status {
            let found = word(&result.status);
            out.add(live.subject, format!("{at}.status"), found, word(&status));
        }
        if claimed != diagnostic {
            let at = format!("{at}.error.diagnostic");
            out.add(live.subject, at, word(&claimed), word(&diagnostic));
        }
    }
}

fn parts(result: &RowResult, at: &str, out: &mut Findings) {
    let broken = matches!(result.status, RowStatus::Failed | RowStatus::Inconclusive);
    let why = result.error.as_ref().map(|error| error.diagnostic);
    let stopped = why.is_some_and(|why| STOPPED.contains(&why));
    if stopped && result.status == RowStatus::Inconclusive {
        let (at, found) = (format!("{at}.status"), word(&result.status));
        let expected = "failed, as the row was stopped";
        out.add(Subject::Live, at, found, expected);
    }
    let skipped = result.status == RowStatus::Skipped;
    // A row that an interrupt kept from its turn says so.
    let kept = skipped && why == Some(Diagnostic::Aborted);
    let parts = [
        ("evidence", result.evidence.is_some(), !skipped && !stopped),
        ("error", result.error.is_some(), broken || kept),
    ];
    for (part, is_there, belongs) in parts {
        // A row that was stopped may have got far enough to have seen something.
        if is_there != belongs && !(part == "evidence" && stopped) {
            let word = |there| if there { "something" } else { "nothing" };
            out.add(
                Subject::Live,
                format!("{at}.{part}"),
                word(is_there),
                word(belongs),
            );
        }
    }
    if result.missing.is_some() && !skipped {
        out.add(
            Subject::Live,
            format!("{at}.missing"),
            "something",
            "nothing",
        );
    }
}
