//! The scripts of the release as they stand in the workflow, run as the runner runs them, with
//! stand-ins for what would build, ask the network or publish.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    process::{Command, Output},
};

use canary_core::digest::Digest;
use canary_verifier::workflow::scripts;

use super::{PUBLISH, repository};

/// What cargo packs here.
const PACKED: &str = "the packed bytes";

/// A runner: the repository's scripts, a folder of stand-ins, and the files that a step writes.
struct Runner {
    folder: tempfile::TempDir,
}

impl Runner {
    fn new() -> Self {
        let runner = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        for (name, text) in repository().scripts {
            runner.program(&name, &text);
        }
        let log = runner.path("log").display().to_string();
        // Packs, publishes and builds without doing any of it.
        runner.program(
            "bin/cargo",
            &format!(
                "#!/usr/bin/env bash\nset -euo pipefail\n\
                 echo \"cargo $* token=${{CARGO_REGISTRY_TOKEN-}}\" >>'{log}'\n\
                 [[ ! -e cargo-fails ]] || exit 101\n\
                 while (($#)); do case $1 in\n\
                   --target-dir) mkdir -p \"$2/package\"; printf '%s' \"$(cat packed)\" >\"$2/package/runinfra-0.1.0.crate\"; shift ;;\n\
                   canary-verify) mkdir -p target/release; cp verifier target/release/canary-verify ;;\n\
                   pkgid) echo 'path+file:///x/sdk#runinfra@0.1.0' ;;\n\
                 esac; shift; done\n"
            ),
        );
        // What is packed here is no archive; what is in one is looked at elsewhere.
        runner.program("bin/tar", "#!/bin/sh\necho runinfra-0.1.0/Cargo.toml\n");
        runner.program(
            "verifier",
            &format!(
                "#!/usr/bin/env bash\nset -euo pipefail\n{{ echo \"verifier $*\"; env; }} >>'{log}'\n\
                 while (($#)); do [[ $1 != --statement ]] || echo '{{\"predicate\":1}}' >\"$2\"; shift; done\n\
                 echo verdict\n[[ ! -e verifier-refuses ]] || exit 1\n"
            ),
        );
        runner.program(
            "target/release/canary",
            &format!("#!/usr/bin/env bash\necho \"canary $*\" >>'{log}'\n[[ ! -e \"$1-says-no\" ]] || exit 1\n"),
        );
        runner.put("packed", PACKED);
        runner
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn program(&self, name: &str, text: &str) {
        self.put(name, text);
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Runs the one script of a job that holds a text.
    fn step(&self, job: &str, holds: &str, variables: &[(&str, &str)]) -> Output {
        let publish = repository().files;
        let publish = publish.iter().find(|file| file.name == PUBLISH).unwrap();
        let mut found = scripts(&publish.text);
        found.retain(|(of, run)| of == job && run.contains(holds));
        assert_eq!(found.len(), 1, "{job}: {holds}");
        self.put("step.sh", &found[0].1);
        Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "step.sh"])
            .current_dir(self.folder.path())
            .env_clear()
            .env(
                "PATH",
                format!("{}:/usr/bin:/bin", self.path("bin").display()),
            )
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .env("GITHUB_REPOSITORY", "owner/name")
            .envs(variables.iter().copied())
            .output()
            .unwrap()
    }

    /// Artifacts and evidence as the jobs before have left them.
    fn downloaded(&self) {
        self.put("artifacts/runinfra-0.1.0.crate", PACKED);
        self.put("artifacts/challenge.json", "{}");
        self.put("evidence/readiness.json", "{}");
        self.put("evidence/live.json", "{}");
    }
}

fn digest() -> String {
    Digest::of(PACKED).to_string()
}

#[track_caller]
fn ends(output: &Output, success: bool) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.success(), success, "{out}{err}");
}

#[test]
fn packing_hands_on_the_digest_of_what_was_packed() {
    let runner = Runner::new();
    ends(&runner.step("build-artifacts", "package.sh", &[]), true);
    assert_eq!(runner.text("output"), format!("sha256={}\n", digest()));
    assert_eq!(runner.text("artifacts/runinfra-0.1.0.crate"), PACKED);
}

#[test]
fn what_could_not_be_packed_has_no_digest() {
    let runner = Runner::new();
    runner.put("cargo-fails", "");
    ends(&runner.step("build-artifacts", "package.sh", &[]), false);
    assert_eq!(runner.text("output"), "");
    // Something old lies there.
    let runner = Runner::new();
    runner.put("artifacts/old.crate", "");
    ends(&runner.step("build-artifacts", "package.sh", &[]), false);
    assert_eq!(runner.text("output"), "");
}

#[test]
fn what_was_typed_is_one_word_whatever_it_holds() {
    let typed = "0.1.0\"; touch owned; echo $(touch owned) `touch owned` '";
    let runner = Runner::new();
    let confirmed = [("CONFIRMED", typed)];
    ends(
        &runner.step("build-artifacts", "versions", &confirmed),
        true,
    );
    assert!(
        runner
            .text("log")
            .contains(&format!("versions --confirm {typed} token="))
    );
    assert!(!runner.path("owned").exists());
}

