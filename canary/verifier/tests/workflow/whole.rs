//! The release as a whole, on a runner of our own: with the real verifier, the real scripts and the real
//! workflow. The canary is a stand-in that hands out prepared reports; cargo packs and publishes nothing.

use std::{collections::BTreeMap, fs, path::Path};

use canary_core::{
    digest::Digest,
    matrix::Matrix,
    report::v1::{CUSTOM_BASE_URL, RowStatus},
};
use canary_verifier::{canon::Canon, workflow::Work};
use chrono::{Duration, Utc};

use super::{
    hosted::{Ended, Hosted, Tamper, crates},
    repository,
    support::{Good, matrix},
};
use Ended::{Failure, Skipped, Success};

/// Everything that a release finds: the tree, the programs, the reports that the canary will write.
fn release(change: impl FnOnce(&mut Good)) -> Hosted {
    let hosted = Hosted::new();
    let files = matrix::small();
    for file in &files {
        hosted.put(&format!("tree/matrix/{}", file.name), &file.text);
    }
    let canon = Canon::of(&Matrix::load(files, None).unwrap());
    let mut good = Good::at(canon, Utc::now());
    good.tree_text("README.md", "runinfra = \"0.1\"\n");
    good.package_text("README.md", "runinfra = \"0.1\"\n");
    good.restage();
    good.describe_candidate();
    good.bind();
    change(&mut good);
    tree(&hosted, &good);
    programs(&hosted);
    let challenge = good.challenge.as_ref().unwrap();
    hosted.put("challenge.json", challenge.bytes().unwrap());
    reports(&hosted, "production", &good);
    for lane in &mut good.live.reports {
        CUSTOM_BASE_URL.clone_into(&mut lane.base_url);
    }
    reports(&hosted, "custom", &good);
    hosted
}

fn reports(hosted: &Hosted, kind: &str, good: &Good) {
    hosted.put(&format!("{kind}/readiness.json"), good.readiness_json());
    hosted.put(&format!("{kind}/live.json"), good.live_json());
}

/// The commit that is released: the repository's workflows and scripts, and a small SDK.
fn tree(hosted: &Hosted, good: &Good) {
    let all = repository();
    for file in &all.files {
        hosted.put(&format!("tree/{}", file.name), &file.text);
    }
    for (name, text) in &all.scripts {
        hosted.program(&format!("tree/{name}"), text);
    }
    for (name, text) in &all.settings {
        hosted.put(&format!("tree/{name}"), text);
    }
    for (path, bytes) in &good.tree {
        hosted.put(&format!("tree/sdk/{path}"), bytes);
    }
    let workspace =
        "[workspace.dependencies]\nruninfra = { path = \"sdk\", version = \"0.1.0\" }\n";
    hosted.put("tree/Cargo.toml", format!("{}{workspace}", good.workspace));
    hosted.put("tree/Cargo.lock", &good.lock);
    hosted.put(
        "tree/CHANGELOG.md",
        "## [Unreleased]\n\n## [0.1.0] - 2026-01-01\n\n- It exists.\n",
    );
    hosted.put("tree/README.md", "runinfra = \"0.1.0\"\n");
    let (name, bytes) = good.staged.iter().next().unwrap();
    hosted.put(&format!("packed/{name}"), bytes);
}

