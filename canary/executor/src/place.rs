//! How files get onto the disk: whole or not at all, and in the place of no more than a file.

use std::{fs, io, io::Write as _, path::Path};

/// Why a file could not be put where it was wanted.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// A file in one step takes the place of whatever has its name.
    #[error("it is {0}, whose place a file would take; name a plain file")]
    NotPlain(&'static str),
    /// It could not be written.
    #[error("{0}; check that the folder exists and can be written")]
    Io(#[from] io::Error),
}

/// Writes bytes in one step, making the folder where it is missing. Only its owner may read the file.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), PlaceError> {
    plain(path)?;
    place(beside(path)?, path, bytes)
}

/// Writes a document anew in one step, for whoever could read it before.
pub fn write_again(path: &Path, bytes: &[u8]) -> Result<(), PlaceError> {
    plain(path)?;
    let file = beside(path)?;
    file.as_file()
        .set_permissions(fs::metadata(path)?.permissions())?;
    place(file, path, bytes)
}

/// Says before the work whether a file could be written after it.
pub fn can_be_written(path: &Path) -> Result<(), PlaceError> {
    plain(path)?;
    beside(path).map(drop)
}

/// Says whether there is nothing but a plain file, if anything. A link is not followed: what it leads to
/// may be another by the time of writing.
fn plain(path: &Path) -> Result<(), PlaceError> {
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found.file_type(),
        // Whatever else keeps us from looking keeps us from writing too, and says so there.
        Err(_) => return Ok(()),
    };
    if found.is_file() {
        Ok(())
    } else if found.is_dir() {
        Err(io::Error::from(io::ErrorKind::IsADirectory).into())
    } else if found.is_symlink() {
        Err(PlaceError::NotPlain("a link"))
    } else {
        Err(PlaceError::NotPlain("a device, a pipe or a socket"))
    }
}

/// A file of no name in the folder of another, which is made where it is missing.
fn beside(path: &Path) -> Result<tempfile::NamedTempFile, PlaceError> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    Ok(tempfile::NamedTempFile::new_in(folder)?)
}

fn place(mut file: tempfile::NamedTempFile, path: &Path, bytes: &[u8]) -> Result<(), PlaceError> {
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
