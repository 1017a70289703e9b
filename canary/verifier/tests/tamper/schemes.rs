//! Schemes: changes by somebody who has read the rules, and looks for what they do not say.

use canary_core::{
    evidence::{Measured, Scalar},
    judge::{Outcome, Rule},
    report::v1::{CheckEvidence, Diagnostic, RowError, RowStatus, Standing},
};
use canary_verifier::canon::CanonCheck;
use chrono::Duration;

use crate::{
    change::{Change, all_are_refused},
    names::first_id,
    support::{Good, reports},
};

const REACHED: &str = "live_rows_reached_the_gateway";
const TURN: &str = "ready_rows_had_their_turn";
const AGREE: &str = "calls_agree_with_their_checks";

/// Adds a check to a row of the matrix and what was measured for it to the report.
pub(crate) fn measured(
    good: &mut Good,
    row: &str,
    id: &str,
    of: &str,
    rule: Rule,
    measured: Measured,
) {
    let demand = good.canon.rows.iter_mut().find(|demand| demand.name == row);
    demand.unwrap().checks.push(CanonCheck {
        id: id.to_owned(),
        of: of.to_owned(),
        fresh: rule == Rule::Echoed,
        rule,
    });
    good.evidence(row).checks.push(CheckEvidence {
        check: id.to_owned(),
        of: of.to_owned(),
        measured,
        outcome: Outcome::Held,
    });
}

pub(crate) fn each(evaluated: u64) -> Measured {
    Measured::Each {
        evaluated,
        violations: 0,
        at: None,
    }
}

fn time(id: &str, good: &mut Good) {
    let (low, high) = (Scalar::Millis(0), Scalar::Millis(10));
    let found = Measured::Found {
        found: Some(Scalar::Millis(9)),
    };
    let rule = Rule::Between(low, high);
    measured(good, "chat.completions.create", id, "second", rule, found);
}

fn skipped_preview(good: &mut Good) {
    let row = good.result("preview.row");
    row.status = RowStatus::Skipped;
    row.evidence = None;
    good.recount();
}

fn failed_preview(good: &mut Good) -> &mut RowError {
    good.fail("preview.row");
    good.result("preview.row").error.as_mut().unwrap()
}

/// What nobody measured, told as if it had been.
const UNMEASURED: &[Change] = &[
    (
        "a live row that passed where nobody could be reached",
        |g| {
            let call = &mut g.evidence("chat.completions.create").calls[1];
            (call.status, call.request_id) = (None, None);
            call.standing = Standing::Unreachable;
        },
        &[REACHED],
    ),
    (
        "a live row that passed without a single exchange",
        |g| {
            let call = &mut g.evidence("chat.completions.create").calls[1];
            (call.status, call.request_id, call.exchanges) = (None, None, 0);
        },
        &[REACHED],
    ),
    (
        "a status without an exchange",
        |g| g.evidence("preview.row").calls[0].exchanges = 0,
        &[REACHED, "calls_are_possible"],
    ),
    (
        "request ids left out, so that no copy shows",
        |g| {
            for result in &mut g.live.reports[0].results {
                let calls = result.evidence.iter_mut().flat_map(|seen| &mut seen.calls);
                calls.for_each(|call| call.request_id = None);
            }
        },
        &[REACHED],
    ),
    (
        "a gateway blamed for a row that asks none",
        |g| {
            g.fail("retry.safety.get.local");
            g.evidence("retry.safety.get.local").calls[0].standing = Standing::Unavailable;
            g.evidence("retry.safety.get.local").calls[0].status = Some(503);
        },
        &["calls_are_possible"],
    ),
    (
        "a slow first piece told as quick",
        |g| time("ttft_ms", g),
        &[AGREE],
    ),
    (
        "a long gap told as short",
        |g| time("max_gap_ms", g),
        &[AGREE],
    ),
    (
        "a slow answer told as quick",
        |g| time("total_ms", g),
        &[AGREE],
    ),
    (
        "a time of a stream that has none",
        |g| {
            time("ttft_ms", g);
            g.evidence("chat.completions.create").calls[1].ttft_ms = None;
        },
        &[AGREE],
    ),
    (
        "more answers looked at than there can have been",
        |g| {
            let rule = Rule::Always { at_least: 1 };
            measured(g, "models.list", "each_request_id", "row", rule, each(500));
        },
        &[AGREE],
    ),
    (
        "fewer answers looked at than there were",
        |g| {
            let (row, rule) = ("chat.completions.create", Rule::Always { at_least: 1 });
            measured(g, row, "each_envelope", "row", rule, each(1));
        },
        &[AGREE],
    ),
    (
        "a nonce from another row",
        |g| {
            let copied = g.evidence("chat.completions.create").checks[3]
                .measured
                .clone();
            measured(g, "models.list", "nonce", "call", Rule::Echoed, copied);
        },
        &["nonces_are_fresh"],
    ),
];

