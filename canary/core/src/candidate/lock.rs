//! Which versions of its dependencies a packed SDK was locked to.
//!
//! Cargo packs a lock file of its own making. Nobody who uses the package is bound by it, but it is
//! the only part of a `.crate` that says which versions a build of it had, and the digest of the
//! `.crate` covers it. So it has to say what the executor was compiled with: the versions, sources
//! and checksums that the lock file of the workspace names.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::{Table, Value};

use super::{
    PACKAGE,
    archive::Package,
    manifest::parse,
    packed::Difference,
    source::{LOCK, MANIFEST},
};

/// A package of a lock file: its name and version.
type Id = (String, String);

/// A lock file, with every dependency found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    packages: BTreeMap<Id, Locked>,
}

/// What a lock file says of one package.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Locked {
    /// Where it comes from; nothing for a package of the workspace itself.
    source: Option<String>,
    checksum: Option<String>,
    dependencies: BTreeSet<Id>,
}

/// Why some bytes are not a lock file that can be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// Not TOML, or with fields that cargo does not write.
    #[error("the lock file is none that cargo writes")]
    NotALock,
    /// A form that this reader does not know.
    #[error("the lock file has version {0}, and this reader knows 3 and 4")]
    Version(u64),
    /// Two packages of one name and version.
    #[error("the lock file names the {at}th package twice")]
    Twice {
        /// Which, from 1.
        at: usize,
    },
    /// A dependency that is not one package of the file.
    #[error(
        "a dependency of the {at}th package of the lock file is not exactly one of its packages"
    )]
    Dangling {
        /// Which package has it, from 1.
        at: usize,
    },
}

/// Why the lock file of a package cannot be held against the workspace's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompareError {
    /// The package has none.
    #[error("the package has no lock file")]
    Missing,
    /// The package's cannot be read.
    #[error(transparent)]
    Packed(LockError),
    /// The workspace's cannot be read.
    #[error("in the workspace, {0}")]
    Workspace(LockError),
}

/// Everything in which a packed SDK is locked otherwise than the workspace that it was packed in.
pub fn compare(package: &Package, workspace: &[u8]) -> Result<Vec<Difference>, CompareError> {
    let bytes = package.file(LOCK).ok_or(CompareError::Missing)?;
    let packed = Lock::read(bytes).map_err(CompareError::Packed)?;
    let workspace = Lock::read(workspace).map_err(CompareError::Workspace)?;
    let mut found = differences(&packed, &workspace, PACKAGE);
    let manifest = package.file(MANIFEST).and_then(|bytes| parse(bytes).ok());
    let asked = manifest.as_ref().map(dependencies).unwrap_or_default();
    for name in unlocked(&packed, PACKAGE, &asked) {
        found.push(difference(
            name,
            "not locked".to_owned(),
            "asked for by the manifest",
        ));
    }
    Ok(found)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u64,
    #[serde(default)]
    package: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
}

impl Lock {
    /// Reads a lock file.
    pub fn read(bytes: &[u8]) -> Result<Self, LockError> {
        let text = std::str::from_utf8(bytes).map_err(|_| LockError::NotALock)?;
        let file: File = toml::from_str(text).map_err(|_| LockError::NotALock)?;
        if !(3..=4).contains(&file.version) {
            return Err(LockError::Version(file.version));
        }
        let ids: Vec<(Id, Option<&String>)> = file
            .package
            .iter()
            .map(|entry| {
                (
                    (entry.name.clone(), entry.version.clone()),
                    entry.source.as_ref(),
                )
            })
            .collect();
        let mut packages = BTreeMap::new();
        for (index, entry) in file.package.iter().enumerate() {
            let at = index + 1;
            let found = entry.dependencies.iter().map(|name| resolve(name, &ids));
            let locked = Locked {
                source: entry.source.clone(),
                checksum: entry.checksum.clone(),
                dependencies: found
                    .collect::<Option<_>>()
                    .ok_or(LockError::Dangling { at })?,
            };
            if packages.insert(ids[index].0.clone(), locked).is_some() {
                return Err(LockError::Twice { at });
            }
        }
        Ok(Self { packages })
    }

    fn named(&self, name: &str) -> impl Iterator<Item = (&Id, &Locked)> {
        let is_it = move |(id, _): &(&Id, &Locked)| id.0 == name;
        self.packages.iter().filter(is_it)
    }

