//! Files that are nearly what they should be: packages that two readers would read differently, lock
//! files and manifests that say other things than the tree's, and reports in other bytes.

use canary_core::candidate::source::LOCK;
use flate2::{Compression, GzBuilder};

use crate::{
    change::{Change, all_are_refused},
    support::{Good, pack},
};

const PACKAGE: &str = "artifact_is_a_package";
const MANIFEST: &str = "packed_manifest_is_the_trees";
const LOCKED: &str = "packed_lock_is_the_trees";
const STAGED: &str = "artifacts_are_the_staged_files";

fn name() -> String {
    canary_core::candidate::crate_file_name("0.1.0")
}

/// Stages the artifact with bytes put after it, and tells the reports of it.
fn after(good: &mut Good, bytes: &[u8]) {
    let whole = [good.staged[&name()].as_slice(), bytes].concat();
    good.restage_bytes(whole);
}

/// Changes the manifest that cargo wrote.
fn manifest(good: &mut Good, from: &str, to: &str) {
    let written = "[package]\nname = \"runinfra\"\nversion = \"0.1.0\"\n";
    let changed = written.replacen(from, to, 1);
    assert_ne!(changed, written);
    good.package_text("Cargo.toml", &changed);
    good.restage();
}

fn locked(good: &mut Good, from: &str, to: &str) {
    let changed = good.lock.replacen(from, to, 1);
    assert_ne!(changed, good.lock);
    good.package_text(LOCK, &changed);
    good.restage();
}

const PACKAGES: &[Change] = &[
    (
        "bytes after the package",
        |g| after(g, b"#!/bin/sh\n"),
        &[PACKAGE],
    ),
    ("a zero after the package", |g| after(g, b"\0"), &[PACKAGE]),
    (
        "another package after the package",
        |g| {
            let again = g.staged[&name()].clone();
            after(g, &again);
        },
        &[PACKAGE],
    ),
    (
        "an empty member after the package",
        |g| after(g, &pack::gzip(b"")),
        &[PACKAGE],
    ),
    (
        "the tar in two members",
        |g| {
            let tar = unzipped(&g.staged[&name()]);
            let (one, two) = tar.split_at(1024);
            g.restage_bytes([pack::gzip(one), pack::gzip(two)].concat());
        },
        &[PACKAGE],
    ),
    (
        "a tar that is not packed",
        |g| {
            let tar = unzipped(&g.staged[&name()]);
            g.restage_bytes(tar);
        },
        &[PACKAGE],
    ),
    (
        "a second package that differs in the case of its ending",
        |g| {
            let bytes = g.staged[&name()].clone();
            g.stage("runinfra-0.1.0.CRATE", &bytes);
        },
        &[STAGED],
    ),
    (
        "a second package that differs in the case of its name",
        |g| {
            let bytes = g.staged[&name()].clone();
            g.stage("RUNINFRA-0.1.0.crate", &bytes);
        },
        &[STAGED],
    ),
    (
        "a second package with a letter that looks alike",
        |g| {
            let bytes = g.staged[&name()].clone();
            g.stage("runinfr\u{430}-0.1.0.crate", &bytes);
        },
        &[STAGED],
    ),
    (
        "a second package of a later version",
        |g| {
            let bytes = g.staged[&name()].clone();
            g.stage("runinfra-0.1.1.crate", &bytes);
        },
        &[STAGED, PACKAGE],
    ),
    (
        "a file twice, the second time in capitals",
        |g| {
            g.package
                .push(("src/CLIENT.rs".to_owned(), "//! Client.\n".to_owned()));
            g.restage();
        },
        &[PACKAGE],
    ),
    (
        "the manifest that a person wrote left out",
        |g| {
            g.package.retain(|(path, _)| path != "Cargo.toml.orig");
            g.restage();
        },
        &["sources_are_the_artifacts"],
    ),
];

