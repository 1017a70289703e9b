//! What can be wrong with a value, worded once and never with the value.

use thiserror::Error;

use super::{FileState, UrlProblem};

/// Why a value that is set cannot be used. Bounds and words come from the declaration, so nothing
/// here can repeat what a person typed.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum InputProblem {
    /// A key with characters that no header can carry.
    #[error("a key is printable ASCII without spaces; this one is not (check for a paste error)")]
    NotAKey,
    /// A control character in a one-line text.
    #[error("has a control character in it")]
    ControlCharacter,
    /// Not a number, or not finite, or out of bounds.
    #[error("expected a number above {above} and at most {max}")]
    Number {
        /// Exclusive lower bound.
        above: f64,
        /// Inclusive upper bound.
        max: f64,
    },
    /// Not a whole number, or out of bounds.
    #[error("expected a whole number from {min} to {max}")]
    Integer {
        /// Inclusive lower bound.
        min: u64,
        /// Inclusive upper bound.
        max: u64,
    },
    /// Not a safe base URL.
    #[error("{0}")]
    Url(UrlProblem),
    /// Not a size in pixels.
    #[error("expected WIDTHxHEIGHT in pixels, each from 1 to 16384, such as 512x512")]
    Size,
    /// Not one of the declared words.
    #[error("expected {}", one_of(.words))]
    Word {
        /// The words that are allowed, in declared order.
        words: Vec<String>,
    },
    /// Not a media type.
    #[error("expected a media type such as audio/wav")]
    Mime,
    /// Not a list of dotted paths.
    #[error("expected comma-separated dotted paths such as replay.replayed")]
    Paths,
    /// The file cannot be used.
    #[error("{}", .0.problem())]
    File(FileState),
    /// Not base64, or base64 of nothing.
    #[error("expected the base64 of a file that is not empty")]
    Base64,
}

fn one_of(words: &[String]) -> String {
    match words {
        [only] => format!("`{only}`"),
        many => format!("one of {}", many.join(", ")),
    }
}
