//! Text that must never be printed.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// An API key. `Debug` shows a mask, there is no `Display` and no `Serialize`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a key the caller chose.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// A fresh random key with one of the prefixes seen in the wild (CONTRACT §1), e.g. `rp_live_`.
    pub fn random(prefix: &str) -> Self {
        let mut value = String::from(prefix);
        for _ in 0..40 {
            value.push(fastrand::alphanumeric());
        }
        Self(value)
    }

    /// The key itself. The caller is trusted to send it and to do nothing else with it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The digest under which a key is stored and looked up, so that a lookup's timing tells nothing about the key.
    pub(crate) fn fingerprint(presented: &str) -> [u8; 32] {
        Sha256::digest(presented.as_bytes()).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(***)")
    }
}
