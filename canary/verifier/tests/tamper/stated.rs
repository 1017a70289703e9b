//! The reason for which each change of a report is refused, where the report can still be read.

use crate::edits::What;

/// Why a change is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// By the rule of this name, perhaps among others.
    Rule(&'static str),
    /// It is not: what was changed is an observation that could have been made so, and the report was
    /// sealed again. It is bound to the run by whoever signs the report, not by what stands in it.
    StillGood,
}

use Reason::{Rule, StillGood};
use What::{Bump, Garble, Huge, Remove, Rename, Word, Zero};

/// The first line whose path and change fit tells. A path begins with the report it is in, or with
/// nothing when it is in either; `*` is one step of the path, a `**` at the end
/// any number; no changes means any.
const TABLE: &[(&str, &[What], Reason)] = &[
    ("/schemaVersion", &[], Rule("report_is_readable")),
    ("/kind", &[], Rule("kind_is_right")),
    ("/strict", &[], Rule("report_is_strict")),
    ("/purpose", &[], Rule("rehearsal_is_not_evidence")),
    ("/packageSource", &[], Rule("package_source_is_artifact")),
    ("/generatedAt", &[], Rule("report_is_readable")),
    ("readiness/parity/status", &[], Rule("report_has_its_parts")),
    ("live/parity/status", &[], Rule("parity_is_matched")),
    // What writes a report seals it, whatever seal it had; `sealed.rs` leaves the seal as it is.
    ("live/run/sealSha256", &[], StillGood),
    // The candidate.
    (
        "/candidate/packageSource",
        &[],
        Rule("package_source_is_artifact"),
    ),
    (
        "/candidate/artifactDigestsChecked",
        &[],
        Rule("artifact_digests_were_checked"),
    ),
    (
        "/candidate/artifacts/**",
        &[],
        Rule("artifacts_are_the_staged_files"),
    ),
    ("/candidate/sdkVersion", &[], Rule("versions_agree")),
    (
        "/candidate/sourceDigestSha256",
        &[],
        Rule("sources_are_the_trees"),
    ),
    (
        "/candidate/sourceFileCount",
        &[],
        Rule("sources_are_the_artifacts"),
    ),
    // The matrix.
    ("/matrix/executorVersion", &[], Rule("executor_is_known")),
    ("/matrix/*", &[], Rule("matrix_is_in_force")),
    ("/expectedRows/**", &[], Rule("rows_are_the_matrixs")),
    ("/surfaceCoverage/**", &[], Rule("surfaces_are_covered")),
    // Readiness.
    ("/readiness/status", &[], Rule("readiness_is_complete")),
    ("/readiness/summary/*", &[], Rule("readiness_adds_up")),
    (
        "/readiness/rows/*/status",
        &[],
        Rule("readiness_is_complete"),
    ),
    ("/readiness/rows/**", &[], Rule("rows_are_the_matrixs")),
    (
        "/readiness/aliases/*",
        &[Garble, Rename],
        Rule("inputs_are_the_declared"),
    ),
    ("/readiness/aliases/*", &[], Rule("readiness_is_unchanged")),
    (
        "/readiness/env/*",
        &[Remove, Rename],
        Rule("inputs_are_the_declared"),
    ),
    (
        "/readiness/env/*",
        &[Word("missing")],
        Rule("ready_rows_have_their_inputs"),
    ),
    ("/readiness/env/*", &[], Rule("readiness_is_unchanged")),
    // The run.
    ("/run", &[], Rule("report_has_its_parts")),
    ("/run/id", &[Garble], StillGood),
    ("/run/ended", &[], Rule("run_is_completed")),
    ("/run/challengeSha256", &[], Rule("challenge_is_met")),
    (
        "/run/readinessDigestSha256",
        &[],
        Rule("run_is_bound_to_its_readiness"),
    ),
    ("/run/gatewayAtStart", &[], Rule("gateway_did_not_change")),
    ("/run/gatewayAtEnd", &[], Rule("gateway_did_not_change")),
    // Lanes.
    ("/reports/*", &[], Rule("lanes_are_the_expected")),
    ("/reports/*/language", &[], Rule("lanes_are_the_expected")),
    ("/reports/*/sdkVersion", &[], Rule("versions_agree")),
    ("/reports/*/strict", &[], Rule("report_is_strict")),
    ("/reports/*/baseURL", &[], Rule("gateway_is_production")),
    (
        "/reports/*/env/*",
        &[Remove, Rename],
        Rule("inputs_are_the_declared"),
    ),
    ("/reports/*/env/*", &[], Rule("readiness_is_unchanged")),
    ("/reports/*/summary/*", &[], Rule("summary_adds_up")),
    // Rows.
    ("/reports/*/results", &[], Rule("rows_are_the_matrixs")),
    ("/reports/*/results/*", &[], Rule("rows_are_the_matrixs")),
    (
        "/reports/*/results/*/name",
        &[],
        Rule("rows_are_the_matrixs"),
    ),
    (
        "/reports/*/results/*/status",
        &[],
        Rule("statuses_are_rederived"),
    ),
    (
        "/reports/*/results/*/durationMs",
        &[Huge],
        Rule("durations_are_possible"),
    ),
    ("/reports/*/results/*/durationMs", &[Bump, Zero], StillGood),
    (
        "/reports/*/results/*/evidence",
        &[],
        Rule("statuses_are_rederived"),
    ),
    // Calls.
    (
        "/reports/*/results/*/evidence/calls",
        &[],
        Rule("checks_are_the_matrixs"),
    ),
    (
        "/reports/*/results/*/evidence/calls/*",
        &[],
        Rule("checks_are_the_matrixs"),
    ),
    (
        "/reports/*/results/*/evidence/calls/*/name",
        &[],
        Rule("checks_are_the_matrixs"),
    ),
    (
        "/reports/*/results/*/evidence/calls/*/standing",
        &[],
        Rule("calls_are_possible"),
    ),
    (
        "/reports/*/results/*/evidence/calls/*/status",
        &[Zero],
        Rule("calls_are_possible"),
    ),
    (
        "/reports/*/results/*/evidence/calls/*/exchanges",
        &[Zero],
        Rule("calls_are_possible"),
    ),
    (
        "/reports/*/results/*/evidence/calls/*/ttftMs",
        &[Huge],
        Rule("durations_are_possible"),
    ),
    (
        "/reports/*/results/*/evidence/calls/*/maxGapMs",
        &[Huge],
        Rule("durations_are_possible"),
    ),
    (
        "/reports/*/results/*/evidence/calls/*/totalMs",
        &[Huge],
        Rule("durations_are_possible"),
    ),
    // Where a check measured the same thing, the call has to agree; elsewhere it is on its own.
    (
        "/reports/0/results/0/evidence/calls/0/status",
        &[],
        Rule("calls_agree_with_their_checks"),
    ),
    (
        "/reports/0/results/1/evidence/calls/0/status",
        &[],
        Rule("calls_agree_with_their_checks"),
    ),
    (
        "/reports/0/results/4/evidence/calls/0/status",
        &[],
        Rule("calls_agree_with_their_checks"),
    ),
    (
        "/reports/0/results/0/evidence/calls/0/requestId",
        &[Remove],
        Rule("calls_agree_with_their_checks"),
    ),
    (
        "/reports/0/results/3/evidence/calls/0/exchanges",
        &[],
        Rule("calls_agree_with_their_checks"),
    ),
    (
        "/reports/0/results/1/evidence/calls/0/requestId",
        &[Garble],
        Rule("request_ids_never_repeat"),
    ),
    // A live row that passed has both; rows 2 and 3 ask no gateway.
    (
        "/reports/0/results/1/evidence/calls/*/requestId",
        &[Remove],
        Rule("live_rows_reached_the_gateway"),
    ),
    (
        "/reports/0/results/1/evidence/calls/1/status",
        &[Remove],
        Rule("live_rows_reached_the_gateway"),
    ),
    (
        "/reports/0/results/4/evidence/calls/*/requestId",
        &[Remove],
        Rule("live_rows_reached_the_gateway"),
    ),
    (
        "/reports/*/results/*/evidence/calls/*/*",
        &[Bump, Huge, Zero, Garble, Remove],
        StillGood,
    ),
    // Checks.
    (
        "/reports/*/results/*/evidence/checks",
        &[],
        Rule("checks_are_the_matrixs"),
    ),
    (
        "/reports/*/results/*/evidence/checks/*",
        &[],
        Rule("checks_are_the_matrixs"),
    ),
    (
        "/reports/*/results/*/evidence/checks/*/check",
        &[],
        Rule("checks_are_the_matrixs"),
    ),
    (
        "/reports/*/results/*/evidence/checks/*/of",
        &[],
        Rule("checks_are_the_matrixs"),
    ),
    // More answers than there were exchanges.
    (
        "/reports/0/results/0/evidence/checks/1/measured/evaluated",
        &[Bump, Huge],
        Rule("calls_agree_with_their_checks"),
    ),
    (
        "/reports/*/results/*/evidence/checks/*/measured/evaluated",
        &[Bump, Huge],
        StillGood,
    ),
    // One to four tokens were allowed, and one was measured.
    (
        "/reports/0/results/1/evidence/checks/4/measured/found/count",
        &[Bump],
        StillGood,
    ),
    // Two digests that were to differ still do.
    (
        "/reports/*/results/*/evidence/checks/*/measured/left",
        &[Garble],
        StillGood,
    ),
    (
        "/reports/*/results/*/evidence/checks/*/measured/right",
        &[Garble],
        StillGood,
    ),
    (
        "/reports/*/results/*/evidence/checks/*/**",
        &[],
        Rule("outcomes_are_rederived"),
    ),
];

/// The reason for a change, when one is stated.
pub(crate) fn reason(at: &str, what: What) -> Option<Reason> {
    let steps: Vec<&str> = at.split('/').collect();
    let fits = |(pattern, changes, _): &&(&str, &[What], Reason)| {
        let pattern: Vec<&str> = pattern.split('/').collect();
        matches(&pattern, &steps) && (changes.is_empty() || changes.contains(&what))
    };
    TABLE.iter().find(fits).map(|(_, _, reason)| *reason)
}

fn matches(pattern: &[&str], steps: &[&str]) -> bool {
    match (pattern, steps) {
        ([], []) | (["**"], _) => true,
        ([p, pattern @ ..], [s, steps @ ..]) => {
            (["", "*"].contains(p) || p == s) && matches(pattern, steps)
        }
        _ => false,
    }
}
