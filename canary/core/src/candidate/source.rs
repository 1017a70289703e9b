//! The SDK's sources and their digest.
//!
//! A *source* is a file that decides what the compiler makes of the package: the manifest as a
//! person wrote it, `build.rs`, `README.md` (part of the crate's documentation) and everything
//! under `src/`. In an unpacked `.crate` the manifest that a person wrote is `Cargo.toml.orig`;
//! `Cargo.toml` there is cargo's own rewriting of it. `Cargo.lock` and `.cargo_vcs_info.json` are
//! cargo's additions. So the tree and the archive have the same sources exactly when the archive
//! was packed from the tree.

use std::collections::{BTreeMap, BTreeSet};

use super::path::{PackagePath, PathProblem};
use crate::digest::Digest;

/// The manifest as a person wrote it.
pub const MANIFEST: &str = "Cargo.toml";

/// The same, inside a `.crate`.
pub const PACKED_MANIFEST: &str = "Cargo.toml.orig";

/// Where cargo notes the commit that a `.crate` was packed from.
pub const VCS_INFO: &str = ".cargo_vcs_info.json";

/// Where cargo notes the versions that dependencies were locked to.
pub const LOCK: &str = "Cargo.lock";

/// What cargo itself adds to a `.crate`.
pub const GENERATED: [&str; 2] = [LOCK, VCS_INFO];

/// A file with its path relative to the package's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageFile {
    /// Where it lies.
    pub path: PackagePath,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Why a list of files is not a package's source tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// A path that no package has.
    #[error("entry {entry} has {problem}")]
    Path {
        /// Position in the list, from 0.
        entry: usize,
        /// What is wrong with its path.
        problem: PathProblem,
    },
    /// Two entries that are one file on some file system.
    #[error("`{0}` stands there twice, or twice but for the case of letters")]
    Duplicate(PackagePath),
    /// No manifest, so it is not a package.
    #[error("there is no {MANIFEST}")]
    NoManifest,
    /// A manifest that only a package has. It would stand for the one that cargo reads in a tree.
    #[error("there is a {PACKED_MANIFEST}, which only a package has")]
    PackedManifest,
    /// Nothing under `src/`.
    #[error("there is no file under src/")]
    NoSource,
}

/// The sources of a package, sorted by path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceTree {
    files: BTreeMap<PackagePath, Vec<u8>>,
}

impl SourceTree {
    /// Picks the sources out of all files of a package, whether they lie in a working tree or come
    /// out of a `.crate`.
    pub fn pick<P: AsRef<[u8]>, B: AsRef<[u8]>>(
        files: impl IntoIterator<Item = (P, B)>,
    ) -> Result<Self, SourceError> {
        let mut all = BTreeMap::new();
        let mut folded = BTreeSet::new();
        for (entry, (path, bytes)) in files.into_iter().enumerate() {
            let path = PackagePath::new(path.as_ref())
                .map_err(|problem| SourceError::Path { entry, problem })?;
            if !folded.insert(path.folded()) {
                return Err(SourceError::Duplicate(path));
            }
            if is_source(path.as_str()) {
                all.insert(path, bytes.as_ref().to_vec());
            }
        }
        let manifest = PackagePath::new(MANIFEST.as_bytes())
            .map_err(|problem| SourceError::Path { entry: 0, problem })?;
        let packed = all
            .keys()
            .find(|path| path.as_str() == PACKED_MANIFEST)
            .cloned();
        if let Some(written) = packed.and_then(|path| all.remove(&path)) {
            all.insert(manifest.clone(), written);
        }
        if !all.contains_key(&manifest) {
            return Err(SourceError::NoManifest);
        }
        if !all.keys().any(|path| path.as_str().starts_with("src/")) {
            return Err(SourceError::NoSource);
        }
        Ok(Self { files: all })
    }

    /// Digest over every path and every byte, in the order of the paths.
    pub fn digest(&self) -> Digest {
        let parts = self
            .files
            .iter()
            .flat_map(|(path, bytes)| [path.as_str().as_bytes(), bytes.as_slice()]);
        Digest::of_parts(std::iter::once(b"runinfra-sdk-sources-v1".as_slice()).chain(parts))
    }

    /// How many files the digest covers.
    pub fn file_count(&self) -> u64 {
        self.files.len() as u64
    }

