//! What runs at night, job by job. More jobs may stand beside these, and no less.

use super::{
    CHECKOUT, JobPlan, StepPlan,
    WorkPlan::{Run, Uses},
    changes::job,
    step,
};
use crate::workflow::rule;

type Pairs = &'static [(&'static str, &'static str)];

/// The jobs of every night.
pub(in crate::workflow) const JOBS: &[JobPlan] = &[
    in_shares(
        job("every-row-against-every-fault", EVERY_FAULT),
        &["1", "2", "3", "4", "5", "6"],
    ),
    job(
        "no-false-alarm",
        &[
            CHECKOUT,
            campaign(&["scripts/soak.sh 20"]),
            campaign(&["scripts/soak.sh --busy 8 20"]),
            kept(&[
                ("if-no-files-found", "ignore"),
                ("name", "false-alarms"),
                ("path", "soak"),
            ])
            .on("failure()"),
        ],
    ),
    job(
        "foreign-clients",
        &[CHECKOUT, campaign(&["scripts/compat.sh"])],
    ),
    job(
        "foreign-readers",
        &[CHECKOUT, campaign(&["scripts/readers.sh"])],
    ),
    job(
        "hostile-reports",
        &[CHECKOUT, campaign(&["scripts/hostile-reports.sh"])],
    ),
    job(
        "artifact-elsewhere",
        &[CHECKOUT, campaign(&["scripts/artifact-elsewhere.sh"])],
    ),
    job(
        "local-registry",
        &[CHECKOUT, campaign(&["scripts/local-registry.sh"])],
    ),
    in_shares(
        job(
            "mutants",
            &[
                CHECKOUT,
                campaign(&["cargo install cargo-mutants --locked --version 27.1.0"]),
                campaign(&["scripts/mutants.sh --shard \"$SHARD\""]),
            ],
        ),
        &[
            "0/20", "1/20", "2/20", "3/20", "4/20", "5/20", "6/20", "7/20", "8/20", "9/20",
            "10/20", "11/20", "12/20", "13/20", "14/20", "15/20", "16/20", "17/20", "18/20",
            "19/20",
        ],
    ),
    job(
        "oldest-rust",
        &[
            CHECKOUT,
            campaign(&["rustup toolchain install 1.88.0 --profile minimal"]),
            campaign(&["cargo +1.88.0 check --locked --package runinfra --all-features"]),
        ],
    ),
    job(
        "advisories",
        &[
            CHECKOUT,
            campaign(&["cargo install cargo-deny --locked --version 0.20.2"]),
            campaign(&["cargo deny check"]),
        ],
    ),
    job("public-api", PUBLIC_API),
    job("fuzz", FUZZ),
];

const EVERY_FAULT: &[StepPlan] = &[
    CHECKOUT,
    campaign(&[
        "cargo run --locked --release --bin canary -- selftest --full --partition \"$SHARD/6\" --out selftest.jsonl",
    ]),
    kept(&[
        ("if-no-files-found", "ignore"),
        ("name", "selftest-${{ matrix.shard }}"),
        ("path", "selftest.jsonl"),
    ])
    .always(),
];

const RELEASED: &str = "steps.release.outputs.exists == 'true'";

const PUBLIC_API: &[StepPlan] = &[
    CHECKOUT,
    campaign(&[
        "status=$(curl --silent --show-error --output /dev/null --write-out '%{http_code}' https://index.crates.io/ru/ni/runinfra)",
        "case $status in",
        "200) echo 'exists=true' >>\"$GITHUB_OUTPUT\" ;;",
        "404) echo '::notice::runinfra has no release yet: nothing to compare with' ;;",
        "*) echo \"::error::tried to look up runinfra in the registry's index, which answered $status\"; exit 1 ;;",
        "esac",
    ])
    .id("release"),
    campaign(&["cargo install cargo-semver-checks --locked --version 0.51.0"]).on(RELEASED),
    campaign(&["cargo semver-checks --package runinfra --all-features"]).on(RELEASED),
];

const FUZZ: &[StepPlan] = &[
    CHECKOUT,
    campaign(&[
        "rustup toolchain install nightly --profile minimal",
        "cargo install cargo-fuzz --locked --version 0.13.2",
    ]),
    campaign(&["scripts/fuzz.sh --seconds 600"]),
    kept(&[
        ("if-no-files-found", "ignore"),
        ("name", "fuzz-findings"),
        ("path", "fuzz/artifacts"),
    ])
    .on("failure()"),
];

const fn in_shares(plan: JobPlan, shares: &'static [&'static str]) -> JobPlan {
    JobPlan {
        env: &[("SHARD", "${{ matrix.shard }}")],
        shares: Some(("shard", shares)),
        ..plan
    }
}

const fn campaign(lines: &'static [&'static str]) -> StepPlan {
    step(&rule::NIGHTLY, Run(lines))
}

const fn kept(with: Pairs) -> StepPlan {
    step(&rule::KEPT, Uses("actions/upload-artifact", with))
}
