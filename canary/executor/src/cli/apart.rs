//! No output takes the place of an input, or of another output.

use std::{
    fs,
    path::{self, Path, PathBuf},
};

use canary_core::{
    input::{FileSource, Inputs, Value},
    matrix::Matrix,
};

use super::args::{MatrixFolder, Outputs};
use crate::load;

/// Why a command's files cannot be told apart.
#[derive(Debug, thiserror::Error)]
pub(super) enum ApartError {
    /// Two options name one file.
    #[error("{written} and {other} name the same file, {}; name another file for {written}", path.display())]
    Same {
        /// The option whose file would be written.
        written: String,
        /// The other option.
        other: String,
        /// The file, as the first one names it.
        path: PathBuf,
    },
    /// It would be part of the matrix, or is.
    #[error("{written} {} lies in the folder of --matrix, and would be read as part of it; name another file for {written}", path.display())]
    Matrix {
        /// The option.
        written: String,
        /// Its file.
        path: PathBuf,
    },
}

/// The files of one command, each with what names it.
#[derive(Debug, Default)]
pub(super) struct Files {
    matrix: Option<PathBuf>,
    read: Vec<(String, PathBuf)>,
    written: Vec<(String, PathBuf)>,
}

impl Files {
    /// Those of the matrix.
    pub(super) fn of(matrix: &MatrixFolder) -> Self {
        let folder = matrix.matrix.as_deref().or(load::folder_here());
        Self {
            matrix: folder.map(location),
            ..Self::default()
        }
    }

    /// One that is read.
    pub(super) fn reads(mut self, option: &str, path: Option<&Path>) -> Self {
        let path = path.map(|path| (option.to_owned(), path.to_owned()));
        self.read.extend(path);
        self
    }

    /// Those that inputs name: recordings.
    pub(super) fn reads_inputs(mut self, matrix: &Matrix, inputs: &Inputs) -> Self {
        for input in matrix.inputs().inputs() {
            if let Some(Value::File(FileSource::Path(path))) = inputs.value(&input.name) {
                self = self.reads(&input.name, Some(path));
            }
        }
        self
    }

    /// One that is written.
    pub(super) fn writes(mut self, option: &str, path: Option<&Path>) -> Self {
        let path = path.map(|path| (option.to_owned(), path.to_owned()));
        self.written.extend(path);
        self
    }

    /// The other forms of a result.
    pub(super) fn writes_all(self, outputs: &Outputs) -> Self {
        let named = outputs.named().into_iter();
        named.fold(self, |files, (option, path)| files.writes(option, path))
    }

    /// Says whether each output has a place of its own.
    pub(super) fn check(self) -> Result<(), ApartError> {
        let found = |(option, path): (String, PathBuf)| (location(&path), option);
        let mut taken: Vec<(PathBuf, String)> = self.read.into_iter().map(found).collect();
        for (written, path) in self.written {
            let at = location(&path);
            let mut matrix = self.matrix.iter();
            if load::is_of_matrix(&path) && matrix.any(|folder| at.starts_with(folder)) {
                return Err(ApartError::Matrix { written, path });
            }
            if let Some((_, other)) = taken.iter().find(|(place, _)| *place == at) {
                let other = other.clone();
                return Err(ApartError::Same {
                    written,
                    other,
                    path,
                });
            }
            taken.push((at, written));
        }
        Ok(())
    }
}

/// Where a path leads, through links, whether or not anything is there yet.
fn location(path: &Path) -> PathBuf {
    let whole = path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = whole
        .ancestors()
        .find_map(|base| Some((fs::canonicalize(base).ok()?, base)));
    let Some((mut place, base)) = there else {
        return whole;
    };
    // What is not there has no links in it.
    for part in whole
        .strip_prefix(base)
        .into_iter()
        .flat_map(Path::components)
    {
        match part {
            path::Component::ParentDir => {
                place.pop();
            }
            part => place.push(part),
        }
    }
    place
}
