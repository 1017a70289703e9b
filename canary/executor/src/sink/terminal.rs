//! What a person sees: a line a row while it runs, then a table of what did not pass, and a
//! summary. Everything is text; the shell prints it.

use std::{fmt::Write as _, time::Duration};

use crate::{
    run::result_of,
    selftest::{Outcome, Tried, Verdict},
};
use canary_core::{
    judge::Outcome as Judged,
    matrix::{Matrix, Row},
    plan::Plan,
    report::v1::{Diagnostic, RowResult, RowStatus, RunSummary},
};
use comfy_table::{Table, presets::NOTHING};

/// A status in one short word.
pub fn status_word(status: RowStatus) -> &'static str {
    match status {
        RowStatus::Passed => "passed",
        RowStatus::Failed => "FAILED",
        RowStatus::Inconclusive => "could not tell",
        RowStatus::Skipped => "skipped",
    }
}

/// The line that tells that a row had its turn.
pub fn row_line(result: &RowResult) -> String {
    format!(
        "{:>14}  {} ({} ms)",
        status_word(result.status),
        result.name,
        result.duration_ms
    )
}

/// The line that tells why nothing happens.
pub fn waiting_line(wait: Duration) -> String {
    format!(
        "waiting {} s: the key's requests of this minute are used up",
        wait.as_secs_f64().ceil()
    )
}

/// A table of all rows.
pub fn table(matrix: &Matrix, results: &[RowResult]) -> String {
    let mut table = Table::new();
    table
        .load_style(NOTHING)
        .set_header(["row", "tier", "venue", "status", "ms", "checks"]);
    for row in matrix.rows() {
        let Some(result) = result_of(row, results) else {
            continue;
        };
        let checks = result
            .evidence
            .as_ref()
            .map_or(&[][..], |evidence| &evidence.checks);
        let held = checks
            .iter()
            .filter(|check| check.outcome == Judged::Held)
            .count();
        table.add_row([
            row.name.clone(),
            row.tier.as_str().to_owned(),
            row.venue.as_str().to_owned(),
            status_word(result.status).to_owned(),
            result.duration_ms.to_string(),
            format!("{held}/{}", row.checks.len()),
        ]);
    }
    table.to_string()
}

/// Why rows did not pass: each broken check with what was wanted and what was found.
/// Rows that never reached the gateway have one cause, and are told in one paragraph when they are many.
pub fn failures(matrix: &Matrix, results: &[RowResult]) -> String {
    let mut out = String::new();
    let unreached: Vec<&RowResult> = results.iter().filter(|one| never_arrived(one)).collect();
    let many = unreached.len() > MANY;
    for row in matrix.rows() {
        let Some(result) = result_of(row, results) else {
            continue;
        };
        let broken = matches!(result.status, RowStatus::Failed | RowStatus::Inconclusive);
        if broken && !(many && never_arrived(result)) {
            failure(&mut out, row, result);
        }
    }
    if many {
        let _ = writeln!(
            out,
            "\n{}: {} rows\n  verdict: {}",
            status_word(RowStatus::Inconclusive),
            unreached.len(),
            diagnostic_sentence(Diagnostic::Unreachable)
        );
    }
    out
}

/// More rows than this with the same cause are told together.
const MANY: usize = 3;

fn never_arrived(result: &RowResult) -> bool {
    let why = result.error.as_ref().map(|error| error.diagnostic);
    result.status == RowStatus::Inconclusive && why == Some(Diagnostic::Unreachable)
}

fn failure(out: &mut String, row: &Row, result: &RowResult) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "\n{}: {}", status_word(result.status), row.name);
    let _ = writeln!(out, "  promise: {}", row.proves);
    if let Some(error) = &result.error {
        let id = error
            .request_id
            .as_deref()
            .map(|id| format!(", request id {id}"))
            .unwrap_or_default();
        let _ = writeln!(
            out,
            "  verdict: {}{id}",
            diagnostic_sentence(error.diagnostic)
        );
    }
    // What nobody answered broke no check: each found nothing.
    if never_arrived(result) {
        return;
    }
    for broken in super::told::broken_checks(row, result) {
        let _ = writeln!(out, "  {broken}");
    }
}

