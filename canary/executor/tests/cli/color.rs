//! Color is for terminals, and for those who want it there.
#![cfg(target_os = "linux")]

use std::process::Command;

use crate::support::{Place, nobody};

/// What a terminal shows of a command, by a program that every Debian has.
fn shown(place: &Place, command: &str, variables: &[(&str, &str)]) -> String {
    let canary = env!("CARGO_BIN_EXE_canary");
    let output = Command::new("script")
        .args(["--quiet", "--command", &format!("'{canary}' {command}")])
        .arg("/dev/null")
        .current_dir(place.path(""))
        .env_clear()
        .env("PATH", std::env::var("PATH").unwrap())
        .env("TERM", "xterm-256color")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_terminal_is_colored_unless_somebody_wants_none() {
    let place = Place::new();
    place.edit("matrix/rows.toml", "usage_adds_up", "usage_ads_up");
    for (command, variables, colored) in [
        ("matrix check", &[][..], true),
        ("matrix check", &[("NO_COLOR", "")], true),
        ("matrix check", &[("NO_COLOR", "1")], false),
        ("matrix check", &[("TERM", "dumb")], false),
        ("matrix check --color never", &[], false),
        (
            "matrix check --color always",
            &[("NO_COLOR", "1"), ("TERM", "dumb")],
            true,
        ),
    ] {
        let told = shown(&place, command, variables);
        assert!(told.contains("usage_ads_up"), "{told}");
        assert_eq!(
            told.contains('\x1b'),
            colored,
            "{command} {variables:?}: {told}"
        );
    }
}

#[test]
fn so_is_the_log() {
    let place = Place::new();
    let base_url = nobody();
    let inputs = [
        ("CANARY_LOG", "debug"),
        ("RUNINFRA_API_KEY", "rp_live_x"),
        ("RUNINFRA_LLM_MODEL", "m"),
        ("RUNINFRA_BASE_URL", base_url.as_str()),
    ];
    for (variable, colored) in [(("X", ""), true), (("NO_COLOR", "1"), false)] {
        let variables: Vec<_> = inputs.into_iter().chain([variable]).collect();
        let told = shown(&place, "run", &variables);
        assert!(told.contains("DEBUG"), "{told}");
        assert_eq!(told.contains('\x1b'), colored, "{told}");
    }
}
