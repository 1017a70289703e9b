//! A `.crate` file as hostile input: a gzipped tar that anybody may have made.
//!
//! Nothing is written anywhere. What comes out is a list of plain files under one folder, or the
//! first reason why the archive is not what cargo packs.

use std::{
    collections::BTreeSet,
    io::{BufRead, Read},
};

use flate2::bufread::GzDecoder;
use tar::{Archive, Entry, EntryType};

mod beside;

use super::{
    path::{PackagePath, PathProblem},
    source::{PackageFile, SourceError, SourceTree},
};

/// How much of an archive is looked at before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the `.crate`. crates.io takes 10 MiB.
    pub packed: u64,
    /// Bytes of everything unpacked, tar headers included.
    pub unpacked: u64,
    /// Bytes of one file.
    pub file: u64,
    /// Number of files.
    pub files: usize,
}

impl Limits {
    /// What an SDK may need many times over, and a machine can bear.
    pub const SDK: Self = Self {
        packed: 10 * 1024 * 1024,
        unpacked: 64 * 1024 * 1024,
        file: 8 * 1024 * 1024,
        files: 2_000,
    };
}

/// Why some bytes are not a `.crate` that may be published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// Longer than [`Limits::packed`].
    #[error("it is longer than {0} bytes and was not opened")]
    Packed(u64),
    /// Not gzip, not tar, or cut short.
    #[error("entry {entry} cannot be read: {problem}")]
    Unreadable {
        /// Position in the archive, from 0.
        entry: usize,
        /// What the reader missed.
        problem: String,
    },
    /// Unpacks to more than [`Limits::unpacked`].
    #[error("it unpacks to more than {0} bytes")]
    Unpacked(u64),
    /// A file longer than [`Limits::file`].
    #[error("entry {entry} is longer than {limit} bytes")]
    File {
        /// Position in the archive, from 0.
        entry: usize,
        /// The limit.
        limit: u64,
    },
    /// More entries than [`Limits::files`].
    #[error("it has more than {0} entries")]
    Files(usize),
    /// A link, a device, a folder or another thing that cargo does not pack.
    #[error("entry {entry} is not a plain file")]
    Kind {
        /// Position in the archive, from 0.
        entry: usize,
    },
    /// An extended header, which can give an entry another path, size or meaning than its own header
    /// says, to a reader that heeds it. Cargo writes none.
    #[error("entry {entry} has an extended header")]
    Extended {
        /// Position in the archive, from 0.
        entry: usize,
    },
    /// Another permission than cargo gives: everybody may read, the packer may write, and perhaps
    /// everybody may run.
    #[error("entry {entry} has another permission than cargo gives")]
    Mode {
        /// Position in the archive, from 0.
        entry: usize,
    },
    /// Bytes beside the files, which are published with them and in which nobody looks for anything: the
    /// name or number of a person or a group, a name, a remark or a field of the gzip, or what lies where a
    /// header or the last block of a file has nothing but zeros.
    #[error("it says more than its files: {0}")]
    Beside(&'static str),
    /// A path that no package has.
    #[error("entry {entry} has {problem}")]
    Path {
        /// Position in the archive, from 0.
        entry: usize,
        /// What is wrong with its path.
        problem: PathProblem,
    },
    /// A file beside the one folder that a `.crate` has.
    #[error("entry {entry} does not lie in the folder {folder}")]
    Folder {
        /// Position in the archive, from 0.
        entry: usize,
        /// The folder that every file must lie in.
        folder: String,
    },
    /// Two entries that are one file on some file system, or a file in which another would have to lie.
    #[error(
        "`{0}` is packed twice, or twice but for the case of letters, or as a file and as a folder"
    )]
    Duplicate(PackagePath),
    /// Something after the end.
    #[error("there are bytes after the end of the {0}")]
    Trailing(&'static str),
    /// Not a package.
    #[error(transparent)]
    Source(#[from] SourceError),
}

/// What a `.crate` holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Every file, with paths inside the package, in the order of the archive.
    pub files: Vec<PackageFile>,
    /// The sources among them.
    pub sources: SourceTree,
}

impl Package {
    /// The bytes of one file.
    pub fn file(&self, path: &str) -> Option<&[u8]> {
        self.files
            .iter()
            .find(|file| file.path.as_str() == path)
            .map(|file| file.bytes.as_slice())
    }
}

/// Opens a `.crate` whose files must all lie in `folder`, which is `NAME-VERSION`.
pub fn open(packed: &[u8], folder: &str, limits: Limits) -> Result<Package, ArchiveError> {
    if packed.len() as u64 > limits.packed {
        return Err(ArchiveError::Packed(limits.packed));
    }
    // One byte more than allowed is enough to know that it is too much.
    let unpacked = GzDecoder::new(packed);
    says_no_more(&unpacked, folder)?;
    let unpacked = unpacked.take(limits.unpacked + 1);
    let mut archive = Archive::new(unpacked);
    let files = read_entries(&mut archive, folder, limits)?;
    check_end(archive.into_inner(), files.len(), limits)?;
    beside::check(packed)?;
    let sources = SourceTree::pick(
        files
            .iter()
            .map(|file| (file.path.as_str(), file.bytes.as_slice())),
    )?;
    Ok(Package { files, sources })
}

