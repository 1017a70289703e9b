//! What cargo rewrites is no difference, and what anybody else rewrites is one.

use super::*;

const WORKSPACE: &str = r#"
    [workspace.package]
    edition = "2024"
    [workspace.dependencies]
    bytes = "1.12"
    futures = { version = "0.3", default-features = false, features = ["std"] }
    reqwest = { version = "0.13", default-features = false }
"#;

const WRITTEN: &str = r#"
    [package]
    name = "runinfra"
    edition.workspace = true
    [features]
    default = []
    blocking = ["dep:bytes", "reqwest/blocking"]
    [dependencies]
    bytes = { workspace = true, features = ["serde"], optional = true }
    futures.workspace = true
    reqwest = { workspace = true, features = ["json"] }
    url = "2"
    [target.'cfg(unix)'.dependencies]
    libc = "0.2"
    [dev-dependencies]
    insta = "1"
"#;

const PACKED: &str = r#"
    [package]
    name = "runinfra"
    edition = "2024"
    build = false
    [features]
    blocking = ["reqwest/blocking", "dep:bytes"]
    default = []
    [lib]
    name = "runinfra"
    path = "src/lib.rs"
    [dependencies.bytes]
    version = "1.12"
    features = ["serde"]
    optional = true
    [dependencies.futures]
    version = "0.3"
    features = ["std"]
    default-features = false
    [dependencies.reqwest]
    version = "0.13"
    features = ["json"]
    default-features = false
    [dependencies.url]
    version = "2"
    [target."cfg(unix)".dependencies.libc]
    version = "0.2"
"#;

fn places(packed: &str) -> Vec<String> {
    let workspace = Some(WORKSPACE.as_bytes());
    let found = differences(packed.as_bytes(), WRITTEN.as_bytes(), workspace).unwrap();
    found.into_iter().map(|difference| difference.at).collect()
}

#[test]
fn what_cargo_rewrites_is_no_difference() {
    assert_eq!(places(PACKED), Vec::<String>::new());
}

#[test]
fn what_somebody_else_rewrites_is_told_where_it_is() {
    let table = [
        (
            "[dependencies.url]",
            "[dependencies.urll]",
            &["dependencies.url", "dependencies.urll"][..],
        ),
        (
            "version = \"2\"",
            "version = \"=2.0.0\"",
            &["dependencies.url"],
        ),
        (
            "version = \"2\"",
            "version = \"2\"\npackage = \"evil\"",
            &["dependencies.url"],
        ),
        (
            "version = \"2\"",
            "version = \"2\"\nregistry-index = \"x\"",
            &["dependencies.url"],
        ),
        (
            "features = [\"json\"]",
            "features = [\"json\", \"cookies\"]",
            &["dependencies.reqwest"],
        ),
        (
            "features = [\"std\"]",
            "features = []",
            &["dependencies.futures"],
        ),
        (
            "default-features = false",
            "default-features = true",
            &["dependencies.futures"],
        ),
        (
            "optional = true",
            "optional = false",
            &["dependencies.bytes"],
        ),
        (
            "default = []",
            "default = [\"blocking\"]",
            &["features.default"],
        ),
        (
            "default = []",
            "default = []\nmore = []",
            &["features.more"],
        ),
        (
            "edition = \"2024\"",
            "edition = \"2021\"",
            &["package.edition"],
        ),
        (
            "build = false",
            "build = \"tests/evil.rs\"",
            &["package.build"],
        ),
        ("build = false", "links = \"z\"", &["package.links"]),
        ("src/lib.rs", "src/other.rs", &["lib.path"]),
        (
            "path = \"src/lib.rs\"",
            "path = \"src/lib.rs\"\nproc-macro = true",
            &["lib.proc-macro"],
        ),
        (
            "libc]",
            "libcc]",
            &[
                "target.cfg(unix).dependencies.libc",
                "target.cfg(unix).dependencies.libcc",
            ],
        ),
        (
            "[dependencies.url]",
            "[build-dependencies.cc]\nversion = \"1\"\n[dependencies.url]",
            &["build-dependencies.cc"],
        ),
    ];
    for (from, to, expected) in table {
        let changed = PACKED.replacen(from, to, 1);
        assert_ne!(changed, PACKED, "{from}");
        assert_eq!(places(&changed), expected, "{to}");
    }
}

