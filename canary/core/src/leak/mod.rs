//! The leak scanner: the second net under every report, template and log.
//!
//! The first net is that evidence is closed types. This one knows no types: it reads a finished
//! text and looks for the shapes of known secrets, for private paths, for env files, and for the
//! value of every sensitive variable, as it stands or encoded. What it finds is named by
//! [`Pattern`] and [`Place`], never by value.
//!
//! The text is read in several *views*: as it stands (JSON: with its strings unescaped), with
//! escapes, percent-codes or entities decoded (two at most, in any order), and each of those
//! without white space. A value that was
//! JSON-escaped, then wrapped at 76 columns, is whole again in one of them. Each view is read once
//! by automata that do not backtrack, so the time is linear in the text.
//!
//! What it does not find: parts of a value, encryption, compression, encodings within encodings other
//! than the views (base64 of base64, say), and spellings of mail and of old languages (quoted-printable,
//! octal escapes, names of entities beyond those that every writer of XML uses).

mod format;
mod name;
mod needle;
mod pattern;
mod place;
mod scan;
mod view;

pub use name::{is_sensitive_name, sensitive_values};
pub use pattern::{Encoding, Pattern};
pub use place::Place;
pub use scan::{Leak, Scanner, ScannerError};

#[cfg(test)]
mod tests;
