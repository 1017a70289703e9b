//! What workflows, scripts and documents would type is understood.

use clap::CommandFactory as _;

use super::*;

#[path = "../../../verifier/tests/support/commands.rs"]
#[expect(dead_code, unreachable_pub, reason = "shared by several test targets")]
mod commands;

#[test]
fn every_command_that_is_written_somewhere_is_understood() {
    let known = [
        (".github/workflows/publish.yml", "clean-install"),
        (".github/workflows/publish.yml", "security-status"),
        (".github/workflows/nightly.yml", "selftest"),
        ("scripts/gate.sh", "preflight"),
        ("scripts/gate.sh", "run"),
        ("scripts/promote-local.sh", "serve"),
        ("scripts/artifact-elsewhere.sh", "preflight"),
        ("scripts/local-registry.sh", "clean-install"),
        (".ci/run", "docs"),
        ("LIVE-CANARIES.md", "discover"),
        ("CONTRIBUTING.md", "selftest"),
        ("RELEASING.md", "merge"),
        ("RELEASING.md share", "--partition"),
        ("README.md", "rehearse"),
    ];
    commands::all_are_understood(&Args::command(), &known);
}

#[test]
fn what_is_not_understood_is_told() {
    let all = [
        "canary rehearsal",
        "canary run --stricter",
        "canary merge a.json",
        "canary matrix docs --rewrite F",
        "canary clean-install --artifact F --sha256 x",
        "canary clean-install --registry",
    ];
    commands::none_is_understood(&Args::command(), &all);
    let good = "canary clean-install --registry --version $V --wait 600";
    let good = commands::Named::whole(good);
    assert_eq!(commands::refused(&Args::command(), &good), None);
}

#[test]
fn completions_know_commands_and_options() {
    let mut script = Vec::new();
    let shell = clap_complete::Shell::Bash;
    clap_complete::generate(shell, &mut Args::command(), "canary", &mut script);
    let script = String::from_utf8(script).unwrap();
    for word in ["clean-install", "--artifacts-root", "selftest"] {
        assert!(script.contains(word), "{word}");
    }
}

#[test]
fn a_catalog_that_changed_or_was_seen_once_makes_a_run_doubtful() {
    use canary_core::digest::Digest;

    let digest = |text: &str| Some(Digest::of(text));
    let doubt = |at_start, at_end, aborted| {
        run::doubt(&crate::run::Outcome {
            results: Vec::new(),
            aborted,
            gateway_at_start: at_start,
            gateway_at_end: at_end,
        })
    };
    assert_eq!(doubt(digest("a"), digest("a"), false), None);
    // Whoever has no key for the catalog never sees it.
    assert_eq!(doubt(None, None, false), None);
    let changed = doubt(digest("a"), digest("b"), false).unwrap();
    assert!(changed.contains("changed during the run"), "{changed}");
    for (start, end) in [(digest("a"), None), (None, digest("a"))] {
        let once = doubt(start, end, false).unwrap();
        assert!(once.contains("at one end"), "{once}");
        // An interrupted run reads no catalog in the end, and says that it was interrupted.
        assert_eq!(doubt(start, end, true), None);
    }
}
