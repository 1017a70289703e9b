//! The SDK as it is, packed by cargo as it would be published: the digest of the archive's sources
//! is the digest of the tree's, and the verifier has nothing to say against the archive.

#![expect(clippy::disallowed_methods, reason = "the test packs with cargo")]
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is a failed test"
)]

mod support;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use canary_core::candidate::crate_file_name;
use canary_verifier::{StagedFile, Tree};
use support::Good;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn pack(target: &Path) -> Vec<u8> {
    let output = Command::new(env!("CARGO"))
        .args([
            "package",
            "--package",
            "runinfra",
            "--no-verify",
            "--offline",
        ])
        .args(["--allow-dirty", "--target-dir"])
        .arg(target)
        .current_dir(root())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let name = crate_file_name(env!("CARGO_PKG_VERSION"));
    fs::read(target.join("package").join(name)).unwrap()
}

fn walk(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            walk(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, fs::read(entry.path()).unwrap());
        }
    }
}

#[test]
fn what_cargo_packs_of_the_sdk_is_the_tree() {
    let target = tempfile::tempdir().unwrap();
    let bytes = pack(target.path());
    let mut files = BTreeMap::new();
    walk(&root().join("sdk"), "", &mut files);
    let workspace = fs::read_to_string(root().join("Cargo.toml")).unwrap();

    let name = crate_file_name(env!("CARGO_PKG_VERSION"));
    let staged = StagedFile::open(&name, &bytes);
    let package = staged.package().expect("cargo's own archive opens");
    let scanner = canary_core::leak::Scanner::new(&[]).unwrap();
    let objections = canary_verifier::package::inspect(&staged, &scanner);
    // Test data that looks like a secret is the SDK's to reword; `canary-verify package` lists it.
    let of_content: Vec<_> = objections
        .iter()
        .filter(|objection| objection.rule != "package_leaks_nothing")
        .collect();
    assert!(of_content.is_empty(), "{of_content:#?}");
    let tree = Tree::new(files.clone(), Some(workspace.as_bytes()));
    let sources = tree.sources.unwrap();
    assert_eq!(package.sources.digest(), sources.digest());
    assert!(sources.file_count() > 20, "{}", sources.file_count());

    let mut good = Good::new();
    good.tree = files;
    good.workspace = workspace;
    good.lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    good.restage_bytes(bytes);
    good.describe_candidate();
    good.bind();
    let findings = good.verify().findings;
    // The tree that tests run in may well be dirty, and that is the only thing to say.
    let others: Vec<_> = findings
        .iter()
        .filter(|finding| finding.found != "packed from a dirty tree")
        .collect();
    assert!(others.is_empty(), "{others:#?}");
}
