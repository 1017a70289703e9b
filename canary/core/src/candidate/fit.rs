//! Whether a packed SDK may be compiled here at all.
//!
//! Compiling a package can run what is in it (a build script, a procedural macro), fetch from
//! wherever its manifest points, and take in files that no digest of its sources covers. An SDK
//! needs none of that, so a package that has it is refused before cargo sees it.

use std::fmt;

use toml::{Table, Value};

use super::{
    archive::Package,
    lock,
    manifest::{at, parse},
    packed,
    source::{LOCK, MANIFEST, PACKED_MANIFEST},
};

/// One thing for which a package is not compiled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Objection {
    /// The file, and the place in it.
    pub at: String,
    /// What is wrong there.
    pub problem: String,
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.problem)
    }
}

/// Files and folders that tell cargo or its compiler what to do.
const SETTINGS: [&str; 4] = [
    ".cargo",
    "rust-toolchain",
    "rust-toolchain.toml",
    "clippy.toml",
];

/// Tables of a manifest that no member of a workspace may have.
const OUTER: [&str; 5] = ["patch", "replace", "workspace", "profile", "cargo-features"];

/// Where dependencies stand in a manifest.
const KINDS: [&str; 3] = ["dependencies", "build-dependencies", "dev-dependencies"];

/// Keys of a dependency that lead elsewhere than to the registry everybody uses.
const ELSEWHERE: [&str; 5] = ["path", "git", "registry", "registry-index", "base"];

/// Everything for which a package is not compiled, held against the workspace's manifest and lock
/// file. Nothing when it may be.
pub fn objections(package: &Package, workspace: &[u8], workspace_lock: &[u8]) -> Vec<Objection> {
    let mut found = Found::default();
    found.files(package);
    for name in [MANIFEST, PACKED_MANIFEST] {
        match package.file(name).map(parse) {
            None => found.add(name, "is missing"),
            Some(Err(error)) => found.add(name, error),
            Some(Ok(manifest)) => found.manifest(name, &manifest),
        }
    }
    found.compared(package, workspace);
    found.locked(package, workspace_lock);
    found.0
}

/// Everything for which a package is not compiled, as far as it can be told without a workspace.
pub fn objections_alone(package: &Package) -> Vec<Objection> {
    let mut found = Found::default();
    found.files(package);
    for name in [MANIFEST, PACKED_MANIFEST] {
        match package.file(name).map(parse) {
            None => {}
            Some(Err(error)) => found.add(name, error),
            Some(Ok(manifest)) => found.manifest(name, &manifest),
        }
    }
    found.0
}

#[derive(Default)]
struct Found(Vec<Objection>);

impl Found {
    fn add(&mut self, at: impl Into<String>, problem: impl fmt::Display) {
        let (at, problem) = (at.into(), problem.to_string());
        self.0.push(Objection { at, problem });
    }

    fn files(&mut self, package: &Package) {
        for file in &package.files {
            let path = file.path.as_str();
            let top = path.split_once('/').map_or(path, |(top, _)| top);
            if path == "build.rs" {
                self.add(path, "a build script, which would be run");
            }
            if SETTINGS.contains(&top) {
                self.add(path, "settings for cargo or the compiler");
            }
        }
    }

    fn manifest(&mut self, name: &str, manifest: &Table) {
        for key in OUTER.into_iter().filter(|key| manifest.contains_key(*key)) {
            self.add(
                format!("{name} {key}"),
                "a table that no package of a workspace has",
            );
        }
        let package = |key| at(manifest, &["package", key]);
        if package("build").is_some_and(|value| *value != Value::Boolean(false)) {
            self.add(
                format!("{name} package.build"),
                "a build script, which would be run",
            );
        }
        if package("links").is_some() {
            self.add(format!("{name} package.links"), "a library of the system");
        }
        if package("workspace").is_some() {
            self.add(
                format!("{name} package.workspace"),
                "a workspace of its own",
            );
        }
        for key in ["proc-macro", "crate-type"] {
            if at(manifest, &["lib", key]).is_some() {
                self.add(format!("{name} lib.{key}"), "another thing than a library");
            }
        }
        let library = at(manifest, &["lib", "path"]);
        if library.is_some_and(|path| path.as_str() != Some("src/lib.rs")) {
            self.add(
                format!("{name} lib.path"),
                "a library that no digest covers",
            );
        }
        self.elsewhere(name, "", manifest);
        let targets = manifest.get("target").and_then(Value::as_table);
        for (target, table) in targets.into_iter().flatten() {
            if let Some(table) = table.as_table() {
                self.elsewhere(name, &format!("target.{target}."), table);
            }
        }
    }

    fn elsewhere(&mut self, name: &str, prefix: &str, table: &Table) {
        for kind in KINDS {
            let wanted = table.get(kind).and_then(Value::as_table);
            for (dependency, value) in wanted.into_iter().flatten() {
                // A neighbour in the workspace, for tests only, which cargo leaves out when it packs.
                let neighbour =
                    kind == "dev-dependencies" && name == PACKED_MANIFEST && is_neighbour(value);
                let leads = |key: &&str| value.get(key).is_some() && !(neighbour && *key == "path");
                for key in ELSEWHERE.into_iter().filter(leads) {
                    let at = format!("{name} {prefix}{kind}.{dependency}.{key}");
                    self.add(at, "a dependency from elsewhere than the registry");
                }
            }
        }
    }

    /// What cargo wrote into the package asks for what the person's manifest asks for.
    fn compared(&mut self, package: &Package, workspace: &[u8]) {
        let (Some(rewritten), Some(written)) =
            (package.file(MANIFEST), package.file(PACKED_MANIFEST))
        else {
            return;
        };
        // A manifest that is none was told of already.
        let differences = packed::differences(rewritten, written, Some(workspace));
        for one in differences.unwrap_or_default() {
            let problem = format!("{}, but {} in {PACKED_MANIFEST}", one.packed, one.written);
            self.add(format!("{MANIFEST} {}", one.at), problem);
        }
    }

    fn locked(&mut self, package: &Package, workspace_lock: &[u8]) {
        match lock::compare(package, workspace_lock) {
            Err(error) => self.add(LOCK, error),
            Ok(differences) => {
                for one in differences {
                    let problem = format!("{}, but {} in the workspace", one.packed, one.written);
                    self.add(format!("{LOCK} {}", one.at), problem);
                }
            }
        }
    }
}

/// The package itself, or a folder beside it.
fn is_neighbour(dependency: &Value) -> bool {
    let path = dependency.get("path").and_then(Value::as_str);
    let plain = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    path.is_some_and(|path| path == "." || path.strip_prefix("../").is_some_and(plain))
}

#[cfg(test)]
mod tests;
