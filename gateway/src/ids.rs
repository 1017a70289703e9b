//! Fresh ids. They need to be unique, not secret, so a fast generator does.

use uuid::Uuid;

/// A version 4 UUID.
pub(crate) fn uuid() -> Uuid {
    uuid::Builder::from_random_bytes(fastrand::u128(..).to_le_bytes()).into_uuid()
}

/// `prefix` and 24 random letters and digits, e.g. `chatcmpl-…`.
pub(crate) fn id(prefix: &str) -> String {
    let mut id = String::with_capacity(prefix.len() + 24);
    id.push_str(prefix);
    for _ in 0..24 {
        id.push(fastrand::alphanumeric());
    }
    id
}
