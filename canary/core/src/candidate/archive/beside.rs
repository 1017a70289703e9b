//! What a tar says beside its files. Readers skip it, so it could be anything, and it is published with
//! them: a header as cargo writes it has nothing but zeros there.

use std::io::{self, Read};

use flate2::bufread::GzDecoder;
use tar::{EntryType, Header};

use super::{ArchiveError, BLOCK, unreadable};

/// Looks at every header and at the end of every file. The tar is one whose entries have all been
/// read, so it is no longer than it may be.
pub(super) fn check(packed: &[u8]) -> Result<(), ArchiveError> {
    let mut tar = GzDecoder::new(packed);
    for entry in 0.. {
        let read = one(&mut tar).map_err(|error| unreadable(entry, &error))?;
        match read {
            None => break,
            Some(Ok(())) => {}
            Some(Err(what)) => return Err(ArchiveError::Beside(what)),
        }
    }
    Ok(())
}

type Said = Result<(), &'static str>;

/// One file, with the header for its long name where it has one; nothing at the end.
fn one(tar: &mut impl Read) -> io::Result<Option<Said>> {
    let Some((header, content, rest)) = entry(tar)? else {
        return Ok(None);
    };
    if header.entry_type() != EntryType::GNULongName {
        return Ok(Some(words(&header, None).and(rest)));
    }
    // The reader of entries found one behind it.
    let Some((named, _, end)) = entry(tar)? else {
        return Err(io::ErrorKind::UnexpectedEof.into());
    };
    let said = words(&header, None).and(rest);
    Ok(Some(
        said.and_then(|()| words(&named, Some(&content))).and(end),
    ))
}

/// A header, what follows it, and whether the last block of that is filled up with zeros.
fn entry(tar: &mut impl Read) -> io::Result<Option<(Header, Vec<u8>, Said)>> {
    let mut header = Header::new_old();
    tar.read_exact(header.as_mut_bytes())?;
    if zeros(header.as_bytes()) {
        return Ok(None);
    }
    let size = header.entry_size()?;
    let mut content = Vec::new();
    tar.by_ref().take(size).read_to_end(&mut content)?;
    let mut rest = vec![0; content.len().next_multiple_of(BLOCK) - content.len()];
    tar.read_exact(&mut rest)?;
    let what = "something fills up the last block of a file";
    Ok(Some((
        header,
        content,
        zeros(&rest).then_some(()).ok_or(what),
    )))
}

/// Whether a header has words only where cargo writes some. `long` is the name that it was given by
/// a header before it, of which its own is the beginning.
fn words(header: &Header, long: Option<&[u8]>) -> Said {
    let bytes = header.as_bytes();
    let numbers = |of: std::ops::Range<usize>| {
        let digit = |byte: &u8| matches!(byte, b'0'..=b'7' | b' ' | 0);
        bytes[of].iter().all(digit)
    };
    let nobody = |of: std::ops::Range<usize>| bytes[of].iter().all(|byte| matches!(byte, b'0' | 0));
    let name = text(&bytes[..100]).ok_or("something stands behind the name of an entry")?;
    if long.is_some_and(|long| !long.starts_with(name)) {
        return Err("an entry has two names");
    }
    if !numbers(100..108) || !numbers(124..156) {
        return Err("an entry has a number that is none");
    }
    if !nobody(108..124) || !zeros(&bytes[265..329]) {
        return Err("an entry names who packed it");
    }
    if !zeros(&bytes[157..257]) || !nobody(329..345) {
        return Err("an entry leads to something else");
    }
    // Behind these, one form of a header has the beginning of a long path, and the other nothing.
    let prefixed = match &bytes[257..265] {
        b"ustar\x0000" => long.is_none(),
        b"ustar  \0" => false,
        _ => return Err("a header has another form than those that cargo writes"),
    };
    let unused = if prefixed {
        text(&bytes[345..500]).is_some() && zeros(&bytes[500..])
    } else {
        zeros(&bytes[345..])
    };
    unused
        .then_some(())
        .ok_or("something stands at the end of a header")
}

/// A text that ends with its field, or with zeros up to there.
fn text(field: &[u8]) -> Option<&[u8]> {
    let end = field
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(field.len());
    zeros(&field[end..]).then_some(&field[..end])
}

fn zeros(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == 0)
}
