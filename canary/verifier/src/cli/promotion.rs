//! `promotion` and `rehearsal`: read what was pointed at, ask the rules, show the verdict.

use std::path::{Path, PathBuf};

use canary_core::{
    candidate::source::{LOCK, MANIFEST},
    challenge,
    exit::Exit,
    input::Secret,
    leak::{Scanner, is_sensitive_name},
    matrix::Matrix,
    report::read,
};
use canary_verifier::{
    Context, Scope, Staged, Tree, Verdict, canon::Canon, statement::Statement, table, verify,
};
use chrono::{Duration, Utc};
use clap::{Args, ValueEnum};

use super::{Failure, load_matrix};
use crate::{files, terminal};

#[derive(Debug, Args)]
pub(super) struct Promotion {
    #[command(flatten)]
    evidence: Evidence,
    /// Folder with the packed files that would be published
    #[arg(long, value_name = "DIR")]
    artifacts_root: PathBuf,
    /// Folder of the SDK in the tree that the release is made from
    #[arg(long, value_name = "DIR", default_value = "sdk")]
    source_tree: PathBuf,
    /// Challenge that the run has to have answered
    #[arg(long, value_name = "FILE")]
    challenge: Option<PathBuf>,
    /// Also write the verdict as an in-toto statement (test-result predicate), to be signed
    #[arg(long, value_name = "FILE")]
    statement: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Rehearsal {
    #[command(flatten)]
    evidence: Evidence,
    /// Folder with the packed files, where the rehearsal made some
    #[arg(long, value_name = "DIR")]
    artifacts_root: Option<PathBuf>,
    /// Folder of the SDK [default: sdk where there is one]
    #[arg(long, value_name = "DIR")]
    source_tree: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Evidence {
    /// Report of the preflight
    #[arg(long, value_name = "FILE")]
    readiness: PathBuf,
    /// Report of the run
    #[arg(long, value_name = "FILE")]
    live: PathBuf,
    /// How old evidence may be, at most 30 days: 24h, 90m, ...
    #[arg(long, value_name = "AGE", default_value = "24h", value_parser = age)]
    max_age: Duration,
    /// How to show the verdict
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For a person
    Table,
    /// For a program; its schema is in reports/verdict.schema.json
    Json,
}

/// Reads a time span, as in `24h` or `1h 30m`.
pub(super) fn age(text: &str) -> Result<Duration, String> {
    let parsed = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    let age = Duration::from_std(parsed).unwrap_or(Duration::MAX);
    if age <= Duration::zero() || age > Duration::days(30) {
        return Err("it has to be more than nothing and at most 30 days".to_owned());
    }
    Ok(age)
}

impl Promotion {
    pub(super) fn run(&self, matrix: Option<&Path>) -> Result<Exit, Failure> {
        if let Some(statement) = &self.statement {
            let read = [&self.evidence.readiness, &self.evidence.live];
            let read = read.into_iter().chain(&self.challenge);
            files::keep(statement, read.map(PathBuf::as_path))?;
        }
        let challenge = match &self.challenge {
            Some(path) => {
                let bytes = files::read(path, challenge::SIZE_LIMIT as u64)?;
                Some(challenge::Challenge::read(&bytes))
            }
            None => None,
        };
        let context = Context {
            challenge,
            staged: Some(self.staged()?),
            tree: Some(tree(&self.source_tree)?),
            ..self.evidence.context(Scope::Promotion, matrix)?
        };
        let verdict = self.evidence.verdict(&context)?;
        // First: everything that was found is told, also where there is nothing to make a statement about.
        let exit = self.evidence.show(&verdict)?;
        if let Some(path) = &self.statement {
            let statement = Statement::new(&verdict).ok_or_else(|| {
                Failure::Refused(format!(
                    "tried to state something about the artifacts in {}: none was found; \
                     stage the packed files there",
                    self.artifacts_root.display()
                ))
            })?;
            files::write(path, &statement.to_json()?, true)?;
        }
        Ok(exit)
    }

    /// The staged files, none of which the statement may be written over.
    fn staged(&self) -> Result<Staged, Failure> {
        let staged = files::staged(&self.artifacts_root)?;
        if let Some(statement) = &self.statement {
            let named = staged
                .files
                .iter()
                .map(|file| self.artifacts_root.join(&file.name));
            let named: Vec<PathBuf> = named.collect();
            files::keep(statement, named.iter().map(PathBuf::as_path))?;
        }
        Ok(staged)
    }
}

impl Rehearsal {
    pub(super) fn run(&self, matrix: Option<&Path>) -> Result<Exit, Failure> {
        let here = Path::new("sdk");
        let folder = self.source_tree.as_deref();
        let folder = folder.or_else(|| here.is_dir().then_some(here));
        let staged = self.artifacts_root.as_deref().map(files::staged);
        let context = Context {
            staged: staged.transpose()?,
            tree: folder.map(tree).transpose()?,
            ..self.evidence.context(Scope::Rehearsal, matrix)?
        };
        let verdict = self.evidence.verdict(&context)?;
        self.evidence.show(&verdict)
    }
}

impl Evidence {
    fn context(&self, scope: Scope, matrix: Option<&Path>) -> Result<Context, Failure> {
        let matrix = load_matrix(matrix)?;
        Ok(Context {
            scope,
            canon: Canon::of(&matrix),
            scanner: scanner(&matrix)?,
            executor_version: env!("CARGO_PKG_VERSION").to_owned(),
            staged: None,
            tree: None,
            challenge: None,
            now: Utc::now(),
            max_age: self.max_age,
        })
    }

    fn verdict(&self, context: &Context) -> Result<Verdict, Failure> {
        let readiness = files::read(&self.readiness, read::SIZE_LIMIT as u64)?;
        let live = files::read(&self.live, read::SIZE_LIMIT as u64)?;
        Ok(verify(&readiness, &live, context))
    }

    fn show(&self, verdict: &Verdict) -> Result<Exit, Failure> {
        let shown = match self.format {
            Format::Table => table::render(verdict).into_bytes(),
            Format::Json => verdict.to_json()?,
        };
        terminal::print(&shown)?;
        Ok(if verdict.holds() { Exit::Yes } else { Exit::No })
    }
}

/// A scanner that also knows the secrets that happen to be set here. The verifier needs none; where
/// there are some, a report that holds one is refused.
fn scanner(matrix: &Matrix) -> Result<Scanner, Failure> {
    let declared: Vec<&str> = matrix.inputs().secret_variables().collect();
    let secrets: Vec<Secret> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| declared.contains(&name.as_str()) || is_sensitive_name(name))
        .map(|(_, value)| Secret::new(value))
        .collect();
    Ok(Scanner::new(&secrets)?.with_names(declared))
}

/// Reads the SDK's folder, and the manifest and the lock file of the workspace that holds it.
fn tree(folder: &Path) -> Result<Tree, Failure> {
    let beside = |name: &str| {
        let path = folder.join("..").join(name);
        let there = path.is_file();
        there
            .then(|| files::read(&path, MANIFEST_LIMIT))
            .transpose()
    };
    let workspace = beside(MANIFEST)?;
    Ok(Tree::new(files::sdk(folder)?, workspace.as_deref()).with_lock(beside(LOCK)?))
}

/// The longest manifest or lock file that is read, in bytes.
const MANIFEST_LIMIT: u64 = 1024 * 1024;
