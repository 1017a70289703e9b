//! Good pairs are never refused, however they come out: other matrices, other measurements, other
//! times, rows that do not gate and did not pass.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is a failed test"
)]

mod support;

use canary_core::{
    challenge::Challenge,
    evidence::{Measured, Scalar},
    judge::{Outcome, Rule},
    report::v1::{CheckEvidence, Diagnostic, RowStatus, Standing},
};
use canary_verifier::{
    canon::{Canon, CanonCheck, CanonRow},
    verdict::Answer,
};
use chrono::Duration;
use proptest::prelude::*;
use support::Good;

fn rule() -> impl Strategy<Value = Rule> {
    prop_oneof![
        (1_u16..5).prop_map(|hundreds| Rule::OneOf(vec![Scalar::Status(hundreds * 100)])),
        (0_u64..50, 0_u64..50)
            .prop_map(|(low, more)| Rule::Between(Scalar::Millis(low), Scalar::Millis(low + more))),
        (1_u64..100).prop_map(|at_least| Rule::Always { at_least }),
        Just(Rule::OneOf(vec![Scalar::Truth(true), Scalar::Truth(false)])),
        Just(Rule::Echoed),
        Just(Rule::Same),
        Just(Rule::Differ),
    ]
}

/// Rules that call for a status look at a call of their own, which has that status.
fn row(index: usize) -> impl Strategy<Value = CanonRow> {
    let rules = proptest::collection::vec(rule(), 1..6);
    (any::<bool>(), any::<bool>(), rules).prop_map(move |(gates, live, rules)| {
        let call = |at: usize| format!("call{at}");
        CanonRow {
            name: format!("row.{index}"),
            gates,
            live,
            needs: Vec::new(),
            calls: (0..rules.len()).map(call).collect(),
            together: Vec::new(),
            takes: std::collections::BTreeMap::new(),
            replays: false,
            checks: rules
                .into_iter()
                .enumerate()
                .map(|(at, rule)| CanonCheck {
                    id: format!("check.{at}"),
                    of: call(at),
                    rule,
                    fresh: false,
                })
                .collect(),
        }
    })
}

fn canon() -> impl Strategy<Value = Canon> {
    let rows: Vec<_> = (0..8).map(row).collect();
    (rows, 1_usize..=8).prop_map(|(mut rows, count)| {
        rows.truncate(count);
        let small = support::canon::small();
        let proven = rows.iter().map(|row| row.name.clone()).collect();
        Canon {
            operations: [("models.list".to_owned(), proven)].into(),
            rows,
            ..small
        }
    })
}

