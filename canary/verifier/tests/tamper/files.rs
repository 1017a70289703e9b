//! Changes to what stands around the reports: artifacts, tree, matrix, challenge, clock; and
//! changes that a person would make who wants a "yes".

use canary_core::{
    challenge::Challenge,
    digest::Digest,
    evidence::Scalar,
    judge::{Outcome, Rule},
    report::v1::{Diagnostic, Ended, PackageSource, ReadyStatus, RowStatus, Standing},
};
use chrono::Duration;

use crate::support::{Good, pack, reports};

/// What is done, how, and every rule that refuses it.
type Change = (&'static str, fn(&mut Good), &'static [&'static str]);

const CRATE: &str = "runinfra-0.1.0.crate";

const ARTIFACTS: &[Change] = &[
    (
        "a byte of the artifact",
        |g| {
            let bytes = g.staged.get_mut(CRATE).unwrap();
            bytes[9] ^= 1;
        },
        &["artifacts_are_the_staged_files"],
    ),
    (
        "another artifact under its name",
        |g| {
            g.package_text("src/client.rs", "//! Other.");
            let bytes = pack::pack(&g.package, &[]);
            g.stage(CRATE, &bytes);
        },
        &[
            "artifacts_are_the_staged_files",
            "sources_are_the_artifacts",
            "artifact_is_packed_from_the_tree",
        ],
    ),
    (
        "no artifact",
        |g| g.staged.clear(),
        &["artifacts_are_the_staged_files"],
    ),
    (
        "the artifact under another name",
        |g| {
            let bytes = g.staged.remove(CRATE).unwrap();
            g.stage("runinfra-0.1.1.crate", &bytes);
        },
        &["artifacts_are_the_staged_files", "artifact_is_a_package"],
    ),
    (
        "a second artifact",
        |g| {
            let bytes = g.staged[CRATE].clone();
            g.stage("runinfra-sys-0.1.0.crate", &bytes);
        },
        &["artifacts_are_the_staged_files"],
    ),
    (
        "an artifact that is no archive",
        |g| {
            g.stage(CRATE, b"not gzip");
        },
        &["artifact_is_a_package", "artifacts_are_the_staged_files"],
    ),
    (
        "an artifact cut short",
        |g| {
            let bytes = g.staged[CRATE].clone();
            g.stage(CRATE, &bytes[..bytes.len() / 2]);
        },
        &["artifact_is_a_package", "artifacts_are_the_staged_files"],
    ),
    (
        "a file beside the package's folder",
        |g| {
            g.package_text("../evil.rs", "fn main() {}");
            g.restage();
        },
        &["artifact_is_a_package"],
    ),
    (
        "another version inside",
        |g| {
            g.package_text(
                "Cargo.toml",
                "[package]\nname = \"runinfra\"\nversion = \"0.2.0\"\n",
            );
            g.restage();
        },
        &["versions_agree"],
    ),
    (
        "another package inside",
        |g| {
            g.package_text(
                "Cargo.toml",
                "[package]\nname = \"runinfra2\"\nversion = \"0.1.0\"\n",
            );
            g.restage();
        },
        &["versions_agree"],
    ),
    (
        "packed from a dirty tree",
        |g| {
            g.package_text(
                ".cargo_vcs_info.json",
                "{\"git\":{\"sha1\":\"0\",\"dirty\":true}}",
            );
            g.restage();
        },
        &["artifact_is_packed_from_the_tree"],
    ),
    (
        "a file left out of the archive",
        |g| {
            g.package.retain(|(path, _)| path != "src/client.rs");
            g.restage();
        },
        &["sources_are_the_artifacts"],
    ),
    (
        "a manifest changed in the archive",
        |g| {
            g.package_text(
                "Cargo.toml.orig",
                "[package]\nname = \"runinfra\"\n[features]\nx = []\n",
            );
            g.restage();
        },
        &[
            "sources_are_the_artifacts",
            "artifact_is_packed_from_the_tree",
        ],
    ),
    (
        "a test changed in the archive",
        |g| {
            g.package_text("tests/wire.rs", "// Nothing.");
            g.restage();
        },
        &["artifact_is_packed_from_the_tree"],
    ),
];

const TREE: &[Change] = &[
    (
        "a changed source",
        |g| g.tree_text("src/client.rs", "//! C."),
        &["sources_are_the_trees", "artifact_is_packed_from_the_tree"],
    ),
    (
        "one more source",
        |g| g.tree_text("src/more.rs", ""),
        &["sources_are_the_trees"],
    ),
    (
        "one source less",
        |g| drop(g.tree.remove("src/client.rs")),
        &["sources_are_the_trees", "artifact_is_packed_from_the_tree"],
    ),
    (
        "a changed manifest",
        |g| {
            g.tree_text(
                "Cargo.toml",
                "[package]\nname = \"runinfra\"\nversion = \"0.1.0\"\n",
            );
        },
        &["sources_are_the_trees", "artifact_is_packed_from_the_tree"],
    ),
    (
        "another version in the workspace",
        |g| {
            g.workspace = g.workspace.replace("0.1.0", "0.1.1");
        },
        &["versions_agree"],
    ),
    (
        "a build script",
        |g| g.tree_text("build.rs", "fn main() {}"),
        &["sources_are_the_trees"],
    ),
    (
        "a changed README",
        |g| g.tree_text("README.md", "# Other"),
        &["sources_are_the_trees", "artifact_is_packed_from_the_tree"],
    ),
    (
        "no tree at all",
        |g| g.tree.clear(),
        &["sources_are_the_trees"],
    ),
    (
        "two names that are one file on some machines",
        |g| {
            g.tree_text("src/LIB.rs", "");
        },
        &["sources_are_the_trees"],
    ),
];

const MATRIX: &[Change] = &[
    (
        "another matrix",
        |g| g.canon.digest = Digest::of("other"),
        &["matrix_is_in_force"],
    ),
    (
        "one more file of the matrix",
        |g| g.canon.file_count += 1,
        &["matrix_is_in_force"],
    ),
    (
        "one more row in the matrix",
        |g| {
            let mut row = g.canon.rows[0].clone();
            row.name = "models.retrieve.llm".to_owned();
            g.canon.rows.push(row);
        },
        &["matrix_is_in_force", "rows_are_the_matrixs"],
    ),
    (
        "one row less in the matrix",
        |g| drop(g.canon.rows.pop()),
        &["matrix_is_in_force", "rows_are_the_matrixs"],
    ),
    (
        "a row moved in the matrix",
        |g| g.canon.rows.swap(0, 1),
        &["rows_are_the_matrixs"],
    ),
    (
        "one more check in the matrix",
        |g| {
            let check = g.canon.rows[0].checks[0].clone();
            g.canon.rows[0].checks.push(check);
        },
        &["checks_are_the_matrixs", "every_gating_row_passed"],
    ),
    (
        "a harder check in the matrix",
        |g| {
            g.canon.rows[1].checks[4].rule = Rule::Between(Scalar::Count(2), Scalar::Count(4));
        },
        &["outcomes_are_rederived", "every_gating_row_passed"],
    ),
    (
        "a check on another call in the matrix",
        |g| {
            g.canon.rows[1].checks[0].of = "second".to_owned();
        },
        &["checks_are_the_matrixs", "every_gating_row_passed"],
    ),
    (
        "an operation more in the matrix",
        |g| {
            drop(
                g.canon
                    .operations
                    .insert("images.generate".to_owned(), Vec::new()),
            );
        },
        &["surfaces_are_covered"],
    ),
    (
        "an input more in the matrix",
        |g| {
            drop(
                g.canon
                    .inputs
                    .insert("RUNINFRA_TTS_MODEL".to_owned(), Vec::new()),
            );
        },
        &["inputs_are_the_declared"],
    ),
    (
        "a need more in the matrix",
        |g| {
            g.canon.rows[0]
                .needs
                .push(vec![vec!["RUNINFRA_BASE_URL".to_owned()]]);
        },
        &["ready_rows_have_their_inputs"],
    ),
];

const CLOCK: &[Change] = &[
    (
        "a day later",
        |g| g.now += Duration::days(1),
        &["evidence_is_fresh"],
    ),
    (
        "hours before",
        |g| g.now -= Duration::hours(2),
        &["evidence_is_fresh"],
    ),
    (
        "a shorter patience",
        |g| g.max_age = Duration::minutes(90),
        &["evidence_is_fresh"],
    ),
    (
        "a run before its readiness",
        |g| {
            g.readiness.generated_at = g.now - Duration::minutes(30);
            g.bind();
        },
        &["times_are_in_order"],
    ),
    (
        "a run that ended before it began",
        |g| {
            let run = g.run();
            run.finished_at = run.started_at - Duration::seconds(1);
        },
        &["times_are_in_order"],
    ),
    (
        "a report made before the run ended",
        |g| {
            g.live.generated_at -= Duration::seconds(30);
        },
        &["times_are_in_order"],
    ),
    (
        "a run in the future",
        |g| {
            let ahead = g.now + Duration::minutes(5);
            let run = g.run();
            run.started_at = ahead;
            run.finished_at = ahead + Duration::minutes(1);
            g.live.generated_at = ahead + Duration::minutes(2);
        },
        &["evidence_is_fresh"],
    ),
    (
        "a run shorter than its rows",
        |g| {
            let run = g.run();
            run.finished_at = run.started_at;
            g.result("models.list").duration_ms = 5_000;
        },
        &["durations_are_possible"],
    ),
];

const CHALLENGE: &[Change] = &[
    (
        "another challenge",
        |g| {
            g.challenge = Some(
                Challenge::new([8; 32], g.now - Duration::hours(3), Duration::days(1)).unwrap(),
            );
        },
        &["challenge_is_met"],
    ),
    (
        "a challenge made after the run",
        |g| {
            let challenge =
                Challenge::new([7; 32], g.now - Duration::minutes(1), Duration::days(1)).unwrap();
            g.run().challenge_sha256 = Some(challenge.digest());
            g.challenge = Some(challenge);
        },
        &["challenge_is_met"],
    ),
    (
        "an expired challenge",
        |g| {
            let challenge =
                Challenge::new([7; 32], g.now - Duration::hours(3), Duration::hours(2)).unwrap();
            g.run().challenge_sha256 = Some(challenge.digest());
            g.challenge = Some(challenge);
        },
        &["challenge_is_met"],
    ),
    (
        "a stretched challenge",
        |g| {
            let challenge = g.challenge.as_mut().unwrap();
            challenge.expires_at += Duration::hours(1);
        },
        &["challenge_is_met"],
    ),
];

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
        |g| g.run().id = "7".to_owned(),
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

fn all_are_refused(changes: &[Change]) {
    for (name, change, rules) in changes {
        let mut good = Good::new();
        change(&mut good);
        let broken = good.broken();
        for rule in *rules {
            assert!(
                broken.iter().any(|found| found == rule),
                "{name}: not {rule}, but {broken:?}"
            );
        }
    }
}

#[test]
fn changed_artifacts_are_refused() {
    all_are_refused(ARTIFACTS);
}

#[test]
fn a_changed_tree_is_refused() {
    all_are_refused(TREE);
}

#[test]
fn a_changed_matrix_is_refused() {
    all_are_refused(MATRIX);
}

#[test]
fn evidence_of_another_time_is_refused() {
    all_are_refused(CLOCK);
}

#[test]
fn an_unmet_challenge_is_refused() {
    all_are_refused(CHALLENGE);
}

#[test]
fn wishes_are_refused() {
    all_are_refused(WISHES);
}
