//! What is being promoted, down to its bytes: the SDK's sources and the packed `.crate`.
//!
//! The same digest has to come out of three places: the tree a release is made from, the `.crate`
//! that would be published, and the binary that ran the rows. [`source::SourceTree`] defines it;
//! [`archive::open`] gets it out of a `.crate` without trusting the `.crate`.

pub mod archive;
pub mod fit;
pub mod lock;
pub mod manifest;
pub mod packed;
pub mod path;
pub mod source;

/// Name of the package that is promoted.
pub const PACKAGE: &str = "runinfra";

/// Every lane that must have run. One today: this SDK's language.
pub const LANES: [&str; 1] = ["rust"];

/// The file name that cargo gives a packed version of the SDK.
pub fn crate_file_name(version: &str) -> String {
    format!("{PACKAGE}-{version}.crate")
}
