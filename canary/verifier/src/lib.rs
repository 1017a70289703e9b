//! The verifier: two reports, the staged artifacts, the SDK's tree and the matrix in, a verdict
//! out. It reads no clock, no environment and no network, so its answer is the same everywhere.
//!
//! ```text
//! readiness, live ──read──▶ Documents ┐
//! matrix ──▶ Canon                    ├──every Rule──▶ Findings ──▶ Verdict ──▶ table · JSON · statement
//! artifacts, tree, challenge, now ────┘
//! ```
//!
//! A report's claims are never taken for facts: the judge decides every check again from what was
//! measured, rows and summaries are counted again, and digests are computed again from the bytes
//! they are digests of. What cannot be computed again (what a gateway answered) has to be
//! consistent in itself. Each [`rule`] stands in a file of its own, with the sample that it
//! rejects; `RULES.md` is made from them.

pub mod canon;
pub mod case;
pub mod finding;
pub mod package;
pub mod rule;
pub mod schema;
pub mod statement;
pub mod table;
pub mod verdict;
pub mod versions;
pub mod workflow;

pub use case::{Context, Scope, Staged, StagedFile, Tree};
pub use verdict::{Verdict, verify};

#[cfg(test)]
extern crate self as canary_verifier;

#[cfg(test)]
#[path = "../tests/support/mod.rs"]
mod support;
