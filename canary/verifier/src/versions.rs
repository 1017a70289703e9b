//! Whether everything in the repository that names the version names the same one.

mod changelog;
mod page;

use canary_core::candidate::{PACKAGE, manifest};

use crate::finding::{Finding, Findings, Subject};

/// The files that name the version.
#[derive(Debug, Clone, Default)]
pub struct Repository {
    /// `Cargo.toml`.
    pub workspace: String,
    /// `sdk/Cargo.toml`.
    pub sdk: String,
    /// `Cargo.lock`.
    pub lock: String,
    /// `CHANGELOG.md`.
    pub changelog: String,
    /// Name and text of each page that tells how to depend on the SDK.
    pub pages: Vec<(String, String)>,
}

/// Everything that names another version than the SDK's manifest; or, where a version was
/// confirmed, than that one.
pub fn disagreements(repository: &Repository, confirmed: Option<&str>) -> Vec<Finding> {
    let next = "set one version in Cargo.toml, run `cargo check`, and mend the pages";
    let mut out = Findings::new("versions_are_one", next);
    let workspace = repository.workspace.as_bytes();
    let identity = match manifest::identity(repository.sdk.as_bytes(), Some(workspace)) {
        Ok(identity) => identity,
        Err(error) => {
            out.add(Subject::Tree, "sdk/Cargo.toml", error, "the SDK's version");
            return out.into_list();
        }
    };
    let version = identity.version.as_str();
    if let Some(confirmed) = confirmed {
        out.equal(Subject::Tree, "sdk/Cargo.toml", version, confirmed);
    }
    paths(&repository.workspace, version, &mut out);
    lock(&repository.lock, version, &mut out);
    changelog::check(
        &repository.changelog,
        version,
        confirmed.is_some(),
        &mut out,
    );
    for (name, text) in &repository.pages {
        page::check(name, text, version, &mut out);
    }
    out.into_list()
}

/// Crates of the workspace depend on each other at the workspace's version.
fn paths(workspace: &str, version: &str, out: &mut Findings) {
    let root: toml::Table = workspace.parse().unwrap_or_default();
    let dependencies = root.get("workspace").and_then(|w| w.get("dependencies"));
    let all = dependencies
        .and_then(toml::Value::as_table)
        .into_iter()
        .flatten();
    for (name, dependency) in all.filter(|(_, dependency)| dependency.get("path").is_some()) {
        let at = format!("Cargo.toml workspace.dependencies.{name}");
        let found = dependency.get("version").and_then(toml::Value::as_str);
        out.equal(Subject::Tree, at, found.unwrap_or("no version"), version);
    }
}

/// Packages without a source in the lock file are the workspace's own.
fn lock(text: &str, version: &str, out: &mut Findings) {
    let Ok(root) = text.parse::<toml::Table>() else {
        return out.add(Subject::Tree, "Cargo.lock", "no TOML", "the lock file");
    };
    let packages = root.get("package").and_then(toml::Value::as_array);
    let own = packages
        .into_iter()
        .flatten()
        .filter(|package| package.get("source").is_none());
    let mut seen = false;
    for package in own {
        let field = |key: &str| {
            package
                .get(key)
                .and_then(toml::Value::as_str)
                .unwrap_or("nothing")
        };
        seen |= field("name") == PACKAGE;
        let at = format!("Cargo.lock {}", field("name"));
        out.equal(Subject::Tree, at, field("version"), version);
    }
    if !seen {
        out.add(
            Subject::Tree,
            "Cargo.lock",
            "no entry",
            format!("an entry for `{PACKAGE}`"),
        );
    }
}

#[cfg(test)]
mod tests;
