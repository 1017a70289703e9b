//! What a person types, what it means, and how it ends.

mod challenge;
mod promotion;
mod release;
mod templates;
mod workflow;

use std::path::{Path, PathBuf};

use canary_core::{
    builtin,
    diagnose::{Problems, SourceFile},
    exit::Exit,
    matrix::Matrix,
};
use canary_verifier::schema::Document;
use clap::{CommandFactory as _, Parser, Subcommand};

use crate::{
    files::{self, FileError},
    terminal,
};

/// Decides, offline, whether a pair of canary reports may promote a release.
#[derive(Debug, Parser)]
#[command(name = "canary-verify", version, after_help = Exit::table())]
struct Cli {
    /// Folder of the matrix [default: ./matrix where there is one, else the compiled-in copy]
    #[arg(long, global = true, value_name = "DIR")]
    matrix: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The verdict: may the staged artifacts be released on the strength of these reports?
    Promotion(promotion::Promotion),
    /// Whether the reports of a rehearsal are sound; promotes nothing
    Rehearsal(promotion::Rehearsal),
    /// Write an env file with every input, to be filled in
    EnvTemplate(templates::EnvTemplate),
    /// Write an env file with the inputs that a readiness report found missing
    MissingEnv(templates::MissingEnv),
    /// Write a challenge that a run has to answer
    Challenge(challenge::Make),
    /// Whether a packed file holds what it may, and nothing else
    Package(release::Package),
    /// Whether everything that names the version names the same one
    Versions(release::Versions),
    /// Whether the workflows of the repository can be talked round
    Workflow(workflow::Workflow),
    /// Print the rules that a promotion has to keep
    Rules,
    /// Print the JSON Schema of a document
    Schema {
        /// Which document
        #[arg(value_parser = document)]
        document: Document,
    },
    /// Print a script that completes this program's arguments in a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

/// Why a command gave no answer of its own.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("the matrix in {place} has problems:\n\n{problems}")]
    Matrix { place: String, problems: String },
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    Refused(String),
    #[error("tried to print, which failed: {0}")]
    Print(#[from] std::io::Error),
    #[error("tried to make JSON, which failed: {0}; this is a bug, please report it")]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Scanner(#[from] canary_core::leak::ScannerError),
    #[error("tried to get random bytes from the operating system: {0}")]
    Random(getrandom::Error),
}

impl Failure {
    fn exit(&self) -> Exit {
        match self {
            Self::File(FileError::Wrong { .. }) | Self::Matrix { .. } | Self::Usage(_) => {
                Exit::Usage
            }
            Self::Refused(_) => Exit::No,
            Self::File(FileError::Failed { .. })
            | Self::Print(_)
            | Self::Json(_)
            | Self::Scanner(_)
            | Self::Random(_) => Exit::CouldNotTell,
        }
    }
}

/// Parses the command line, runs the command and tells how it ended.
pub(crate) fn main() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    match run(&cli) {
        Ok(exit) => exit,
        Err(failure) => {
            terminal::complain(&format!("error: {failure}"));
            failure.exit()
        }
    }
}

/// Shows help where it was asked for, and what was typed wrongly otherwise.
fn refuse(error: &clap::Error) -> Exit {
    let text = error.render().to_string();
    if error.use_stderr() {
        terminal::complain(text.trim_end());
        return Exit::Usage;
    }
    match terminal::print(text.as_bytes()) {
        Ok(()) => Exit::Yes,
        Err(_) => Exit::CouldNotTell,
    }
}

fn run(cli: &Cli) -> Result<Exit, Failure> {
    let matrix = cli.matrix.as_deref();
    match &cli.command {
        Command::Promotion(promotion) => promotion.run(matrix),
        Command::Rehearsal(rehearsal) => rehearsal.run(matrix),
        Command::EnvTemplate(template) => template.run(matrix),
        Command::MissingEnv(template) => template.run(matrix),
        Command::Challenge(make) => make.run(),
        Command::Package(package) => package.run(),
        Command::Versions(versions) => versions.run(),
        Command::Workflow(workflow) => workflow.run(),
        Command::Rules => {
            terminal::print(canary_verifier::rule::page().as_bytes())?;
            Ok(Exit::Yes)
        }
        Command::Schema { document } => {
            let schema = serde_json::to_string_pretty(&document.schema())?;
            terminal::print(format!("{schema}\n").as_bytes())?;
            Ok(Exit::Yes)
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "canary-verify", &mut script);
            terminal::print(&script)?;
            Ok(Exit::Yes)
        }
    }
}

/// Reads the name of a document that has a schema.
fn document(name: &str) -> Result<Document, String> {
    let names = Document::ALL.map(Document::name).join(", ");
    let mut all = Document::ALL.into_iter();
    all.find(|document| document.name() == name)
        .ok_or_else(|| format!("there is one of {names}"))
}

/// The matrix in force: the folder that was named, else the repository's, else the compiled-in
/// copy; never two of them mixed.
fn load_matrix(named: Option<&Path>) -> Result<Matrix, Failure> {
    let here = Path::new("matrix");
    let folder = named.or_else(|| here.is_dir().then_some(here));
    let (place, files): (String, Vec<SourceFile>) = match folder {
        Some(folder) => (folder.display().to_string(), files::matrix(folder)?),
        None => ("the compiled-in copy".to_owned(), builtin::matrix()),
    };
    // Which faults a gateway has is the executor's business; the verifier runs none.
    Matrix::load(files, None).map_err(|problems: Problems| Failure::Matrix {
        place,
        problems: problems.render(false),
    })
}

#[cfg(test)]
mod tests;