    /// The sources in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = (&PackagePath, &[u8])> {
        self.files
            .iter()
            .map(|(path, bytes)| (path, bytes.as_slice()))
    }

    /// The manifest as a person wrote it.
    pub fn manifest(&self) -> &[u8] {
        self.files
            .iter()
            .find(|(path, _)| path.as_str() == MANIFEST)
            .map_or(&[], |(_, bytes)| bytes)
    }
}

/// Whether a file of a package decides what the compiler makes of it.
pub fn is_source(path: &str) -> bool {
    matches!(path, MANIFEST | PACKED_MANIFEST | "build.rs" | "README.md")
        || path.starts_with("src/")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TREE: [(&str, &str); 5] = [
        ("Cargo.toml", "[package]"),
        ("README.md", "# sdk"),
        ("src/lib.rs", "mod a;"),
        ("src/a.rs", ""),
        ("tests/t.rs", "not a source"),
    ];

    fn pick(files: &[(&str, &str)]) -> Result<SourceTree, SourceError> {
        SourceTree::pick(files.iter().copied())
    }

    #[test]
    fn the_sources_are_there_in_the_order_of_their_paths() {
        let tree = pick(&TREE).unwrap();
        let files: Vec<(&str, &[u8])> = tree
            .files()
            .map(|(path, bytes)| (path.as_str(), bytes))
            .collect();
        let wanted: [(&str, &[u8]); 4] = [
            ("Cargo.toml", b"[package]"),
            ("README.md", b"# sdk"),
            ("src/a.rs", b""),
            ("src/lib.rs", b"mod a;"),
        ];
        assert_eq!(files, wanted);
    }

    #[test]
    fn the_archive_and_the_tree_have_one_digest() {
        let packed = [
            (".cargo_vcs_info.json", "{}"),
            ("Cargo.lock", "version = 4"),
            ("Cargo.toml", "# rewritten by cargo"),
            ("Cargo.toml.orig", "[package]"),
            ("src\\a.rs", ""),
            ("README.md", "# sdk"),
            ("src/lib.rs", "mod a;"),
        ];
        let (tree, archive) = (pick(&TREE).unwrap(), pick(&packed).unwrap());
        assert_eq!(tree.digest(), archive.digest());
        assert_eq!(tree.file_count(), 4);
        assert_eq!(archive.manifest(), b"[package]");
    }

    #[test]
    fn the_digest_is_the_documented_one() {
        insta::assert_snapshot!(pick(&TREE).unwrap().digest(), @"e0ca150ce9754075dc74a36e9ddf9f7bddfbe1f3bb3f41924b9de8ba6e745b94");
    }

    #[test]
    fn a_list_that_is_no_package_is_refused() {
        let path = |text: &str| PackagePath::new(text.as_bytes()).unwrap();
        let table: [(&[(&str, &str)], SourceError); 6] = [
            (&TREE[1..], SourceError::NoManifest),
            (&TREE[..2], SourceError::NoSource),
            (
                &[("Cargo.toml", ""), ("src/lib.rs", ""), ("src\\lib.rs", "")],
                SourceError::Duplicate(path("src/lib.rs")),
            ),
            (
                &[("Cargo.toml", ""), ("src/lib.rs", ""), ("src/Lib.rs", "")],
                SourceError::Duplicate(path("src/Lib.rs")),
            ),
            (
                &[("Cargo.toml", ""), ("src/../lib.rs", "")],
                SourceError::Path {
                    entry: 1,
                    problem: PathProblem::Outside,
                },
            ),
            (
                &[("/src/lib.rs", "")],
                SourceError::Path {
                    entry: 0,
                    problem: PathProblem::Absolute,
                },
            ),
        ];
        for (files, expected) in table {
            assert_eq!(pick(files), Err(expected), "{files:?}");
        }
    }

    proptest! {
        #[test]
        fn any_changed_byte_changes_the_digest(
            index in 0_usize..4,
            // Longer than the names of devices, which no package may have, and of the tree's own files.
            addition in "[a-z]{4,8}",
            order in Just(TREE.to_vec()).prop_shuffle(),
        ) {
            let good = pick(&TREE).unwrap().digest();
            prop_assert_eq!(pick(&order).unwrap().digest(), good);
            let changed = format!("{}{addition}", TREE[index].1);
            let mut files = TREE.to_vec();
            files[index].1 = &changed;
            prop_assert_ne!(pick(&files).unwrap().digest(), good);
            let renamed = format!("src/{addition}.rs");
            let mut files = TREE.to_vec();
            files[3].0 = &renamed;
            prop_assert_ne!(pick(&files).unwrap().digest(), good);
        }
    }
}
