use super::*;
use crate::candidate::{
    path::PackagePath,
    source::{PackageFile, SourceTree},
};

const WORKSPACE: &str = "[workspace.dependencies]\nbytes = \"1\"\n";

const LOCKED: &str = r#"
version = 4
[[package]]
name = "bytes"
version = "1.12.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "aa"
[[package]]
name = "runinfra"
version = "0.1.0"
dependencies = ["bytes"]
"#;

const WRITTEN: &str = r#"
[package]
name = "runinfra"
version = "0.1.0"
[dependencies]
bytes.workspace = true
[dev-dependencies]
runinfra = { path = "." }
runinfra-gateway = { path = "../gateway" }
insta = "1"
[features]
default = []
"#;

const REWRITTEN: &str = r#"
[package]
name = "runinfra"
version = "0.1.0"
build = false
[lib]
name = "runinfra"
path = "src/lib.rs"
[dependencies.bytes]
version = "1"
[dev-dependencies.insta]
version = "1"
[features]
default = []
"#;

const FILES: [(&str, &str); 4] = [
    ("Cargo.lock", LOCKED),
    ("Cargo.toml", REWRITTEN),
    ("Cargo.toml.orig", WRITTEN),
    ("src/lib.rs", "//! SDK"),
];

/// The objections to the good files with some put in, put in their place, or taken out.
fn told(changes: &[(&str, Option<&str>)]) -> Vec<String> {
    let mut files: Vec<(&str, &str)> = FILES.to_vec();
    for (path, text) in changes {
        files.retain(|(name, _)| name != path);
        files.extend(text.map(|text| (*path, text)));
    }
    let files: Vec<PackageFile> = files
        .into_iter()
        .map(|(path, text)| PackageFile {
            path: PackagePath::new(path.as_bytes()).unwrap(),
            bytes: text.into(),
        })
        .collect();
    let sources =
        SourceTree::pick(files.iter().map(|file| (file.path.as_str(), &file.bytes))).unwrap();
    let package = Package { files, sources };
    let found = objections(&package, WORKSPACE.as_bytes(), LOCKED.as_bytes());
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn what_cargo_packs_may_be_compiled() {
    assert_eq!(told(&[]), [""; 0]);
}

#[test]
fn what_would_be_run_or_tell_cargo_what_to_do_is_refused() {
    for (path, why) in [
        ("build.rs", "build.rs: a build script, which would be run"),
        (
            ".cargo/config.toml",
            ".cargo/config.toml: settings for cargo or the compiler",
        ),
        (
            "rust-toolchain.toml",
            "rust-toolchain.toml: settings for cargo or the compiler",
        ),
        (
            "rust-toolchain",
            "rust-toolchain: settings for cargo or the compiler",
        ),
        (
            "clippy.toml",
            "clippy.toml: settings for cargo or the compiler",
        ),
    ] {
        assert_eq!(told(&[(path, Some(""))]), [why]);
    }
    for path in ["src/build.rs", "src/.cargo.rs", "tests/build.rs"] {
        assert_eq!(told(&[(path, Some(""))]), [""; 0], "{path}");
    }
}

#[test]
fn a_manifest_that_leads_elsewhere_is_refused_in_either_writing() {
    let table = [
        (
            "[package]",
            "[patch.crates-io]\nbytes = { path = \"x\" }\n[package]",
            "patch",
        ),
        (
            "[package]",
            "[replace]\n\"bytes:1.0.0\" = { path = \"x\" }\n[package]",
            "replace",
        ),
        ("[package]", "[workspace]\n[package]", "workspace"),
        (
            "[package]",
            "[profile.release]\nopt-level = 0\n[package]",
            "profile",
        ),
        (
            "[package]",
            "cargo-features = [\"x\"]\n[package]",
            "cargo-features",
        ),
        (
            "name = \"runinfra\"",
            "name = \"runinfra\"\nlinks = \"z\"",
            "package.links",
        ),
        (
            "name = \"runinfra\"",
            "name = \"runinfra\"\nworkspace = \"..\"",
            "package.workspace",
        ),
        (
            "[features]",
            "[lib]\nproc-macro = true\n[features]",
            "lib.proc-macro",
        ),
        (
            "[features]",
            "[lib]\ncrate-type = [\"dylib\"]\n[features]",
            "lib.crate-type",
        ),
        (
            "[features]",
            "[lib]\npath = \"tests/x.rs\"\n[features]",
            "lib.path",
        ),
    ];
    for (from, to, place) in table {
        let written = WRITTEN.replacen(from, to, 1);
        assert_ne!(written, WRITTEN);
        let told = told(&[("Cargo.toml.orig", Some(&written))]);
        let expected = format!("Cargo.toml.orig {place}: ");
        assert!(
            told.iter().any(|one| one.starts_with(&expected)),
            "{to}: {told:?}"
        );
    }
    for build in ["\"evil.rs\"", "true", "\"build.rs\""] {
        let rewritten = REWRITTEN.replace("build = false", &format!("build = {build}"));
        let told = told(&[("Cargo.toml", Some(&rewritten))]);
        let expected = "Cargo.toml package.build: a build script, which would be run";
        assert!(told.contains(&expected.to_owned()), "{build}: {told:?}");
    }
}

#[test]
fn a_dependency_from_elsewhere_is_refused_wherever_it_stands() {
    let table = [
        (
            "[dependencies]\nevil = { git = \"https://example.com\" }",
            "dependencies.evil.git",
        ),
        (
            "[dependencies]\nevil = { path = \"../gateway\" }",
            "dependencies.evil.path",
        ),
        (
            "[dependencies]\nevil = { version = \"1\", registry = \"mine\" }",
            "dependencies.evil.registry",
        ),
        (
            "[dependencies]\nevil = { version = \"1\", registry-index = \"x\" }",
            "dependencies.evil.registry-index",
        ),
        (
            "[dependencies]\nevil = { path = \"x\", base = \"y\" }",
            "dependencies.evil.base",
        ),
        (
            "[build-dependencies]\nevil = { path = \"../gateway\" }",
            "build-dependencies.evil.path",
        ),
        (
            "[dev-dependencies]\nevil = { path = \"/tmp/evil\" }",
            "dev-dependencies.evil.path",
        ),
        (
            "[dev-dependencies]\nevil = { path = \"../../evil\" }",
            "dev-dependencies.evil.path",
        ),
        (
            "[dev-dependencies]\nevil = { path = \"../\" }",
            "dev-dependencies.evil.path",
        ),
        (
            "[dev-dependencies]\nevil = { path = \"..\" }",
            "dev-dependencies.evil.path",
        ),
        (
            "[dev-dependencies]\nevil = { path = \"../gateway\", git = \"x\" }",
            "dev-dependencies.evil.git",
        ),
        (
            "[target.x.dependencies]\nevil = { path = \"../gateway\" }",
            "target.x.dependencies.evil.path",
        ),
        (
            "[target.'cfg(unix)'.dev-dependencies]\nevil = { git = \"x\" }",
            "target.cfg(unix).dev-dependencies.evil.git",
        ),
    ];
    for (manifest, place) in table {
        let told = told(&[("Cargo.toml.orig", Some(manifest))]);
        let expected =
            format!("Cargo.toml.orig {place}: a dependency from elsewhere than the registry");
        assert!(told.contains(&expected), "{manifest}: {told:?}");
    }
    // What cargo wrote has no neighbours any more.
    let rewritten = format!("{REWRITTEN}\n[dev-dependencies.evil]\npath = \"../gateway\"\n");
    assert_eq!(
        told(&[("Cargo.toml", Some(&rewritten))]),
        [
            "Cargo.toml dev-dependencies.evil.path: a dependency from elsewhere than the registry",
            "Cargo.toml dev-dependencies.evil: evil no version [] default=true optional=false path=\"../gateway\", but nothing in Cargo.toml.orig"
        ]
    );
}

#[test]
fn manifests_and_lock_files_that_disagree_are_refused() {
    let rewritten = REWRITTEN.replacen("version = \"1\"", "version = \"=1.0.0\"", 1);
    assert_eq!(
        told(&[("Cargo.toml", Some(&rewritten))]),
        [
            "Cargo.toml dependencies.bytes: bytes =1.0.0 [] default=true optional=false, but bytes 1 [] default=true optional=false in Cargo.toml.orig"
        ]
    );
    let locked = LOCKED.replace("1.12.0", "1.0.0");
    assert_eq!(
        told(&[("Cargo.lock", Some(&locked))]),
        ["Cargo.lock bytes 1.0.0: 1.0.0, but 1.12.0 in the workspace"]
    );
    assert_eq!(
        told(&[("Cargo.lock", None)]),
        ["Cargo.lock: the package has no lock file"]
    );
    assert_eq!(
        told(&[("Cargo.lock", Some("x"))]),
        ["Cargo.lock: the lock file is none that cargo writes"]
    );
    assert_eq!(
        told(&[("Cargo.toml.orig", None)]),
        ["Cargo.toml.orig: is missing"]
    );
    assert_eq!(
        told(&[("Cargo.toml.orig", Some("["))]),
        ["Cargo.toml.orig: the manifest is not TOML"]
    );
}
