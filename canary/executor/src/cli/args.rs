//! Arguments as typed. Names and flags are public.

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use canary_core::{digest::Digest, exit::Exit, report::v1::Partition};
use clap::{ArgGroup, Args as ClapArgs, Parser, Subcommand, ValueEnum};

use semver::Version;
use url::Url;

use crate::{
    run::Gate,
    security::{GITHUB, Repository},
    sink::files::Wanted,
};

/// Decides whether an AI gateway and its SDK may ship.
#[derive(Debug, Parser)]
#[command(name = "canary", version, about, after_help = Exit::table(), propagate_version = true)]
pub(super) struct Args {
    /// When to color problems.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    color: Color,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

impl Args {
    pub(super) fn color(&self) -> Option<bool> {
        match self.color {
            Color::Auto => None,
            Color::Always => Some(true),
            Color::Never => Some(false),
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Runs everything against the embedded gateway, offline: preflight, rows, verifier.
    Rehearse(Rehearse),
    /// Says which rows could run with the inputs at hand; opens no connection.
    Preflight(Preflight),
    /// Runs the rows against the gateway that the inputs name.
    Run(Run),
    /// Shows that every row fails when its promise is broken, and only then.
    Selftest(Selftest),
    /// Serves the embedded gateway until Ctrl-C, for trying the other commands.
    Serve(Serve),
    /// Lists the catalog's models that could serve each model input; never evidence.
    Discover(Discover),
    /// For row authors: checks, lists and explains rows.
    Matrix(Matrix),
    /// Says which SDK operations have rows, and fails on any hole.
    Coverage(Coverage),
    /// Puts the live reports of all shares of a run together.
    Merge(Merge),
    /// Says whether code-scanning alerts are open on main; needs `GITHUB_TOKEN`.
    SecurityStatus(SecurityStatus),
    /// Compiles and runs a stranger's project against the packed or the published SDK.
    CleanInstall(CleanInstall),
    /// Prints a script that completes this program's arguments in a shell.
    Completions(Completions),
}

/// Where the matrix is.
#[derive(Debug, Clone, ClapArgs)]
pub(super) struct MatrixFolder {
    /// Folder of the matrix [default: ./matrix, else the copy compiled in]
    #[arg(long, value_name = "DIR")]
    pub(super) matrix: Option<PathBuf>,
}

/// Other forms of the result, beside the report.
#[derive(Debug, Clone, ClapArgs)]
pub(super) struct Outputs {
    /// Writes the rows as JUnit XML here.
    #[arg(long, value_name = "F")]
    junit: Option<PathBuf>,
    /// Writes the rows as a page that stands alone here.
    #[arg(long, value_name = "F")]
    html: Option<PathBuf>,
    /// Writes the rows as Markdown here, for the summary of a CI job.
    #[arg(long, value_name = "F")]
    summary: Option<PathBuf>,
    /// Prints a note for GitHub beside each row that did not pass [default: on under GitHub Actions]
    #[arg(long)]
    annotations: bool,
}

impl Outputs {
    /// The files by the options that name them.
    pub(super) fn named(&self) -> [(&'static str, Option<&Path>); 3] {
        [
            ("--junit", self.junit.as_deref()),
            ("--html", self.html.as_deref()),
            ("--summary", self.summary.as_deref()),
        ]
    }

    /// What is wanted, on a machine of GitHub's or on another.
    pub(super) fn wanted(&self, on_github: bool) -> Wanted {
        Wanted {
            junit: self.junit.clone(),
            html: self.html.clone(),
            summary: self.summary.clone(),
            annotations: self.annotations || on_github,
        }
    }
}

#[derive(Debug, ClapArgs)]
pub(super) struct Rehearse {
    #[command(flatten)]
    pub(super) matrix: MatrixFolder,
    /// Where the reports go.
    #[arg(long, value_name = "DIR", default_value = "rehearsal")]
    pub(super) out: PathBuf,
    /// Rows that run at the same time.
    #[arg(long, value_name = "N", default_value = "4")]
    pub(super) jobs: NonZeroUsize,
    /// Breaks the embedded gateway on purpose; see `canary-gateway --list-faults`.
    #[arg(long, value_name = "NAME")]
    pub(super) fault: Option<String>,
    #[command(flatten)]
    pub(super) outputs: Outputs,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Preflight {
    #[command(flatten)]
    pub(super) matrix: MatrixFolder,
    /// Fails unless every row is ready.
    #[arg(long)]
    pub(super) strict: bool,
    /// Variables in dotenv syntax; those of the shell win.
    #[arg(long, value_name = "F")]
    pub(super) env_file: Option<PathBuf>,
    /// Writes the readiness report here.
    #[arg(long, value_name = "F")]
    pub(super) report: Option<PathBuf>,
    /// Where the SDK under test comes from [default: with --strict the artifact if one is packed, else source]
    #[arg(long, value_enum)]
    pub(super) package_source: Option<Source>,
    /// Folder of the packed .crate [default: target/package]
    #[arg(long, value_name = "DIR")]
    pub(super) artifacts_root: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Run {
    #[command(flatten)]
    pub(super) matrix: MatrixFolder,
    /// Accepts nothing but passed: a skipped row fails the run.
    #[arg(long)]
    pub(super) strict: bool,
    /// Which rows decide the exit code.
    #[arg(long, value_enum, default_value_t = GateArg::Ga)]
    pub(super) gate: GateArg,
    /// Where the SDK under test comes from [default: with --strict the artifact if one is packed, else source]
    #[arg(long, value_enum)]
    pub(super) package_source: Option<Source>,
    /// Folder of the packed .crate [default: target/package]
    #[arg(long, value_name = "DIR")]
    pub(super) artifacts_root: Option<PathBuf>,
    /// Variables in dotenv syntax; those of the shell win.
    #[arg(long, value_name = "F")]
    pub(super) env_file: Option<PathBuf>,
    /// Writes the live report here.
    #[arg(long, value_name = "F")]
    pub(super) report: Option<PathBuf>,
    /// The readiness report that this run follows, to be bound to it.
    #[arg(long, value_name = "F")]
    pub(super) readiness: Option<PathBuf>,
    /// Runs one share of the rows, k of n; `canary merge` puts the shares together.
    #[arg(long, value_name = "K/N")]
    pub(super) partition: Option<Partition>,
    /// The challenge that this run answers.
    #[arg(long, value_name = "F")]
    pub(super) challenge: Option<PathBuf>,
    /// Rows that run at the same time.
    #[arg(long, value_name = "N", default_value = "4")]
    pub(super) jobs: NonZeroUsize,
    #[command(flatten)]
    pub(super) outputs: Outputs,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Selftest {
    #[command(flatten)]
    pub(super) matrix: MatrixFolder,
    /// Only this fault or counter-script; may be given several times.
    #[arg(long, value_name = "NAME")]
    pub(super) fault: Vec<String>,
    /// Runs every row against every fault, not only those that name it.
    #[arg(long)]
    pub(super) full: bool,
    /// Goes on to the next fault as soon as one that names it noticed.
    #[arg(long)]
    pub(super) first_kill: bool,
    /// Tries one share of the faults, k of n.
    #[arg(long, value_name = "K/N")]
    pub(super) partition: Option<Partition>,
    /// Writes what came of each fault here as it is known, one JSON line each.
    #[arg(long, value_name = "F")]
    pub(super) out: Option<PathBuf>,
    /// Goes on where the run that wrote --out stopped.
    #[arg(long, requires = "out")]
    pub(super) resume: bool,
    /// Gateways that run at the same time.
    #[arg(long, value_name = "N", default_value = "4")]
    pub(super) jobs: NonZeroUsize,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Serve {
    /// Where the gateway's variables are written, for --env-file of the other commands.
    #[arg(long, value_name = "F")]
    pub(super) write_env: PathBuf,
    /// Overwrites a file that is there and is not from a gateway served before.
    #[arg(long)]
    pub(super) force: bool,
    /// Breaks the gateway on purpose; see `canary-gateway --list-faults`.
    #[arg(long, value_name = "NAME")]
    pub(super) fault: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Discover {
    #[command(flatten)]
    pub(super) matrix: MatrixFolder,
    /// Variables in dotenv syntax; those of the shell win.
    #[arg(long, value_name = "F")]
    pub(super) env_file: Option<PathBuf>,
    /// Writes the candidates here as JSON.
    #[arg(long, value_name = "F")]
    pub(super) report: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Matrix {
    #[command(subcommand)]
    pub(super) command: MatrixCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum MatrixCommand {
    /// Reads every file and tells every problem.
    Check {
        #[command(flatten)]
        matrix: MatrixFolder,
    },
    /// Lists the rows.
    List {
        #[command(flatten)]
        matrix: MatrixFolder,
        /// How to print.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Tells what one row does, needs and demands.
    Explain {
        /// Name of the row.
        row: String,
        #[command(flatten)]
        matrix: MatrixFolder,
        /// How to print.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Keeps the generated parts of documents current.
    #[command(group = ArgGroup::new("documents").args(["write", "check"]).required(true).multiple(true))]
    Docs {
        #[command(flatten)]
        matrix: MatrixFolder,
        /// Makes the generated parts of this document anew; may be given several times.
        #[arg(long, value_name = "FILE")]
        write: Vec<PathBuf>,
        /// Fails unless the generated parts of this document are current; may be given several times.
        #[arg(long, value_name = "FILE")]
        check: Vec<PathBuf>,
    },
    /// Prints the JSON Schema of a row file, for editors.
    Schema {
        /// How to print; a schema is JSON either way.
        #[arg(long, value_enum, default_value_t = Format::Json)]
        format: Format,
    },
}

#[derive(Debug, ClapArgs)]
pub(super) struct Coverage {
    #[command(flatten)]
    pub(super) matrix: MatrixFolder,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Merge {
    #[command(flatten)]
    pub(super) matrix: MatrixFolder,
    /// The live report of each share.
    #[arg(value_name = "F", required = true)]
    pub(super) shares: Vec<PathBuf>,
    /// Writes the live report of the whole run here.
    #[arg(long, value_name = "F")]
    pub(super) report: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(super) struct SecurityStatus {
    /// Repository on GitHub.
    #[arg(long, value_name = "OWNER/NAME")]
    pub(super) repo: Repository,
    /// Where the API is.
    #[arg(long, value_name = "URL", default_value = GITHUB)]
    pub(super) api_base: Url,
}

#[derive(Debug, ClapArgs)]
#[command(disable_version_flag = true)]
#[command(group = ArgGroup::new("from").args(["artifact", "registry"]).required(true))]
pub(super) struct CleanInstall {
    /// The packed .crate.
    #[arg(long, value_name = "F")]
    pub(super) artifact: Option<PathBuf>,
    /// What the registry serves, at --version.
    #[arg(long, requires = "version")]
    pub(super) registry: bool,
    /// The published version, exactly.
    #[arg(long, value_name = "V", conflicts_with = "artifact")]
    pub(super) version: Option<Version>,
    /// Another registry than crates.io, by its sparse index.
    #[arg(long, value_name = "URL", requires = "registry")]
    pub(super) index: Option<Url>,
    /// The digest of the file that the registry has to serve.
    #[arg(long, value_name = "DIGEST", requires = "registry")]
    pub(super) sha256: Option<Digest>,
    /// How many seconds the registry may take until it lists the version.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 0,
        requires = "registry"
    )]
    pub(super) wait: u64,
    /// Takes dependencies from this machine alone.
    #[arg(long)]
    pub(super) offline: bool,
    /// Where it is compiled [default: a new folder, removed afterwards]
    #[arg(long, value_name = "DIR")]
    pub(super) target_dir: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Completions {
    /// Which shell.
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum GateArg {
    /// Rows of tier ga.
    Ga,
    /// Every row.
    All,
}

impl From<GateArg> for Gate {
    fn from(arg: GateArg) -> Self {
        match arg {
            GateArg::Ga => Self::Ga,
            GateArg::All => Self::All,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Source {
    /// The packed .crate that would be published.
    Artifact,
    /// The working tree.
    Source,
}
