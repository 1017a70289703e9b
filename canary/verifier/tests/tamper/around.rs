//! Changes to what else the reports are held against: the matrix, the clock, the challenge.

use canary_core::{challenge::Challenge, digest::Digest, evidence::Scalar, judge::Rule};
use chrono::Duration;

use crate::change::{Change, all_are_refused};

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
            "models.retrieve.llm".clone_into(&mut row.name);
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
            "second".clone_into(&mut g.canon.rows[1].checks[0].of);
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

/// A moment too old is told as that, and not as what it is rounded to.
#[test]
fn what_is_a_moment_too_old_is_told_to_the_moment() {
    let told = |now: fn(&crate::support::Good) -> chrono::DateTime<chrono::Utc>| {
        let mut good = crate::support::Good::new();
        good.now = now(&good);
        let findings = good.verify().findings.into_iter();
        let fresh = findings.filter(|one| one.rule == "evidence_is_fresh");
        fresh
            .map(|one| format!("{}: {} / {}", one.at, one.found, one.expected))
            .collect::<Vec<_>>()
    };
    assert_eq!(told(|g| g.readiness.generated_at + g.max_age), [""; 0]);
    assert_eq!(
        told(|g| g.readiness.generated_at + g.max_age + Duration::milliseconds(1)),
        ["$.generatedAt: 86400.001 s old / at most 86400 s old"]
    );
    let live = |g: &crate::support::Good| g.live.generated_at - Duration::seconds(60);
    assert!(
        told(live)
            .iter()
            .all(|one| !one.starts_with("$.generatedAt"))
    );
    assert_eq!(
        told(|g| g.live.generated_at - Duration::microseconds(60_000_001)),
        ["$.generatedAt: 60.000001 s in the future / at most 60 s"]
    );
}

/// Evidence is from production, which another rule demands; a rehearsal is from anywhere, and does not say where.
#[test]
fn a_rehearsal_names_no_gateway() {
    let mut good = crate::support::Good::new();
    good.rehearse();
    assert_eq!(good.broken(), [""; 0]);
    "https://somebody@gateway.internal/v1".clone_into(&mut good.live.reports[0].base_url);
    assert_eq!(good.broken(), ["base_url_is_a_word"]);
}
