//! Everything a verdict is made from, read and opened but not believed.

use std::collections::BTreeMap;

use canary_core::{
    candidate::{
        LANES, PACKAGE,
        archive::{self, ArchiveError, Limits, Package},
        manifest::{self, Identity, ManifestError},
        source::{PACKED_MANIFEST, SourceError, SourceTree},
    },
    challenge::{Challenge, ChallengeError},
    digest::Digest,
    leak::Scanner,
    report::{
        read::{self, ReadError},
        v1::{Lane, Report, RowResult},
    },
};
use chrono::{DateTime, Duration, Utc};

use crate::{
    canon::{Canon, CanonRow},
    finding::Subject,
};

/// What a pair of reports is verified for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// To let a release go out.
    Promotion,
    /// To see that a rehearsal is sound in itself. It promotes nothing.
    Rehearsal,
}

/// What the reports are held against.
#[derive(Debug)]
pub struct Context {
    /// What it is for.
    pub scope: Scope,
    /// What the matrix in force demands.
    pub canon: Canon,
    /// Version of the executor whose reports are understood: the verifier's own.
    pub executor_version: String,
    /// The staged artifacts; nothing only where none were made (a rehearsal from source).
    pub staged: Option<Staged>,
    /// The SDK's tree; nothing only where there is none (a rehearsal away from the repository).
    pub tree: Option<Tree>,
    /// The challenge that the run has to answer, when one is demanded.
    pub challenge: Option<Result<Challenge, ChallengeError>>,
    /// Looks for secrets in the reports, and in what the verdict quotes of them.
    pub scanner: Scanner,
    /// The present (UTC).
    pub now: DateTime<Utc>,
    /// How old evidence may be.
    pub max_age: Duration,
}

/// The files of the artifact folder that could be published.
#[derive(Debug, Default)]
pub struct Staged {
    /// Every `.crate` there, sorted by name.
    pub files: Vec<StagedFile>,
}

/// One file of the artifact folder.
#[derive(Debug)]
pub struct StagedFile {
    /// Its name without a folder.
    pub name: String,
    /// What it is.
    pub state: StagedState,
}

/// What a staged file is.
#[derive(Debug)]
pub enum StagedState {
    /// A file that was read.
    Read {
        /// Digest of its bytes.
        sha256: Digest,
        /// What it holds, if it is what its name says.
        package: Result<Package, ArchiveError>,
    },
    /// A link, a folder, or another thing that is no plain file.
    NotAFile,
}

impl StagedFile {
    /// Opens a staged `.crate`. More bytes than [`Limits::packed`] need not be handed in.
    pub fn open(name: impl Into<String>, bytes: &[u8]) -> Self {
        let name = name.into();
        let folder = name.strip_suffix(".crate").unwrap_or(&name);
        let state = StagedState::Read {
            sha256: Digest::of(bytes),
            package: archive::open(bytes, folder, Limits::SDK),
        };
        Self { name, state }
    }

    /// A name under which no plain file lies.
    pub fn not_a_file(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            state: StagedState::NotAFile,
        }
    }

    /// What it holds, when it could be opened.
    pub fn package(&self) -> Option<&Package> {
        match &self.state {
            StagedState::Read {
                package: Ok(package),
                ..
            } => Some(package),
            _ => None,
        }
    }
}

impl Staged {
    /// The staged `.crate` of the SDK, when there is one that could be opened.
    pub(crate) fn sdk(&self) -> Option<(&str, &Package)> {
        let of_sdk = |file: &&StagedFile| {
            let version = file.name.strip_prefix(PACKAGE);
            version.is_some_and(|rest| rest.starts_with('-'))
        };
        let mut packages = self.files.iter().filter(of_sdk);
        let file = packages.next()?;
        Some((file.name.as_str(), file.package()?))
    }
}

/// The SDK's working tree.
#[derive(Debug)]
pub struct Tree {
    /// Its sources.
    pub sources: Result<SourceTree, SourceError>,
    /// Its name and version.
    pub identity: Result<Identity, ManifestError>,
    /// The manifest of the workspace that the package may inherit from.
    pub workspace: Option<Vec<u8>>,
    /// The lock file of the workspace.
    pub lock: Option<Vec<u8>>,
    /// Every file of the package's folder.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Tree {
    /// Takes all files of the package's folder with their relative paths, and the manifest of the
    /// workspace that the package may inherit from.
    pub fn new(files: BTreeMap<String, Vec<u8>>, workspace: Option<&[u8]>) -> Self {
        let sources = if files.contains_key(PACKED_MANIFEST) {
            Err(SourceError::PackedManifest)
        } else {
            SourceTree::pick(files.iter())
        };
        let identity = match &sources {
            Ok(sources) => manifest::identity(sources.manifest(), workspace),
            Err(_) => Err(ManifestError::NotToml),
        };
        Self {
            sources,
            identity,
            workspace: workspace.map(<[u8]>::to_vec),
            lock: None,
            files,
        }
    }

    /// With the lock file of the workspace.
    #[must_use]
    pub fn with_lock(self, lock: Option<Vec<u8>>) -> Self {
        Self { lock, ..self }
    }
}

/// A file that was handed in as a report.
#[derive(Debug)]
pub(crate) struct Filed<'a> {
    /// Which of the two it was handed in as.
    pub(crate) subject: Subject,
    /// Its bytes.
    pub(crate) bytes: &'a [u8],
    /// The report in them, if there is one.
    pub(crate) document: Result<Document, ReadError>,
}

impl<'a> Filed<'a> {
    pub(crate) fn new(subject: Subject, bytes: &'a [u8]) -> Self {
        let document = read::read(bytes).map(|report| Document {
            subject,
            digest: Digest::of(bytes),
            report,
        });
        Self {
            subject,
            bytes,
            document,
        }
    }
}

/// A report that could be read.
#[derive(Debug)]
pub struct Document {
    /// Which of the two files it was handed in as, whatever it says of itself.
    pub subject: Subject,
    /// Digest of its bytes.
    pub digest: Digest,
    /// What it says.
    pub report: Report,
}

/// The most lanes that are looked at.
const MOST_LANES: usize = 2 * LANES.len();

impl Document {
    /// Every lane with its place, but no more than could be right.
    pub(crate) fn lanes(&self) -> impl Iterator<Item = (usize, &Lane)> {
        self.report.reports.iter().enumerate().take(MOST_LANES)
    }

    /// Every row result that the matrix knows, with its lane and the path to it. No more lanes and
    /// results are looked at than could be right: a hostile report has a million, and is refused for
    /// their number.
    pub(crate) fn results<'a>(
        &'a self,
        canon: &'a Canon,
    ) -> impl Iterator<Item = (&'a Lane, &'a CanonRow, &'a RowResult, String)> {
        self.lanes().flat_map(move |(at, lane)| {
            let results = lane.results.iter().enumerate().take(2 * canon.rows.len());
            results.filter_map(move |(index, result)| {
                let row = canon.row(&result.name)?;
                let path = format!("$.reports[{at}].results[{index}]");
                Some((lane, row, result, path))
            })
        })
    }
}