/// Makes the calls say what the checks on them measured.
fn agree(good: &mut Good) {
    for row in &mut good.live.reports[0].results {
        let evidence = row.evidence.as_mut().unwrap();
        for (call, check) in evidence.calls.iter_mut().zip(&evidence.checks) {
            if let Measured::Found {
                found: Some(Scalar::Status(status)),
            } = check.measured
            {
                call.status = Some(status);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_matrix_that_was_kept_is_promoted(
        canon in canon(),
        ages in (2_i64..1_000, 2_i64..600),
        took in 0_u64..100_000,
        subsecond in 0_i64..1_000_000_000,
    ) {
        let mut good = Good::of(canon);
        let nanos = Duration::nanoseconds(subsecond);
        let run = good.run();
        run.started_at += nanos;
        run.finished_at += nanos;
        good.live.generated_at += nanos;
        good.readiness.generated_at -= Duration::seconds(ages.0) + nanos;
        good.now += Duration::seconds(ages.1);
        agree(&mut good);
        for row in &mut good.live.reports[0].results {
            row.duration_ms = took + 500;
        }
        good.bind();
        let verdict = good.verify();
        prop_assert_eq!(verdict.findings, vec![]);
        prop_assert_eq!(verdict.answer, Answer::Promote);
    }

    #[test]
    fn a_row_that_does_not_gate_may_come_out_any_way(which in 0_usize..4) {
        let mut good = Good::new();
        good.fail("preview.row");
        let row = good.result("preview.row");
        let error = row.error.as_mut().unwrap();
        match which {
            0 => {}
            1 => {
                error.diagnostic = Diagnostic::Deadline;
                error.name = "row".to_owned();
            }
            2 => {
                row.status = RowStatus::Inconclusive;
                error.diagnostic = Diagnostic::OutOfCredits;
                error.status = Some(402);
                let call = &mut row.evidence.as_mut().unwrap().calls[0];
                call.standing = Standing::OutOfCredits;
                call.status = Some(402);
            }
            _ => {
                row.status = RowStatus::Failed;
                error.diagnostic = Diagnostic::Harness;
                error.name = "row".to_owned();
                error.status = None;
                error.request_id = None;
                row.evidence = None;
            }
        }
        good.recount();
        let verdict = good.verify();
        prop_assert_eq!(verdict.findings, vec![]);
        prop_assert_eq!(verdict.answer, Answer::Promote);
        prop_assert!(verdict.rows.iter().any(|row| !row.gates && row.status != RowStatus::Passed));
    }

    #[test]
    fn a_broken_measurement_is_refused_whatever_the_report_claims(
        canon in canon(),
        at in any::<prop::sample::Index>(),
        check in any::<prop::sample::Index>(),
        admits in any::<bool>(),
    ) {
        let mut good = Good::of(canon);
        agree(&mut good);
        let row = at.index(good.canon.rows.len());
        let gates = good.canon.rows[row].gates;
        let result = &mut good.live.reports[0].results[row];
        let checks = &mut result.evidence.as_mut().unwrap().checks;
        let check: &mut CheckEvidence = { let index = check.index(checks.len()); &mut checks[index] };
        check.measured = Measured::Found { found: None };
        if admits {
            check.outcome = Outcome::Broken;
        }
        let broken = good.broken();
        prop_assert!(broken.contains(&"statuses_are_rederived".to_owned()), "{:?}", broken);
        prop_assert_eq!(broken.contains(&"every_gating_row_passed".to_owned()), gates);
        prop_assert_eq!(broken.contains(&"outcomes_are_rederived".to_owned()), !admits);
    }
}

#[test]
fn the_limits_of_time_are_inclusive() {
    let mut good = Good::new();
    good.max_age = good.now - good.readiness.generated_at;
    assert_eq!(good.broken(), Vec::<String>::new());
    good.now += Duration::nanoseconds(1);
    assert_eq!(good.broken(), ["evidence_is_fresh"]);

    let mut good = Good::new();
    good.challenge = None;
    let latest = good.live.generated_at;
    good.now = latest - Duration::seconds(60);
    assert_eq!(good.broken(), Vec::<String>::new());
    good.now -= Duration::nanoseconds(1);
    assert_eq!(good.broken(), ["evidence_is_fresh"]);
}

#[test]
fn a_challenge_that_nobody_demands_is_no_matter() {
    let mut good = Good::new();
    good.challenge = None;
    assert_eq!(good.broken(), Vec::<String>::new());
    good.run().challenge_sha256 = None;
    assert_eq!(good.broken(), Vec::<String>::new());
}

#[test]
fn durations_have_a_second_of_slack() {
    let mut good = Good::new();
    let row = good.result("models.list");
    let most = row.duration_ms + 1_000;
    row.evidence.as_mut().unwrap().calls[0].total_ms = most;
    assert_eq!(good.broken(), Vec::<String>::new());
    good.evidence("models.list").calls[0].total_ms = most + 1;
    assert_eq!(good.broken(), ["durations_are_possible"]);
}

#[test]
fn what_a_finding_quotes_is_not_shown_when_it_is_a_secret() {
    let mut good = Good::new();
    let secret = ["hunter", "2hunter2"].concat();
    good.secrets = vec![canary_core::input::Secret::new(secret.clone())];
    good.live.expected_rows[0].clone_from(&secret);
    let verdict = good.verify();
    assert!(!format!("{verdict:?}").contains(&secret));
    assert!(!canary_verifier::table::render(&verdict).contains(&secret));
    let rules: Vec<&str> = verdict.findings.iter().map(|f| f.rule.as_str()).collect();
    assert!(rules.contains(&"report_leaks_nothing") && rules.contains(&"rows_are_the_matrixs"));
}

/// A pair whose steps all happened at one instant, for a challenge issued at that instant.
fn at_once() -> Good {
    let mut good = Good::new();
    let instant = good.now - Duration::hours(1);
    good.readiness.generated_at = instant;
    good.live.generated_at = instant;
    let challenge = Challenge::new([7; 32], instant, Duration::hours(2)).unwrap();
    let run = good.run();
    run.started_at = instant;
    run.finished_at = instant;
    run.challenge_sha256 = Some(challenge.digest());
    good.challenge = Some(challenge);
    good.bind();
    good
}

#[test]
fn steps_may_follow_each_other_at_once() {
    assert_eq!(at_once().broken(), Vec::<String>::new());
    let mut good = at_once();
    good.readiness.generated_at += Duration::nanoseconds(1);
    good.bind();
    assert_eq!(good.broken(), ["times_are_in_order"]);
}

#[test]
fn a_challenge_is_good_from_its_issue_to_just_before_its_end() {
    let mut good = at_once();
    let challenge = good.challenge.clone().unwrap();
    good.now = challenge.expires_at - Duration::nanoseconds(1);
    assert_eq!(good.broken(), Vec::<String>::new());
    good.now = challenge.expires_at;
    assert_eq!(good.broken(), ["challenge_is_met"]);
    good.now = challenge.issued_at;
    assert_eq!(good.broken(), Vec::<String>::new());
    good.now = challenge.issued_at - Duration::nanoseconds(1);
    assert_eq!(good.broken(), ["challenge_is_met"]);
}

#[test]
fn statuses_reach_from_100_to_599() {
    for (status, fits) in [(99, false), (100, true), (599, true), (600, false)] {
        let mut good = Good::new();
        // No check of this call measured its status.
        good.evidence("chat.completions.create").calls[1].status = Some(status);
        let broken = good.broken();
        assert_eq!(broken.is_empty(), fits, "{status}: {broken:?}");
    }
}

#[test]
fn the_standing_of_a_call_fits_its_status_and_no_other() {
    for (standing, fitting) in [
        (Standing::RateLimited, Some(429)),
        (Standing::OutOfCredits, Some(402)),
        (Standing::Unavailable, Some(503)),
        (Standing::Unreachable, None),
    ] {
        for status in [None, Some(200), Some(402), Some(429), Some(503)] {
            let mut good = Good::new();
            let call = &mut good.evidence("chat.completions.create").calls[1];
            call.standing = standing;
            call.status = status;
            let broken = good.broken();
            // A live row that passed cannot have been unreachable either, which another rule says.
            let possible = !broken.contains(&"calls_are_possible".to_owned());
            assert_eq!(
                possible,
                status == fitting,
                "{standing:?} {status:?}: {broken:?}"
            );
        }
    }
}

#[test]
fn a_choice_of_inputs_needs_one_whole_way() {
    let names = [
        "RUNINFRA_API_KEY",
        "RUNINFRA_BASE_URL",
        "RUNINFRA_LLM_MODEL",
    ];
    let [key, url, model] = names.map(str::to_owned);
    // The base URL is not set in a good pair, the other two are.
    for (ways, met) in [
        (vec![vec![url.clone()]], false),
        (vec![vec![url.clone()], vec![key.clone()]], true),
        (vec![vec![key.clone(), url]], false),
        (vec![vec![key, model]], true),
        (vec![], false),
    ] {
        let mut good = Good::new();
        good.canon.rows[2].needs = vec![ways.clone()];
        let broken = good.broken();
        let expected: &[&str] = if met {
            &[]
        } else {
            &["ready_rows_have_their_inputs"]
        };
        assert_eq!(broken, expected, "{ways:?}");
    }
}

/// A replay is the stored answer, and a gateway may send it with the stored request id.
#[test]
fn a_replay_may_have_the_request_id_of_what_it_replays() {
    let repeated = |replays: bool| {
        let mut good = Good::new();
        for row in &mut good.canon.rows {
            row.replays = replays;
        }
        let calls = &mut good.evidence("chat.completions.create").calls;
        calls[1].request_id = calls[0].request_id.clone();
        good.bind();
        good.broken()
    };
    assert_eq!(repeated(true), Vec::<String>::new());
    assert_eq!(repeated(false), ["request_ids_never_repeat"]);
}

/// As a row goes whose speech is refused in a format, by name, and so is never heard.
#[test]
fn a_call_that_takes_what_was_refused_may_be_missing() {
    let without_the_second = |status: u16, takes: &str| {
        let mut good = Good::new();
        let row = &mut good.canon.rows[1];
        row.takes = [("second".to_owned(), [takes.to_owned()].into())].into();
        row.checks.truncate(1);
        row.checks[0].rule = Rule::OneOf(vec![Scalar::Status(status)]);
        let evidence = good.evidence("chat.completions.create");
        evidence.checks.truncate(1);
        evidence.checks[0].measured = Measured::Found {
            found: Some(Scalar::Status(status)),
        };
        evidence.calls.truncate(1);
        evidence.calls[0].status = Some(status);
        good.bind();
        good.broken()
    };
    let none = Vec::<String>::new();
    for refused in [400, 422] {
        assert_eq!(without_the_second(refused, "first"), none, "{refused}");
    }
    let missing = ["checks_are_the_matrixs"];
    assert_eq!(without_the_second(399, "first"), missing);
    assert_eq!(without_the_second(200, "first"), missing);
    // What takes nothing of another has no reason to be missing.
    let mut good = Good::new();
    good.evidence("chat.completions.create").calls.truncate(1);
    good.bind();
    assert!(good.broken().contains(&missing[0].to_owned()));
}
