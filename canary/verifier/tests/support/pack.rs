//! A small SDK as a tree, and packed as cargo packs it.

use std::{collections::BTreeMap, io::Write as _};

use flate2::{Compression, write::GzEncoder};
use tar::{Builder, Header};

use super::reports::VERSION;

/// The workspace's manifest.
pub const WORKSPACE: &str = "[workspace.package]\nversion = \"0.1.0\"\n";

/// The workspace's lock file. Its one dependency is the SDK's too.
pub const LOCK: &str = "version = 4

[[package]]
name = \"bytes\"
version = \"1.12.0\"
source = \"registry+https://github.com/rust-lang/crates.io-index\"
checksum = \"d84f9dd8d1f6a1d0c2f3cbd2dcd4a5b5c2d5a0ea29e0c5d7fa94f5a1c4f4d7aa\"

[[package]]
name = \"runinfra\"
version = \"0.1.0\"
dependencies = [
 \"bytes\",
]
";

/// The SDK's tree.
pub fn tree() -> BTreeMap<String, Vec<u8>> {
    let manifest = "[package]\nname = \"runinfra\"\nversion.workspace = true\n";
    [
        ("Cargo.toml", manifest),
        ("README.md", "# SDK\n"),
        ("LICENSE-MIT", "MIT\n"),
        ("src/lib.rs", "//! SDK.\npub mod client;\n"),
        ("src/client.rs", "//! Client.\n"),
        ("tests/wire.rs", "// A test.\n"),
    ]
    .map(|(path, text)| (path.to_owned(), text.into()))
    .into()
}

/// The files that cargo would pack from a tree.
pub fn package(tree: &BTreeMap<String, Vec<u8>>) -> Vec<(String, String)> {
    let text = |path: &str| String::from_utf8(tree[path].clone()).unwrap();
    let rewritten = format!("[package]\nname = \"runinfra\"\nversion = \"{VERSION}\"\n");
    let note = "{\"git\":{\"sha1\":\"0123456789012345678901234567890123456789\"}}";
    let mut files: Vec<(String, String)> = [
        (".cargo_vcs_info.json", note),
        ("Cargo.lock", LOCK),
        ("Cargo.toml", &rewritten),
        ("Cargo.toml.orig", &text("Cargo.toml")),
    ]
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .into();
    let copied = tree.keys().filter(|path| path.as_str() != "Cargo.toml");
    files.extend(copied.map(|path| (path.clone(), text(path))));
    files
}

/// A `.crate`, the same bytes each time, with something put after the end of its tar.
pub fn pack(files: &[(String, String)], trailing: &[u8]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (path, text) in files {
        let mut header = Header::new_ustar();
        header.set_mode(0o644);
        header.set_mtime(1_153_704_088);
        header.set_size(text.len() as u64);
        // Set byte by byte: the library would refuse what some tests want to pack.
        let path = format!("runinfra-{VERSION}/{path}");
        header.as_mut_bytes()[..path.len()].copy_from_slice(path.as_bytes());
        header.set_cksum();
        builder.append(&header, text.as_bytes()).unwrap();
    }
    let mut tar = builder.into_inner().unwrap();
    tar.extend(trailing);
    gzip(&tar)
}

/// Bytes, compressed.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
