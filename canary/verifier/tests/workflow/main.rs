//! The repository's own workflows hold, and every way of talking the release round that fits in a
//! line is refused by the rule that is there for it.

#![expect(
    clippy::disallowed_methods,
    reason = "tests start the scripts of a release, and need the present"
)]
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is a failed test"
)]

mod equal;
mod harmless;
#[cfg(target_os = "linux")]
mod hosted;
mod limits;
mod others;
mod rests;
mod sabotage;
mod shares;
#[cfg(unix)]
mod steps;
#[path = "../support/mod.rs"]
mod support;
#[cfg(target_os = "linux")]
mod whole;
mod yaml;

use canary_verifier::{finding::Finding, workflow::inspect};
use support::repository::workflows as repository;

const PUBLISH: &str = ".github/workflows/publish.yml";

/// What is found when a workflow is changed.
fn changed(file: &str, change: impl FnOnce(&str) -> String) -> Vec<Finding> {
    let mut all = repository();
    let file = all.files.iter_mut().find(|f| f.name == file).unwrap();
    let text = change(&file.text);
    assert_ne!(text, file.text, "nothing was changed");
    file.text = text;
    inspect(&all)
}

/// Replaces a text within a part of the workflow: from the first line that begins with `within`
/// on. It has to be there.
fn edit(text: &str, within: &str, from: &str, to: &str) -> String {
    let start = if within.is_empty() {
        0
    } else {
        let line = format!("\n  {within}:\n");
        text.find(&line).unwrap() + 1
    };
    let (before, after) = text.split_at(start);
    assert!(after.contains(from), "{from:?} in {within:?}");
    format!("{before}{}", after.replacen(from, to, 1))
}

#[test]
fn the_repository_s_workflows_hold() {
    assert_eq!(inspect(&repository()), []);
}
