//! Whether the manifest that cargo rewrote into a `.crate` still asks for what the manifest in the
//! tree asks for.
//!
//! Cargo rewrites a manifest when it packs (inherited values are filled in, paths are taken out),
//! so the two cannot be compared byte by byte; and the rewritten one is what users compile. What
//! they ask for is compared instead: dependencies, features, build script, library, programs, edition,
//! what the registry shows of the package, and every other key that either of them has.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

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
/// Examples, tests and lints are left out: cargo completes them when it packs, and nobody who uses
/// the package compiles or heeds them. Of development dependencies cargo drops some.
pub fn differences(
    packed: &[u8],
    written: &[u8],
    workspace: Option<&[u8]>,
) -> Result<Vec<Difference>, ManifestError> {
    let workspace = workspace.map(parse).transpose()?.unwrap_or_default();
    let packed = asks(&parse(packed)?, &Table::new(), Whose::Packed);
    let written = asks(&parse(written)?, &workspace, Whose::Written);
    let places: BTreeSet<&String> = packed.keys().chain(written.keys()).collect();
    let said = |asks: &BTreeMap<String, String>, place: &String| {
        asks.get(place)
            .cloned()
            .unwrap_or_else(|| "nothing".to_owned())
    };
    let dropped = |place: &String| place.contains(DROPPED) && !packed.contains_key(place);
    Ok(places
        .into_iter()
        .filter(|place| !dropped(place))
        .map(|place| Difference {
            at: place.clone(),
            packed: said(&packed, place),
            written: said(&written, place),
        })
        .filter(|difference| difference.packed != difference.written)
        .collect())
}

/// Where dependencies stand in a manifest, or in what it says of a target.
const KINDS: [&str; 3] = ["dependencies", "build-dependencies", DROPPED];

/// The kind of which cargo drops some when it packs.
const DROPPED: &str = "dev-dependencies";

/// Other tables of a manifest that are compared key by key.
const TABLES: [&str; 4] = ["package", "lib", "features", "target"];

/// What nobody who uses the package compiles or heeds, and cargo completes when it packs.
const UNUSED: [&str; 3] = ["example", "test", "lints"];

/// What cargo writes into `package` by itself.
const OWN: [&str; 7] = [
    "autobenches",
    "autobins",
    "autoexamples",
    "autolib",
    "autotests",
    "build",
    "resolver",
];

/// Place → what the manifest asks for there, in one spelling. Nothing is passed over because nobody
/// thought of it: a key without a meaning of its own here is compared as it stands.
fn asks(manifest: &Table, workspace: &Table, whose: Whose) -> BTreeMap<String, String> {
    let mut asks = BTreeMap::new();
    for (key, value) in manifest {
        let key = key.as_str();
        let known = (TABLES.contains(&key) || KINDS.contains(&key)) && value.is_table();
        if !known && !UNUSED.contains(&key) {
            asks.insert(key.to_owned(), value.to_string());
        }
    }
    dependencies(manifest, workspace, "", whose, &mut asks);
    for (target, value) in table(manifest, "target") {
        let place = format!("target.{target}.");
        match value.as_table() {
            Some(table) => {
                dependencies(table, workspace, &place, whose, &mut asks);
                let known = |key: &str, value: &Value| KINDS.contains(&key) && value.is_table();
                for (key, value) in table.iter().filter(|(key, value)| !known(key, value)) {
                    asks.insert(format!("{place}{key}"), value.to_string());
                }
            }
            None => drop(asks.insert(place, value.to_string())),
        }
    }
    for (feature, list) in table(manifest, "features") {
        asks.insert(format!("features.{feature}"), words(list));
    }
    package(manifest, workspace, &mut asks);
    library(manifest, &mut asks);
    asks
}

