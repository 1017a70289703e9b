//! What the fuzz targets are given to begin with, through the same entry points: whole, and cut anywhere.

use std::path::Path;

#[path = "../../../fuzz/entry/base_url.rs"]
mod base_url;
#[path = "../../../fuzz/entry/error_decoding.rs"]
mod error_decoding;
#[path = "../../../fuzz/entry/sse.rs"]
mod sse;
#[path = "../../../fuzz/entry/webhook_header.rs"]
mod webhook_header;

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds");
    let files = std::fs::read_dir(folder.join(target)).unwrap();
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 10, "{target}: {paths:?}");
    paths
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect()
}

fn replay(target: &str, check: fn(&[u8])) {
    for seed in seeds(target) {
        check(&seed);
        // A long seed repeats itself; what is odd about it is at its ends.
        let middle = 600..seed.len().saturating_sub(600).max(600);
        for end in (0..seed.len()).filter(|end| !middle.contains(end)) {
            check(&seed[..end]);
        }
    }
}

#[test]
fn sse() {
    replay("sse", sse::check);
}

#[tokio::test]
async fn error_decoding() {
    replay("error_decoding", error_decoding::check);
}

#[test]
fn webhook_header() {
    replay("webhook_header", webhook_header::check);
}

#[test]
fn base_url() {
    replay("base_url", base_url::check);
}
