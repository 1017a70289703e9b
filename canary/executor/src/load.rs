//! From files and variables to a checked matrix and resolved inputs.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use canary_core::{
    builtin,
    diagnose::{Problems, SourceFile},
    input::{
        Declared, EnvFileProblem, FileSource, FileState, InputProblem, Inputs, Value,
        decode_base64, parse_env_file,
    },
    matrix::{INPUTS_FILE, Matrix},
    report::read::SIZE_LIMIT,
};

/// Why nothing could be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file or folder could not be read.
    #[error("could not read {what} {}: {source}; {next}", path.display())]
    Read {
        /// What it was to be.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: io::Error,
        /// What to do.
        next: &'static str,
    },
    /// The matrix is broken.
    #[error("the matrix has {} problem(s)", .0.list.len())]
    Matrix(Problems),
    /// The env file is broken.
    #[error("could not read the env file {}: {problem}", path.display())]
    EnvFile {
        /// Where.
        path: PathBuf,
        /// What is wrong.
        problem: EnvFileProblem,
    },
    /// What an input holds in base64 could not be written to a private file, for no fault of the input.
    #[error(
        "could not unpack the input {name} into a private file below {}: {source}; make room there, or set TMPDIR to a folder that can be written",
        folder.display()
    )]
    Unpack {
        /// Canonical name of the input.
        name: String,
        /// The folder of temporary files.
        folder: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// An input that holds a file in base64 could not be decoded.
    #[error("could not decode the input {name}: {why}")]
    Decode {
        /// Canonical name of the input.
        name: String,
        /// Why not, without the value.
        why: String,
    },
}

impl LoadError {
    /// Whether there may be nothing wrong with what was named: it could not be read or written.
    pub fn is_doubt(&self) -> bool {
        use io::ErrorKind::{FileTooLarge, InvalidData, IsADirectory, NotADirectory, NotFound};
        match self {
            Self::Read { source, .. } => !matches!(
                source.kind(),
                NotFound | NotADirectory | IsADirectory | InvalidData | FileTooLarge
            ),
            Self::Unpack { .. } => true,
            Self::Matrix(_) | Self::EnvFile { .. } | Self::Decode { .. } => false,
        }
    }
}

/// The folder that is taken when nobody says another.
pub const MATRIX_FOLDER: &str = "matrix";

/// Reads and checks the matrix: of the named folder, else of the one here, else the copy compiled
/// in. `faults` are the names its sabotage may use.
pub fn matrix(named: Option<&Path>, faults: &[&str]) -> Result<Matrix, LoadError> {
    let folder = named.or(folder_here());
    let mut files = Vec::new();
    match folder {
        Some(folder) => read_folder(folder, folder, &mut files)?,
        None => files = builtin::matrix(),
    }
    Matrix::load(files, Some(faults)).map_err(LoadError::Matrix)
}

/// The matrix's folder of the repository that this is, if it is one.
pub fn folder_here() -> Option<&'static Path> {
    let here = Path::new(MATRIX_FOLDER);
    here.join(INPUTS_FILE).is_file().then_some(here)
}

/// The longest of the files that a person hands in: twice a recording in base64, and any report.
const LONGEST: u64 = SIZE_LIMIT as u64;

