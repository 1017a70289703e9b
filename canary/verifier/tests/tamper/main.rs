//! A good pair of reports, everything around it, and hundreds of single changes to them. Each is
//! refused, and for the reason that is stated for it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests, where a panic is a failed test"
)]

mod around;
mod attacks;
mod change;
mod contradictions;
mod edits;
mod envelope;
mod forged_archives;
mod forged_files;
mod forged_manifests;
mod generated;
mod names;
mod schemes;
mod sealed;
mod shards;
mod staged;
mod stated;
#[path = "../support/mod.rs"]
mod support;
mod survivors;
mod text;
mod told;
mod wishes;
