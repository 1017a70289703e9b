//! The release as it has to be: its jobs, whom each waits for, what each may and does.
//!
//! This is an allow-list. A release is what stands here and nothing else, so a change of
//! `publish.yml` that means something is a change of this file too, and both have owners.

pub(super) mod actions;
pub(super) mod changes;
mod given;
pub(super) mod nights;
pub(super) mod owners;

use super::rule::{self, Rule};

/// One job.
#[derive(Debug, Clone, Copy)]
pub(super) struct JobPlan {
    pub(super) id: &'static str,
    pub(super) needs: &'static [&'static str],
    pub(super) condition: Option<&'static str>,
    pub(super) environment: Option<&'static str>,
    pub(super) grants: &'static [(&'static str, &'static str)],
    pub(super) outputs: &'static [(&'static str, &'static str)],
    pub(super) env: &'static [(&'static str, &'static str)],
    /// The name and the sorted values by which the job is multiplied.
    pub(super) shares: Option<(&'static str, &'static [&'static str])>,
    pub(super) steps: &'static [StepPlan],
}

/// One step, and the rule that is broken where it is not as it should be.
#[derive(Debug)]
pub(super) struct StepPlan {
    pub(super) rule: &'static Rule,
    pub(super) id: Option<&'static str>,
    pub(super) condition: Option<&'static str>,
    pub(super) env: &'static [(&'static str, &'static str)],
    pub(super) work: WorkPlan,
}

/// What a step does.
#[derive(Debug)]
pub(super) enum WorkPlan {
    /// A script, by its lines.
    Run(&'static [&'static str]),
    /// An action by its repository, and what it is told.
    Uses(&'static str, &'static [(&'static str, &'static str)]),
}

use WorkPlan::{Run, Uses};

const fn step(rule: &'static Rule, work: WorkPlan) -> StepPlan {
    StepPlan {
        rule,
        id: None,
        condition: None,
        env: &[],
        work,
    }
}

impl StepPlan {
    const fn id(mut self, id: &'static str) -> Self {
        self.id = Some(id);
        self
    }

    const fn on(mut self, condition: &'static str) -> Self {
        self.condition = Some(condition);
        self
    }

    const fn always(self) -> Self {
        self.on("always()")
    }

    const fn env(mut self, env: &'static [(&'static str, &'static str)]) -> Self {
        self.env = env;
        self
    }
}

const CHECKOUT: StepPlan = step(
    &rule::CHECKOUT,
    Uses("actions/checkout", &[("persist-credentials", "false")]),
);
const ARTIFACTS: StepPlan = download(&[("name", "artifacts"), ("path", "artifacts")]);

const fn download(with: &'static [(&'static str, &'static str)]) -> StepPlan {
    step(&rule::BYTES, Uses("actions/download-artifact", with))
}

const READ: (&str, &str) = ("contents", "read");
const FOR_REAL: Option<&str> = Some("!inputs.dry_run");
const VERIFIED: &[(&str, &str)] = &[("VERIFIED", "${{ needs.verify.outputs.sha256 }}")];

/// The event, the group, and the machine of a release.
pub(super) const FILE: &str = ".github/workflows/publish.yml";
pub(super) const CONCURRENCY: &[(&str, &str)] =
    &[("cancel-in-progress", "false"), ("group", "publish")];
pub(super) const MACHINE: &str = "ubuntu-24.04";
/// The names under which jobs of the release hand files on.
pub(super) const HANDED_ON: [&str; 3] = ["artifacts", "evidence", "verdict"];
/// The job whose one step is given secrets.
pub(super) const GATE: &str = "promotion-gate";

