//! Packed manifests that say something more than the tree's, where nobody thought of comparing it.

use crate::{
    change::{Change, all_are_refused},
    support::Good,
};

const MANIFEST: &str = "packed_manifest_is_the_trees";

/// Puts something after the manifest that cargo wrote.
fn more(good: &mut Good, more: &str) {
    let written = "[package]\nname = \"runinfra\"\nversion = \"0.1.0\"\n";
    good.package_text("Cargo.toml", &format!("{written}{more}\n"));
    good.restage();
}

const FORGED: &[Change] = &[
    (
        "a library of another name",
        |g| more(g, "[lib]\nname = \"other\""),
        &[MANIFEST],
    ),
    (
        "a library of another edition",
        |g| more(g, "[lib]\nedition = \"2015\""),
        &[MANIFEST],
    ),
    (
        "a procedural macro under its old key",
        |g| more(g, "[lib]\nproc_macro = true"),
        &[MANIFEST],
    ),
    (
        "another kind of library under its old key",
        |g| more(g, "[lib]\ncrate_type = [\"cdylib\"]"),
        &[MANIFEST],
    ),
    (
        "other sources for dependencies",
        |g| more(g, "[patch.crates-io]\nbytes = { path = \"tests\" }"),
        &[MANIFEST],
    ),
    (
        "a dependency in a folder",
        |g| {
            more(
                g,
                "[dependencies]\nbytes = { version = \"1\", path = \"tests\" }",
            );
        },
        &[MANIFEST],
    ),
    (
        "a dependency for tests in a folder",
        |g| more(g, "[dev-dependencies]\nbytes = { path = \"tests\" }"),
        &[MANIFEST],
    ),
    (
        "dependencies under their old key",
        |g| more(g, "[build_dependencies]\nbytes = \"1\""),
        &[MANIFEST],
    ),
    (
        "settings of the compiler",
        |g| more(g, "[profile.release]\nopt-level = 0"),
        &[MANIFEST],
    ),
    (
        "words for the compiler where documentation is made",
        |g| {
            more(
                g,
                "[package.metadata.docs.rs]\nrustc-args = [\"--cfg\", \"x\"]",
            );
        },
        &[MANIFEST],
    ),
    (
        "another page to show",
        |g| more(g, "readme = \"LICENSE-MIT\""),
        &[MANIFEST],
    ),
    (
        "a workspace to inherit from that nobody has",
        |g| more(g, "homepage.workspace = true"),
        &[MANIFEST],
    ),
    (
        "features that are none",
        |g| more(g, "[features]\ndefault = \"\""),
        &[MANIFEST],
    ),
];

#[test]
fn manifests_that_say_more_than_the_trees_are_refused() {
    all_are_refused(FORGED);
}
