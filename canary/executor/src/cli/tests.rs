//! What workflows, scripts and documents would type is understood.

use clap::CommandFactory as _;

use super::*;

#[path = "../../../verifier/tests/support/commands.rs"]
#[expect(dead_code, unreachable_pub, reason = "shared by several test targets")]
mod commands;

#[test]
fn every_command_that_is_written_somewhere_is_understood() {
    let all = commands::of("canary");
    let refused: Vec<_> = all
        .iter()
        .filter_map(|named| Some((named, commands::refused(&Args::command(), named)?)))
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
    // It would be no proof if nothing were found.
    let has = |file: &str, word: &str| {
        let mut named = all.iter();
        named.any(|named| named.at.starts_with(file) && named.words.contains(&word.to_owned()))
    };
    for (file, word) in [
        (".github/workflows/publish.yml", "clean-install"),
        (".github/workflows/publish.yml", "security-status"),
        (".github/workflows/nightly.yml", "selftest"),
        ("scripts/gate.sh", "preflight"),
        ("scripts/gate.sh", "run"),
        ("scripts/promote-local.sh", "serve"),
        ("scripts/artifact-elsewhere.sh", "preflight"),
        (".ci/run", "docs"),
        ("LIVE-CANARIES.md", "discover"),
        ("CONTRIBUTING.md", "selftest"),
        ("RELEASING.md", "merge"),
        ("README.md", "rehearse"),
    ] {
        assert!(has(file, word), "{file}: {word}: {all:#?}");
    }
}

#[test]
fn what_is_not_understood_is_told() {
    let named = |words: &str| commands::Named {
        at: "here".to_owned(),
        words: words.split(' ').map(str::to_owned).collect(),
        is_whole: true,
    };
    for words in [
        "canary rehearsal",
        "canary run --stricter",
        "canary merge a.json",
        "canary matrix docs --rewrite F",
        "canary clean-install --artifact F --sha256 x",
        "canary clean-install --registry",
    ] {
        let command = Args::command();
        assert!(
            commands::refused(&command, &named(words)).is_some(),
            "{words}"
        );
    }
    let good = named("canary clean-install --registry --version $V --wait 600");
    assert_eq!(commands::refused(&Args::command(), &good), None);
}
