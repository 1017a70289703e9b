//! No build for a browser can carry a key.

use std::process::Command;

/// What the compiler says of this crate under these settings, without needing the target's standard library.
fn complaints(settings: &[&str]) -> String {
    let directory = std::env::temp_dir();
    let output = Command::new("rustc")
        .args([
            "--edition",
            "2024",
            "--crate-type",
            "lib",
            "--emit",
            "metadata",
            "--cap-lints",
            "allow",
            "--out-dir",
        ])
        .arg(directory)
        .args(settings)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs"))
        .output()
        .unwrap();
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn wasm_is_refused_with_the_reason() {
    let reason = "runinfra does not build for wasm";
    let wasm = complaints(&[
        "-A",
        "explicit_builtin_cfgs_in_flags",
        "--cfg",
        "target_family=\"wasm\"",
    ]);
    assert!(wasm.contains(reason), "{wasm}");
    // The same command without the setting complains of missing dependencies only.
    assert!(!complaints(&[]).contains(reason));
}

/// The setting above is what the compiler sets for every such target.
#[test]
fn every_wasm_target_has_that_family() {
    for target in [
        "wasm32-unknown-unknown",
        "wasm32-wasip1",
        "wasm32-wasip2",
        "wasm32-unknown-emscripten",
        "wasm64-unknown-unknown",
    ] {
        let output = Command::new("rustc")
            .args(["--print", "cfg", "--target", target])
            .output()
            .unwrap();
        let settings = String::from_utf8(output.stdout).unwrap();
        assert!(
            settings
                .lines()
                .any(|line| line == "target_family=\"wasm\""),
            "{target}: {settings}"
        );
    }
}
