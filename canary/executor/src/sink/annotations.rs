//! Lines that GitHub turns into notes beside the row in question.
//!
//! The syntax is that of "workflow commands for GitHub Actions": a value may hold neither a percent
//! sign nor a line end as it stands, and a property neither a colon nor a comma.

use std::fmt::Write as _;

use canary_core::report::v1::RowStatus;

use super::told::{Told, ToldRow};

/// A line for each row that did not pass, and one for each finding of the verifier. A `preview` row
/// warns, since nothing depends on it.
pub fn render(told: &Told) -> String {
    let mut out = String::new();
    for row in told.not_passed() {
        out.push_str(&row_line(row));
    }
    let findings = told.verdict.iter().flat_map(|verdict| &verdict.findings);
    for finding in findings {
        let title = property(&finding.rule);
        let found = value(&format!(
            "{} {}: found {}, expected {}; {}",
            finding.subject, finding.at, finding.found, finding.expected, finding.next
        ));
        // Writing to a string cannot fail.
        let _ = writeln!(out, "::error title={title}::{found}");
    }
    out
}

fn row_line(row: &ToldRow) -> String {
    let level = match (row.status, row.tier) {
        (RowStatus::Failed, "ga") => "error",
        (RowStatus::Skipped, _) => "notice",
        _ => "warning",
    };
    let place = if row.in_tree {
        format!("file={},line={},", property(&row.file), row.line)
    } else {
        String::new()
    };
    let title = property(&format!("{} {}", row.name, row.status_words));
    let why = value(&format!("{}\n{}", row.proves, row.reasons.join("\n")));
    format!("::{level} {place}title={title}::{why}\n")
}

fn value(text: &str) -> String {
    let text = text
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A");
    // The log shows these lines too, and a terminal obeys what is left.
    text.replace(char::is_control, " ")
}

fn property(text: &str) -> String {
    value(text).replace(':', "%3A").replace(',', "%2C")
}
