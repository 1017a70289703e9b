//! What a selftest found out, one JSON line a trial, on disk as soon as it is known: a run that is
//! stopped loses nothing, and a later one goes on from there.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use canary_core::digest::Digest;
use serde::{Deserialize, Serialize};

use super::Tried;

/// The first line: what the others are about. Lines about anything else help nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Header {
    /// Digest of the matrix.
    pub matrix_digest_sha256: Digest,
    /// Whether every live row was tried.
    pub full: bool,
    /// Whether the first owner that noticed was enough.
    pub first_kill: bool,
}

/// Why what was found out could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// It could not be read or written.
    #[error("could not {what} the log {}: {source}; check that its folder exists and can be written", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// It tells of another matrix, or of other options.
    #[error("the log {} was written for another matrix or with other options; start anew without --resume", path.display())]
    Another {
        /// The file.
        path: PathBuf,
    },
    /// A line is no result.
    #[error("line {line} of the log {} is no result: {why}; start anew without --resume", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// Why not.
        why: serde_json::Error,
    },
}

/// A log that results are added to.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    file: File,
}

impl Log {
    /// A new log, in the place of an older one.
    pub fn create(path: &Path, header: &Header) -> Result<Self, LogError> {
        let failed = |source| LogError::Io {
            what: "create",
            path: path.to_owned(),
            source,
        };
        let mut log = Self {
            path: path.to_owned(),
            file: File::create(path).map_err(failed)?,
        };
        log.line(header)?;
        Ok(log)
    }

    /// An older log, with what it tells; a new one where there is none. A last line that was cut
    /// off is dropped.
    pub fn resume(path: &Path, header: &Header) -> Result<(Self, Vec<Tried>), LogError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(source) => {
                return Err(LogError::Io {
                    what: "read",
                    path: path.to_owned(),
                    source,
                });
            }
        };
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let known = read(path, whole, header)?;
        let mut log = Self::create(path, header)?;
        for one in &known {
            log.add(one)?;
        }
        Ok((log, known))
    }

    /// Adds a result.
    pub fn add(&mut self, tried: &Tried) -> Result<(), LogError> {
        self.line(tried)
    }

    fn line(&mut self, value: &impl Serialize) -> Result<(), LogError> {
        let written = serde_json::to_string(value)
            .map_err(io::Error::from)
            .and_then(|line| writeln!(self.file, "{line}"));
        written.map_err(|source| LogError::Io {
            what: "write",
            path: self.path.clone(),
            source,
        })
    }
}

fn read(path: &Path, text: &str, header: &Header) -> Result<Vec<Tried>, LogError> {
    let mut lines = text.lines().enumerate();
    let Some((_, first)) = lines.next() else {
        return Ok(Vec::new());
    };
    if serde_json::from_str::<Header>(first).ok().as_ref() != Some(header) {
        return Err(LogError::Another {
            path: path.to_owned(),
        });
    }
    lines
        .map(|(at, line)| {
            serde_json::from_str(line).map_err(|why| LogError::Line {
                path: path.to_owned(),
                line: at + 1,
                why,
            })
        })
        .collect()
}
