//! What workflows, scripts and documents would type is understood.

use super::*;

#[path = "../../tests/support/commands.rs"]
#[expect(dead_code, unreachable_pub, reason = "shared by several test targets")]
mod commands;

#[test]
fn every_command_that_is_written_somewhere_is_understood() {
    let all = commands::of("canary-verify");
    let refused: Vec<_> = all
        .iter()
        .filter_map(|named| Some((named, commands::refused(&Cli::command(), named)?)))
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
    // It would be no proof if nothing were found.
    let has = |file: &str, word: &str| {
        let mut named = all.iter();
        named.any(|named| named.at.starts_with(file) && named.words.contains(&word.to_owned()))
    };
    for (file, word) in [
        (".github/workflows/publish.yml", "versions"),
        (".github/workflows/ci.yml", "workflow"),
        ("scripts/promote-local.sh", "challenge"),
        ("scripts/verify.sh", "promotion"),
        (".ci/run", "workflow"),
        ("LIVE-CANARIES.md", "missing-env"),
        ("README.md", "env-template"),
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
        "canary-verify verdict",
        "canary-verify promotion --readiness F --live F --artefacts-root DIR",
        "canary-verify promotion --readiness F",
        "canary-verify versions --confirmed $V",
        "canary-verify schema none",
    ] {
        assert!(
            commands::refused(&Cli::command(), &named(words)).is_some(),
            "{words}"
        );
    }
    assert_eq!(
        commands::refused(
            &Cli::command(),
            &named("canary-verify versions --confirm $V")
        ),
        None
    );
}

#[test]
fn every_shell_is_given_its_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let cli = Cli::try_parse_from(["canary-verify", "completions", shell]);
        assert!(cli.is_ok(), "{shell}");
    }
    let mut script = Vec::new();
    clap_complete::generate(
        clap_complete::Shell::Bash,
        &mut Cli::command(),
        "canary-verify",
        &mut script,
    );
    let script = String::from_utf8(script).unwrap();
    for word in ["missing-env", "--artifacts-root", "--max-age"] {
        assert!(script.contains(word), "{word}");
    }
}
