use proptest::prelude::*;

use super::*;
use crate::candidate::{
    path::PackagePath,
    source::{PackageFile, SourceTree},
};

const WORKSPACE: &str = r#"
version = 4

[[package]]
name = "gateway"
version = "0.1.0"
dependencies = ["bytes"]

[[package]]
name = "bytes"
version = "1.12.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "aa"

[[package]]
name = "rand"
version = "0.8.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "bb"

[[package]]
name = "rand"
version = "0.9.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "cc"

[[package]]
name = "runinfra"
version = "0.1.0"
dependencies = ["bytes", "gateway", "rand 0.9.0"]
"#;

const PACKED: &str = r#"
version = 4

[[package]]
name = "bytes"
version = "1.12.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "aa"

[[package]]
name = "rand"
version = "0.9.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "cc"

[[package]]
name = "runinfra"
version = "0.1.0"
dependencies = ["bytes", "rand"]
"#;

fn lock(text: &str) -> Lock {
    Lock::read(text.as_bytes()).unwrap()
}

fn told(packed: &str) -> Vec<String> {
    let found = differences(&lock(packed), &lock(WORKSPACE), "runinfra");
    let told = |one: Difference| format!("{}: {}, not {}", one.at, one.packed, one.written);
    found.into_iter().map(told).collect()
}

#[test]
fn what_cargo_leaves_out_is_no_difference() {
    assert_eq!(told(PACKED), [""; 0]);
    assert_eq!(lock(WORKSPACE).packages.len(), 5);
}

#[test]
fn every_other_version_source_or_need_is_told() {
    let more = "\n[[package]]\nname = \"gateway\"\nversion = \"0.1.0\"\n";
    let registry = "registry+https://github.com/rust-lang/crates.io-index";
    let table: [(&str, &str, &[&str]); 9] = [
        ("1.12.0", "1.13.0", &["bytes 1.13.0: 1.13.0, not 1.12.0"]),
        ("0.9.0", "0.7.0", &["rand 0.7.0: 0.7.0, not 0.8.0 or 0.9.0"]),
        ("\"aa\"", "\"ab\"", &["bytes 1.12.0 checksum: ab, not aa"]),
        (
            "checksum = \"aa\"",
            "",
            &["bytes 1.12.0 checksum: none, not aa"],
        ),
        (
            registry,
            "git+https://example.com/bytes#1",
            &[
                "bytes 1.12.0 source: git+https://example.com/bytes#1, not registry+https://github.com/rust-lang/crates.io-index",
            ],
        ),
        (
            "checksum = \"cc\"",
            "checksum = \"cc\"\ndependencies = [\"bytes\"]",
            &["rand 0.9.0: needs bytes 1.12.0, not no such need"],
        ),
        (
            ", \"rand\"]",
            "]",
            &["rand 0.9.0: needed by nothing, not nothing"],
        ),
        (
            "\"runinfra\"",
            "\"other\"",
            &["runinfra: 0 times, not once"],
        ),
        (
            "\"bytes\", \"rand\"]",
            &format!("\"bytes\", \"gateway\", \"rand\"]{more}"),
            &["gateway 0.1.0: a package of the workspace, not published packages only"],
        ),
    ];
    for (from, to, expected) in table {
        let changed = PACKED.replacen(from, to, 1);
        assert_ne!(changed, PACKED, "{from}");
        assert_eq!(told(&changed), expected, "{to}");
    }
    let unknown = PACKED.replace("\"rand\"", "\"evil\"");
    assert_eq!(told(&unknown)[0], "evil 0.9.0: 0.9.0, not no such package");
    // The SDK itself may not come from anywhere.
    let fetched = PACKED.replace(
        "\"runinfra\"\n",
        &format!("\"runinfra\"\nsource = \"{registry}\"\n"),
    );
    assert_eq!(
        told(&fetched),
        [format!(
            "runinfra 0.1.0 source: {registry}, not the workspace"
        )]
    );
}

/// A package with a lock file and a manifest.
fn package(lock: Option<&str>, manifest: &str) -> Package {
    let files = [
        ("Cargo.toml", Some(manifest)),
        ("src/lib.rs", Some("")),
        ("Cargo.lock", lock),
    ];
    let files: Vec<_> = files
        .into_iter()
        .filter_map(|(path, text)| {
            Some(PackageFile {
                path: PackagePath::new(path.as_bytes()).unwrap(),
                bytes: text?.into(),
            })
        })
        .collect();
    let sources =
        SourceTree::pick(files.iter().map(|file| (file.path.as_str(), &file.bytes))).unwrap();
    Package { files, sources }
}