/// cargo, which runs the real verifier and the stand-in for the canary; and that stand-in.
fn programs(hosted: &Hosted) {
    let here = hosted.path("").display().to_string();
    let verifier = env!("CARGO_BIN_EXE_canary-verify");
    hosted.program(
        "bin/cargo",
        &format!(
            r#"#!/usr/bin/env bash
set -euo pipefail
here='{here}' verifier='{verifier}'
echo "cargo $* token=${{CARGO_REGISTRY_TOKEN-}}" >>"$here/log"
case $1 in
  run)
    while [[ $1 != --bin ]]; do shift; done
    program=$2
    while [[ $1 != -- ]]; do shift; done
    shift
    # The prepared run answers the prepared challenge.
    if [[ $1 == challenge ]]; then exec cp "$here/challenge.json" "$3"; fi
    if [[ $program == canary-verify ]]; then exec "$verifier" "$@"; fi
    exec "$here/canary" "$@" ;;
  build)
    mkdir -p target/release
    cp "$here/canary" target/release/canary
    cp "$verifier" target/release/canary-verify ;;
  package | publish)
    while [[ $1 != --target-dir ]]; do shift; done
    mkdir -p "$2/package"
    cp "$here"/packed/*.crate "$2/package/" ;;
  pkgid) echo 'path+file:///x/sdk#runinfra@0.1.0' ;;
  cyclonedx)
    if [[ $2 == --version ]]; then echo 'cargo-cyclonedx 0.5.9'; exit; fi
    while [[ $1 != --override-filename ]]; do shift; done
    echo '{{}}' >"sdk/$2.json" ;;
  *) echo "unexpected: cargo $*" >&2; exit 101 ;;
esac
"#
        ),
    );
    // The hosted machines have jq; others may not.
    hosted.program(
        "bin/jq",
        "#!/bin/sh\nset -e\ngrep -q predicate \"$2\"\necho {}\n",
    );
    // Like the real one it tells which gateway it was.
    hosted.program(
        "canary",
        &format!(
            r#"#!/usr/bin/env bash
set -euo pipefail
here='{here}' command=$1 kind=production
echo "canary $*" >>"$here/log"
[[ ! -e $here/$command-says-no ]] || exit 1
report=''
while (($#)); do
  case $1 in
    --env-file) kind=custom ;;
    --report) report=$2 ;;
    --summary) echo '| row | status |' >"$2" ;;
    --write-env)
      echo >"$2"
      exec env --default-signal=INT bash -c 'trap "exit 0" INT; while :; do sleep 0.1; done' ;;
  esac
  shift
done
case $command in
  preflight) cp "$here/$kind/readiness.json" "$report" ;;
  run) cp "$here/$kind/live.json" "$report" ;;
esac
"#
        ),
    );
}

fn all_but(ended: &BTreeMap<String, Ended>, but: &[(&str, Ended)], rest: Ended, log: &str) {
    for (job, end) in ended {
        let wanted = but
            .iter()
            .find(|(name, _)| name == job)
            .map_or(rest, |(_, end)| *end);
        assert_eq!(*end, wanted, "{job}\n{log}");
    }
}

/// Nothing was published, signed, or even asked of the registry.
fn nothing_left(hosted: &Hosted) {
    let log = hosted.text("log");
    for left in ["cargo publish", "short-lived", "attest", "--registry"] {
        assert!(!log.contains(left), "{left}: {log}");
    }
}

#[test]
fn a_release_publishes_the_verified_bytes_once_and_proves_it() {
    let mut hosted = release(|_| {});
    let ended = hosted.run();
    all_but(
        &ended,
        &[("dry-run", Skipped)],
        Success,
        &hosted.text("steps.log"),
    );
    let packed = &crates(&hosted.path("packed"))[0];
    let digest = Digest::of(fs::read(packed).unwrap()).to_string();
    let here = hosted.path("").display().to_string();
    let log = hosted
        .text("log")
        .replace(&digest, "DIGEST")
        .replace(&here, "HERE");
    let temporary = |word: &str| word.starts_with("/tmp/") || word.starts_with("HERE");
    let lines = log.lines().map(|line| {
        let words = line
            .split(' ')
            .map(|word| if temporary(word) { "TEMPORARY" } else { word });
        words.collect::<Vec<_>>().join(" ")
    });
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
    // Only the gate is given secrets, and the job that asks for alerts its own token.
    let saw: Vec<&String> = hosted.saw_secret.iter().collect();
    assert_eq!(saw, ["promotion-gate 3", "security-status 1"]);
}

#[test]
fn a_dry_run_goes_as_far_as_it_can_and_says_what_it_did_not_prove() {
    let mut hosted = release(|_| {});
    hosted.dry_run = true;
    let ended = hosted.run();
    let ran = [
        ("build-artifacts", Success),
        ("security-status", Success),
        ("dry-run", Success),
    ];
    all_but(&ended, &ran, Skipped, &hosted.text("steps.log"));
    nothing_left(&hosted);
    assert_eq!(hosted.saw_secret.len(), 1, "{:?}", hosted.saw_secret);
    let summary = hosted.text("summary");
    for said in [
        "nothing was published",
        "Not proven",
        "gateway_is_production",
        "### Canaries",
    ] {
        assert!(summary.contains(said), "{said}: {summary}");
    }
}

#[test]
fn another_version_or_another_branch_releases_nothing() {
    for dry_run in [true, false] {
        let mut hosted = release(|_| {});
        hosted.dry_run = dry_run;
        hosted.confirm_version = "0.2.0".to_owned();
        let ended = hosted.run();
        all_but(&ended, &[("build-artifacts", Failure)], Skipped, "");
        nothing_left(&hosted);
        let mut hosted = release(|_| {});
        hosted.dry_run = dry_run;
        hosted.branch = "refs/heads/other".to_owned();
        all_but(&hosted.run(), &[], Skipped, "");
        assert_eq!(hosted.text("log"), "");
    }
}

#[test]
fn a_row_that_fails_stops_the_release_and_leaves_its_evidence() {
    let mut hosted = release(|_| {});
    hosted.put("run-says-no", "");
    let ended = hosted.run();
    let ran = [
        ("build-artifacts", Success),
        ("security-status", Success),
        ("promotion-gate", Failure),
    ];
    all_but(&ended, &ran, Skipped, &hosted.text("steps.log"));
    nothing_left(&hosted);
    assert!(hosted.path("stored/evidence/readiness.json").is_file());
}

/// What is stored between two jobs is changed: whoever could do that still publishes nothing.
#[test]
fn what_is_tampered_with_between_the_jobs_is_noticed_by_the_verifier() {
    let put = |name: &'static str, from: &'static str, to: &'static str| {
        move |stored: &Path| {
            let path = stored.join(name);
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.contains(from), "{name}: {from}");
            fs::write(path, text.replacen(from, to, 1)).unwrap();
        }
    };
    let table: [Tamper; 5] = [
        Box::new(put(
            "evidence/live.json",
            "\"strict\": true",
            "\"strict\": false",
        )),
        Box::new(put(
            "evidence/live.json",
            "\"status\": \"passed\"",
            "\"status\": \"failed\"",
        )),
        Box::new(put(
            "evidence/readiness.json",
            "\"strict\": true",
            "\"strict\":  true",
        )),
        Box::new(|stored| {
            let path = &crates(&stored.join("artifacts"))[0];
            fs::write(path, "other bytes").unwrap();
        }),
        Box::new(|stored| fs::remove_dir_all(stored.join("evidence")).unwrap()),
    ];
    for (index, tamper) in table.into_iter().enumerate() {
        let mut hosted = release(|_| {});
        hosted.tamper.insert("promotion-gate".to_owned(), tamper);
        let ended = hosted.run();
        let log = hosted.text("steps.log");
        assert_eq!(ended["verify"], Failure, "{index}: {log}");
        for job in ["publish", "attest", "registry-install"] {
            assert_eq!(ended[job], Skipped, "{index}");
        }
        nothing_left(&hosted);
    }
}

/// What makes evidence worthless, and how.
type Spoilt = (&'static str, fn(&mut Good));

#[test]
fn evidence_that_the_verifier_refuses_publishes_nothing() {
    let changes: [Spoilt; 3] = [
        ("a failed row", |good| {
            let row = good.live.reports[0].results[0].name.clone();
            good.fail(&row);
            assert_eq!(good.result(&row).status, RowStatus::Failed);
        }),
        ("an old run", |good| {
            for at in [
                &mut good.readiness.generated_at,
                &mut good.live.generated_at,
            ] {
                *at -= Duration::days(3);
            }
        }),
        ("another artifact", |good| {
            good.package_text("src/lib.rs", "//! Another SDK.\n");
            good.restage();
        }),
    ];
    for (what, change) in changes {
        let mut hosted = release(change);
        let ended = hosted.run();
        assert_eq!(
            ended["verify"],
            Failure,
            "{what}: {}",
            hosted.text("steps.log")
        );
        nothing_left(&hosted);
        assert!(hosted.text("summary").contains("REFUSED"), "{what}");
        assert!(
            hosted.text("stored/verdict/verdict.json").is_empty(),
            "{what}"
        );
    }
}

/// The step of publishing itself packs again, and holds what it packed against the verdict.
#[test]
fn a_tree_that_packs_other_bytes_is_not_published() {
    let mut hosted = release(|_| {});
    let packed = crates(&hosted.path("packed"))[0].clone();
    hosted.tamper.insert(
        "verify".to_owned(),
        Box::new(move |_| fs::write(&packed, "other bytes").unwrap()),
    );
    let ended = hosted.run();
    assert_eq!((ended["verify"], ended["publish"]), (Success, Failure));
    assert!(!hosted.text("log").contains("cargo publish"));
    assert_eq!(
        (ended["attest"], ended["registry-install"]),
        (Skipped, Skipped)
    );
}

/// Whichever step fails before publishing, nothing is published.
#[test]
fn no_step_before_publishing_can_fail_unnoticed() {
    let before = [
        "build-artifacts",
        "security-status",
        "promotion-gate",
        "verify",
    ];
    let mut tried = 0;
    for job in Hosted::jobs() {
        for (index, step) in job.steps.iter().enumerate() {
            // What keeps or shows evidence may fail after the verdict; it still ends its job.
            let is_before = before.contains(&job.id.as_str());
            let publishes = matches!(&step.work, Work::Run(run) if run.contains("publish.sh"));
            if !is_before && (job.id != "publish" || publishes) {
                continue;
            }
            let mut hosted = release(|_| {});
            hosted.broken = Some((job.id.clone(), index));
            let ended = hosted.run();
            assert_eq!(ended[&job.id], Failure, "{} {index}", job.id);
            let log = hosted.text("log");
            assert!(!log.contains("cargo publish"), "{} {index}: {log}", job.id);
            tried += 1;
        }
    }
    assert!(tried >= 20, "{tried}");
}
