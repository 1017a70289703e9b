//! `package` and `versions`: what else has to be right before a release.

use std::path::{Path, PathBuf};

use canary_core::{candidate::archive::Limits, exit::Exit, leak::Scanner};
use canary_verifier::{
    StagedFile,
    finding::Finding,
    package, table,
    versions::{Repository, disagreements},
};
use clap::Args;

use super::Failure;
use crate::{files, terminal};

#[derive(Debug, Args)]
pub(super) struct Package {
    /// Packed file to look into
    #[arg(long = "crate", value_name = "FILE")]
    packed: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Versions {
    /// Folder of the repository
    #[arg(long, value_name = "DIR", default_value = ".")]
    repository: PathBuf,
    /// The version that is to be released, typed again
    #[arg(long, value_name = "VERSION")]
    confirm: Option<String>,
}

impl Package {
    pub(super) fn run(&self) -> Result<Exit, Failure> {
        let bytes = files::read(&self.packed, Limits::SDK.packed)?;
        let name = self.packed.file_name().unwrap_or_default();
        let file = StagedFile::open(name.to_string_lossy(), &bytes);
        let findings = package::inspect(&file, &Scanner::new(&[])?);
        show(&findings, "the package holds what it may, and nothing else")
    }
}

/// The longest text that is read, in bytes.
const LONGEST: u64 = 4 * 1024 * 1024;

impl Versions {
    pub(super) fn run(&self) -> Result<Exit, Failure> {
        let page = |name: &str| Ok::<_, Failure>((name.to_owned(), self.text(name)?));
        let repository = Repository {
            workspace: self.text("Cargo.toml")?,
            sdk: self.text("sdk/Cargo.toml")?,
            lock: self.text("Cargo.lock")?,
            changelog: self.text("CHANGELOG.md")?,
            pages: vec![page("README.md")?, page("sdk/README.md")?],
        };
        let findings = disagreements(&repository, self.confirm.as_deref());
        show(&findings, "one version everywhere")
    }

    fn text(&self, name: &str) -> Result<String, Failure> {
        let path = self.repository.join(Path::new(name));
        let bytes = files::read(&path, LONGEST)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Shows findings, or that there are none.
pub(super) fn show(findings: &[Finding], good: &str) -> Result<Exit, Failure> {
    if findings.is_empty() {
        terminal::print(format!("{good}\n").as_bytes())?;
        return Ok(Exit::Yes);
    }
    terminal::print(table::list(findings).as_bytes())?;
    Ok(Exit::No)
}
