//! What looks at every change. More jobs may stand beside these, and no less.

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

pub(super) const fn job(id: &'static str, steps: &'static [StepPlan]) -> JobPlan {
    JobPlan {
        id,
        needs: &[],
        condition: None,
        environment: None,
        grants: &[READ],
        outputs: &[],
        env: &[],
        shares: None,
        steps,
    }
}

pub(super) const fn looked_at(lines: &'static [&'static str]) -> StepPlan {
    step(&rule::CHANGES, Run(lines))
}