#[test]
fn what_the_registry_would_show_is_compared_too() {
    let table = [
        (
            "edition = \"2024\"",
            "edition = \"2024\"\nlicense = \"Other\"",
            "package.license",
        ),
        (
            "edition = \"2024\"",
            "edition = \"2024\"\nrust-version = \"1.0\"",
            "package.rust-version",
        ),
        (
            "edition = \"2024\"",
            "edition = \"2024\"\nauthors = [\"Mallory\"]",
            "package.authors",
        ),
        (
            "[features]",
            "[[bin]]\nname = \"evil\"\npath = \"src/lib.rs\"\n[features]",
            "bin",
        ),
    ];
    for (from, to, place) in table {
        let changed = PACKED.replacen(from, to, 1);
        assert_eq!(places(&changed), [place], "{to}");
    }
}

#[test]
fn the_script_that_cargo_finds_by_itself_is_told_by_the_sources() {
    assert_eq!(
        places(&PACKED.replace("build = false", "build = \"build.rs\"")),
        [""; 0]
    );
    assert_eq!(
        places(&PACKED.replace("build = false", "build = true")),
        ["package.build"]
    );
}

#[test]
fn what_is_not_toml_is_no_manifest() {
    assert_eq!(differences(b"\xff", b"", None), Err(ManifestError::NotToml));
    assert_eq!(differences(b"", b"[", None), Err(ManifestError::NotToml));
    assert_eq!(
        differences(b"", b"", Some(b"=")),
        Err(ManifestError::NotToml)
    );
}

/// The places in which a package written like this, and packed like that, differs.
fn between(packed: &str, written: &str) -> Vec<String> {
    let found = differences(packed.as_bytes(), written.as_bytes(), None).unwrap();
    found.into_iter().map(|difference| difference.at).collect()
}

const BARE: &str = "[package]\nname = \"run-infra\"\n";

#[test]
fn what_nobody_thought_of_is_compared_as_it_stands() {
    for (more, place) in [
        ("[lib]\nname = \"evil\"", "lib.name"),
        ("[lib]\npath = \"src/evil.rs\"", "lib.path"),
        ("[lib]\nedition = \"2015\"", "lib.edition"),
        ("[lib]\nproc_macro = true", "lib.proc_macro"),
        ("[lib]\ncrate-type = [\"cdylib\"]", "lib.crate-type"),
        ("[patch.crates-io]\nbytes = { path = \"evil\" }", "patch"),
        ("[replace]", "replace"),
        ("[workspace]", "workspace"),
        ("[profile.release]\nopt-level = 0", "profile"),
        ("[build_dependencies]\ncc = \"1\"", "build_dependencies"),
        ("[badges]", "badges"),
        ("[package.metadata.docs.rs]", "package.metadata"),
        ("readme = \"LICENSE\"", "package.readme"),
        ("readme = false", "package.readme"),
        ("publish = false", "package.publish"),
        ("homepage.workspace = true", "package.homepage"),
        ("metabuild = [\"evil\"]", "package.metabuild"),
        (
            "[target.x]\nbuild_dependencies = {}",
            "target.x.build_dependencies",
        ),
        ("[target.x]\ndependencies = 1", "target.x.dependencies"),
        ("[target]\nx = 1", "target.x."),
        ("[dependencies]\nx = \"1\"", "dependencies.x"),
        ("[dev-dependencies]\nx = \"1\"", "dev-dependencies.x"),
        (
            "[target.y.dev-dependencies]\nx = \"1\"",
            "target.y.dev-dependencies.x",
        ),
    ] {
        assert_eq!(between(&format!("{BARE}{more}"), BARE), [place], "{more}");
        let both = format!("{BARE}{more}");
        assert_eq!(between(&both, &both), [""; 0], "{more}");
    }
    for (more, place) in [
        ("features = 1", "features"),
        ("lib = 1", "lib"),
        ("dependencies = 1", "dependencies"),
    ] {
        assert_eq!(between(&format!("{more}\n{BARE}"), BARE), [place], "{more}");
    }
}

