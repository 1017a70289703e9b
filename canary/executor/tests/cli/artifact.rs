//! `--package-source artifact` with packages that nobody should compile: each is refused by name, and
//! cargo is never asked.

use std::path::Path;

use canary_core::candidate::source::{LOCK, MANIFEST, PACKED_MANIFEST};
use flate2::{Compression, write::GzEncoder};

use crate::support::Place;

pub(crate) const NAME: &str = concat!("runinfra-", env!("CARGO_PKG_VERSION"));

pub(crate) type File = (String, Vec<u8>);

/// The SDK as cargo packs it, file by file.
pub(crate) fn packed() -> Vec<File> {
    let target = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(env!("CARGO"))
        .args([
            "package",
            "--package",
            "runinfra",
            "--no-verify",
            "--offline",
        ])
        .args(["--allow-dirty", "--target-dir"])
        .arg(target.path())
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let file = target.path().join(format!("package/{NAME}.crate"));
    let packed = canary_executor::artifact::open(&file).unwrap();
    let files = packed.package().files.iter();
    files
        .map(|file| (file.path.as_str().to_owned(), file.bytes.clone()))
        .collect()
}

pub(crate) fn pack(place: &Place, files: &[File]) {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        let path = format!("{NAME}/{path}");
        archive
            .append_data(&mut header, path, bytes.as_slice())
            .unwrap();
    }
    let bytes = archive.into_inner().unwrap().finish().unwrap();
    std::fs::create_dir_all(place.path("artifacts")).unwrap();
    std::fs::write(place.path(&format!("artifacts/{NAME}.crate")), bytes).unwrap();
}

/// Puts a file in, or another in its place.
pub(crate) fn put(files: &mut Vec<File>, path: &str, text: &str) {
    files.retain(|(name, _)| name != path);
    files.push((path.to_owned(), text.into()));
}

pub(crate) fn edit(files: &mut [File], path: &str, from: &str, to: &str) {
    let (_, bytes) = files.iter_mut().find(|(name, _)| name == path).unwrap();
    let text = String::from_utf8(std::mem::take(bytes)).unwrap();
    assert!(text.contains(from), "{from} in {path}");
    *bytes = text.replacen(from, to, 1).into_bytes();
}

type Change = fn(&mut Vec<File>);

const HOSTILE: &[(Change, &str)] = &[
    (
        |files| put(files, "build.rs", "fn main() {}"),
        "build.rs: a build script, which would be run",
    ),
    (
        |files| {
            put(
                files,
                ".cargo/config.toml",
                "[build]\nrustc-wrapper = \"evil\"",
            );
        },
        ".cargo/config.toml: settings for cargo",
    ),
    (
        |files| edit(files, MANIFEST, "build = false", "build = \"src/lib.rs\""),
        "Cargo.toml package.build: a build script",
    ),
    (
        |files| {
            edit(
                files,
                PACKED_MANIFEST,
                "[dependencies]",
                "[dependencies]\nevil = { git = \"https://example.com/evil\" }",
            );
        },
        "Cargo.toml.orig dependencies.evil.git: a dependency from elsewhere",
    ),
    (
        |files| {
            edit(
                files,
                PACKED_MANIFEST,
                "[dependencies]",
                "[dependencies]\nevil = { path = \"/tmp/evil\" }",
            );
        },
        "Cargo.toml.orig dependencies.evil.path: a dependency from elsewhere",
    ),
    (
        |files| {
            edit(
                files,
                PACKED_MANIFEST,
                "[dependencies]",
                "[patch.crates-io]\nbytes = { path = \"/tmp/evil\" }\n[dependencies]",
            );
        },
        "Cargo.toml.orig patch: a table that no package",
    ),
    (
        |files| {
            edit(
                files,
                MANIFEST,
                "[dependencies.bytes]",
                "[dependencies.evil]\nversion = \"1\"\n[dependencies.bytes]",
            );
        },
        "Cargo.toml dependencies.evil",
    ),
    (
        |files| edit(files, LOCK, "checksum = \"", "checksum = \"0"),
        "Cargo.lock ",
    ),
    (
        |files| put(files, LOCK, "version = 4\n"),
        "Cargo.lock runinfra: 0 times, but once in the workspace",
    ),
    (
        |files| files.retain(|(path, _)| path != LOCK),
        "Cargo.lock: the package has no lock file",
    ),
];

#[test]
fn a_package_that_could_do_more_than_be_compiled_is_refused_by_name() {
    let good = packed();
    for (change, why) in HOSTILE {
        let place = Place::new();
        let mut files = good.clone();
        change(&mut files);
        pack(&place, &files);
        let ended = place
            .run(&[
                "preflight",
                "--strict",
                "--package-source",
                "artifact",
                "--artifacts-root",
                "artifacts",
                "--report",
                "readiness.json",
            ])
            .expect(1);
        assert!(
            ended.err.contains(&format!("{NAME}.crate is refused:")),
            "{}",
            ended.err
        );
        assert!(ended.err.contains(why), "{why}: {}", ended.err);
        assert!(!place.path("readiness.json").exists(), "{why}");
        assert!(!place.path("target").exists(), "{why}: something was built");
    }
    // What cargo packed is not: it goes as far as the inputs that are missing.
    let place = Place::new();
    pack(&place, &good);
    let ended = place.run(&[
        "preflight",
        "--package-source",
        "artifact",
        "--artifacts-root",
        "artifacts",
    ]);
    assert!(!ended.err.contains("refused"), "{}", ended.err);
}