    /// Every package that one of them needs, itself included.
    fn needed(&self, first: &Id) -> BTreeSet<&Id> {
        let mut needed = BTreeSet::new();
        let mut open: Vec<&Id> = self
            .packages
            .get_key_value(first)
            .map(|(id, _)| id)
            .into_iter()
            .collect();
        while let Some(id) = open.pop() {
            if needed.insert(id) {
                open.extend(
                    self.packages
                        .get(id)
                        .into_iter()
                        .flat_map(|locked| &locked.dependencies),
                );
            }
        }
        needed
    }
}

/// The one package that a dependency is written for: `name`, `name version` or
/// `name version (source)`, as short as leaves no doubt.
fn resolve(written: &str, ids: &[(Id, Option<&String>)]) -> Option<Id> {
    let mut words = written.split(' ');
    let (name, version, source) = (words.next()?, words.next(), words.next());
    let fits = |(id, from): &&(Id, Option<&String>)| {
        id.0 == name
            && version.is_none_or(|version| id.1 == version)
            && source.is_none_or(|source| from.is_some_and(|from| source == format!("({from})")))
    };
    let mut found = ids.iter().filter(fits);
    let one = found.next()?.0.clone();
    (found.next().is_none() && words.next().is_none()).then_some(one)
}

/// Everything that the lock file packed with `package` says otherwise than the workspace's.
///
/// It may say less: cargo leaves out what only other members of the workspace need.
fn differences(packed: &Lock, workspace: &Lock, package: &str) -> Vec<Difference> {
    let own: Vec<(&Id, &Locked)> = packed.named(package).collect();
    let [(root, _)] = own.as_slice() else {
        let found = format!("{} times", own.len());
        return vec![difference(package, found, "once")];
    };
    let mut differences = Vec::new();
    let needed = packed.needed(root);
    for (id, locked) in &packed.packages {
        let at = format!("{} {}", id.0, id.1);
        let Some(there) = workspace.packages.get(id) else {
            let versions: Vec<&str> = workspace
                .named(&id.0)
                .map(|(id, _)| id.1.as_str())
                .collect();
            let written = match versions.as_slice() {
                [] => "no such package".to_owned(),
                versions => versions.join(" or "),
            };
            differences.push(difference(&at, id.1.clone(), &written));
            continue;
        };
        let from = |locked: &Locked| {
            locked
                .source
                .clone()
                .unwrap_or_else(|| "the workspace".to_owned())
        };
        if locked.source != there.source {
            differences.push(difference(
                &format!("{at} source"),
                from(locked),
                &from(there),
            ));
        } else if locked.source.is_none() && id != *root {
            let found = "a package of the workspace".to_owned();
            differences.push(difference(&at, found, "published packages only"));
        }
        if locked.checksum != there.checksum {
            let sum =
                |locked: &Locked| locked.checksum.clone().unwrap_or_else(|| "none".to_owned());
            differences.push(difference(
                &format!("{at} checksum"),
                sum(locked),
                &sum(there),
            ));
        }
        // A package that the workspace does not have is told of once, where it stands.
        let more = locked.dependencies.difference(&there.dependencies);
        for more in more.filter(|id| workspace.packages.contains_key(id)) {
            let found = format!("needs {} {}", more.0, more.1);
            differences.push(difference(&at, found, "no such need"));
        }
        if !needed.contains(id) {
            differences.push(difference(&at, "needed by nothing".to_owned(), "nothing"));
        }
    }
    differences
}

/// Names of the packages that a manifest's users compile.
fn dependencies(manifest: &Table) -> BTreeSet<String> {
    let targets = manifest.get("target").and_then(Value::as_table);
    let targets = targets
        .into_iter()
        .flatten()
        .filter_map(|(_, table)| table.as_table());
    let tables = std::iter::once(manifest).chain(targets);
    let wanted = tables.filter_map(|table| table.get("dependencies").and_then(Value::as_table));
    wanted
        .flatten()
        .map(|(name, value)| {
            let package = value.get("package").and_then(Value::as_str);
            package.unwrap_or(name).to_owned()
        })
        .collect()
}

/// Which of some dependencies of `package` its lock file does not name.
fn unlocked<'n>(lock: &Lock, package: &str, names: &'n BTreeSet<String>) -> Vec<&'n str> {
    let locked: BTreeSet<&str> = lock
        .named(package)
        .flat_map(|(_, locked)| &locked.dependencies)
        .map(|(name, _)| name.as_str())
        .collect();
    let names = names.iter().map(String::as_str);
    names.filter(|name| !locked.contains(name)).collect()
}

fn difference(at: &str, packed: String, written: &str) -> Difference {
    Difference {
        at: at.to_owned(),
        packed,
        written: written.to_owned(),
    }
}

#[cfg(test)]
mod tests;
