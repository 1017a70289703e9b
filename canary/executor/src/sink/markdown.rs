//! A run as Markdown, for the summary that a CI system shows of a job.

use std::fmt::Write as _;

use super::told::{Told, ToldRow};

/// The summary: what did not pass first, every row behind a fold.
pub fn render(told: &Told) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "### {}\n\n**{}**\n",
        text(&told.title),
        text(&told.headline())
    );
    let _ = writeln!(
        out,
        "SDK {} from {}, sources `{}` · matrix `{}` · {}\n",
        text(&told.sdk_version),
        told.package_source,
        told.source_sha256,
        told.matrix_sha256,
        text(&told.base_url),
    );
    verdict(&mut out, told);
    let not_passed: Vec<&ToldRow> = told.not_passed().collect();
    if !not_passed.is_empty() {
        out.push_str("| row | tier | status | why |\n|---|---|---|---|\n");
        for row in not_passed {
            let why: Vec<String> = row.reasons.iter().map(|reason| text(reason)).collect();
            let cells = [
                text(&row.name),
                row.tier.to_owned(),
                row.status_words.to_owned(),
                why.join("<br>"),
            ];
            line(&mut out, &cells);
        }
        out.push('\n');
    }
    let _ = writeln!(
        out,
        "<details><summary>All {} rows</summary>\n",
        told.rows.len()
    );
    out.push_str("| row | tier | venue | status | checks | ms |\n|---|---|---|---|--:|--:|\n");
    for row in &told.rows {
        let cells = [
            text(&row.name),
            row.tier.to_owned(),
            row.venue.to_owned(),
            row.status_words.to_owned(),
            format!("{}/{}", row.held, row.checks),
            row.ms.to_string(),
        ];
        line(&mut out, &cells);
    }
    out.push_str("\n</details>\n");
    out
}

fn verdict(out: &mut String, told: &Told) {
    let findings = told.verdict.iter().flat_map(|verdict| &verdict.findings);
    let mut findings = findings.peekable();
    if findings.peek().is_none() {
        return;
    }
    out.push_str("| rule | where | found | expected | next |\n|---|---|---|---|---|\n");
    for finding in findings {
        let cells = [
            text(&finding.rule),
            text(&format!("{} {}", finding.subject, finding.at)),
            text(&finding.found),
            text(&finding.expected),
            text(&finding.next),
        ];
        line(out, &cells);
    }
    out.push('\n');
}

fn line(out: &mut String, cells: &[String]) {
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

/// A text that stays one cell of a table and is shown as it is written. What Markdown or HTML would
/// read as a mark is written as an entity: a backslash would also do, but the leak scan undoes
/// entities and would not see a secret through the backslashes.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '|' | '`' | '*' | '[' | ']' | '\\' | '~' | '!' => {
                let _ = write!(out, "&#{};", u32::from(character));
            }
            control if control.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out
}