#[test]
fn what_cargo_writes_by_itself_is_no_difference() {
    for more in [
        "build = false",
        "readme = \"README.md\"",
        "readme = true",
        "autobenches = false\nautobins = false\nautoexamples = false",
        "autolib = false\nautotests = false\nresolver = \"2\"",
        "[lib]\nname = \"run_infra\"\npath = \"src/lib.rs\"",
        "[[example]]\nname = \"x\"",
        "[[test]]\nname = \"x\"",
        "[lints.rust]\nunsafe_code = \"forbid\"",
    ] {
        assert_eq!(between(&format!("{BARE}{more}"), BARE), [""; 0], "{more}");
    }
}

#[test]
fn every_word_on_a_dependency_is_compared() {
    let with = |more: &str| format!("{BARE}[dependencies.x]\nversion = \"1\"\n{more}");
    for more in [
        "path = \"../evil\"",
        "workspace = true",
        "base = \"evil\"",
        "git = \"https://example.com/evil\"",
        "registry = \"evil\"",
        "registry-index = \"evil\"",
        "default_features = false",
        "artifact = \"bin\"",
        "public = true",
        "features = 1",
        "features = [1]",
        "optional = 1",
        "default-features = 1",
        "package = 1",
    ] {
        assert_eq!(
            between(&with(more), &with("")),
            ["dependencies.x"],
            "{more}"
        );
        // What a person writes of a path, cargo takes out; of all else it has to be told.
        let taken_out = ["path", "workspace"]
            .iter()
            .any(|key| more.starts_with(key));
        let wanted: &[&str] = if taken_out { &[] } else { &["dependencies.x"] };
        assert_eq!(between(&with(""), &with(more)), wanted, "{more}");
    }
    // What is usual needs no word, and features no order.
    for (packed, written) in [
        ("default-features = true", ""),
        ("optional = false", ""),
        ("package = \"x\"", ""),
        ("features = []", ""),
        ("features = [\"a\", \"b\"]", "features = [\"b\", \"a\"]"),
    ] {
        assert_eq!(between(&with(packed), &with(written)), [""; 0], "{packed}");
    }
    assert_eq!(
        between(&with(""), &format!("{BARE}[dependencies]\nx = \"1\"")),
        [""; 0]
    );
    let versioned = with("").replace("\"1\"", "1");
    assert_eq!(between(&versioned, &with("")), ["dependencies.x"]);
}

#[test]
fn features_that_are_no_list_are_none() {
    let with = |more: &str| format!("{BARE}[features]\ndefault = {more}");
    assert_eq!(between(&with("[]"), &with("[]")), [""; 0]);
    assert_eq!(
        between(&with("[\"b\", \"a\"]"), &with("[\"a\", \"b\"]")),
        [""; 0]
    );
    for other in ["\"\"", "[1]", "{}"] {
        assert_eq!(
            between(&with(other), &with("[]")),
            ["features.default"],
            "{other}"
        );
    }
}

#[test]
fn a_development_dependency_may_be_dropped_and_not_changed() {
    let written = format!("{BARE}[dev-dependencies]\nx = {{ path = \"x\", version = \"1\" }}");
    assert_eq!(between(BARE, &written), [""; 0]);
    assert_eq!(
        between(&format!("{BARE}[dev-dependencies]\nx = \"1\""), &written),
        [""; 0]
    );
    let other = format!("{BARE}[dev-dependencies]\nx = \"2\"");
    assert_eq!(between(&other, &written), ["dev-dependencies.x"]);
    let path = format!("{BARE}[dev-dependencies]\nx = {{ version = \"1\", path = \"x\" }}");
    assert_eq!(between(&path, &written), ["dev-dependencies.x"]);
}
