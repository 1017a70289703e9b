//! Scripts, crates and programs that workflows, scripts and documents name are there, and have the options
//! that they are given.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is a failed test"
)]

#[path = "support/commands.rs"]
#[expect(dead_code, unreachable_pub, reason = "shared by several test targets")]
mod commands;

use std::{fs, os::unix::fs::PermissionsExt as _};

use commands::Named;

/// What is wrong with a call of a script, if anything is.
fn wrong(call: &Named) -> Option<String> {
    let name = call.words[0].trim_start_matches("./");
    let path = commands::root().join(name);
    let Ok(text) = fs::read_to_string(&path) else {
        return Some(format!("{}: no script {name}", call.at));
    };
    if fs::metadata(&path).unwrap().permissions().mode() & 0o111 == 0 {
        return Some(format!("{}: {name} cannot be run", call.at));
    }
    let mut options = call.words[1..].iter().filter(|word| word.starts_with("--"));
    // The head of a script that takes options says what they are.
    let unknown = options.find(|option| !text.contains(option.as_str()))?;
    Some(format!("{}: {name} has no {unknown}", call.at))
}

#[test]
fn every_script_that_is_called_is_there_with_its_options() {
    let all = commands::scripts();
    let wrong: Vec<String> = all.iter().filter_map(wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    for (file, script) in [
        (".github/workflows/nightly.yml", "scripts/fuzz.sh"),
        (".github/workflows/publish.yml", "scripts/gate.sh"),
        (".ci/run", "scripts/promote-local.sh"),
        ("RELEASING.md", "scripts/promote-local.sh"),
    ] {
        let mut named = all.iter();
        let is_there = named.any(|call| call.at.starts_with(file) && call.words[0] == script);
        assert!(is_there, "{file}: {script}: {all:#?}");
    }
}

#[test]
fn a_script_or_an_option_that_is_not_there_is_told() {
    for words in [
        "scripts/none.sh",
        "scripts/fuzz.sh --minutes 1",
        "scripts/compat.sh --long",
    ] {
        let call = Named::whole(words);
        assert!(wrong(&call).is_some(), "{words}");
    }
}

/// The gateway's own arguments: those of its program are fields of `gateway/src/cli.rs`.
#[test]
fn the_gateway_has_the_options_that_it_is_given() {
    let arguments = fs::read_to_string(commands::root().join("gateway/src/cli.rs")).unwrap();
    let all = commands::of("canary-gateway");
    assert!(!all.is_empty());
    for named in all {
        for option in named
            .words
            .iter()
            .filter_map(|word| word.strip_prefix("--"))
        {
            let field = format!("{}:", option.split('=').next().unwrap().replace('-', "_"));
            let is_known = option == "help" || arguments.contains(&field);
            assert!(is_known, "{}: --{option}", named.at);
        }
    }
}
