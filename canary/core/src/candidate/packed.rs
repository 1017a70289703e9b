//! Whether the manifest that cargo rewrote into a `.crate` still asks for what the manifest in the
//! tree asks for.
//!
//! Cargo rewrites a manifest when it packs (inherited values are filled in, paths are taken out),
//! so the two cannot be compared byte by byte; and the rewritten one is what users compile. What
//! decides their build is compared instead: dependencies, features, build script, library, programs,
//! edition; and what the registry shows of the package: its papers.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::manifest::{ManifestError, at, parse};

/// One thing that the two manifests ask for differently.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// Where, as a path of keys.
    pub at: String,
    /// What the packed manifest says.
    pub packed: String,
    /// What the manifest in the tree says.
    pub written: String,
}

/// Everything that the packed manifest asks for differently, in the order of places.
///
/// Development dependencies are left out: cargo drops some when it packs, and nobody who uses the
/// package compiles them.
pub fn differences(
    packed: &[u8],
    written: &[u8],
    workspace: Option<&[u8]>,
) -> Result<Vec<Difference>, ManifestError> {
    let workspace = workspace.map(parse).transpose()?.unwrap_or_default();
    let packed = asks(&parse(packed)?, &Table::new());
    let written = asks(&parse(written)?, &workspace);
    let places: BTreeSet<&String> = packed.keys().chain(written.keys()).collect();
    let said = |asks: &BTreeMap<String, String>, place: &String| {
        asks.get(place)
            .cloned()
            .unwrap_or_else(|| "nothing".to_owned())
    };
    Ok(places
        .into_iter()
        .map(|place| Difference {
            at: place.clone(),
            packed: said(&packed, place),
            written: said(&written, place),
        })
        .filter(|difference| difference.packed != difference.written)
        .collect())
}

/// What stands in `package`, may be inherited, and is for the registry or the compiler.
const SHOWN: [&str; 13] = [
    "edition",
    "name",
    "version",
    "rust-version",
    "authors",
    "description",
    "documentation",
    "homepage",
    "license",
    "license-file",
    "repository",
    "keywords",
    "categories",
];

/// Place → what the manifest asks for there, in one spelling.
fn asks(manifest: &Table, workspace: &Table) -> BTreeMap<String, String> {
    let mut asks = BTreeMap::new();
    for kind in ["dependencies", "build-dependencies"] {
        dependencies(manifest, workspace, kind, kind, &mut asks);
        for (target, table) in table(manifest, "target") {
            if let Some(table) = table.as_table() {
                let place = format!("target.{target}.{kind}");
                dependencies(table, workspace, kind, &place, &mut asks);
            }
        }
    }
    for (feature, list) in table(manifest, "features") {
        asks.insert(format!("features.{feature}"), words(Some(list)));
    }
    for key in SHOWN {
        let value = inherited(manifest, workspace, key);
        asks.insert(format!("package.{key}"), value);
    }
    for key in ["bin", "bench"] {
        let programs = manifest.get(key).map(ToString::to_string);
        asks.extend(programs.map(|programs| (key.to_owned(), programs)));
    }
    let library = at(manifest, &["lib", "path"]).and_then(Value::as_str);
    asks.insert(
        "lib.path".to_owned(),
        library.unwrap_or("src/lib.rs").to_owned(),
    );
    for key in ["proc-macro", "crate-type"] {
        if let Some(value) = at(manifest, &["lib", key]) {
            asks.insert(format!("lib.{key}"), value.to_string());
        }
    }
    if let Some(links) = at(manifest, &["package", "links"]) {
        asks.insert("package.links".to_owned(), links.to_string());
    }
    // `false` and no word at all are one when there is no script; which file a script is, is told
    // by the sources.
    match at(manifest, &["package", "build"]) {
        None | Some(Value::Boolean(false)) => {}
        Some(Value::String(path)) if path == "build.rs" => {}
        Some(other) => drop(asks.insert("package.build".to_owned(), other.to_string())),
    }
    asks
}

fn dependencies(
    manifest: &Table,
    workspace: &Table,
    kind: &str,
    place: &str,
    asks: &mut BTreeMap<String, String>,
) {
    for (name, written) in table(manifest, kind) {
        let inherits = written.get("workspace").and_then(Value::as_bool) == Some(true);
        let base = inherits
            .then(|| at(workspace, &["workspace", "dependencies", name]))
            .flatten();
        asks.insert(format!("{place}.{name}"), dependency(name, written, base));
    }
}

/// One dependency in one spelling, with what it inherits.
fn dependency(name: &str, written: &Value, base: Option<&Value>) -> String {
    let field = |key: &str| {
        let of = |value: &Value| value.get(key).cloned();
        of(written).or_else(|| base.and_then(of))
    };
    let text = |key: &str| field(key).and_then(|value| value.as_str().map(str::to_owned));
    let plain = |value: &Value| value.as_str().map(str::to_owned);
    let version = plain(written)
        .or_else(|| base.and_then(plain))
        .or_else(|| text("version"))
        .unwrap_or_else(|| "no version".to_owned());
    let package = text("package").unwrap_or_else(|| name.to_owned());
    let truth = |key: &str| field(key).and_then(|value| value.as_bool());
    let defaults = truth("default-features").unwrap_or(true);
    let optional = written.get("optional").and_then(Value::as_bool) == Some(true);
    // A member adds to the features of its workspace.
    let own = list(written.get("features"));
    let shared = list(base.and_then(|base| base.get("features")));
    let features: BTreeSet<String> = own.into_iter().chain(shared).collect();
    let features: Vec<String> = features.into_iter().collect();
    let registry = text("registry-index").or_else(|| text("registry"));
    let elsewhere = registry.or_else(|| text("git")).unwrap_or_default();
    format!(
        "{package} {version} [{}] default={defaults} optional={optional} {elsewhere}",
        features.join(",")
    )
}

fn inherited(manifest: &Table, workspace: &Table, key: &str) -> String {
    let own = at(manifest, &["package", key]);
    let value = match own {
        Some(Value::Table(_)) => at(workspace, &["workspace", "package", key]),
        own => own,
    };
    value.map(ToString::to_string).unwrap_or_default()
}

fn table<'a>(manifest: &'a Table, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    manifest
        .get(key)
        .and_then(Value::as_table)
        .into_iter()
        .flatten()
}

fn list(value: Option<&Value>) -> Vec<String> {
    let elements = value.and_then(Value::as_array).into_iter().flatten();
    elements
        .filter_map(|word| word.as_str().map(str::to_owned))
        .collect()
}

fn words(value: Option<&Value>) -> String {
    let sorted: BTreeSet<String> = list(value).into_iter().collect();
    sorted.into_iter().collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
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
}