/// The gzip names at most the `.crate` itself, as cargo lets it.
fn says_no_more<R>(unpacked: &GzDecoder<R>, folder: &str) -> Result<(), ArchiveError> {
    let Some(header) = unpacked.header() else {
        return Ok(());
    };
    let own = format!("{folder}.crate");
    if header.filename().is_some_and(|name| name != own.as_bytes()) {
        return Err(ArchiveError::Beside("the gzip names another file"));
    }
    if header.comment().is_some() || header.extra().is_some() {
        let what = "the gzip has a remark, or a field of its own";
        return Err(ArchiveError::Beside(what));
    }
    Ok(())
}

fn read_entries<R: Read>(
    archive: &mut Archive<R>,
    folder: &str,
    limits: Limits,
) -> Result<Vec<PackageFile>, ArchiveError> {
    let mut files = Vec::new();
    let mut seen = BTreeSet::new();
    let entries = archive.entries().map_err(|error| unreadable(0, &error))?;
    for (entry, read) in entries.enumerate() {
        if entry == limits.files {
            return Err(ArchiveError::Files(limits.files));
        }
        let read = read.map_err(|error| unreadable(entry, &error))?;
        let file = read_file(read, entry, folder, limits)?;
        if !seen.insert(file.path.folded()) {
            return Err(ArchiveError::Duplicate(file.path));
        }
        files.push(file);
    }
    // No folder is packed, so each is made for what lies in it: not where a file is.
    let is_folder = |file: &&PackageFile| {
        let within = format!("{}/", file.path.folded());
        let mut after = seen.range(within.clone()..);
        after.next().is_some_and(|path| path.starts_with(&within))
    };
    match files.iter().find(is_folder) {
        Some(file) => Err(ArchiveError::Duplicate(file.path.clone())),
        None => Ok(files),
    }
}

/// The permissions that cargo gives to a file, and to one that may be run.
const MODES: [u32; 2] = [0o644, 0o755];

fn read_file<R: Read>(
    mut read: Entry<'_, R>,
    entry: usize,
    folder: &str,
    limits: Limits,
) -> Result<PackageFile, ArchiveError> {
    if read.header().entry_type() != EntryType::Regular || read.link_name_bytes().is_some() {
        return Err(ArchiveError::Kind { entry });
    }
    match read.pax_extensions() {
        Ok(None) => {}
        Ok(Some(_)) => return Err(ArchiveError::Extended { entry }),
        Err(error) => return Err(unreadable(entry, &error)),
    }
    let mode = read
        .header()
        .mode()
        .map_err(|error| unreadable(entry, &error))?;
    if !MODES.contains(&mode) {
        return Err(ArchiveError::Mode { entry });
    }
    let path = read.path_bytes();
    // Cargo writes `/` on every machine, and elsewhere than on Windows `\` is part of a name.
    let spelled = !path.contains(&b'\\');
    let path = PackagePath::new(&path)
        .and_then(|path| spelled.then_some(path).ok_or(PathProblem::Character));
    let path = path.map_err(|problem| ArchiveError::Path { entry, problem })?;
    let inside = match path.split_first() {
        Some((first, rest)) if first == folder => rest,
        _ => {
            let folder = folder.to_owned();
            return Err(ArchiveError::Folder { entry, folder });
        }
    };
    let size = read.size();
    if size > limits.file {
        let limit = limits.file;
        return Err(ArchiveError::File { entry, limit });
    }
    // Room is made as bytes arrive: the size in the header is a claim.
    let mut bytes = Vec::new();
    read.read_to_end(&mut bytes)
        .map_err(|error| unreadable(entry, &error))?;
    if bytes.len() as u64 != size {
        let problem = "it is cut short".to_owned();
        return Err(ArchiveError::Unreadable { entry, problem });
    }
    Ok(PackageFile {
        path: inside,
        bytes,
    })
}

/// Bytes of one block of a tar. Its end is two of them, all zeros.
const BLOCK: usize = 512;

/// After the last entry a tar has zeros, and after the gzip member the file has nothing: data that
/// a reader skips is data that nobody has looked at. A tar without its end may have been cut short
/// between two entries.
fn check_end<R: BufRead>(
    mut rest: std::io::Take<GzDecoder<R>>,
    entry: usize,
    limits: Limits,
) -> Result<(), ArchiveError> {
    let mut block = [0; 8192];
    let mut zeros = 0;
    loop {
        match rest.read(&mut block) {
            Ok(0) => break,
            Ok(length) if block[..length].iter().all(|byte| *byte == 0) => zeros += length,
            Ok(_) => return Err(ArchiveError::Trailing("tar")),
            Err(error) => return Err(unreadable(entry, &error)),
        }
    }
    if rest.limit() == 0 {
        return Err(ArchiveError::Unpacked(limits.unpacked));
    }
    // The first block of the end is where the reader of entries stopped.
    if zeros < BLOCK {
        let problem = "the tar has no end".to_owned();
        return Err(ArchiveError::Unreadable { entry, problem });
    }
    let mut after = rest.into_inner().into_inner();
    match after.fill_buf() {
        Ok([]) => Ok(()),
        Ok(_) => Err(ArchiveError::Trailing("gzip")),
        Err(error) => Err(unreadable(entry, &error)),
    }
}

fn unreadable(entry: usize, error: &std::io::Error) -> ArchiveError {
    // The reader quotes paths out of the archive; only what kind of error it was is safe to show.
    ArchiveError::Unreadable {
        entry,
        problem: error.kind().to_string(),
    }
}

#[cfg(test)]
mod tests;
