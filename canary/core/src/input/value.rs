//! Values that passed their kind.

use std::{fmt, path::PathBuf};

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use super::{BaseUrl, InputProblem, Secret};

/// A value of an input, typed. The debug form masks whatever a report may not hold: texts (model
/// ids among them), secrets, paths and custom addresses.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// Text that is not secret, though not for reports either.
    Text(String),
    /// A key or secret text.
    Secret(Secret),
    /// A finite number.
    Number(f64),
    /// A whole number.
    Integer(u64),
    /// The gateway's address.
    Url(BaseUrl),
    /// A size in pixels.
    Size(ImageSize),
    /// One of the declared words.
    Word(String),
    /// A file, or where it comes from.
    File(FileSource),
    /// A media type.
    Mime(String),
    /// Dotted paths into a JSON body, in order.
    Paths(Vec<String>),
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => f.write_str("Text(***)"),
            Self::Secret(secret) => secret.fmt(f),
            Self::Number(number) => write!(f, "Number({number})"),
            Self::Integer(number) => write!(f, "Integer({number})"),
            Self::Url(url) => url.fmt(f),
            Self::Size(size) => write!(f, "Size({size})"),
            Self::Word(word) => write!(f, "Word({word})"),
            Self::File(file) => file.fmt(f),
            Self::Mime(mime) => write!(f, "Mime({mime})"),
            Self::Paths(_) => f.write_str("Paths(***)"),
        }
    }
}

impl Value {
    /// The value as text, for a request or a header; `None` for a file. This is the way out of
    /// every mask: what is made of it goes to the gateway and nowhere else.
    pub fn expose(&self) -> Option<String> {
        Some(match self {
            Self::Text(text) | Self::Word(text) | Self::Mime(text) => text.clone(),
            Self::Secret(secret) => secret.expose().to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Integer(number) => number.to_string(),
            Self::Url(url) => url.as_str().to_owned(),
            Self::Size(size) => size.to_string(),
            Self::Paths(paths) => paths.join(","),
            Self::File(_) => return None,
        })
    }
}

/// Width and height in pixels, each from 1 to 16384.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageSize {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl fmt::Display for ImageSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

/// Where the bytes of a file input come from.
#[derive(Clone, PartialEq, Eq)]
pub enum FileSource {
    /// A file that the shell found readable and not empty.
    Path(PathBuf),
    /// Base64 text that the shell decodes ([`decode_base64`]) into a private file first.
    Base64(Secret),
}

impl fmt::Debug for FileSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Path(_) => "File(path ***)",
            Self::Base64(_) => "File(base64 ***)",
        })
    }
}

/// What a shell found at a path. The core asks; it never looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// A file that can be read and has at least one byte.
    Readable,
    /// A file of no bytes.
    Empty,
    /// Nothing is there.
    Missing,
    /// A folder, a device or another thing that is not a file.
    NotAFile,
    /// Something is there and may not be read.
    Unreadable,
}

impl FileState {
    /// Why the file cannot be used.
    pub(super) fn problem(self) -> &'static str {
        match self {
            Self::Readable => "the file can be used",
            Self::Empty => "the file is empty",
            Self::Missing => "there is no file at this path",
            Self::NotAFile => "what is at this path is not a file",
            Self::Unreadable => "the file may not be read; check its permissions",
        }
    }
}

/// Decodes base64 as CI systems store it: the standard alphabet, with white space ignored and
/// padding optional. The base64 of nothing is a problem too.
pub fn decode_base64(text: &Secret) -> Result<Vec<u8>, InputProblem> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let packed: Vec<u8> = text
        .expose()
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    LENIENT
        .decode(packed)
        .ok()
        .filter(|bytes| !bytes.is_empty())
        .ok_or(InputProblem::Base64)
}