/// The bytes of a file, unless there are more than so many. What it says of its own length is not
/// asked: a pipe says nothing, and a file may grow.
pub fn bounded(path: &Path, longest: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let more = longest.saturating_add(1);
    fs::File::open(path)?.take(more).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > longest {
        let found = format!("it is longer than {longest} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, found));
    }
    Ok(bytes)
}

/// The bytes of a report. Whether they are one is for others to say.
pub fn report(what: &'static str, path: &Path, next: &'static str) -> Result<Vec<u8>, LoadError> {
    document(what, path, LONGEST, next)
}

/// The bytes of a document of at most so many; `next` says in an error what to do about it.
pub fn document(
    what: &'static str,
    path: &Path,
    longest: u64,
    next: &'static str,
) -> Result<Vec<u8>, LoadError> {
    bounded(path, longest).map_err(|source| LoadError::Read {
        what,
        path: path.to_owned(),
        source,
        next,
    })
}

/// Reads a text file; `what` says in an error what it was to be.
pub fn text(what: &'static str, path: &Path) -> Result<String, LoadError> {
    let read = bounded(path, LONGEST).and_then(|bytes| {
        String::from_utf8(bytes).map_err(|_| {
            let found = "it is not UTF-8";
            io::Error::new(io::ErrorKind::InvalidData, found)
        })
    });
    read.map_err(cannot_read(what, path))
}

/// What to do about a file that cannot be read.
pub const CHECK: &str = "check the path and its permissions";

fn cannot_read(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> LoadError {
    let path = path.to_owned();
    move |source| LoadError::Read {
        what,
        path,
        source,
        next: CHECK,
    }
}

/// Whether a file in the matrix's folder, by its name, is part of the matrix.
pub fn is_of_matrix(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "toml" || extension == "json")
}

fn read_folder(base: &Path, folder: &Path, files: &mut Vec<SourceFile>) -> Result<(), LoadError> {
    const WHAT: &str = "the matrix";
    for entry in fs::read_dir(folder).map_err(cannot_read(WHAT, folder))? {
        let path = entry.map_err(cannot_read(WHAT, folder))?.path();
        if path.is_dir() {
            read_folder(base, &path, files)?;
            continue;
        }
        if is_of_matrix(&path) {
            let text = text(WHAT, &path)?;
            let name = path
                .strip_prefix(base)
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('\\', "/");
            files.push(SourceFile::new(name, text));
        }
    }
    Ok(())
}

/// Resolves the declared inputs from the process's variables and those of an env file.
pub fn inputs(
    declared: &Declared,
    shell: &BTreeMap<String, String>,
    from_file: Option<&BTreeMap<String, String>>,
) -> Inputs {
    Inputs::resolve(declared, shell, from_file, &file_state)
}

/// Reads the variables of an env file.
pub fn env_file(path: &Path) -> Result<BTreeMap<String, String>, LoadError> {
    let bytes = bounded(path, LONGEST).map_err(cannot_read("the env file", path))?;
    parse_env_file(&bytes).map_err(|problem| LoadError::EnvFile {
        path: path.to_owned(),
        problem,
    })
}

fn file_state(path: &Path) -> FileState {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => FileState::Unreadable,
        Err(_) => FileState::Missing,
        Ok(metadata) if !metadata.is_file() => FileState::NotAFile,
        Ok(metadata) if metadata.len() == 0 => FileState::Empty,
        Ok(_) if fs::File::open(path).is_err() => FileState::Unreadable,
        Ok(_) => FileState::Readable,
    }
}

/// Private files that inputs were decoded to. They are deleted when this is dropped.
#[derive(Debug, Default)]
pub struct PrivateFiles {
    paths: BTreeMap<String, PathBuf>,
    folder: Option<tempfile::TempDir>,
}

impl PrivateFiles {
    /// Decodes every input that holds a file in base64 into a folder that only this user can read.
    pub fn decode(declared: &Declared, inputs: &Inputs) -> Result<Self, LoadError> {
        let mut files = Self::default();
        for input in declared.inputs() {
            let Some(Value::File(FileSource::Base64(text))) = inputs.value(&input.name) else {
                continue;
            };
            let bytes = decode_base64(text).map_err(|problem: InputProblem| LoadError::Decode {
                name: input.name.clone(),
                why: problem.to_string(),
            })?;
            let cannot = |source| LoadError::Unpack {
                name: input.name.clone(),
                folder: std::env::temp_dir(),
                source,
            };
            let folder = if let Some(folder) = &files.folder {
                folder.path().to_owned()
            } else {
                let folder = tempfile::tempdir().map_err(cannot)?;
                files.folder.insert(folder).path().to_owned()
            };
            let path = folder.join(input.name.to_lowercase());
            fs::write(&path, bytes).map_err(cannot)?;
            files.paths.insert(input.name.clone(), path);
        }
        Ok(files)
    }

    /// Where each input was decoded to.
    pub fn paths(&self) -> &BTreeMap<String, PathBuf> {
        &self.paths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "four").unwrap();
        assert_eq!(bounded(&path, 4).unwrap(), b"four");
        assert_eq!(bounded(&path, u64::MAX).unwrap(), b"four");
        let error = bounded(&path, 3).unwrap_err();
        assert_eq!(error.to_string(), "it is longer than 3 bytes");
        let missing = bounded(&folder.path().join("none"), 4).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }
}
