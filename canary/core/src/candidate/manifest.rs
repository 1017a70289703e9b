//! What a manifest says of the package: its name and version.

/// Name and version of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// `package.name`.
    pub name: String,
    /// `package.version`.
    pub version: String,
}

/// Why a manifest does not say what the package is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Not UTF-8, or not TOML.
    #[error("the manifest is not TOML")]
    NotToml,
    /// No `package.name`.
    #[error("the manifest names no package")]
    NoName,
    /// No `package.version`, and none inherited.
    #[error("the manifest states no version, and the workspace has none for it")]
    NoVersion,
}

/// Reads a manifest. `version.workspace = true` is looked up in the manifest of the workspace,
/// where there is one.
pub fn identity(manifest: &[u8], workspace: Option<&[u8]>) -> Result<Identity, ManifestError> {
    let root = parse(manifest)?;
    let name = at(&root, &["package", "name"])
        .and_then(text)
        .ok_or(ManifestError::NoName)?;
    let own = at(&root, &["package", "version"]).and_then(text);
    let version = match (own, workspace) {
        (Some(version), _) => Some(version),
        (None, Some(workspace)) if inherits(&root) => {
            at(&parse(workspace)?, &["workspace", "package", "version"]).and_then(text)
        }
        (None, _) => None,
    };
    Ok(Identity {
        name,
        version: version.ok_or(ManifestError::NoVersion)?,
    })
}

pub(super) fn parse(manifest: &[u8]) -> Result<toml::Table, ManifestError> {
    std::str::from_utf8(manifest)
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or(ManifestError::NotToml)
}

pub(super) fn at<'a>(root: &'a toml::Table, keys: &[&str]) -> Option<&'a toml::Value> {
    let (last, tables) = keys.split_last()?;
    let mut table = root;
    for key in tables {
        table = table.get(*key)?.as_table()?;
    }
    table.get(*last)
}

fn text(value: &toml::Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn inherits(root: &toml::Table) -> bool {
    at(root, &["package", "version", "workspace"]).and_then(toml::Value::as_bool) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Case<'a> = (&'a [u8], Option<&'a [u8]>, Result<&'a str, ManifestError>);

    #[test]
    fn a_version_is_stated_or_inherited() {
        let own: &[u8] = b"[package]\nname = \"a\"\nversion = \"1.2.3\"";
        let inherited: &[u8] = b"[package]\nname = \"a\"\nversion.workspace = true";
        let denied: &[u8] = b"[package]\nname = \"a\"\nversion.workspace = false";
        let workspace: &[u8] = b"[workspace.package]\nversion = \"4.5.6\"";
        let version = |found: Result<Identity, _>| found.map(|identity| identity.version);
        let table: [Case<'_>; 8] = [
            (own, None, Ok("1.2.3")),
            (own, Some(workspace), Ok("1.2.3")),
            (inherited, Some(workspace), Ok("4.5.6")),
            (inherited, None, Err(ManifestError::NoVersion)),
            (denied, Some(workspace), Err(ManifestError::NoVersion)),
            (
                inherited,
                Some(b"[workspace]"),
                Err(ManifestError::NoVersion),
            ),
            (
                b"[package]\nversion = \"1.0.0\"",
                None,
                Err(ManifestError::NoName),
            ),
            (b"\xff", None, Err(ManifestError::NotToml)),
        ];
        for (manifest, workspace, expected) in table {
            assert_eq!(
                version(identity(manifest, workspace)),
                expected.map(str::to_owned),
                "{}",
                String::from_utf8_lossy(manifest)
            );
        }
    }
}
