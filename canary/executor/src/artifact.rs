//! Artifact mode: the SDK under test is the packed `.crate` that would be published, not the
//! working tree.
//!
//! The archive is opened as hostile input, and nothing of it is compiled that could run, fetch or
//! point elsewhere, or that is locked to other versions than the workspace. If its sources are the ones compiled into this binary,
//! this binary is the executor for it. If not, a disposable workspace is made with those sources in
//! the SDK's place, an executor is built there, and that one runs the rows.

mod elsewhere;

use std::{
    fs, io,
    io::Read as _,
    path::{Path, PathBuf},
    process::ExitStatus,
};

use canary_core::{
    candidate::{
        PACKAGE,
        archive::{self, ArchiveError, Limits, Package},
        fit::Objection,
        source::{MANIFEST, PACKED_MANIFEST},
    },
    digest::Digest,
    printable,
    report::v1::{Artifact, Candidate, PackageSource},
};

use crate::report::{ReportError, candidate, objections};
pub use elsewhere::{Elsewhere, run_elsewhere};

/// Where `cargo package` leaves what it packed.
pub const PACKED_FOLDER: &str = "target/package";

/// Set for an executor that was built for an artifact: building once more would not help.
pub const BUILT_FOR: &str = "CANARY_BUILT_FOR_ARTIFACT";

/// Why an artifact cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum ArtifactError {
    /// The folder does not have exactly one package of the SDK.
    #[error(
        "looked for one packed {PACKAGE}-*.crate in {} and found {found}; {}, or name another folder with --artifacts-root",
        folder.display(),
        one(*found)
    )]
    NotOne {
        /// Where it was looked for.
        folder: PathBuf,
        /// How many there are.
        found: usize,
    },
    /// No such file.
    #[error("there is no packed SDK at {}; run `cargo package -p {PACKAGE}`, or check the path", .0.display())]
    NotThere(PathBuf),
    /// A file or folder could not be read or written.
    #[error("could not {doing} {}: {source}; check the path and its permissions", path.display())]
    Io {
        /// What was attempted.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The archive is no package that may be published.
    #[error("the artifact {name} is refused: {problem}; {AGAIN}")]
    Refused {
        /// File name.
        name: String,
        /// What is wrong with it.
        problem: ArchiveError,
    },
    /// The package must not be compiled, or is locked to other versions than the executor's.
    #[error("the artifact {name} is refused:{}\n{AGAIN}", list(objections))]
    Unfit {
        /// File name.
        name: String,
        /// Why.
        objections: Vec<Objection>,
    },
    /// The executor's own identity is unknown.
    #[error(transparent)]
    Candidate(#[from] ReportError),
    /// An executor that was built for the artifact is not made of it.
    #[error(
        "the executor that was built for {0} is not made of its sources; this is a bug, please report it"
    )]
    StillOther(String),
    /// There is no repository to build an executor from.
    #[error("the artifact is not what this executor was built from, and {} has no workspace to build one in; run from the repository", .0.display())]
    NoWorkspace(PathBuf),
    /// The executor could not be built.
    #[error(
        "could not build an executor against the artifact: cargo ended with {0}; its messages stand above"
    )]
    Build(ExitStatus),
    /// Cargo built, and told of no executable.
    #[error(
        "built an executor against the artifact, but cargo told of none; this is a bug, please report it"
    )]
    NoExecutor,
}

/// What to do about a package that is refused.
const AGAIN: &str = "pack it again with `cargo package --locked -p runinfra` from this checkout";

/// What to do so that there is one.
fn one(found: usize) -> String {
    if found == 0 {
        format!("run `cargo package -p {PACKAGE}`")
    } else {
        "leave only the one to test there".to_owned()
    }
}

