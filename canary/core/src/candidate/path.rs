//! Paths inside a package: relative, spelled in one way, and unable to lead out of it.

use std::fmt;

/// The longest path, in bytes.
pub const LONGEST: usize = 240;

/// A relative path of plain components, separated by `/`, in printable ASCII.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackagePath(String);

/// Why a text is not a path inside a package. The text itself is never repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathProblem {
    /// Empty, or with an empty component.
    #[error("a path with an empty component")]
    Empty,
    /// Begins with a separator, or with a Windows drive.
    #[error("an absolute path")]
    Absolute,
    /// Has a component `.` or `..`.
    #[error("a path that steps outside")]
    Outside,
    /// Not UTF-8, a control character, a character outside ASCII, or one that some file system
    /// gives a meaning of its own.
    #[error("a path with a character that packages do not use")]
    Character,
    /// Has a component that is a device of Windows, with whatever ending.
    #[error("a path that is a device on Windows")]
    Device,
    /// Longer than [`LONGEST`].
    #[error("a path longer than {LONGEST} bytes")]
    TooLong,
}

impl PackagePath {
    /// Reads a path. `\` counts as `/`, so that a path listed on Windows is the same path.
    pub fn new(bytes: &[u8]) -> Result<Self, PathProblem> {
        if bytes.len() > LONGEST {
            return Err(PathProblem::TooLong);
        }
        let plain = |byte: &u8| (0x20..0x7f).contains(byte) && !b":*?\"<>|".contains(byte);
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.replace('\\', "/"),
            Err(_) => return Err(PathProblem::Character),
        };
        // A drive is told apart before its colon is refused as a character.
        let drive = text.as_bytes().get(1) == Some(&b':');
        if text.starts_with('/') || drive {
            return Err(PathProblem::Absolute);
        }
        if !text.as_bytes().iter().all(plain) {
            return Err(PathProblem::Character);
        }
        for component in text.split('/') {
            match component {
                "" => return Err(PathProblem::Empty),
                "." | ".." => return Err(PathProblem::Outside),
                // Windows drops these endings, so two names would be one file there.
                name if name.ends_with('.') || name.ends_with(' ') => {
                    return Err(PathProblem::Character);
                }
                name if is_device(name) => return Err(PathProblem::Device),
                _ => {}
            }
        }
        Ok(Self(text))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The spelling under which two paths are one file on a file system that ignores case.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// The first component and the rest, when there is a rest.
    pub fn split_first(&self) -> Option<(&str, Self)> {
        let (first, rest) = self.0.split_once('/')?;
        Some((first, Self(rest.to_owned())))
    }
}

/// `nul`, `con.rs` and the like, which no program can make or read as a file on Windows.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let stem = stem.to_ascii_lowercase();
    let port = stem
        .strip_prefix("com")
        .or_else(|| stem.strip_prefix("lpt"));
    let numbered = |rest: &str| matches!(rest.as_bytes(), [b'1'..=b'9']);
    ["con", "prn", "aux", "nul"].contains(&stem.as_str()) || port.is_some_and(numbered)
}

impl fmt::Display for PackagePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_plain_relative_paths_are_taken() {
        let long = "a".repeat(LONGEST + 1);
        let table: [(&[u8], Result<&str, PathProblem>); 28] = [
            (b"src/console.rs", Ok("src/console.rs")),
            (b"src/com.rs", Ok("src/com.rs")),
            (b"src/nul", Err(PathProblem::Device)),
            (b"src/CON.rs", Err(PathProblem::Device)),
            (b"lpt9/x.rs", Err(PathProblem::Device)),
            (b"src/com1.tar.gz", Err(PathProblem::Device)),
            (b"src/lib.rs", Ok("src/lib.rs")),
            (b"src\\sse\\frame.rs", Ok("src/sse/frame.rs")),
            (b"Cargo.toml.orig", Ok("Cargo.toml.orig")),
            (b".cargo_vcs_info.json", Ok(".cargo_vcs_info.json")),
            (b"a b", Ok("a b")),
            (b"", Err(PathProblem::Empty)),
            (b"src//lib.rs", Err(PathProblem::Empty)),
            (b"src/", Err(PathProblem::Empty)),
            (b"/etc/passwd", Err(PathProblem::Absolute)),
            (b"\\\\server\\share", Err(PathProblem::Absolute)),
            (b"C:\\x", Err(PathProblem::Absolute)),
            (b"c:x", Err(PathProblem::Absolute)),
            (b"..", Err(PathProblem::Outside)),
            (b"src/../../x", Err(PathProblem::Outside)),
            (b"src\\..\\x", Err(PathProblem::Outside)),
            (b"./src", Err(PathProblem::Outside)),
            (b"src/a\nb", Err(PathProblem::Character)),
            (b"src/\xff", Err(PathProblem::Character)),
            ("src/lіb.rs".as_bytes(), Err(PathProblem::Character)),
            (b"src/lib.rs:stream", Err(PathProblem::Character)),
            (b"src./lib.rs", Err(PathProblem::Character)),
            (long.as_bytes(), Err(PathProblem::TooLong)),
        ];
        for (bytes, expected) in table {
            let read = PackagePath::new(bytes);
            assert_eq!(
                read.as_ref().map(PackagePath::as_str).map_err(|e| *e),
                expected,
                "{:?}",
                String::from_utf8_lossy(bytes)
            );
        }
        assert!(PackagePath::new("a".repeat(LONGEST).as_bytes()).is_ok());
    }

    proptest! {
        #[test]
        fn a_taken_path_stays_inside(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(path) = PackagePath::new(&bytes) {
                let joined = std::path::Path::new("root").join(path.as_str());
                prop_assert!(joined.starts_with("root"));
                prop_assert!(joined.components().all(|c| matches!(c, std::path::Component::Normal(_))));
                prop_assert_eq!(PackagePath::new(path.as_str().as_bytes()), Ok(path.clone()));
            }
        }
    }
}
