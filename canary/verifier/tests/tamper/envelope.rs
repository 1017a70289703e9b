//! Attacks on what stands around the evidence: inputs, aliases, environments, and what a row says beside its outcome.

use canary_core::{
    digest::Digest,
    report::v1::{Report, Standing},
};

use crate::{
    change::{Change, all_are_refused},
    support::Good,
};

const CHAT: &str = "chat.completions.create";
const CHECKS: &str = "checks_are_the_matrixs";
const INPUTS: &str = "inputs_are_the_declared";

/// Changes both reports, and binds them again.
fn both(good: &mut Good, change: fn(&mut Report)) {
    change(&mut good.readiness);
    change(&mut good.live);
    good.bind();
}

const ENVELOPE: &[Change] = &[
    (
        "an alias that is the input itself",
        |g| {
            both(g, |report| {
                let name = || "RUNINFRA_LLM_MODEL".to_owned();
                report.readiness.aliases.insert(name(), name());
            });
        },
        &[INPUTS],
    ),
    (
        "an alias of another input",
        |g| {
            both(g, |report| {
                let aliases = &mut report.readiness.aliases;
                aliases.insert("RUNINFRA_API_KEY".to_owned(), "TEST_MODEL".to_owned());
            });
        },
        &[INPUTS],
    ),
    (
        "a row that is ready and lacks something",
        |g| {
            both(g, |report| {
                report.readiness.rows[0].missing = vec!["RUNINFRA_API_KEY".to_owned()];
            });
        },
        &["readiness_is_complete"],
    ),
    (
        "a readiness that misses an input and is ready",
        |g| {
            both(g, |report| {
                report.readiness.missing = vec!["RUNINFRA_API_KEY".to_owned()];
            });
        },
        &["readiness_is_complete"],
    ),
    (
        "an error of coverage that hinders nobody",
        |g| {
            both(g, |report| {
                report.readiness.row_coverage_errors = vec!["models.list".to_owned()];
            });
        },
        &["readiness_is_complete"],
    ),
    (
        "an operation that nothing covers",
        |g| {
            both(g, |report| {
                report.surface_coverage.uncovered = vec!["images.generate".to_owned()];
            });
        },
        &["surfaces_are_covered"],
    ),
    (
        "an operation covered by a row that is not its",
        |g| {
            both(g, |report| {
                let rows = report.surface_coverage.operations.values_mut().next();
                rows.unwrap().push("models.list".to_owned());
            });
        },
        &["surfaces_are_covered"],
    ),
    (
        "rows counted that are not there",
        |g| both(g, |report| report.matrix.row_count += 1),
        &["matrix_is_in_force"],
    ),
    (
        "the artifact named twice",
        |g| {
            both(g, |report| {
                let one = report.candidate.artifacts[0].clone();
                report.candidate.artifacts.push(one);
            });
        },
        &["artifacts_are_the_staged_files"],
    ),
    (
        "the artifact in a folder",
        |g| {
            both(g, |report| {
                let name = &mut report.candidate.artifacts[0].file_name;
                *name = format!("./{name}");
            });
        },
        &["artifacts_are_the_staged_files"],
    ),
    (
        "the package under another name",
        |g| {
            both(g, |report| {
                "Runinfra".clone_into(&mut report.candidate.artifacts[0].name);
            });
        },
        &["artifacts_are_the_staged_files"],
    ),
    (
        "a version that sorts alike",
        |g| {
            both(g, |report| {
                "0.1.0+1".clone_into(&mut report.candidate.sdk_version);
                for lane in &mut report.reports {
                    "0.1.0+1".clone_into(&mut lane.sdk_version);
                }
            });
        },
        &["versions_agree"],
    ),
    (
        "a gate that was taken down, in a matrix of its own",
        |g| {
            g.fail("models.list");
            g.canon.rows[0].gates = false;
            g.canon.digest = Digest::of("another matrix");
        },
        &["matrix_is_in_force"],
    ),
    (
        "expectations taken out, in a matrix of its own",
        |g| {
            g.canon.rows[1].checks.truncate(1);
            g.canon.digest = Digest::of("another matrix");
        },
        &["matrix_is_in_force", CHECKS],
    ),
    (
        "a lane that ran with more inputs",
        |g| {
            let env = &mut g.live.reports[0].env;
            let state = canary_core::report::v1::EnvState::SetRedacted;
            env.insert("RUNINFRA_MORE".to_owned(), state);
        },
        &[INPUTS, "readiness_is_unchanged"],
    ),
    (
        "a standing that excuses a row that needs no excuse, without its status",
        |g| g.evidence(CHAT).calls[0].standing = Standing::OutOfCredits,
        &["calls_are_possible"],
    ),
];

#[test]
fn an_envelope_that_says_more_or_less_is_refused() {
    all_are_refused(ENVELOPE);
}
