//! A run as JUnit XML: a suite a matrix file, a test case a row.

use std::time::Duration;

use canary_core::report::v1::{Diagnostic, RowStatus};
use quick_junit::{
    NonSuccessKind, Property, Report, SerializeError, TestCase, TestCaseStatus, TestSuite,
};

use super::told::{Told, ToldRow};

/// The XML. A row that failed is a failure; one that could not tell is an error, since it found
/// nothing wrong.
pub fn render(told: &Told) -> Result<String, SerializeError> {
    let mut report = Report::new(told.title.as_str());
    report
        .set_uuid(told.run_id)
        .set_timestamp(told.started_at)
        .set_time(Duration::from_millis(told.took_ms));
    let mut suite: Option<TestSuite> = None;
    for row in &told.rows {
        let another = suite
            .as_ref()
            .is_none_or(|suite| suite.name.as_str() != row.file);
        if another {
            report.add_test_suites(suite.take());
        }
        let suite = suite.get_or_insert_with(|| TestSuite::new(row.file.as_str()));
        suite.add_test_case(case(row));
    }
    report.add_test_suites(suite);
    report.to_string()
}

fn case(row: &ToldRow) -> TestCase {
    let mut case = TestCase::new(row.name.as_str(), status(row));
    case.set_classname(format!("{}.{}", row.venue, row.tier))
        .set_assertions(row.checks)
        .set_time(Duration::from_millis(row.ms))
        .add_property(Property::new("proves", row.proves.as_str()))
        .add_property(Property::new("line", row.line.to_string()));
    if let Some(id) = &row.request_id {
        case.add_property(Property::new("request_id", id.as_str()));
    }
    case
}

fn status(row: &ToldRow) -> TestCaseStatus {
    let mut status = match row.status {
        RowStatus::Passed => return TestCaseStatus::success(),
        RowStatus::Skipped => TestCaseStatus::skipped(),
        RowStatus::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
        RowStatus::Inconclusive => TestCaseStatus::non_success(NonSuccessKind::Error),
    };
    if let Some(first) = row.reasons.first() {
        status.set_message(first.as_str());
    }
    if let Some(diagnostic) = row.diagnostic {
        status.set_type(diagnostic_word(diagnostic));
    }
    if !row.reasons.is_empty() {
        status.set_description(row.reasons.join("\n"));
    }
    status
}

fn diagnostic_word(diagnostic: Diagnostic) -> String {
    // The word that the report has; a unit variant is always a string.
    serde_json::to_value(diagnostic)
        .ok()
        .and_then(|word| word.as_str().map(str::to_owned))
        .unwrap_or_default()
}
