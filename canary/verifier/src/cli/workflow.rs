//! `workflow`: whether the release can be talked round.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use canary_core::{diagnose::SourceFile, exit::Exit};
use canary_verifier::workflow::{self, Workflows};
use clap::Args;

use super::{Failure, release::show};
use crate::files;

#[derive(Debug, Args)]
pub(super) struct Workflow {
    /// Folder of the repository
    #[arg(long, value_name = "DIR", default_value = ".")]
    repository: PathBuf,
}

/// The longest file of settings that is read, in bytes.
const LONGEST: u64 = 1024 * 1024;

impl Workflow {
    pub(super) fn run(&self) -> Result<Exit, Failure> {
        let files = self.workflows()?.into_iter();
        let mut scripts = self.texts("scripts")?;
        scripts.extend(self.texts(".ci")?);
        let workflows = Workflows {
            files: files
                .map(|(name, text)| SourceFile::new(name, text))
                .collect(),
            scripts,
            settings: self.settings()?,
        };
        let findings = workflow::inspect(&workflows);
        show(&findings, "the workflows are what a release has to be")
    }

    /// The workflows, by their paths in the repository: what ends in `.yml` or `.yaml`, as GitHub reads
    /// no other. One that is no text is read as far as it is one: the runner might read it otherwise, so
    /// it has to be refused rather than left out.
    fn workflows(&self) -> Result<BTreeMap<String, String>, Failure> {
        const FOLDER: &str = ".github/workflows";
        let all = files::sdk(&self.repository.join(Path::new(FOLDER)))?;
        let is_workflow = |name: &str| {
            let extension = Path::new(name).extension();
            extension.is_some_and(|is| {
                ["yml", "yaml"]
                    .iter()
                    .any(|known| is.eq_ignore_ascii_case(known))
            })
        };
        let texts = all.into_iter().filter(|(name, _)| is_workflow(name));
        Ok(texts
            .map(|(name, bytes)| {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                (format!("{FOLDER}/{name}"), text)
            })
            .collect())
    }

    /// The files that set other programs up, as far as they are there.
    fn settings(&self) -> Result<BTreeMap<String, String>, Failure> {
        let mut all = BTreeMap::new();
        for name in workflow::SETTINGS {
            let path = self.repository.join(name);
            if path.is_file() {
                let bytes = files::read(&path, LONGEST)?;
                all.insert(
                    name.to_owned(),
                    String::from_utf8_lossy(&bytes).into_owned(),
                );
            }
        }
        Ok(all)
    }

    /// The texts of a folder, by their paths in the repository. A file that is no text stays out:
    /// no workflow can call it.
    fn texts(&self, folder: &str) -> Result<BTreeMap<String, String>, Failure> {
        let all = files::sdk(&self.repository.join(Path::new(folder)))?;
        Ok(all
            .into_iter()
            .filter_map(|(name, bytes)| {
                Some((format!("{folder}/{name}"), String::from_utf8(bytes).ok()?))
            })
            .collect())
    }
}