/// What is packed beside the sources, and is in no digest of them.
const PAPERS: &[Change] = &[
    (
        "a program in the packed manifest",
        |g| {
            manifest(
                g,
                "[package]",
                "[[bin]]\nname = \"x\"\npath = \"src/lib.rs\"\n[package]",
            );
        },
        &[MANIFEST],
    ),
    (
        "another licence in the packed manifest",
        |g| manifest(g, "version", "license = \"Other\"\nversion"),
        &[MANIFEST],
    ),
    (
        "another author in the packed manifest",
        |g| manifest(g, "version", "authors = [\"Mallory\"]\nversion"),
        &[MANIFEST],
    ),
    (
        "another home in the packed manifest",
        |g| {
            manifest(
                g,
                "version",
                "repository = \"https://example.com\"\nversion",
            );
        },
        &[MANIFEST],
    ),
    (
        "an older compiler in the packed manifest",
        |g| manifest(g, "version", "rust-version = \"1.0\"\nversion"),
        &[MANIFEST],
    ),
    (
        "a build script in the packed manifest",
        |g| manifest(g, "version", "build = \"src/client.rs\"\nversion"),
        &[MANIFEST],
    ),
    (
        "a library elsewhere in the packed manifest",
        |g| manifest(g, "[package]", "[lib]\npath = \"tests/wire.rs\"\n[package]"),
        &[MANIFEST],
    ),
    (
        "another version locked",
        |g| locked(g, "1.12.0", "1.12.1"),
        &[LOCKED],
    ),
    (
        "another checksum locked",
        |g| locked(g, "\"d8", "\"d9"),
        &[LOCKED],
    ),
    (
        "another source locked",
        |g| {
            locked(
                g,
                "registry+https://github.com/rust-lang",
                "git+https://github.com/mallory",
            );
        },
        &[LOCKED],
    ),
    (
        "no source locked",
        |g| locked(g, "source", "# source"),
        &[LOCKED],
    ),
    (
        "a package locked that nobody needs",
        |g| {
            locked(
                g,
                "[[package]]",
                "[[package]]\nname = \"evil\"\nversion = \"1.0.0\"\n\n[[package]]",
            );
        },
        &[LOCKED],
    ),
    (
        "a package locked twice",
        |g| {
            locked(
                g,
                "[[package]]",
                "[[package]]\nname = \"bytes\"\nversion = \"1.12.0\"\n\n[[package]]",
            );
        },
        &[LOCKED],
    ),
    (
        "a lock file of a later form",
        |g| locked(g, "version = 4", "version = 5"),
        &[LOCKED],
    ),
    (
        "a lock file with a patch",
        |g| {
            locked(
                g,
                "version = 4\n",
                "version = 4\n[[patch.unused]]\nname = \"bytes\"\nversion = \"1.0.0\"\n",
            );
        },
        &[LOCKED],
    ),
    (
        "a lock file for the SDK of another version",
        |g| locked(g, "version = \"0.1.0\"", "version = \"0.2.0\""),
        &[LOCKED],
    ),
    (
        "no lock file in the package",
        |g| {
            g.package.retain(|(path, _)| path != LOCK);
            g.restage();
        },
        &[LOCKED],
    ),
    (
        "a lock file in the tree that is none",
        |g| "x".clone_into(&mut g.lock),
        &[LOCKED],
    ),
    (
        "another lock file in the tree",
        |g| g.lock = g.lock.replace("1.12.0", "1.11.0"),
        &[LOCKED],
    ),
];

fn unzipped(bytes: &[u8]) -> Vec<u8> {
    let mut tar = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes), &mut tar).unwrap();
    tar
}

#[test]
fn packages_that_are_read_in_two_ways_are_refused() {
    all_are_refused(PACKAGES);
}

#[test]
fn what_is_packed_beside_the_sources_is_held_against_the_tree() {
    all_are_refused(PAPERS);
}

#[test]
fn a_promotion_needs_the_lock_file_of_the_workspace() {
    let good = Good::new();
    let mut context = good.context();
    if let Some(tree) = &mut context.tree {
        tree.lock = None;
    }
    assert_eq!(good.broken_in(&context), [LOCKED]);
}

/// What a packer may write at the head of the file is no part of what is packed.
#[test]
fn another_head_of_the_same_package_is_the_same_package() {
    let mut good = Good::new();
    let tar = unzipped(&good.staged[&name()]);
    let mut writer = GzBuilder::new()
        .mtime(7)
        .operating_system(3)
        .write(Vec::new(), Compression::best());
    std::io::Write::write_all(&mut writer, &tar).unwrap();
    good.restage_bytes(writer.finish().unwrap());
    assert_eq!(good.broken(), Vec::<String>::new());
}

/// What is put in the place of a piece of a report.
type Swap = (&'static str, &'static [u8]);

