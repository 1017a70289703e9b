//! Files in and out: bounded reads, and writes that are whole or not at all.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read, Write as _},
    path::{Path, PathBuf},
};

use canary_core::{candidate::archive::Limits, diagnose::SourceFile};
use canary_verifier::{Staged, StagedFile};

/// Why a file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    /// It is not there, or is not what it should be: the question was wrong.
    #[error("tried to {attempt} {}: {found}; {next}", path.display())]
    Wrong {
        attempt: &'static str,
        path: PathBuf,
        found: &'static str,
        next: &'static str,
    },
    /// It could not be read or written: there is no answer.
    #[error("tried to {attempt} {}: {cause}; check the disk and its permissions", path.display())]
    Failed {
        attempt: &'static str,
        path: PathBuf,
        cause: io::Error,
    },
}

fn wrong(attempt: &'static str, path: &Path, found: &'static str, next: &'static str) -> FileError {
    FileError::Wrong {
        attempt,
        path: path.to_owned(),
        found,
        next,
    }
}

fn failed(attempt: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FileError {
    move |cause| match cause.kind() {
        io::ErrorKind::NotFound => wrong(attempt, path, "nothing is there", "check the path"),
        _ => FileError::Failed {
            attempt,
            path: path.to_owned(),
            cause,
        },
    }
}

/// Reads a file, but no more than one byte beyond the limit: enough to see that it is too long.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    const ATTEMPT: &str = "read";
    let kind = fs::metadata(path).map_err(failed(ATTEMPT, path))?;
    if !kind.is_file() {
        let (found, next) = ("it is not a plain file", "pass the path of a file");
        return Err(wrong(ATTEMPT, path, found, next));
    }
    let file = File::open(path).map_err(failed(ATTEMPT, path))?;
    bounded(file, limit).map_err(failed(ATTEMPT, path))
}

/// Reads no more than one byte beyond the limit, however much there is and whatever grows meanwhile.
fn bounded(reader: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Refuses to write over a file that was read, by whatever name it goes.
pub(crate) fn keep<'p>(
    written: &Path,
    read: impl IntoIterator<Item = &'p Path>,
) -> Result<(), FileError> {
    let Ok(there) = fs::canonicalize(written) else {
        return Ok(());
    };
    let mut read = read
        .into_iter()
        .filter_map(|path| fs::canonicalize(path).ok());
    if read.any(|path| path == there) {
        let (found, next) = ("it is read by this command", "name another file");
        return Err(wrong("write", written, found, next));
    }
    Ok(())
}

/// Writes a file that only its owner may read: whole, or not at all. Without `force` a file that
/// is there already stays as it is.
pub(crate) fn write(path: &Path, bytes: &[u8], force: bool) -> Result<(), FileError> {
    const ATTEMPT: &str = "write";
    // A bare name's folder is the empty path, which is here.
    let folder = path.parent().unwrap_or(path);
    if !folder.as_os_str().is_empty() && !folder.is_dir() {
        let next = "make the folder first";
        return Err(wrong(ATTEMPT, path, "its folder is not there", next));
    }
    if path.is_dir() {
        return Err(wrong(ATTEMPT, path, "a folder is there", "name a file"));
    }
    // Made in the same folder, so that putting it in place is one step; private from the start.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed(ATTEMPT, path))?;
    file.write_all(bytes).map_err(failed(ATTEMPT, path))?;
    file.as_file().sync_all().map_err(failed(ATTEMPT, path))?;
    let placed = if force {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    match placed {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
            let found = "a file is there already";
            Err(wrong(ATTEMPT, path, found, "remove it, or pass --force"))
        }
        Err(error) => Err(failed(ATTEMPT, path)(error.error)),
    }
}

