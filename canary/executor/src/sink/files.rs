//! Which files somebody asked for, and how they get onto the disk: all scanned, then all written.

use std::path::{Path, PathBuf};

use canary_core::leak::{Leak, Scanner};

use super::{annotations, html, junit, markdown, told::Told};
use crate::place::{PlaceError, can_be_written, write_whole};

/// A form that a file can have.
#[derive(Debug, Clone, Copy)]
enum Form {
    Junit,
    Html,
    Markdown,
}

impl Form {
    fn what(self) -> &'static str {
        match self {
            Self::Junit => "JUnit report",
            Self::Html => "HTML report",
            Self::Markdown => "summary",
        }
    }

    fn render(self, told: &Told) -> Result<String, SinkError> {
        let why = |why: String| SinkError::Render {
            what: self.what(),
            why,
        };
        match self {
            Self::Junit => junit::render(told).map_err(|error| why(error.to_string())),
            Self::Html => html::render(told).map_err(|error| why(error.to_string())),
            Self::Markdown => Ok(markdown::render(told)),
        }
    }
}

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
    #[error("could not write the {what} {}: {source}", path.display())]
    Write {
        /// What was to be written.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: PlaceError,
    },
}

impl Wanted {
    /// The files that were asked for, in the order in which they are written.
    fn files(&self) -> impl Iterator<Item = (Form, &Path)> {
        let all = [
            (Form::Junit, &self.junit),
            (Form::Html, &self.html),
            (Form::Markdown, &self.summary),
        ];
        all.into_iter()
            .filter_map(|(form, path)| Some((form, path.as_deref()?)))
    }

    /// Says before the work whether the files could be written after it.
    pub fn can_be_written(&self) -> Result<(), SinkError> {
        for (form, path) in self.files() {
            can_be_written(path).map_err(|source| not_written(form, path, source))?;
        }
        Ok(())
    }

    /// Writes what was asked for, each file in one step and none before all were scanned. Gives
    /// the notes for GitHub, when they are wanted.
    pub fn write(&self, told: &Told, scanner: &Scanner) -> Result<String, SinkError> {
        let mut made = Vec::new();
        for (form, path) in self.files() {
            let text = form.render(told)?;
            scan(form.what(), &text, scanner)?;
            made.push((form, path, text));
        }
        let notes = if self.annotations {
            annotations::render(told)
        } else {
            String::new()
        };
        scan("annotations", &notes, scanner)?;
        for (form, path, text) in made {
            write_whole(path, text.as_bytes()).map_err(|source| not_written(form, path, source))?;
        }
        Ok(notes)
    }
}

fn not_written(form: Form, path: &Path, source: PlaceError) -> SinkError {
    SinkError::Write {
        what: form.what(),
        path: path.to_owned(),
        source,
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