const SWAPS: &[Swap] = &[
    ("\"rowCount\": 5", b"\"rowCount\": -0"),
    ("\"rowCount\": 5", b"\"rowCount\": 05"),
    ("\"rowCount\": 5", b"\"rowCount\": +5"),
    ("\"rowCount\": 5", b"\"rowCount\": 0x5"),
    ("\"rowCount\": 5", b"\"rowCount\": 5."),
    ("\"rowCount\": 5", b"\"rowCount\": .5e1"),
    ("\"rowCount\": 5", b"\"rowCount\": 5e-0"),
    ("\"rowCount\": 5", b"\"rowCount\": 1e400"),
    ("\"rowCount\": 5", b"\"rowCount\": -1e400"),
    ("\"rowCount\": 5", b"\"rowCount\": 5e99999999999999999999"),
    ("\"rowCount\": 5", b"\"rowCount\": 5e-99999999999999999999"),
    ("\"rowCount\": 5", b"\"rowCount\": \"5\""),
    ("\"rowCount\": 5", b"\"rowCount\": [5]"),
    (
        "\"rowCount\": 5",
        b"\"rowCount\": {\"$serde_json::private::Number\": \"5\"}",
    ),
    ("\"rowCount\": 5", b"\"rowCount\": 5, \"rowCount\": 5"),
    ("\"rowCount\": 5", b"\"rowCount\": 5, \"row\\u0043ount\": 5"),
    ("\"rowCount\": 5", b"\"rowCount\": 5, \"\": 5"),
    ("\"rowCount\": 5", b"\"rowCount\": 5, \"rowCount \": 5"),
    ("\"rowCount\": 5", b"\"rowCount\": 5, \"__proto__\": {}"),
    ("\"rowCount\": 5", b"\"rowCount\": 5, \"a\\u0000\": 5"),
    ("models.list", b"models.list\0"),
    ("models.list", b"models.list\\u0000"),
    ("models.list", b"models.list\\ud800"),
    ("models.list", b"models.list\\udc00\\ud800"),
    ("models.list", b"models.list\\ud83d\\ude00"),
    ("models.list", b"models.list\\u007f"),
    ("models.list", b"models\\u2024list"),
    ("models.list", b"m\\u043edels.list"),
    ("models.list", b"models.list\xc0\x80"),
    ("models.list", b"models.list\xed\xa0\x80"),
    ("models.list", b"models.list\xf5\x80\x80\x80"),
    ("models.list", b"models.list\\x41"),
    ("models.list", b"models.list\\'"),
    ("models.list", b"models.list\\\n"),
    ("\"strict\": true", b"\"strict\": TRUE"),
    ("\"strict\": true", b"\"strict\": 1"),
    ("\"strict\": true", b"\"strict\": true, \"strict\": false"),
    ("\"strict\": true", b"\"strict\":\xc2\xa0true"),
    ("\"strict\": true", b"\"strict\":\x0btrue"),
    ("\"strict\": true", b"\"strict\": /* yes */ true"),
    ("\"strict\": true", b"\"strict\": true # yes"),
    ("\"strict\": true", b"strict: true"),
    ("\"ready\": 5", b"\"ready\": 5, \"\\u0072eady\": 5"),
    ("{\n", b"\xef\xbb\xbf{\n"),
    ("{\n", b"\xff\xfe{\n"),
    ("{\n", b"\x1e{\n"),
    ("{\n", b")]}'\n{\n"),
    ("{\n", b"{}{\n"),
];

#[test]
fn a_report_in_other_bytes_is_refused_and_never_a_panic() {
    let good = Good::new();
    let context = good.context();
    let (readiness, live) = (good.readiness_json(), good.live_json());
    for (from, to) in SWAPS {
        let at = live.find(from).unwrap();
        let forged = [
            &live.as_bytes()[..at],
            to,
            &live.as_bytes()[at + from.len()..],
        ]
        .concat();
        let verdict = canary_verifier::verify(readiness.as_bytes(), &forged, &context);
        let rules: Vec<&str> = verdict.findings.iter().map(|f| f.rule.as_str()).collect();
        let shown = String::from_utf8_lossy(to);
        assert_eq!(rules, ["report_is_readable"], "{from} -> {shown}");
    }
}

/// A number that takes a megabyte to write is refused as a number, and a key that does as a key.
#[test]
fn a_number_without_an_end_is_refused() {
    let mut good = Good::new();
    let context = good.context();
    let live = good.live_json();
    let digits = "9".repeat(1 << 20);
    for forged in [
        live.replacen("\"rowCount\": 5", &format!("\"rowCount\": {digits}"), 1),
        live.replacen("\"rowCount\": 5", &format!("\"rowCount\": 5.{digits}"), 1),
        live.replacen("\"rowCount\": 5", &format!("\"rowCount\": 5e{digits}"), 1),
        live.replacen("\"rowCount\"", &format!("\"{digits}\""), 1),
    ] {
        assert_ne!(forged, live);
        good.live_text = Some(forged);
        assert_eq!(good.broken_in(&context), ["report_is_readable"]);
    }
}
