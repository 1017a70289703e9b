//! Which files somebody asked for, and how they get onto the disk: all scanned, then all written.

use std::path::{Path, PathBuf};

use canary_core::leak::{Leak, Scanner};

use super::{annotations, html, junit, markdown, told::Told};
use crate::report::{can_be_written, write_whole};

const JUNIT: &str = "JUnit report";
const HTML: &str = "HTML report";
const SUMMARY: &str = "summary";

/// What somebody asked for beside the report.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Where the JUnit XML goes.
    pub junit: Option<PathBuf>,
    /// Where the page goes.
    pub html: Option<PathBuf>,
    /// Where the Markdown goes.
    pub summary: Option<PathBuf>,
    /// Whether the notes for GitHub are wanted.
    pub annotations: bool,
}

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub enum SinkError {
    /// It has no bytes.
    #[error("could not make the {what}: {why}; this is a bug, please report it")]
    Render {
        /// What was to be made.
        what: &'static str,
        /// Why it could not be.
        why: String,
    },
    /// It would tell a secret. None of the files was written.
    #[error(
        "the {what} would leak, so none of the files was written: {}; \
         the path of the matrix, or an input that is no secret, may be the cause",
        leaks.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    )]
    Leak {
        /// What was to be written.
        what: &'static str,
        /// What is in it, without its value.
        leaks: Vec<Leak>,
    },
    /// It could not be written.
    #[error("could not write the {what} {}: {source}; check that the folder exists and can be written", path.display())]
    Write {
        /// What was to be written.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
}

impl Wanted {
    /// Says before the work whether the files could be written after it.
    pub fn can_be_written(&self) -> Result<(), SinkError> {
        let files = [
            (JUNIT, &self.junit),
            (HTML, &self.html),
            (SUMMARY, &self.summary),
        ];
        for (what, path) in files {
            let Some(path) = path else { continue };
            can_be_written(path).map_err(|source| SinkError::Write {
                what,
                path: path.clone(),
                source,
            })?;
        }
        Ok(())
    }

    /// Writes what was asked for, each file in one step and none before all were scanned. Gives
    /// the notes for GitHub, when they are wanted.
    pub fn write(&self, told: &Told, scanner: &Scanner) -> Result<String, SinkError> {
        let mut files = Vec::new();
        if let Some(path) = &self.junit {
            files.push(Made::new(JUNIT, path, junit::render(told))?);
        }
        if let Some(path) = &self.html {
            files.push(Made::new(HTML, path, html::render(told))?);
        }
        if let Some(path) = &self.summary {
            let text = Ok::<_, std::fmt::Error>(markdown::render(told));
            files.push(Made::new(SUMMARY, path, text)?);
        }
        let notes = if self.annotations {
            annotations::render(told)
        } else {
            String::new()
        };
        for made in &files {
            scan(made.what, &made.text, scanner)?;
        }
        scan("annotations", &notes, scanner)?;
        for made in &files {
            made.write()?;
        }
        Ok(notes)
    }
}

struct Made<'a> {
    what: &'static str,
    path: &'a Path,
    text: String,
}

impl<'a> Made<'a> {
    fn new<E: std::fmt::Display>(
        what: &'static str,
        path: &'a Path,
        text: Result<String, E>,
    ) -> Result<Self, SinkError> {
        let why = |error: E| SinkError::Render {
            what,
            why: error.to_string(),
        };
        let text = text.map_err(why)?;
        Ok(Self { what, path, text })
    }

    fn write(&self) -> Result<(), SinkError> {
        write_whole(self.path, self.text.as_bytes()).map_err(|source| SinkError::Write {
            what: self.what,
            path: self.path.to_owned(),
            source,
        })
    }
}

fn scan(what: &'static str, text: &str, scanner: &Scanner) -> Result<(), SinkError> {
    let leaks = scanner.scan(text);
    if leaks.is_empty() {
        Ok(())
    } else {
        Err(SinkError::Leak { what, leaks })
    }
}
