//! The verdict for a person at a terminal: what was tried, what was found, what to do.

use std::fmt::Write as _;

use canary_core::report::v1::RowStatus;
use comfy_table::{ContentArrangement, Table, presets};

use crate::{
    finding::Finding,
    verdict::{Answer, JudgedRow, RuleStatus, Verdict},
};

/// Draws the verdict.
pub fn render(verdict: &Verdict) -> String {
    let mut out = String::new();
    rules(&mut out, verdict);
    out.push_str(&list(&verdict.findings));
    rows(&mut out, verdict);
    identity(&mut out, verdict);
    let _ = writeln!(out, "\n{}", answer(verdict));
    out
}

fn rules(out: &mut String, verdict: &Verdict) {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(["rule", "outcome", "findings"]);
    for rule in &verdict.rules {
        let found = verdict.findings.iter().filter(|f| f.rule == rule.name);
        let (outcome, count) = match rule.outcome {
            RuleStatus::Held => ("held", String::new()),
            RuleStatus::Broken => ("BROKEN", found.count().to_string()),
            RuleStatus::NotTried => ("not tried", String::new()),
        };
        table.add_row([rule.name.as_str(), outcome, &count]);
    }
    let _ = writeln!(out, "{}", table.trim_fmt());
}

/// Lists findings, those of one rule together with what to do about them.
pub fn list(findings: &[Finding]) -> String {
    let mut out = String::new();
    let mut last = "";
    for finding in findings {
        if finding.rule != last {
            let _ = writeln!(out, "\n{}\n  next: {}", finding.rule, finding.next);
            last = &finding.rule;
        }
        one(&mut out, finding);
    }
    out
}

fn one(out: &mut String, finding: &Finding) {
    let _ = writeln!(
        out,
        "  - {} {}\n      found:    {}\n      expected: {}",
        finding.subject, finding.at, finding.found, finding.expected
    );
}

fn rows(out: &mut String, verdict: &Verdict) {
    let count = |gates| {
        let of_tier = || verdict.rows.iter().filter(move |row| row.gates == gates);
        let passed = of_tier().filter(|row| row.status == RowStatus::Passed);
        (passed.count(), of_tier().count())
    };
    let ((ga, all_ga), (preview, all_preview)) = (count(true), count(false));
    let _ = writeln!(
        out,
        "\nrows: {ga} of {all_ga} gating passed, {preview} of {all_preview} preview passed"
    );
    let not_passed = verdict
        .rows
        .iter()
        .filter(|row| row.status != RowStatus::Passed);
    for row in not_passed {
        let _ = writeln!(out, "  {}", row_line(row));
    }
}

fn row_line(row: &JudgedRow) -> String {
    let status = match row.status {
        RowStatus::Passed => "passed",
        RowStatus::Failed => "failed",
        RowStatus::Inconclusive => "inconclusive",
        RowStatus::Skipped => "skipped",
    };
    let tier = if row.gates {
        ""
    } else {
        " (preview, does not gate)"
    };
    format!("{status:<12}  {} in lane {}{tier}", row.name, row.lane)
}

fn identity(out: &mut String, verdict: &Verdict) {
    let mut line = |what: &str, digest: &dyn std::fmt::Display| {
        let _ = writeln!(out, "{what:<9}  sha256:{digest}");
    };
    line("\nreadiness", &verdict.reports.readiness);
    line("live", &verdict.reports.live);
    line("matrix", &verdict.matrix_sha256);
    for artifact in &verdict.artifacts {
        line(
            "artifact",
            &format!("{}  {}", artifact.sha256, artifact.file_name),
        );
    }
}

fn answer(verdict: &Verdict) -> String {
    let broken = |rule: &&crate::verdict::RuleOutcome| rule.outcome == RuleStatus::Broken;
    let held = verdict.rules.len();
    match verdict.answer {
        Answer::Promote => format!("PROMOTE: all {held} rules hold"),
        Answer::Sound => {
            format!("SOUND: all {held} rules of a rehearsal hold; a rehearsal promotes nothing")
        }
        Answer::Refused => format!(
            "REFUSED: {} of {held} rules do not hold, {} findings",
            verdict.rules.iter().filter(broken).count(),
            verdict.findings.len()
        ),
    }
}
