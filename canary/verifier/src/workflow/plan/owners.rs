//! What has owners of its own, and what may not stand in the tree because it would put another program
//! in the place of the one that decides.

/// The file that says who has to look at a change. GitHub takes this one before any other.
pub(in crate::workflow) const OWNERS: &str = ".github/CODEOWNERS";

/// What decides whether we may ship: folders, with all that is in them, and files. The last rule for each
/// in the file of owners has to be one of its own, not the rule for everything, and no later rule may take
/// a part of it away from its owners.
pub(in crate::workflow) const GUARDED: &[&str] = &[
    ".cargo/",
    ".ci/",
    ".github/",
    "Cargo.lock",
    "Cargo.toml",
    "canary/core/",
    "canary/executor/",
    "canary/verifier/",
    "matrix/",
    "scripts/",
];

/// Files that choose the compiler.
pub(in crate::workflow) const TOOLCHAINS: [&str; 2] = ["rust-toolchain", "rust-toolchain.toml"];
/// Files from which cargo takes settings: a runner, a wrapper, a source, flags, variables.
pub(in crate::workflow) const SETTINGS: [&str; 2] = [".cargo/config", ".cargo/config.toml"];
/// The sections of cargo's settings that change nothing but what is shown.
pub(in crate::workflow) const HARMLESS: [&str; 1] = ["term"];