fn package(manifest: &Table, workspace: &Table, asks: &mut BTreeMap<String, String>) {
    for (key, value) in table(manifest, "package") {
        if !OWN.contains(&key.as_str()) {
            let value = inherited(value, workspace, key);
            asks.insert(format!("package.{key}"), value.to_string());
        }
    }
    let readme = asks.entry("package.readme".to_owned());
    let readme = readme.or_insert_with(|| "true".to_owned());
    if readme == "true" {
        "\"README.md\"".clone_into(readme);
    }
    // `false` and no word at all are one when there is no script; which file a script is, is told
    // by the sources.
    match at(manifest, &["package", "build"]) {
        None | Some(Value::Boolean(false)) => {}
        Some(Value::String(path)) if path == "build.rs" => {}
        Some(other) => drop(asks.insert("package.build".to_owned(), other.to_string())),
    }
}

fn library(manifest: &Table, asks: &mut BTreeMap<String, String>) {
    for (key, value) in table(manifest, "lib") {
        asks.insert(format!("lib.{key}"), value.to_string());
    }
    let package = at(manifest, &["package", "name"]).and_then(Value::as_str);
    let name = package.unwrap_or_default().replace('-', "_");
    for (key, usual) in [("name", name.as_str()), ("path", "src/lib.rs")] {
        let usual = || Value::from(usual).to_string();
        asks.entry(format!("lib.{key}")).or_insert_with(usual);
    }
}

/// Which of the two manifests is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Cargo's.
    Packed,
    /// A person's.
    Written,
}

fn dependencies(
    manifest: &Table,
    workspace: &Table,
    place: &str,
    whose: Whose,
    asks: &mut BTreeMap<String, String>,
) {
    for kind in KINDS {
        for (name, written) in table(manifest, kind) {
            let inherits = written.get("workspace").and_then(Value::as_bool) == Some(true);
            let base = inherits
                .then(|| at(workspace, &["workspace", "dependencies", name]))
                .flatten();
            let asked = dependency(name, written, base, whose);
            asks.insert(format!("{place}{kind}.{name}"), asked);
        }
    }
}

/// One dependency in one spelling, with what it inherits.
fn dependency(name: &str, written: &Value, base: Option<&Value>, whose: Whose) -> String {
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
    let mut asked = format!(
        "{package} {version} [{}] default={defaults} optional={optional}",
        features.join(",")
    );
    // Where it comes from, and whatever else is said of it. A path is taken out when a person's
    // manifest is packed, and so is the word that it is inherited.
    let tables = [Some(written), base];
    let tables = tables.into_iter().flatten().filter_map(Value::as_table);
    let said: BTreeSet<&String> = tables.flat_map(Table::keys).collect();
    for key in said {
        let left_out = ["path", "workspace"].contains(&key.as_str()) && whose == Whose::Written;
        let value = field(key).filter(|value| !left_out && !is_read(key, value));
        if let Some(value) = value {
            let _ = write!(asked, " {key}={value}");
        }
    }
    asked
}

/// Whether this of a dependency was read for what it means.
fn is_read(key: &str, value: &Value) -> bool {
    match key {
        "version" | "package" => value.is_str(),
        "features" => is_list(value),
        "default-features" | "optional" => value.is_bool(),
        _ => false,
    }
}

/// What stands in `package`, or what it inherits.
fn inherited<'a>(own: &'a Value, workspace: &'a Table, key: &str) -> &'a Value {
    let inherits = own.get("workspace").and_then(Value::as_bool) == Some(true);
    let shared = inherits.then(|| at(workspace, &["workspace", "package", key]));
    shared.flatten().unwrap_or(own)
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

fn is_list(value: &Value) -> bool {
    let elements = value.as_array();
    elements.is_some_and(|elements| elements.iter().all(Value::is_str))
}

/// A list in whatever order; what is none, as it stands.
fn words(value: &Value) -> String {
    if !is_list(value) {
        return value.to_string();
    }
    let sorted: BTreeSet<String> = list(Some(value)).into_iter().collect();
    sorted.into_iter().collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests;