/// The jobs of a release.
pub(super) const JOBS: &[JobPlan] = &[
    JobPlan {
        id: "build-artifacts",
        needs: &[],
        condition: Some("github.ref == 'refs/heads/main'"),
        environment: None,
        grants: &[READ],
        outputs: &[("sha256", "${{ steps.pack.outputs.sha256 }}")],
        env: &[],
        shares: None,
        steps: BUILD,
    },
    JobPlan {
        id: "security-status",
        needs: &["build-artifacts"],
        condition: None,
        environment: None,
        grants: &[READ, ("security-events", "read")],
        outputs: &[],
        env: &[],
        shares: None,
        steps: &[
            CHECKOUT,
            step(
                &rule::POLICY,
                Run(&["cargo run --locked --release --bin canary -- security-status --repo \"$GITHUB_REPOSITORY\""]),
            )
            .env(&[("GITHUB_TOKEN", "${{ github.token }}")]),
        ],
    },
    JobPlan {
        id: "dry-run",
        needs: &["build-artifacts"],
        condition: Some("inputs.dry_run"),
        environment: None,
        grants: &[READ],
        outputs: &[],
        env: &[],
        shares: None,
        steps: &[
            CHECKOUT,
            ARTIFACTS,
            step(
                &rule::GATE,
                Run(&["scripts/promote-local.sh --artifacts artifacts --out promotion"]),
            ),
            step(
                &rule::KEPT,
                Run(&["scripts/job-summary.sh promotion --dry-run"]),
            ),
        ],
    },
    JobPlan {
        id: GATE,
        needs: &["build-artifacts", "security-status"],
        condition: FOR_REAL,
        environment: Some("live-canaries"),
        grants: &[READ],
        outputs: &[],
        env: &[],
        shares: None,
        steps: &[
            CHECKOUT,
            ARTIFACTS,
            step(&rule::GATE, Run(&["cargo build --locked --release --bin canary"])),
            step(&rule::GATE, Run(&["scripts/gate.sh artifacts evidence"])).env(given::GATE_ENV),
            step(
                &rule::KEPT,
                Uses(
                    "actions/upload-artifact",
                    &[("if-no-files-found", "warn"), ("name", "evidence"), ("path", "evidence")],
                ),
            )
            .always(),
        ],
    },
    JobPlan {
        id: "verify",
        needs: &["build-artifacts", GATE],
        condition: FOR_REAL,
        environment: None,
        grants: &[READ],
        outputs: &[("sha256", "${{ steps.verdict.outputs.sha256 }}")],
        env: &[],
        shares: None,
        steps: VERIFY,
    },
    JobPlan {
        id: "publish",
        needs: &[GATE, "verify"],
        condition: FOR_REAL,
        environment: Some("crates-io"),
        grants: &[READ, ("id-token", "write")],
        outputs: &[],
        env: &[],
        shares: None,
        steps: &[
            CHECKOUT,
            step(&rule::PUBLISHED, Uses("rust-lang/crates-io-auth-action", &[])).id("auth"),
            step(&rule::PUBLISHED, Run(&["scripts/publish.sh \"$VERIFIED\""])).env(&[
                ("CARGO_REGISTRY_TOKEN", "${{ steps.auth.outputs.token }}"),
                ("VERIFIED", "${{ needs.verify.outputs.sha256 }}"),
            ]),
        ],
    },
    JobPlan {
        id: "attest",
        needs: &["verify", "publish"],
        condition: FOR_REAL,
        environment: None,
        grants: &[READ, ("attestations", "write"), ("id-token", "write")],
        outputs: &[],
        env: &[],
        shares: None,
        steps: ATTEST,
    },
    JobPlan {
        id: "registry-install",
        needs: &["verify", "publish"],
        condition: FOR_REAL,
        environment: None,
        grants: &[READ],
        outputs: &[],
        env: &[],
        shares: None,
        steps: &[
            CHECKOUT,
            step(
                &rule::REGISTRY,
                Run(&[
                    "version=$(scripts/version.sh)",
                    "cargo run --locked --release --bin canary -- clean-install --registry --version \"$version\" --sha256 \"$VERIFIED\" --wait 600",
                ]),
            )
            .env(VERIFIED),
        ],
    },
];

const BUILD: &[StepPlan] = &[
    CHECKOUT,
    step(
        &rule::CONFIRMED,
        Run(&[
            "cargo run --locked --release --bin canary-verify -- versions --confirm \"$CONFIRMED\"",
        ]),
    )
    .env(&[("CONFIRMED", "${{ inputs.confirm_version }}")]),
    step(
        &rule::POLICY,
        Run(&["cargo run --locked --release --bin canary-verify -- workflow"]),
    ),
    step(
        &rule::PACKED,
        Run(&[
            "scripts/package.sh artifacts",
            "sha256=$(cut -d' ' -f1 artifacts/SHA256SUMS)",
            "echo \"sha256=$sha256\" >>\"$GITHUB_OUTPUT\"",
        ]),
    )
    .id("pack"),
    step(
        &rule::PACKED,
        Run(&[
            "cargo run --locked --release --bin canary-verify -- package --crate artifacts/*.crate",
        ]),
    ),
    step(&rule::PACKED, Run(&["scripts/sbom.sh artifacts"])),
    step(
        &rule::PACKED,
        Run(&[
            "cargo run --locked --release --bin canary -- clean-install --artifact artifacts/*.crate",
        ]),
    ),
    step(
        &rule::VERDICT,
        Run(&[
            "cargo run --locked --release --bin canary-verify -- challenge --write artifacts/challenge.json",
        ]),
    ),
    step(
        &rule::BYTES,
        Uses(
            "actions/upload-artifact",
            &[
                ("if-no-files-found", "error"),
                ("name", "artifacts"),
                ("path", "artifacts"),
            ],
        ),
    ),
];

const VERIFY: &[StepPlan] = &[
    CHECKOUT,
    ARTIFACTS,
    download(&[("name", "evidence"), ("path", "evidence")]),
    step(
        &rule::VERDICT,
        Run(&[
            "scripts/verify.sh artifacts evidence \"$PACKED\"",
            "echo \"sha256=$PACKED\" >>\"$GITHUB_OUTPUT\"",
        ]),
    )
    .id("verdict")
    .env(&[("PACKED", "${{ needs.build-artifacts.outputs.sha256 }}")]),
    step(&rule::KEPT, Run(&["scripts/job-summary.sh evidence"])).always(),
    step(
        &rule::KEPT,
        Uses(
            "actions/upload-artifact",
            &[
                ("if-no-files-found", "error"),
                ("name", "verdict"),
                ("path", "evidence"),
            ],
        ),
    ),
];

const ATTEST: &[StepPlan] = &[
    ARTIFACTS,
    download(&[("name", "verdict"), ("path", "evidence")]),
    step(
        &rule::BYTES,
        Run(&["echo \"$VERIFIED  $(echo artifacts/*.crate)\" | sha256sum --check --strict"]),
    )
    .env(VERIFIED),
    step(
        &rule::ATTESTED,
        Uses(
            "actions/attest-build-provenance",
            &[("subject-path", "artifacts/*.crate")],
        ),
    ),
    step(
        &rule::ATTESTED,
        Run(&["jq .predicate evidence/statement.json >predicate.json"]),
    ),
    step(
        &rule::ATTESTED,
        Uses(
            "actions/attest",
            &[
                ("predicate-path", "predicate.json"),
                (
                    "predicate-type",
                    "https://in-toto.io/attestation/test-result/v0.1",
                ),
                ("subject-path", "artifacts/*.crate"),
            ],
        ),
    ),
];
