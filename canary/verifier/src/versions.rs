//! Whether everything in the repository that names the version names the same one.

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
    changelog(&repository.changelog, version, &mut out);
    for (name, text) in &repository.pages {
        page(name, text, version, &mut out);
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

/// The newest entry that is not called unreleased is about this version: `## [1.2.3] - date`.
fn changelog(text: &str, version: &str, out: &mut Findings) {
    let headings = text.lines().filter_map(|line| line.strip_prefix("## "));
    let mut names = headings.map(|heading| {
        let word = heading.split_whitespace().next().unwrap_or_default();
        word.trim_matches(['[', ']']).trim_start_matches('v')
    });
    let newest = names.find(|name| !name.eq_ignore_ascii_case("unreleased"));
    out.equal(
        Subject::Tree,
        "CHANGELOG.md",
        newest.unwrap_or("no version"),
        version,
    );
}

/// Every `runinfra = "…"` of a page is met by this version.
fn page(name: &str, text: &str, version: &str, out: &mut Findings) {
    let mut told = false;
    for (index, line) in text.lines().enumerate() {
        let Some(wanted) = dependency(line) else {
            continue;
        };
        told = true;
        if wanted != version && !version.starts_with(&format!("{wanted}.")) {
            let at = format!("{name}:{}", index + 1);
            out.add(
                Subject::Tree,
                at,
                wanted,
                format!("{version}, or its beginning"),
            );
        }
    }
    if !told {
        let expected = format!("a line `{PACKAGE} = \"{version}\"`");
        out.add(
            Subject::Tree,
            name,
            "no line that depends on the SDK",
            expected,
        );
    }
}

/// The version in `runinfra = "1.2"`, `runinfra = { version = "1.2", … }` or
/// `cargo add runinfra@1.2`.
fn dependency(line: &str) -> Option<&str> {
    let line = line.trim();
    if let Some((_, after)) = line.split_once(&format!("cargo add {PACKAGE}@")) {
        return after.split_whitespace().next();
    }
    let after = line.strip_prefix(PACKAGE)?.trim_start().strip_prefix('=')?;
    let quoted = match after.split_once("version") {
        Some((_, after)) => after,
        None => after,
    };
    quoted.split('"').nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Repository {
        Repository {
            workspace: "[workspace.package]\nversion = \"0.1.0\"\n[workspace.dependencies]\n\
                        runinfra = { path = \"sdk\", version = \"0.1.0\" }\nurl = \"2\"\n"
                .to_owned(),
            sdk: "[package]\nname = \"runinfra\"\nversion.workspace = true\n".to_owned(),
            lock: "version = 4\n[[package]]\nname = \"runinfra\"\nversion = \"0.1.0\"\n\
                   [[package]]\nname = \"url\"\nversion = \"2.5.8\"\nsource = \"registry\"\n"
                .to_owned(),
            changelog: "# Changes\n\n## [Unreleased]\n\n## [0.1.0] - 2026-05-01\n\n## 0.0.9\n"
                .to_owned(),
            pages: vec![
                (
                    "README.md".to_owned(),
                    "text\n\nruninfra = \"0.1\"\n".to_owned(),
                ),
                (
                    "sdk/README.md".to_owned(),
                    "cargo add runinfra@0.1.0\n".to_owned(),
                ),
            ],
        }
    }

    fn at(change: impl FnOnce(&mut Repository)) -> Vec<String> {
        let mut repository = good();
        change(&mut repository);
        let found = disagreements(&repository, Some("0.1.0"));
        found.into_iter().map(|finding| finding.at).collect()
    }

    #[test]
    fn one_version_everywhere_is_no_disagreement() {
        assert_eq!(at(|_| {}), Vec::<String>::new());
    }

    #[test]
    fn every_other_version_is_told_where_it_stands() {
        let put = |text: &mut String, from: &str, to: &str| {
            assert!(text.contains(from));
            *text = text.replacen(from, to, 1);
        };
        assert_eq!(
            at(|r| put(&mut r.sdk, ".workspace = true", " = \"0.2.0\"")).len(),
            6
        );
        assert_eq!(
            at(|r| put(
                &mut r.workspace,
                "\"sdk\", version = \"0.1.0\"",
                "\"sdk\", version = \"0.1.1\""
            )),
            ["Cargo.toml workspace.dependencies.runinfra"]
        );
        assert_eq!(
            at(|r| put(&mut r.workspace, "\"sdk\", version = \"0.1.0\"", "\"sdk\"")),
            ["Cargo.toml workspace.dependencies.runinfra"]
        );
        assert_eq!(
            at(|r| put(&mut r.lock, "0.1.0", "0.1.1")),
            ["Cargo.lock runinfra"]
        );
        assert_eq!(
            at(|r| put(&mut r.lock, "runinfra", "other")),
            ["Cargo.lock"]
        );
        assert_eq!(at(|r| put(&mut r.lock, "version = 4", "=")), ["Cargo.lock"]);
        assert_eq!(
            at(|r| put(&mut r.changelog, "[0.1.0]", "[0.1.1]")),
            ["CHANGELOG.md"]
        );
        assert_eq!(at(|r| r.changelog.clear()), ["CHANGELOG.md"]);
        for other in ["0.2", "0.1.1", "0", "0.10"] {
            let expected: &[&str] = if other == "0" { &[] } else { &["README.md:3"] };
            assert_eq!(
                at(|r| put(&mut r.pages[0].1, "0.1", other)),
                expected,
                "{other}"
            );
        }
        assert_eq!(
            at(|r| put(
                &mut r.pages[0].1,
                "\"0.1\"",
                "{ version = \"0.3\", features = [\"a\"] }"
            )),
            ["README.md:3"]
        );
        assert_eq!(
            at(|r| put(&mut r.pages[1].1, "@0.1.0", "@0.1.1")),
            ["sdk/README.md:1"]
        );
        assert_eq!(at(|r| r.pages[1].1.clear()), ["sdk/README.md"]);
        assert_eq!(at(|r| r.sdk.clear()), ["sdk/Cargo.toml"]);
    }

    #[test]
    fn a_version_that_is_not_the_confirmed_one_is_told() {
        let found = disagreements(&good(), Some("0.1.1"));
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].found.as_str(), found[0].expected.as_str()),
            ("0.1.0", "0.1.1")
        );
        assert_eq!(disagreements(&good(), None), []);
    }
}