/// Reads the matrix folder: every TOML and JSON file, named by its path from there.
pub(crate) fn matrix(folder: &Path) -> Result<Vec<SourceFile>, FileError> {
    let mut files = Vec::new();
    let is_ours = |name: &str| {
        let extension = Path::new(name).extension();
        extension.is_some_and(|is| is == "toml" || is == "json")
    };
    for (name, bytes) in tree(folder, &is_ours)? {
        let text = String::from_utf8(bytes).map_err(|_| {
            let (found, next) = ("it is not UTF-8", "save it as UTF-8");
            wrong("read", &folder.join(&name), found, next)
        })?;
        files.push(SourceFile::new(name, text));
    }
    Ok(files)
}

/// Reads the SDK's folder, but for what is built there.
pub(crate) fn sdk(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, FileError> {
    if !folder.is_dir() {
        let next = "run this where the repository is, or name its SDK with --source-tree";
        return Err(wrong(
            "read the sources of the SDK in",
            folder,
            "no folder is there",
            next,
        ));
    }
    tree(folder, &|_| true)
}

/// Reads every plain file below a folder that is wanted by its path from there.
fn tree(
    folder: &Path,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<BTreeMap<String, Vec<u8>>, FileError> {
    let mut files = BTreeMap::new();
    walk(folder, "", wanted, &mut files)?;
    Ok(files)
}

/// Folders at the top of a tree in which nothing is written by a person.
const NOT_SOURCES: [&str; 2] = ["target", ".git"];

/// The most files that are read from one tree.
const MOST_FILES: usize = 10_000;

fn walk(
    folder: &Path,
    prefix: &str,
    wanted: &dyn Fn(&str) -> bool,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), FileError> {
    const ATTEMPT: &str = "read the folder";
    for entry in fs::read_dir(folder).map_err(failed(ATTEMPT, folder))? {
        let entry = entry.map_err(failed(ATTEMPT, folder))?;
        let path = entry.path();
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            let (found, next) = ("its name is not UTF-8", "rename it");
            return Err(wrong("read", &path, found, next));
        };
        let name = format!("{prefix}{name}");
        let kind = entry.file_type().map_err(failed("read", &path))?;
        if kind.is_dir() {
            if !NOT_SOURCES.contains(&name.as_str()) {
                walk(&path, &format!("{name}/"), wanted, files)?;
            }
        } else if kind.is_symlink() && (wanted(&name) || path.is_dir()) {
            let found = "it is a link, and links are not followed";
            return Err(wrong("read", &path, found, "put what it leads to there"));
        } else if wanted(&name) {
            // It may be a pipe as well, which is told here.
            let bytes = read(&path, Limits::SDK.file)?;
            if bytes.len() as u64 > Limits::SDK.file || files.len() == MOST_FILES {
                let found = "there is more in it than a source tree has";
                return Err(wrong("read", &path, found, "check the path"));
            }
            files.insert(name, bytes);
        }
    }
    Ok(())
}

/// A release has one package. Each may unpack to as much as a machine can bear, so no more of them are
/// opened than it takes to tell which are too many.
const MOST_PACKAGES: usize = 4;

/// Opens what is staged: every `*.crate` directly in the folder.
pub(crate) fn staged(folder: &Path) -> Result<Staged, FileError> {
    const ATTEMPT: &str = "read the artifact folder";
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed(ATTEMPT, folder))? {
        let entry = entry.map_err(failed(ATTEMPT, folder))?;
        let path = entry.path();
        if path
            .extension()
            .is_none_or(|is| !is.eq_ignore_ascii_case("crate"))
        {
            continue;
        }
        if files.len() == MOST_PACKAGES {
            let found = "there are more packages in it than a release has";
            let next = "name the folder that holds the package of this release alone";
            return Err(wrong(ATTEMPT, folder, found, next));
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().map_err(failed("read", &path))?;
        files.push(if kind.is_file() {
            StagedFile::open(name, &read(&path, Limits::SDK.packed)?)
        } else {
            StagedFile::not_a_file(name)
        });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Staged { files })
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
