//! Text that must not be shown.

use std::fmt;

/// Text that cannot be printed or serialised by accident: its debug form is a mask, it has no
/// `Display` and no `Serialize`. [`Secret::expose`] is the only way to the text, so that every use
/// can be found by searching for that word.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}
