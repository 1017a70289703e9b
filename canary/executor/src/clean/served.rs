//! What a registry served, from the lock file that cargo wrote: cargo holds each download against the
//! digest that the registry's index gives, and notes it there.

use canary_core::{candidate::PACKAGE, digest::Digest};

/// The digest of the SDK's file, or why there is none.
pub(super) fn digest(lock: &str) -> Result<Digest, &'static str> {
    let root: toml::Table = lock.parse().map_err(|_| "it is no TOML")?;
    let packages = root.get("package").and_then(toml::Value::as_array);
    let mut sdk = packages
        .into_iter()
        .flatten()
        .filter(|package| package.get("name").and_then(toml::Value::as_str) == Some(PACKAGE));
    let package = sdk.next().ok_or("it does not name the SDK")?;
    if sdk.next().is_some() {
        return Err("it names two SDKs");
    }
    let checksum = package.get("checksum").and_then(toml::Value::as_str);
    let checksum = checksum.ok_or("the SDK comes from no registry")?;
    checksum.parse().map_err(|_| "what it has is no digest")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_sdk_has_one_digest() {
        let hex = "ab".repeat(32);
        let other = "[[package]]\nname = \"url\"\nchecksum = \"x\"\n";
        let sdk = format!("[[package]]\nname = \"runinfra\"\nchecksum = \"{hex}\"\n");
        let found = digest(&format!("{other}{sdk}")).map(|digest| digest.to_string());
        assert_eq!(found, Ok(hex.clone()));
        for (lock, why) in [
            ("=".to_owned(), "it is no TOML"),
            (other.to_owned(), "it does not name the SDK"),
            (format!("{sdk}{sdk}"), "it names two SDKs"),
            (
                "[[package]]\nname = \"runinfra\"\n".to_owned(),
                "the SDK comes from no registry",
            ),
            (sdk.replace(&hex, "abc"), "what it has is no digest"),
        ] {
            assert_eq!(digest(&lock), Err(why), "{lock}");
        }
    }
}
