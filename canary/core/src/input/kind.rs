//! Kinds of input, and how text becomes a value of one.

use std::path::{Path, PathBuf};

use super::{BaseUrl, FileSource, FileState, ImageSize, InputProblem, Secret, Value};

/// Largest width or height of an image, in pixels. Beyond it a typing error is more likely.
const MAX_PIXELS: u32 = 16_384;

/// What an input's text must be.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A credential: printable ASCII, always secret.
    Key,
    /// Any text; one line unless it is secret (a spoken text may have several).
    Text,
    /// A finite number.
    Number {
        /// Exclusive lower bound.
        above: f64,
        /// Inclusive upper bound.
        max: f64,
    },
    /// A whole number.
    Integer {
        /// Inclusive lower bound.
        min: u64,
        /// Inclusive upper bound.
        max: u64,
    },
    /// A base URL, by the rules of [`BaseUrl`].
    Url,
    /// `WIDTHxHEIGHT` in pixels.
    Size,
    /// One of some words.
    Word {
        /// The words, in the order to show them.
        words: Vec<String>,
    },
    /// A file, readable and not empty.
    File,
    /// A media type.
    Mime,
    /// Comma-separated dotted paths.
    Paths,
}

impl Kind {
    /// The word that declares the kind.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Text => "text",
            Self::Number { .. } => "number",
            Self::Integer { .. } => "integer",
            Self::Url => "url",
            Self::Size => "size",
            Self::Word { .. } => "word",
            Self::File => "file",
            Self::Mime => "mime",
            Self::Paths => "paths",
        }
    }

    /// Parses a value that is not blank. Space around it is dropped. `files` says what is at a
    /// path.
    pub fn parse(
        &self,
        text: &str,
        secret: bool,
        files: &dyn Fn(&Path) -> FileState,
    ) -> Result<Value, InputProblem> {
        let text = text.trim();
        match self {
            Self::Key => key(text),
            Self::Text if secret => Ok(Value::Secret(Secret::new(text))),
            Self::Text => one_line(text).map(|text| Value::Text(text.to_owned())),
            Self::Number { above, max } => number(text, *above, *max),
            Self::Integer { min, max } => integer(text, *min, *max),
            Self::Url => BaseUrl::parse(text)
                .map(Value::Url)
                .map_err(InputProblem::Url),
            Self::Size => size(text).map(Value::Size).ok_or(InputProblem::Size),
            Self::Word { words } => word(text, words),
            Self::File => file(text, files),
            Self::Mime => mime(text),
            Self::Paths => paths(text).map(Value::Paths).ok_or(InputProblem::Paths),
        }
    }
}

fn key(text: &str) -> Result<Value, InputProblem> {
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(Value::Secret(Secret::new(text)))
    } else {
        Err(InputProblem::NotAKey)
    }
}

fn one_line(text: &str) -> Result<&str, InputProblem> {
    if text.contains(char::is_control) {
        Err(InputProblem::ControlCharacter)
    } else {
        Ok(text)
    }
}

fn number(text: &str, above: f64, max: f64) -> Result<Value, InputProblem> {
    text.parse()
        .ok()
        .filter(|number: &f64| number.is_finite() && *number > above && *number <= max)
        .map(Value::Number)
        .ok_or(InputProblem::Number { above, max })
}

fn integer(text: &str, min: u64, max: u64) -> Result<Value, InputProblem> {
    digits(text)
        .filter(|number| (min..=max).contains(number))
        .map(Value::Integer)
        .ok_or(InputProblem::Integer { min, max })
}

/// A whole number without sign; the standard parser takes a leading `+`.
fn digits(text: &str) -> Option<u64> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

fn size(text: &str) -> Option<ImageSize> {
    let pixels = |side: &str| {
        u32::try_from(digits(side)?)
            .ok()
            .filter(|side| (1..=MAX_PIXELS).contains(side))
    };
    let (width, height) = text.split_once(['x', 'X'])?;
    Some(ImageSize {
        width: pixels(width)?,
        height: pixels(height)?,
    })
}

fn word(text: &str, words: &[String]) -> Result<Value, InputProblem> {
    if words.iter().any(|word| word == text) {
        Ok(Value::Word(text.to_owned()))
    } else {
        Err(InputProblem::Word {
            words: words.to_vec(),
        })
    }
}

fn file(text: &str, files: &dyn Fn(&Path) -> FileState) -> Result<Value, InputProblem> {
    let path = PathBuf::from(one_line(text)?);
    match files(&path) {
        FileState::Readable => Ok(Value::File(FileSource::Path(path))),
        state => Err(InputProblem::File(state)),
    }
}

fn mime(text: &str) -> Result<Value, InputProblem> {
    let parsed: mime::Mime = text.parse().map_err(|_| InputProblem::Mime)?;
    for part in [parsed.type_(), parsed.subtype()] {
        if part == mime::STAR || part.as_str().is_empty() {
            return Err(InputProblem::Mime);
        }
    }
    Ok(Value::Mime(parsed.to_string()))
}

fn paths(text: &str) -> Option<Vec<String>> {
    let part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    text.split(',')
        .map(|path| {
            let path = path.trim();
            path.split('.').all(part).then(|| path.to_owned())
        })
        .collect()
}
