//! A stranger's first program: a new project, outside of every workspace, that depends on the SDK
//! as it is packed, or as the registry serves it, and talks to a gateway.

mod patience;
mod served;

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use canary_core::{digest::Digest, input::Secret};
use tempfile::TempDir;
use tokio::process::Command;
use url::Url;

use crate::artifact::Packed;

/// The program, as a file of its own so that it is compiled and read like any other.
const PROGRAM: &str = include_str!("clean/stranger.rs");

/// What a registry other than crates.io is called in the project, and how cargo is told of its index.
const OTHER: &str = "other";
const OTHER_INDEX: &str = "CARGO_REGISTRIES_OTHER_INDEX";

/// Where the SDK comes from.
#[derive(Debug)]
pub enum From<'a> {
    /// The packed file.
    Artifact(&'a Packed),
    /// The registry, at exactly this version.
    Registry {
        /// The version.
        version: &'a str,
        /// Another registry than crates.io, by its index.
        index: Option<&'a Url>,
    },
}

/// Why nobody can say whether the SDK installs.
#[derive(Debug, thiserror::Error)]
pub enum CleanError {
    /// A file could not be written.
    #[error("could not {doing} {}: {source}; check the disk", path.display())]
    Io {
        /// What was attempted.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// cargo could not be begun.
    #[error("could not run {program}: {source}; is Rust installed?")]
    Begin {
        /// What was to run.
        program: &'static str,
        /// Why it did not.
        source: io::Error,
    },
    /// cargo's lock file does not say what the registry serves.
    #[error(
        "cargo fetched the SDK, but its lock file has no digest for it ({0}); is this cargo older than the SDK needs?"
    )]
    NoDigest(&'static str),
}

/// What is demanded of the stranger's installation.
#[derive(Debug, Clone, Default)]
pub struct Demands {
    /// Takes dependencies from this machine alone.
    pub offline: bool,
    /// How long a registry may take until it lists a version, pauses summed up.
    pub wait: Duration,
    /// The digest of the bytes that a registry has to serve.
    pub sha256: Option<Digest>,
}

/// How far the stranger came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Installed {
    /// The program compiled, ran, and had its answers.
    Works,
    /// What the SDK depends on, or the SDK itself, was not to be had.
    CannotResolve(ExitStatus),
    /// The registry serves these bytes, and not those that were demanded.
    OtherBytes(Digest),
    /// It did not compile.
    DoesNotCompile(ExitStatus),
    /// It compiled, and did not get its answers.
    DoesNotRun(ExitStatus),
}

/// A disposable project; its folder goes when it is dropped.
#[derive(Debug)]
pub struct Project {
    folder: TempDir,
    target: Option<PathBuf>,
    /// The index of the registry that the SDK comes from, where it is not crates.io's.
    index: Option<String>,
}

/// Where the gateway is.
#[derive(Debug)]
pub struct Gateway<'a> {
    /// Its base URL.
    pub base_url: &'a str,
    /// A key for it.
    pub key: &'a Secret,
    /// A model that can chat.
    pub model: &'a str,
}

impl Project {
    /// Lays the project out. With a lock file the versions are those of the workspace that the
    /// SDK was tested in, so a build needs no network where they are at hand.
    pub fn lay_out(
        from: &From<'_>,
        lock: Option<&Path>,
        target: Option<PathBuf>,
    ) -> Result<Self, CleanError> {
        let folder =
            tempfile::tempdir().map_err(cannot("make a folder in", &std::env::temp_dir()))?;
        let (dependency, index) = match from {
            From::Artifact(packed) => {
                as_packed(packed, &folder.path().join("sdk"))?;
                ("{ path = \"sdk\" }".to_owned(), None)
            }
            From::Registry { version, index } => match index {
                Some(index) => (
                    format!("{{ version = \"={version}\", registry = \"{OTHER}\" }}"),
                    Some(format!("sparse+{index}")),
                ),
                None => (format!("\"={version}\""), None),
            },
        };
        let project = Self {
            folder,
            target,
            index,
        };
        project.write("Cargo.toml", &manifest(&dependency))?;
        project.write("src/main.rs", PROGRAM)?;
        if let Some(lock) = lock {
            let to = project.path("Cargo.lock");
            fs::copy(lock, &to).map_err(cannot("copy the lock file to", &to))?;
        }
        Ok(project)
    }

