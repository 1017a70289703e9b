//! Another executor, built against a packed SDK.
//!
//! It is built in a copy of the repository's workspace with the package's files in the SDK's place.
//! The copy lies below `target/artifact`, in a folder that the package's digest names, and is only
//! brought up to date: the run that follows a preflight finds the executor built already.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
};

use canary_core::candidate::{archive::Package, source::MANIFEST};
use serde::Deserialize;
use tokio::process::Command;
use tokio_util::sync::CancellationToken;

use super::{ArtifactError, BUILT_FOR, Packed, as_written, cannot};
use crate::children::{Children, Reach};

/// Below the repository, where copies and what is built of them lie.
const FOLDER: &str = "target/artifact";

/// Folders and files of the repository without which no executor can be built.
const WORKSPACE: [&str; 6] = [
    "Cargo.toml",
    "Cargo.lock",
    "canary",
    "gateway",
    "matrix",
    "fixtures",
];

/// What another executor is built and run with.
#[derive(Debug, Clone, Copy)]
pub struct Elsewhere<'a> {
    /// The repository whose workspace it is built in.
    pub repository: &'a Path,
    /// Variables that the build does not get: it runs scripts of packages and needs no input of ours.
    pub withheld: &'a BTreeSet<String>,
    /// Whether this process was asked to end.
    pub asked: &'a CancellationToken,
    /// Cargo and the executor are among these while they run.
    pub children: &'a Children,
}

/// Builds an executor against a packed SDK and runs it with the same arguments. Its exit status is
/// the answer; there is none when somebody asked to end before there was an executor, or did not want
/// to wait for its end.
pub async fn run_elsewhere(
    packed: &Packed,
    arguments: impl IntoIterator<Item = OsString>,
    with: Elsewhere<'_>,
) -> Result<Option<ExitStatus>, ArtifactError> {
    let repository = with.repository;
    if !repository.join(MANIFEST).is_file() || !repository.join("canary").is_dir() {
        return Err(ArtifactError::NoWorkspace(repository.to_owned()));
    }
    // Cargo runs in the copy, where a path relative to here leads elsewhere.
    let repository = fs::canonicalize(repository).map_err(cannot("find", repository))?;
    let folder = repository.join(FOLDER);
    let copy = folder.join(packed.sha256.to_string().replace(':', "-"));
    lay_out(&repository, &packed.package, &copy)?;
    let Some(binary) = build(&copy, &folder.join("target"), with).await? else {
        return Ok(None);
    };
    let mut executor = Command::new(&binary);
    executor.args(arguments).env(BUILT_FOR, &packed.file_name);
    let wait = |mut child: tokio::process::Child| async move { child.wait().await };
    let ended = with
        .children
        .minded(executor, Reach::Alone, with.asked, wait)
        .await;
    ended
        .and_then(Option::transpose)
        .map_err(cannot("run", &binary))
}

/// Makes a folder hold the repository's workspace with the package as its SDK, and nothing else.
fn lay_out(repository: &Path, package: &Package, copy: &Path) -> Result<(), ArtifactError> {
    let mut copied = Copied::default();
    for name in WORKSPACE {
        copied.take(&repository.join(name), &copy.join(name))?;
    }
    let sdk = copy.join("sdk");
    // As they were before cargo packed them: the workspace's lock file belongs to that form.
    for (name, bytes) in as_written(package) {
        copied.put(&sdk.join(name), bytes)?;
    }
    copied.only(copy)
}

/// Files that were put into place.
#[derive(Default)]
struct Copied(BTreeSet<PathBuf>);

impl Copied {
    /// Copies a file or folder. Links are followed by nobody: they are left out.
    fn take(&mut self, from: &Path, to: &Path) -> Result<(), ArtifactError> {
        let metadata = fs::symlink_metadata(from).map_err(cannot("look at", from))?;
        if metadata.is_dir() {
            for entry in fs::read_dir(from).map_err(cannot("read", from))? {
                let name = entry.map_err(cannot("read", from))?.file_name();
                self.take(&from.join(&name), &to.join(&name))?;
            }
        } else if metadata.is_file() {
            self.put(to, &fs::read(from).map_err(cannot("read", from))?)?;
        }
        Ok(())
    }

    /// Writes a file unless it stands there already: cargo builds again what is newer.
    fn put(&mut self, path: &Path, bytes: &[u8]) -> Result<(), ArtifactError> {
        self.0.insert(path.to_owned());
        let plain = fs::symlink_metadata(path).is_ok_and(|found| found.is_file());
        if plain && fs::read(path).is_ok_and(|found| found == bytes) {
            return Ok(());
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(cannot("make the folder", parent))?;
        }
        fs::write(path, bytes).map_err(cannot("write", path))
    }

    /// Removes every other file.
    fn only(&self, folder: &Path) -> Result<(), ArtifactError> {
        for entry in fs::read_dir(folder).map_err(cannot("read", folder))? {
            let entry = entry.map_err(cannot("read", folder))?;
            let (path, kind) = (entry.path(), entry.file_type());
            if kind.map_err(cannot("look at", &path))?.is_dir() {
                self.only(&path)?;
            } else if !self.0.contains(&path) {
                fs::remove_file(&path).map_err(cannot("remove", &path))?;
            }
        }
        Ok(())
    }
}

/// What cargo says of one thing that it built.
#[derive(Deserialize)]
struct Built {
    executable: Option<PathBuf>,
}

/// Builds the executor and says where it is, wherever cargo's configuration has it put; nothing when
/// somebody asked to end.
async fn build(
    workspace: &Path,
    target: &Path,
    with: Elsewhere<'_>,
) -> Result<Option<PathBuf>, ArtifactError> {
    let mut cargo = Command::new("cargo");
    cargo
        .args(["build", "--release", "--locked", "--bin", "canary"])
        .arg("--message-format=json-render-diagnostics")
        .arg("--target-dir")
        .arg(target)
        .current_dir(workspace)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit());
    for name in with.withheld {
        cargo.env_remove(name);
    }
    let wait = tokio::process::Child::wait_with_output;
    let built = with
        .children
        .minded(cargo, Reach::Group, with.asked, wait)
        .await
        .and_then(Option::transpose)
        .map_err(cannot("run cargo in", workspace))?;
    let Some(built) = built.filter(|_| !with.asked.is_cancelled()) else {
        return Ok(None);
    };
    if !built.status.success() {
        return Err(ArtifactError::Build(built.status));
    }
    let mut messages = built.stdout.rsplit(|byte| *byte == b'\n');
    let told = |message| serde_json::from_slice::<Built>(message).ok()?.executable;
    let executable = messages.find_map(told);
    executable.map(Some).ok_or(ArtifactError::NoExecutor)
}