/// One objection a line: a hostile package has as many as it likes.
fn list(objections: &[Objection]) -> String {
    const MOST: usize = 20;
    const LONGEST: usize = 200;
    let left = objections.len().saturating_sub(MOST);
    let told = objections.iter().take(MOST).map(ToString::to_string);
    let more = (left > 0).then(|| format!("and {left} more"));
    let lines: Vec<String> = std::iter::once(String::new())
        .chain(told.chain(more).map(|line| printable(&line, LONGEST)))
        .collect();
    lines.join("\n  ")
}

fn cannot(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> ArtifactError {
    let path = path.to_owned();
    move |source| ArtifactError::Io {
        doing,
        path,
        source,
    }
}

/// A packed SDK, opened.
#[derive(Debug)]
pub struct Packed {
    file_name: String,
    sha256: Digest,
    package: Package,
}

/// Finds and opens the packed SDK of a folder.
pub fn find(folder: &Path) -> Result<Packed, ArtifactError> {
    let names = || -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(folder)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.starts_with(&format!("{PACKAGE}-"))
                && Path::new(&name)
                    .extension()
                    .is_some_and(|end| end == "crate")
            {
                names.push(name);
            }
        }
        Ok(names)
    };
    let names = match names() {
        // A folder that is not there holds nothing. One that cannot be read may hold anything.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        names => names.map_err(cannot("look for the packed SDK in", folder))?,
    };
    let [name] = names.as_slice() else {
        return Err(ArtifactError::NotOne {
            folder: folder.to_owned(),
            found: names.len(),
        });
    };
    open(&folder.join(name))
}

/// Opens one packed SDK.
pub fn open(path: &Path) -> Result<Packed, ArtifactError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.into_owned();
    let mut bytes = Vec::new();
    let file = match fs::File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(ArtifactError::NotThere(path.to_owned()));
        }
        opened => opened.map_err(cannot("open", path))?,
    };
    // One byte more than may be is enough to be refused.
    file.take(Limits::SDK.packed + 1)
        .read_to_end(&mut bytes)
        .map_err(cannot("read", path))?;
    let stem = name.trim_end_matches(".crate");
    let package =
        archive::open(&bytes, stem, Limits::SDK).map_err(|problem| ArtifactError::Refused {
            name: name.clone(),
            problem,
        })?;
    Ok(Packed {
        file_name: name,
        sha256: Digest::of(&bytes),
        package,
    })
}

impl Packed {
    /// What is in it.
    pub fn package(&self) -> &Package {
        &self.package
    }
}

/// Who runs the rows of a packed SDK.
#[derive(Debug)]
pub enum Executor {
    /// This binary: its SDK is the packed one.
    Here(Candidate),
    /// Another one has to be built first.
    Elsewhere(Packed),
}

/// Says who can run a packed SDK, if anybody may.
pub fn executor_for(packed: Packed) -> Result<Executor, ArtifactError> {
    let objections = objections(&packed.package);
    if !objections.is_empty() {
        let name = packed.file_name;
        return Err(ArtifactError::Unfit { name, objections });
    }
    let own = candidate(PackageSource::Artifact)?;
    if own.source_digest_sha256 != packed.package.sources.digest() {
        return Ok(Executor::Elsewhere(packed));
    }
    let artifact = Artifact {
        name: PACKAGE.to_owned(),
        file_name: packed.file_name,
        sha256: packed.sha256,
    };
    Ok(Executor::Here(Candidate {
        artifact_digests_checked: true,
        artifacts: vec![artifact],
        ..own
    }))
}

/// A package's files as they were before cargo packed it: the manifest as a person wrote it, under
/// its own name.
fn as_written(package: &Package) -> impl Iterator<Item = (&str, &[u8])> {
    let rewritten = package.file(PACKED_MANIFEST).is_some();
    package.files.iter().filter_map(move |file| {
        let name = match file.path.as_str() {
            MANIFEST if rewritten => return None,
            PACKED_MANIFEST => MANIFEST,
            other => other,
        };
        Some((name, file.bytes.as_slice()))
    })
}
