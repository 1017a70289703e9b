//! What the fuzz targets of the core are given to begin with, through the same entry points: whole, and cut anywhere.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is a failed test"
)]

use std::path::Path;

#[path = "../../../fuzz/entry/env_file.rs"]
mod env_file;
#[path = "../../../fuzz/entry/matrix.rs"]
mod matrix;
#[path = "../../../fuzz/entry/package.rs"]
mod package;
#[path = "../../../fuzz/entry/report.rs"]
mod report;

/// Every seed whole, and at most `cuts` beginnings of it.
fn replay(target: &str, cuts: usize, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    let files = std::fs::read_dir(folder.join(target)).unwrap();
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 10, "{target}: {paths:?}");
    for path in paths {
        let seed = std::fs::read(path).unwrap();
        check(&seed);
        let step = (seed.len() / cuts).max(1);
        for end in (0..seed.len()).step_by(step) {
            check(&seed[..end]);
        }
    }
}

#[test]
fn report() {
    replay("report", 400, report::check);
}

#[test]
fn matrix() {
    replay("matrix", 200, matrix::check);
}

#[test]
fn env_file() {
    replay("env_file", 100, env_file::check);
}

#[test]
fn package() {
    replay("package", 400, package::check);
}

/// A seed that nobody accepts would only try the refusals.
#[test]
fn some_seeds_are_good() {
    let seed = |name: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
        std::fs::read(folder.join(name)).unwrap()
    };
    for name in ["readiness", "live", "sharded"] {
        canary_core::report::read::read(&seed(&format!("report/{name}.json"))).unwrap();
    }
    canary_core::input::parse_env_file(&seed("env_file/export")).unwrap();
    for name in ["package/packed.crate", "package/plain.tar"] {
        assert!(package::opens(&seed(name)), "{name}");
    }
    assert!(matrix::loads(&seed("matrix/good.toml")));
}