#[test]
fn a_dependency_that_nobody_locked_is_told() {
    let told = |manifest| {
        let found = compare(&package(Some(PACKED), manifest), WORKSPACE.as_bytes()).unwrap();
        found.into_iter().map(|one| one.at).collect::<Vec<_>>()
    };
    let good = "[dependencies]\nbytes = \"1\"\n[dependencies.random]\npackage = \"rand\"";
    assert_eq!(told(good), [""; 0]);
    let more = "[dependencies]\nurl = \"2\"\n[target.'cfg(unix)'.dependencies]\nlibc = \"0.2\"\n[dev-dependencies]\ninsta = \"1\"";
    assert_eq!(told(more), ["libc", "url"]);
    assert_eq!(
        told("rand"),
        [""; 0],
        "a manifest that is none is told of elsewhere"
    );
}

#[test]
fn what_cannot_be_compared_is_no_agreement() {
    let found = |lock, workspace: &str| compare(&package(lock, ""), workspace.as_bytes());
    assert_eq!(found(None, WORKSPACE), Err(CompareError::Missing));
    assert_eq!(
        found(Some("x"), WORKSPACE),
        Err(CompareError::Packed(LockError::NotALock))
    );
    assert_eq!(
        found(Some(PACKED), "x"),
        Err(CompareError::Workspace(LockError::NotALock))
    );
    assert_eq!(found(Some(PACKED), WORKSPACE), Ok(Vec::new()));
}

#[test]
fn what_is_no_lock_file_is_refused() {
    let twice = format!("{PACKED}\n[[package]]\nname = \"rand\"\nversion = \"0.9.0\"\n");
    let table = [
        (String::from("\u{feff}"), LockError::NotALock),
        (String::new(), LockError::NotALock),
        ("version = 4\nmore = 1".to_owned(), LockError::NotALock),
        (
            "version = 4\n[[patch.unused]]\nname = \"x\"".to_owned(),
            LockError::NotALock,
        ),
        (PACKED.replace("checksum", "check"), LockError::NotALock),
        (
            PACKED.replace("version = 4", "version = 2"),
            LockError::Version(2),
        ),
        (
            PACKED.replace("version = 4", "version = 5"),
            LockError::Version(5),
        ),
        (
            PACKED.replace("\"bytes\",", "\"byte\","),
            LockError::Dangling { at: 3 },
        ),
        (
            PACKED.replace("\"rand\"]", "\"rand 0.8.0\"]"),
            LockError::Dangling { at: 3 },
        ),
        (
            PACKED.replace("\"rand\"]", "\"rand 0.9.0 (x)\"]"),
            LockError::Dangling { at: 3 },
        ),
        (
            PACKED.replace(
                "\"rand\"]",
                "\"rand 0.9.0 (registry+https://github.com/rust-lang/crates.io-index) x\"]",
            ),
            LockError::Dangling { at: 3 },
        ),
        (
            WORKSPACE.replace("\"rand 0.9.0\"", "\"rand\""),
            LockError::Dangling { at: 5 },
        ),
        (
            twice.replace("\"rand\"]", "\"bytes\"]"),
            LockError::Twice { at: 4 },
        ),
    ];
    for (text, expected) in table {
        assert_eq!(Lock::read(text.as_bytes()), Err(expected), "{text}");
    }
    assert_eq!(Lock::read(b"\xff"), Err(LockError::NotALock));
    let whole = PACKED.replace(
        "\"rand\"]",
        "\"rand 0.9.0 (registry+https://github.com/rust-lang/crates.io-index)\"]",
    );
    assert_eq!(told(&whole.replace("version = 4", "version = 3")), [""; 0]);
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Lock::read(&bytes);
    }

    #[test]
    fn no_changed_byte_of_a_good_lock_file_makes_the_comparison_panic(
        at in 0..PACKED.len(),
        byte in any::<u8>(),
    ) {
        let mut bytes = PACKED.as_bytes().to_vec();
        bytes[at] = byte;
        if let Ok(packed) = Lock::read(&bytes) {
            let _ = differences(&packed, &lock(WORKSPACE), "runinfra");
        }
    }
}