/// A verdict as a sentence.
pub fn diagnostic_sentence(diagnostic: Diagnostic) -> &'static str {
    match diagnostic {
        Diagnostic::CheckBroken => "the gateway or the SDK broke the promise",
        Diagnostic::NothingEvaluated => "nothing was evaluated, so nothing was proven",
        Diagnostic::RateLimited => {
            "the gateway limited the rate; try again later or with a key that may do more"
        }
        Diagnostic::OutOfCredits => "the account is out of credits; top it up and try again",
        Diagnostic::Unavailable => "the gateway was not available; try again later",
        Diagnostic::Unreachable => {
            "the gateway could not be reached; check RUNINFRA_BASE_URL and the network"
        }
        Diagnostic::Deadline => "the row took longer than it may",
        Diagnostic::Aborted => "the run was interrupted",
        Diagnostic::Harness => "the harness failed; see the log",
    }
}

/// The last line of a run.
pub fn summary_line(summary: RunSummary) -> String {
    format!(
        "{} passed, {} failed, {} could not tell, {} skipped",
        summary.passed, summary.failed, summary.inconclusive, summary.skipped
    )
}

/// What preflight has to say: every row that cannot run, with what it lacks.
pub fn plan(plan: &Plan<'_>) -> String {
    let mut out = String::new();
    let blocked: Vec<_> = plan
        .rows
        .iter()
        .filter(|planned| !planned.is_ready())
        .collect();
    for planned in &blocked {
        let _ = writeln!(out, "blocked: {}", planned.row.name);
        for unmet in &planned.unmet {
            let _ = writeln!(out, "  {unmet}");
        }
    }
    let _ = writeln!(
        out,
        "{} ready, {} blocked",
        plan.rows.len() - blocked.len(),
        blocked.len()
    );
    out
}

/// How a trial of a selftest came out, in one line.
pub fn tried_line(tried: &Tried) -> String {
    let seconds = Duration::from_millis(tried.millis).as_secs_f64();
    let mut noticed = tried.failed.iter().chain(&tried.broken).map(String::as_str);
    let first = noticed.next().unwrap_or_default();
    let more = match noticed.count() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let line = format!(
        "{:<11} {} ({} rows, {seconds:.1} s): {first}{more}",
        verdict_word(tried.verdict),
        tried.name,
        tried.rows
    );
    line.trim_end_matches(": ").to_owned()
}

fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Quiet => "quiet",
        Verdict::FalseAlarm => "FALSE ALARM",
        Verdict::Killed => "killed",
        Verdict::Unowned => "UNOWNED",
        Verdict::Undecided => "undecided",
        Verdict::Survived => "SURVIVED",
    }
}

/// The kill table: what each fault was noticed by, and which of those that name it did not.
pub fn kills(outcome: &Outcome) -> String {
    let mut table = Table::new();
    table
        .load_style(NOTHING)
        .set_header(["tried", "", "noticed by", "did not notice"]);
    for tried in &outcome.tried {
        let mut noticed = tried.failed.clone();
        noticed.extend(tried.broken.iter().map(|word| format!("({word})")));
        table.add_row([
            tried.name.clone(),
            verdict_word(tried.verdict).to_owned(),
            noticed.join("\n"),
            tried.missed.join("\n"),
        ]);
    }
    let count = |verdict| {
        outcome
            .tried
            .iter()
            .filter(|one| one.verdict == verdict)
            .count()
    };
    let mut out = format!("{table}\n");
    if count(Verdict::Unowned) > 0 {
        out.push_str(
            "UNOWNED: rows failed, but none names the fault in its `sabotage`, so none promises to notice it\n",
        );
    }
    let _ = writeln!(
        out,
        "{} killed, {} undecided, {} survived, {} unowned; {} conforming gateways quiet, {} false alarms{}",
        count(Verdict::Killed),
        count(Verdict::Undecided),
        count(Verdict::Survived),
        count(Verdict::Unowned),
        count(Verdict::Quiet),
        count(Verdict::FalseAlarm),
        if outcome.aborted { "; interrupted" } else { "" }
    );
    out
}
