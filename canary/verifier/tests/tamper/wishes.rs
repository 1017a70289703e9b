//! Changes that a person would make who wants a "yes": consistent ones, with the reports bound to
//! each other again.

use canary_core::{
    judge::Outcome,
    report::v1::{Diagnostic, Ended, PackageSource, ReadyStatus, RowStatus, Standing},
};
use chrono::Duration;

use crate::{
    change::{Change, all_are_refused},
    support::{Good, reports},
};

const WISHES: &[Change] = &[
    (
        "a failed row called passed",
        |g| {
            g.fail("models.list");
            let row = g.result("models.list");
            row.status = RowStatus::Passed;
            row.error = None;
            g.recount();
        },
        &["every_gating_row_passed", "statuses_are_rederived"],
    ),
    (
        "its check called held too",
        |g| {
            g.fail("models.list");
            let row = g.result("models.list");
            row.status = RowStatus::Passed;
            row.error = None;
            g.evidence("models.list").checks[0].outcome = Outcome::Held;
            g.recount();
        },
        &[
            "every_gating_row_passed",
            "outcomes_are_rederived",
            "statuses_are_rederived",
        ],
    ),
    (
        "a failed row called inconclusive",
        |g| {
            g.fail("models.list");
            g.result("models.list").status = RowStatus::Inconclusive;
            g.recount();
        },
        &["every_gating_row_passed", "statuses_are_rederived"],
    ),
    (
        "a failed row excused by a rate limit",
        |g| {
            g.fail("models.list");
            let row = g.result("models.list");
            row.status = RowStatus::Inconclusive;
            row.error.as_mut().unwrap().diagnostic = Diagnostic::RateLimited;
            g.evidence("models.list").calls[0].standing = Standing::RateLimited;
            g.recount();
        },
        &["every_gating_row_passed", "calls_are_possible"],
    ),
    (
        "a row skipped",
        |g| {
            let row = g.result("models.list");
            row.status = RowStatus::Skipped;
            row.evidence = None;
            g.recount();
        },
        &["every_gating_row_passed"],
    ),
    (
        "a row stopped by its deadline",
        |g| {
            g.fail("models.list");
            g.result("models.list").error.as_mut().unwrap().diagnostic = Diagnostic::Deadline;
        },
        &["every_gating_row_passed"],
    ),
    (
        "a row dropped from both reports",
        |g| {
            for report in [&mut g.readiness, &mut g.live] {
                report.expected_rows.remove(0);
                report.readiness.rows.remove(0);
                report.readiness.summary.ready -= 1;
                report.matrix.row_count -= 1;
                for lane in &mut report.reports {
                    lane.results.remove(0);
                }
            }
            g.bind();
            g.recount();
        },
        &["rows_are_the_matrixs", "matrix_is_in_force"],
    ),
    (
        "a row renamed everywhere",
        |g| {
            for report in [&mut g.readiness, &mut g.live] {
                "models.listed".clone_into(&mut report.expected_rows[0]);
                "models.listed".clone_into(&mut report.readiness.rows[0].name);
                for lane in &mut report.reports {
                    "models.listed".clone_into(&mut lane.results[0].name);
                }
            }
            g.bind();
        },
        &["rows_are_the_matrixs"],
    ),
    (
        "rows in another order everywhere",
        |g| {
            for report in [&mut g.readiness, &mut g.live] {
                report.expected_rows.swap(2, 3);
                report.readiness.rows.swap(2, 3);
                for lane in &mut report.reports {
                    lane.results.swap(2, 3);
                }
            }
            g.bind();
        },
        &["rows_are_the_matrixs"],
    ),
    (
        "a blocked row left out",
        |g| {
            for report in [&mut g.readiness, &mut g.live] {
                let row = &mut report.readiness.rows[1];
                row.status = ReadyStatus::Blocked;
                row.missing = vec!["RUNINFRA_LLM_MODEL".to_owned()];
                report.readiness.summary.ready -= 1;
                report.readiness.summary.blocked += 1;
            }
            g.bind();
        },
        &["readiness_is_complete"],
    ),
    (
        "a run from source",
        |g| {
            for report in [&mut g.readiness, &mut g.live] {
                report.package_source = PackageSource::Source;
                report.candidate.package_source = PackageSource::Source;
                report.candidate.artifact_digests_checked = false;
            }
            g.bind();
        },
        &[
            "package_source_is_artifact",
            "artifact_digests_were_checked",
        ],
    ),
    (
        "an aborted run",
        |g| g.run().ended = Ended::Aborted,
        &["run_is_completed"],
    ),
    (
        "an odd run id",
        |g| "7".clone_into(&mut g.run().id),
        &["run_is_completed"],
    ),
    (
        "two readiness reports",
        |g| g.live = g.readiness.clone(),
        &["kind_is_right", "report_has_its_parts"],
    ),
    (
        "the two reports changed about",
        |g| std::mem::swap(&mut g.live, &mut g.readiness),
        &["kind_is_right", "report_has_its_parts"],
    ),
    (
        "the live report of another run",
        |g| {
            let mut other = Good::new();
            other.readiness.generated_at -= Duration::seconds(1);
            other.bind();
            g.live = other.live;
        },
        &["run_is_bound_to_its_readiness"],
    ),
    (
        "a lane twice",
        |g| {
            let lane = g.live.reports[0].clone();
            g.live.reports.push(lane);
        },
        &["lanes_are_the_expected", "request_ids_never_repeat"],
    ),
    (
        "a lane that disagrees",
        |g| {
            let mut lane = g.live.reports[0].clone();
            "python".clone_into(&mut lane.language);
            lane.results[4].status = RowStatus::Skipped;
            lane.results[4].evidence = None;
            lane.summary = reports::summary(&lane.results);
            g.live.reports.push(lane);
        },
        &["lanes_are_the_expected", "parity_is_matched"],
    ),
    (
        "evidence of one row in another",
        |g| {
            let evidence = g.evidence("models.list").clone();
            *g.evidence("chat.completions.create") = evidence;
        },
        &["checks_are_the_matrixs", "request_ids_never_repeat"],
    ),
    (
        "a request id that is none",
        |g| {
            g.evidence("models.list").calls[0].request_id = Some("req-1".to_owned());
        },
        &["request_ids_never_repeat"],
    ),
    (
        "missing inputs on a row that ran",
        |g| {
            g.result("models.list").missing = Some(vec!["RUNINFRA_API_KEY".to_owned()]);
        },
        &["statuses_are_rederived"],
    ),
    (
        "an error on a row that passed",
        |g| {
            g.fail("preview.row");
            let error = g.result("preview.row").error.clone();
            g.result("models.list").error = error;
        },
        &["statuses_are_rederived"],
    ),
];

#[test]
fn wishes_are_refused() {
    all_are_refused(WISHES);
}