/// Rows that might have said no, kept from saying anything.
const SILENCED: &[Change] = &[
    ("a preview row quietly left out", skipped_preview, &[TURN]),
    (
        "a preview row left out for an input that is set",
        |g| {
            skipped_preview(g);
            g.result("preview.row").missing = Some(vec!["RUNINFRA_LLM_MODEL".to_owned()]);
        },
        &[TURN],
    ),
    (
        "a preview row left out for an input that nobody declared",
        |g| {
            skipped_preview(g);
            g.result("preview.row").missing = Some(vec!["RUNINFRA_NOTHING".to_owned()]);
        },
        &[TURN],
    ),
    (
        "a preview row interrupted in a run that nobody interrupted",
        |g| failed_preview(g).diagnostic = Diagnostic::Aborted,
        &[TURN],
    ),
    (
        "an error that names a check which held",
        |g| {
            let rule = Rule::Always { at_least: 1 };
            measured(g, "preview.row", "shape", "call", rule, each(1));
            "shape".clone_into(&mut failed_preview(g).name);
        },
        &["errors_are_about_their_row"],
    ),
    (
        "an error without the status of its call",
        |g| failed_preview(g).status = None,
        &["errors_are_about_their_row"],
    ),
    (
        "an error without the request id of its call",
        |g| failed_preview(g).request_id = None,
        &["errors_are_about_their_row"],
    ),
    (
        "an error with the request id of another row",
        |g| {
            let id = first_id(g);
            failed_preview(g).request_id = Some(id);
        },
        &["errors_are_about_their_row"],
    ),
];

/// Evidence of another time, or of two gateways.
const BLENDED: &[Change] = &[
    (
        "a run that began before evidence may",
        |g| g.run().started_at = g.now - Duration::hours(25),
        &["evidence_is_fresh", "times_are_in_order"],
    ),
    (
        "a fresh run after a stale readiness",
        |g| {
            g.readiness.generated_at = g.now - Duration::hours(25);
            g.bind();
        },
        &["evidence_is_fresh"],
    ),
    (
        "a gateway that was seen only at the end",
        |g| g.run().gateway_at_start = None,
        &["gateway_did_not_change"],
    ),
    (
        "a gateway that was never seen",
        |g| (g.run().gateway_at_start, g.run().gateway_at_end) = (None, None),
        &["gateway_did_not_change"],
    ),
    (
        "a lane of another language in its place",
        |g| "rust ".clone_into(&mut g.live.reports[0].language),
        &["lanes_are_the_expected"],
    ),
    (
        "the rows of the lane in another order",
        |g| g.live.reports[0].results.reverse(),
        &["rows_are_the_matrixs"],
    ),
    (
        "a letter that looks like another",
        |g| "mode1s.list".clone_into(&mut g.result("models.list").name),
        &["rows_are_the_matrixs"],
    ),
    (
        "rows of another report, counted right",
        |g| {
            let mut other = Good::new();
            other.fail("models.list");
            g.live.reports[0].results = other.live.reports.remove(0).results;
            g.live.reports[0].summary = reports::summary(&g.live.reports[0].results);
        },
        &["every_gating_row_passed"],
    ),
];

#[test]
fn what_nobody_measured_is_refused() {
    all_are_refused(UNMEASURED);
}

#[test]
fn rows_that_were_silenced_are_missed() {
    all_are_refused(SILENCED);
}

#[test]
fn evidence_put_together_from_parts_is_refused() {
    all_are_refused(BLENDED);
}

/// The changes above that need a check more are refused for what they say, and not for the check.
#[test]
fn more_checks_that_agree_are_no_reason() {
    let mut good = Good::new();
    let rule = || Rule::Always { at_least: 1 };
    measured(
        &mut good,
        "models.list",
        "each_request_id",
        "row",
        rule(),
        each(1),
    );
    let row = "chat.completions.create";
    measured(&mut good, row, "each_envelope", "row", rule(), each(2));
    time("ttft_ms", &mut good);
    time("max_gap_ms", &mut good);
    time("total_ms", &mut good);
    let call = &mut good.evidence(row).calls[1];
    (call.ttft_ms, call.max_gap_ms, call.total_ms) = (Some(9), Some(9), 9);
    assert_eq!(good.broken(), Vec::<String>::new());
}

#[test]
fn other_writings_of_a_report_are_no_report() {
    let mut good = Good::new();
    let live = good.live_json();
    let utf16: Vec<u8> = live.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let zipped = crate::support::pack::gzip(live.as_bytes());
    let twice = format!("{live}{live}").into_bytes();
    let listed = format!("[{live}]").into_bytes();
    let quoted = serde_json::to_vec(&live).unwrap();
    let nul = [b"\0", live.as_bytes()].concat();
    let comment = format!("// fine\n{live}").into_bytes();
    let context = good.context();
    let readiness = good.readiness_json();
    for bytes in [
        utf16,
        zipped,
        twice,
        listed,
        quoted,
        nul,
        comment,
        Vec::new(),
    ] {
        let verdict = canary_verifier::verify(readiness.as_bytes(), &bytes, &context);
        let rules: Vec<&str> = verdict.findings.iter().map(|f| f.rule.as_str()).collect();
        assert_eq!(rules, ["report_is_readable"]);
    }
    // Numbers that another reader would round: it would see another report.
    for number in [
        "9007199254740992",
        "18446744073709551615",
        "-9007199254740993",
    ] {
        let evaluated = live.replacen("\"evaluated\": 1", &format!("\"evaluated\": {number}"), 1);
        assert!(evaluated != live);
        good.live_text = Some(evaluated);
        assert!(
            good.broken_in(&context)
                .contains(&"report_is_readable".to_owned()),
            "{number}"
        );
    }
    // The last is of no check that goes over answers.
    let (head, tail) = live.rsplit_once("\"evaluated\": 1").unwrap();
    let most = format!("{head}\"evaluated\": 9007199254740991{tail}");
    good.live_text = Some(most);
    // It can be read; only the seal tells that it was put there.
    assert_eq!(good.broken_in(&context), ["report_is_sealed"]);
}
