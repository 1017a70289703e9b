//! Fresh ids. They need to be unique, not secret, so a fast generator does.

use uuid::Uuid;

/// A version 4 UUID.
pub(crate) fn uuid() -> Uuid {
    uuid::Builder::from_random_bytes(fastrand::u128(..).to_le_bytes()).into_uuid()
}

/// `prefix` and 24 random letters and digits, e.g. `chatcmpl-…`.
pub(crate) fn id(prefix: &str) -> String {
    const SIGNS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut signs = [b'0'; 24];
    // A draw has room for ten signs: 62^10 is less than 2^60.
    for signs in signs.chunks_mut(10) {
        let mut draw = fastrand::u64(..);
        for sign in signs {
            *sign = SIGNS[(draw % 62) as usize];
            draw /= 62;
        }
    }
    let signs = std::str::from_utf8(&signs).unwrap_or_default();
    [prefix, signs].concat()
}
