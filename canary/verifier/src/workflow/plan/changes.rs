//! What looks at every change, and what looks at night. Both may do more than stands here, but not less.

use super::{
    CHECKOUT, JobPlan, READ, StepPlan,
    WorkPlan::{Run, Uses},
    step,
};
use crate::workflow::rule;

/// The workflow that every change has to pass.
pub(in crate::workflow) const CI: &str = ".github/workflows/ci.yml";
/// The workflow that runs at night.
pub(in crate::workflow) const NIGHTLY: &str = ".github/workflows/nightly.yml";
/// The branch that changes go to.
pub(in crate::workflow) const BRANCH: &str = "main";
/// Variables that a workflow other than the release may set: none of them brings code, or another
/// place to get code from.
pub(in crate::workflow) const VARIABLES: [&str; 3] =
    ["CARGO_INCREMENTAL", "CARGO_TERM_COLOR", "SHARD"];

/// The jobs that every change has to pass.
pub(in crate::workflow) const JOBS: &[JobPlan] = &[
    job("checks", CHECKS),
    job(
        "workflows",
        &[
            CHECKOUT,
            looked_at(&["cargo run --locked --bin canary-verify -- workflow"]),
            looked_at(&["scripts/lint-workflows.sh --strict"]),
        ],
    ),
];

const CHECKS: &[StepPlan] = &[
    CHECKOUT,
    looked_at(&[".ci/run"]),
    step(&rule::KEPT, Run(&["scripts/job-summary.sh rehearsal"])).always(),
    step(&rule::KEPT, Run(&["scripts/job-summary.sh promotion"])).always(),
    step(
        &rule::KEPT,
        Uses(
            "actions/upload-artifact",
            &[
                ("if-no-files-found", "warn"),
                ("name", "rehearsal"),
                ("path", "rehearsal\npromotion/*.json\npromotion/*.txt\n"),
            ],
        ),
    )
    .always(),
];

const fn job(id: &'static str, steps: &'static [StepPlan]) -> JobPlan {
    JobPlan {
        id,
        needs: &[],
        condition: None,
        environment: None,
        grants: &[READ],
        outputs: &[],
        steps,
    }
}

const fn looked_at(lines: &'static [&'static str]) -> StepPlan {
    step(&rule::CHANGES, Run(lines))
}

/// What runs at night, each in a step of its own, and on no condition but the one that stands here.
pub(in crate::workflow) const AT_NIGHT: &[(&str, Option<&str>)] = &[
    (
        "cargo run --locked --release --bin canary -- selftest --full --partition \"$SHARD/6\" --out selftest.jsonl",
        None,
    ),
    ("scripts/soak.sh 20", None),
    ("scripts/soak.sh --busy 8 20", None),
    ("scripts/compat.sh", None),
    ("scripts/artifact-elsewhere.sh", None),
    ("scripts/local-registry.sh", None),
    ("scripts/mutants.sh --shard \"$SHARD\"", None),
    ("cargo deny check", None),
    (
        "cargo semver-checks --package runinfra --all-features",
        Some("steps.release.outputs.exists == 'true'"),
    ),
    ("scripts/fuzz.sh --seconds 600", None),
];
