//! Regular expressions written in this crate.

use regex::{Regex, RegexBuilder};

/// Compiles a pattern of our own, without regard to case.
#[expect(
    clippy::expect_used,
    reason = "the patterns are constants, and each is compiled by a test of its module"
)]
pub(crate) fn pattern(source: &str) -> Regex {
    RegexBuilder::new(source)
        .case_insensitive(true)
        .build()
        .expect("patterns in this crate are valid")
}