    /// Runs cargo on the project. What it says is passed on.
    async fn cargo(&self, words: &[&str], offline: bool) -> Result<ExitStatus, CleanError> {
        let mut cargo = Command::new("cargo");
        cargo
            .args(words)
            .args(offline.then_some("--offline"))
            .arg("--manifest-path")
            .arg(self.path("Cargo.toml"))
            .current_dir(self.folder.path())
            // Only what stands in the project counts: no flag or wrapper of the caller's.
            .env_remove("RUSTFLAGS")
            .env_remove("RUSTC_WRAPPER")
            .env("CARGO_TARGET_DIR", self.target())
            .envs(self.index.iter().map(|index| (OTHER_INDEX, index)))
            .stdin(Stdio::null())
            .kill_on_drop(true);
        cargo.status().await.map_err(|source| CleanError::Begin {
            program: "cargo",
            source,
        })
    }

    /// Runs the program against a gateway, with nothing else in its environment.
    async fn run(&self, gateway: &Gateway<'_>) -> Result<ExitStatus, CleanError> {
        let name = format!("stranger{}", std::env::consts::EXE_SUFFIX);
        let mut program = Command::new(self.target().join("debug").join(name));
        program
            .env_clear()
            .env("RUNINFRA_API_KEY", gateway.key.expose())
            .env("RUNINFRA_BASE_URL", gateway.base_url)
            .env("RUNINFRA_LLM_MODEL", gateway.model)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        program.status().await.map_err(|source| CleanError::Begin {
            program: "the compiled program",
            source,
        })
    }

    /// Resolves, compiles and runs. Says what it waits for.
    pub async fn try_out(
        &self,
        demands: &Demands,
        gateway: &Gateway<'_>,
        say: impl Fn(&str),
    ) -> Result<Installed, CleanError> {
        let offline = demands.offline;
        let mut pauses = patience::pauses(demands.wait);
        loop {
            let resolved = self.cargo(&["fetch"], offline).await?;
            if resolved.success() {
                break;
            }
            let Some(pause) = pauses.next() else {
                return Ok(Installed::CannotResolve(resolved));
            };
            let seconds = pause.as_secs();
            say(&format!(
                "the registry does not serve it yet; asking again in {seconds} s"
            ));
            tokio::time::sleep(pause).await;
        }
        if let Some(wanted) = &demands.sha256 {
            let path = self.path("Cargo.lock");
            let lock = fs::read_to_string(&path).map_err(cannot("read", &path))?;
            let found = served::digest(&lock).map_err(CleanError::NoDigest)?;
            if found != *wanted {
                return Ok(Installed::OtherBytes(found));
            }
        }
        let compiled = self.cargo(&["build"], offline).await?;
        if !compiled.success() {
            return Ok(Installed::DoesNotCompile(compiled));
        }
        let ran = self.run(gateway).await?;
        Ok(if ran.success() {
            Installed::Works
        } else {
            Installed::DoesNotRun(ran)
        })
    }

    /// The folder of the project.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn target(&self) -> PathBuf {
        self.target.clone().unwrap_or_else(|| self.path("target"))
    }

    fn write(&self, name: &str, text: &str) -> Result<(), CleanError> {
        let path = self.path(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(cannot("make the folder", parent))?;
        }
        fs::write(&path, text).map_err(cannot("write", &path))
    }
}

/// Lays the files out as they are packed: with the manifest that the registry would serve, which
/// inherits from no workspace.
fn as_packed(packed: &Packed, folder: &Path) -> Result<(), CleanError> {
    for file in &packed.package().files {
        let path = folder.join(file.path.as_str());
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(cannot("make the folder", parent))?;
        }
        fs::write(&path, &file.bytes).map_err(cannot("write", &path))?;
    }
    Ok(())
}

fn cannot(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> CleanError {
    let path = path.to_owned();
    move |source| CleanError::Io {
        doing,
        path,
        source,
    }
}

fn manifest(dependency: &str) -> String {
    format!(
        "[package]\n\
         name = \"stranger\"\n\
         version = \"0.0.0\"\n\
         edition = \"2024\"\n\
         publish = false\n\
         \n\
         # A workspace of its own, wherever the folder is.\n\
         [workspace]\n\
         \n\
         [dependencies]\n\
         runinfra = {dependency}\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n"
    )
}
