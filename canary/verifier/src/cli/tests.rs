//! What workflows, scripts and documents would type is understood.

use super::*;

#[path = "../../tests/support/commands.rs"]
#[expect(dead_code, unreachable_pub, reason = "shared by several test targets")]
mod commands;

#[test]
fn every_command_that_is_written_somewhere_is_understood() {
    let known = [
        (".github/workflows/publish.yml", "versions"),
        (".github/workflows/ci.yml", "workflow"),
        ("scripts/promote-local.sh", "challenge"),
        ("scripts/verify.sh", "promotion"),
        (".ci/run", "workflow"),
        ("LIVE-CANARIES.md", "missing-env"),
        ("README.md", "env-template"),
    ];
    commands::all_are_understood(&Cli::command(), &known);
}

#[test]
fn what_is_not_understood_is_told() {
    let all = [
        "canary-verify verdict",
        "canary-verify promotion --readiness F --live F --artefacts-root DIR",
        "canary-verify promotion --readiness F",
        "canary-verify versions --confirmed $V",
        "canary-verify schema none",
    ];
    commands::none_is_understood(&Cli::command(), &all);
    let good = commands::Named::whole("canary-verify versions --confirm $V");
    assert_eq!(commands::refused(&Cli::command(), &good), None);
}

#[test]
fn every_shell_is_given_its_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let cli = Cli::try_parse_from(["canary-verify", "completions", shell]);
        assert!(cli.is_ok(), "{shell}");
    }
    let mut script = Vec::new();
    let shell = clap_complete::Shell::Bash;
    clap_complete::generate(shell, &mut Cli::command(), "canary-verify", &mut script);
    let script = String::from_utf8(script).unwrap();
    for word in ["missing-env", "--artifacts-root", "--max-age"] {
        assert!(script.contains(word), "{word}");
    }
}
