//! Pages that tell how to depend on the SDK.

use canary_core::candidate::PACKAGE;

use crate::finding::{Findings, Subject};

/// Every version of the SDK that a page names is met by this one, and there is one at least.
pub(super) fn check(name: &str, text: &str, version: &str, out: &mut Findings) {
    let mut told = false;
    let mut in_table = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            in_table = line.starts_with('[')
                && line
                    .trim_matches(['[', ']'])
                    .ends_with(&format!(".{PACKAGE}"));
        }
        let dependency = if in_table {
            in_a_table(line)
        } else {
            dependency(line)
        };
        told |= dependency.is_some();
        let linked = linked(line);
        for wanted in dependency.into_iter().chain(linked) {
            // A requirement is a promise of the page: it names this version, or its beginning.
            let plain = wanted.trim_start_matches(['=', '^', '~', 'v', ' ']);
            if plain != version && !version.starts_with(&format!("{plain}.")) {
                let at = format!("{name}:{}", index + 1);
                let expected = format!("{version}, or its beginning");
                out.add(Subject::Tree, at, &wanted, expected);
            }
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
fn dependency(line: &str) -> Option<String> {
    if let Some((_, after)) = line.split_once(&format!("cargo add {PACKAGE}@")) {
        let is_part = |c: char| c.is_ascii_alphanumeric() || ".-+=^~".contains(c);
        return Some(after.chars().take_while(|c| is_part(*c)).collect());
    }
    line.strip_prefix(PACKAGE)?.trim_start().strip_prefix('=')?;
    let table: toml::Table = line.parse().ok()?;
    match table.get(PACKAGE)? {
        toml::Value::String(version) => Some(version.clone()),
        other => Some(other.get("version")?.as_str()?.to_owned()),
    }
}

/// The version in a line of a table `[dependencies.runinfra]`.
fn in_a_table(line: &str) -> Option<String> {
    let table: toml::Table = line.parse().ok()?;
    Some(table.get("version")?.as_str()?.to_owned())
}

/// The versions in addresses such as `docs.rs/runinfra/1.2.3`.
fn linked(line: &str) -> Vec<String> {
    let folder = format!("/{PACKAGE}/");
    let after = line.split(&folder).skip(1);
    let versions = after.filter_map(|after| {
        let version: String = after
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || ".-+".contains(*c))
            .collect();
        version
            .starts_with(|c: char| c.is_ascii_digit())
            .then_some(version)
    });
    versions.collect()
}
