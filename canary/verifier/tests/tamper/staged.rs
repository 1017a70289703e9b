//! Changes to what is staged and to the SDK's tree.

use crate::{
    change::{Change, all_are_refused},
    support::pack,
};

const CRATE: &str = "runinfra-0.1.0.crate";

const ARTIFACTS: &[Change] = &[
    (
        "a byte of the artifact",
        |g| {
            let bytes = g.staged.get_mut(CRATE).unwrap();
            bytes[9] ^= 1;
        },
        &["artifacts_are_the_staged_files"],
    ),
    (
        "another artifact under its name",
        |g| {
            g.package_text("src/client.rs", "//! Other.");
            let bytes = pack::pack(&g.package, &[]);
            g.stage(CRATE, &bytes);
        },
        &[
            "artifacts_are_the_staged_files",
            "sources_are_the_artifacts",
            "artifact_is_packed_from_the_tree",
        ],
    ),
    (
        "no artifact",
        |g| g.staged.clear(),
        &["artifacts_are_the_staged_files"],
    ),
    (
        "the artifact under another name",
        |g| {
            let bytes = g.staged.remove(CRATE).unwrap();
            g.stage("runinfra-0.1.1.crate", &bytes);
        },
        &["artifacts_are_the_staged_files", "artifact_is_a_package"],
    ),
    (
        "a second artifact",
        |g| {
            let bytes = g.staged[CRATE].clone();
            g.stage("runinfra-sys-0.1.0.crate", &bytes);
        },
        &["artifacts_are_the_staged_files"],
    ),
    (
        "an artifact that is no archive",
        |g| {
            g.stage(CRATE, b"not gzip");
        },
        &["artifact_is_a_package", "artifacts_are_the_staged_files"],
    ),
    (
        "an artifact cut short",
        |g| {
            let bytes = g.staged[CRATE].clone();
            g.stage(CRATE, &bytes[..bytes.len() / 2]);
        },
        &["artifact_is_a_package", "artifacts_are_the_staged_files"],
    ),
    (
        "a file beside the package's folder",
        |g| {
            g.package_text("../evil.rs", "fn main() {}");
            g.restage();
        },
        &["artifact_is_a_package"],
    ),
    (
        "another version inside",
        |g| {
            g.package_text(
                "Cargo.toml",
                "[package]\nname = \"runinfra\"\nversion = \"0.2.0\"\n",
            );
            g.restage();
        },
        &["versions_agree"],
    ),
    (
        "another package inside",
        |g| {
            g.package_text(
                "Cargo.toml",
                "[package]\nname = \"runinfra2\"\nversion = \"0.1.0\"\n",
            );
            g.restage();
        },
        &["versions_agree"],
    ),
    (
        "packed from a dirty tree",
        |g| {
            g.package_text(
                ".cargo_vcs_info.json",
                // The commit is one that can be: only the word says no.
                "{\"git\":{\"sha1\":\"0123456789012345678901234567890123456789\",\"dirty\":true}}",
            );
            g.restage();
        },
        &["artifact_is_packed_from_the_tree"],
    ),
    (
        "a file left out of the archive",
        |g| {
            g.package.retain(|(path, _)| path != "src/client.rs");
            g.restage();
        },
        &["sources_are_the_artifacts"],
    ),
    (
        "a manifest changed in the archive",
        |g| {
            g.package_text(
                "Cargo.toml.orig",
                "[package]\nname = \"runinfra\"\n[features]\nx = []\n",
            );
            g.restage();
        },
        &[
            "sources_are_the_artifacts",
            "artifact_is_packed_from_the_tree",
        ],
    ),
    (
        "a test changed in the archive",
        |g| {
            g.package_text("tests/wire.rs", "// Nothing.");
            g.restage();
        },
        &["artifact_is_packed_from_the_tree"],
    ),
];

const TREE: &[Change] = &[
    (
        "a changed source",
        |g| g.tree_text("src/client.rs", "//! C."),
        &["sources_are_the_trees", "artifact_is_packed_from_the_tree"],
    ),
    (
        "one more source",
        |g| g.tree_text("src/more.rs", ""),
        &["sources_are_the_trees"],
    ),
    (
        "one source less",
        |g| drop(g.tree.remove("src/client.rs")),
        &["sources_are_the_trees", "artifact_is_packed_from_the_tree"],
    ),
    (
        "a changed manifest",
        |g| {
            g.tree_text(
                "Cargo.toml",
                "[package]\nname = \"runinfra\"\nversion = \"0.1.0\"\n",
            );
        },
        &["sources_are_the_trees", "artifact_is_packed_from_the_tree"],
    ),
    (
        "another version in the workspace",
        |g| {
            g.workspace = g.workspace.replace("0.1.0", "0.1.1");
        },
        &["versions_agree"],
    ),
    (
        "a build script",
        |g| g.tree_text("build.rs", "fn main() {}"),
        &["sources_are_the_trees"],
    ),
    (
        "a changed README",
        |g| g.tree_text("README.md", "# Other"),
        &["sources_are_the_trees", "artifact_is_packed_from_the_tree"],
    ),
    (
        "a manifest of a package, which would stand for the tree's own",
        |g| {
            let manifest = String::from_utf8(g.tree["Cargo.toml"].clone()).unwrap();
            g.tree_text("Cargo.toml.orig", &manifest);
        },
        &["sources_are_the_trees"],
    ),
    (
        "no tree at all",
        |g| g.tree.clear(),
        &["sources_are_the_trees"],
    ),
    (
        "two names that are one file on some machines",
        |g| {
            g.tree_text("src/LIB.rs", "");
        },
        &["sources_are_the_trees"],
    ),
];

#[test]
fn changed_artifacts_are_refused() {
    all_are_refused(ARTIFACTS);
}

#[test]
fn a_changed_tree_is_refused() {
    all_are_refused(TREE);
}
