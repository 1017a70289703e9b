//! `env-template` and `missing-env`: env files to fill in. No value of any variable is read, so
//! none can be written.

use std::path::{Path, PathBuf};

use canary_core::{
    exit::Exit,
    input::template,
    report::{
        read::{self, SIZE_LIMIT},
        v1::{Kind, ReadyStatus},
    },
};
use clap::Args;

use super::{Failure, load_matrix};
use crate::{files, terminal};

#[derive(Debug, Args)]
pub(super) struct EnvTemplate {
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct MissingEnv {
    /// Report of a preflight that was blocked
    #[arg(long, value_name = "FILE")]
    readiness_report: PathBuf,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
struct Target {
    /// File to write; only its owner will be able to read it
    #[arg(long, value_name = "FILE")]
    write: PathBuf,
    /// Overwrite a file that is there
    #[arg(long)]
    force: bool,
}

impl Target {
    fn write(&self, text: &str) -> Result<Exit, Failure> {
        files::write(&self.write, text.as_bytes(), self.force)?;
        let said = format!(
            "template written to {}; fill it in and pass it as --env-file\n",
            self.write.display()
        );
        terminal::print(said.as_bytes())?;
        Ok(Exit::Yes)
    }
}

impl EnvTemplate {
    pub(super) fn run(&self, matrix: Option<&Path>) -> Result<Exit, Failure> {
        let matrix = load_matrix(matrix)?;
        self.target.write(&template::full(matrix.inputs()))
    }
}

impl MissingEnv {
    pub(super) fn run(&self, matrix: Option<&Path>) -> Result<Exit, Failure> {
        files::keep(&self.target.write, [self.readiness_report.as_path()])?;
        let matrix = load_matrix(matrix)?;
        let path = self.readiness_report.display();
        let bytes = files::read(&self.readiness_report, SIZE_LIMIT as u64)?;
        let refused = |found: String| {
            Failure::Refused(format!(
                "tried to read what {path} found missing: {found}; \
                 make it again with `canary preflight --report`"
            ))
        };
        let report = read::read(&bytes).map_err(|error| refused(error.to_string()))?;
        if report.kind != Kind::Readiness {
            return Err(refused("it is not a readiness report".to_owned()));
        }
        let missing = &report.readiness.missing;
        if report.readiness.status == ReadyStatus::Ready {
            let said =
                format!("nothing is missing: every row of {path} is ready; no file was written\n");
            terminal::print(said.as_bytes())?;
            return Ok(Exit::Yes);
        }
        if missing.is_empty() {
            return Err(refused("nothing was missing".to_owned()));
        }
        let text = template::missing(matrix.inputs(), missing)
            .map_err(|error| refused(error.to_string()))?;
        self.target.write(&text)
    }
}