#[test]
fn the_gate_runs_nothing_after_a_no() {
    for (no, ran) in [("", 2), ("preflight-says-no", 1), ("run-says-no", 2)] {
        let runner = Runner::new();
        runner.downloaded();
        if !no.is_empty() {
            runner.put(no, "");
        }
        ends(
            &runner.step("promotion-gate", "gate.sh", &[]),
            no.is_empty(),
        );
        let log = runner.text("log");
        let lines: Vec<&str> = log.lines().collect();
        assert_eq!(lines.len(), ran, "{log}");
        for line in lines {
            for word in [
                "--strict",
                "--package-source artifact",
                "--artifacts-root artifacts",
            ] {
                assert!(line.contains(word), "{line}");
            }
        }
    }
}

#[test]
fn the_digest_is_handed_on_only_after_the_verifiers_yes() {
    let digest = digest();
    let packed = [
        ("PACKED", digest.as_str()),
        ("RUNINFRA_API_KEY", "must not travel"),
    ];
    let runner = Runner::new();
    runner.downloaded();
    ends(&runner.step("verify", "verify.sh", &packed), true);
    assert_eq!(runner.text("output"), format!("sha256={digest}\n"));
    assert_eq!(runner.text("evidence/verdict.txt"), "verdict\n");
    let log = runner.text("log");
    assert!(log.contains("verifier promotion --artifacts-root"), "{log}");
    assert!(!log.contains("must not travel"), "{log}");

    let runner = Runner::new();
    runner.downloaded();
    runner.put("verifier-refuses", "");
    ends(&runner.step("verify", "verify.sh", &packed), false);
    assert_eq!(runner.text("output"), "");

    // Other bytes are not even shown to the verifier.
    let runner = Runner::new();
    runner.downloaded();
    runner.put("artifacts/runinfra-0.1.0.crate", "other bytes");
    ends(&runner.step("verify", "verify.sh", &packed), false);
    assert_eq!(runner.text("output"), "");
    assert!(!runner.text("log").contains("verifier"));
}

#[test]
fn only_the_verified_bytes_are_published_and_the_token_is_away_until_then() {
    let digest = digest();
    let token = ("CARGO_REGISTRY_TOKEN", "short-lived");
    let runner = Runner::new();
    ends(
        &runner.step("publish", "publish.sh", &[("VERIFIED", &digest), token]),
        true,
    );
    let log = runner.text("log");
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len(), 2, "{log}");
    assert!(
        lines[0].starts_with("cargo package ") && lines[0].ends_with(" token="),
        "{log}"
    );
    assert!(
        lines[1].starts_with("cargo publish ") && lines[1].ends_with("short-lived"),
        "{log}"
    );
    assert!(lines[1].contains("--no-verify"), "{log}");

    for verified in [Digest::of("other").to_string().as_str(), "", "anything"] {
        let runner = Runner::new();
        ends(
            &runner.step("publish", "publish.sh", &[("VERIFIED", verified), token]),
            false,
        );
        assert!(!runner.text("log").contains("cargo publish"), "{verified}");
    }
}

#[test]
fn what_is_attested_is_what_was_verified() {
    let digest = digest();
    let verified = [("VERIFIED", digest.as_str())];
    let runner = Runner::new();
    runner.downloaded();
    ends(&runner.step("attest", "sha256sum", &verified), true);
    runner.put("artifacts/runinfra-0.1.1.crate", PACKED);
    ends(&runner.step("attest", "sha256sum", &verified), false);
    let runner = Runner::new();
    runner.downloaded();
    runner.put("artifacts/runinfra-0.1.0.crate", "other bytes");
    ends(&runner.step("attest", "sha256sum", &verified), false);
    ends(
        &runner.step("attest", "sha256sum", &[("VERIFIED", "")]),
        false,
    );
}

#[test]
fn the_registry_is_asked_for_the_verified_bytes() {
    let digest = digest();
    let runner = Runner::new();
    let ask = |runner: &Runner| {
        runner.step(
            "registry-install",
            "clean-install",
            &[("VERIFIED", digest.as_str())],
        )
    };
    ends(&ask(&runner), true);
    let asked = format!("clean-install --registry --version 0.1.0 --sha256 {digest} --wait 600");
    assert!(
        runner.text("log").contains(&asked),
        "{}",
        runner.text("log")
    );
    runner.put("cargo-fails", "");
    ends(&ask(&runner), false);
}

#[test]
fn a_dry_run_says_what_it_did_not_prove() {
    let runner = Runner::new();
    runner.put("promotion/verdict.txt", "REFUSED\n");
    ends(&runner.step("dry-run", "job-summary.sh", &[]), true);
    let summary = runner.text("summary");
    for said in [
        "### Canaries",
        "REFUSED",
        "no `live.json` was written",
        "nothing was published",
    ] {
        assert!(summary.contains(said), "{summary}");
    }
}

#[test]
fn alerts_are_asked_for_of_this_repository() {
    let runner = Runner::new();
    ends(
        &runner.step("security-status", "security-status", &[]),
        true,
    );
    assert!(
        runner
            .text("log")
            .contains("canary -- security-status --repo owner/name token=")
    );
    runner.put("cargo-fails", "");
    ends(
        &runner.step("security-status", "security-status", &[]),
        false,
    );
}
