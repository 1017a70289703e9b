//! No text makes the check panic or say yes.

use canary_verifier::workflow::inspect;
use proptest::prelude::*;

fn alone(text: &str) -> Vec<String> {
    // Everything else is as it should be, so that what is found is found in the text.
    let mut all = super::repository();
    let mut files = all.files.iter_mut();
    let release = files.find(|file| file.name == super::PUBLISH).unwrap();
    text.clone_into(&mut release.text);
    let found = inspect(&all);
    found.into_iter().map(|finding| finding.rule).collect()
}

#[test]
fn what_is_no_workflow_is_refused() {
    let deep = "[".repeat(100_000);
    let long = "a".repeat(600_000);
    for text in [
        "",
        "null",
        "[]",
        "- a",
        "a",
        "{",
        "a: b: c",
        "? [a]\n: b",
        "a: *b",
        "\u{feff}",
        "%YAML 9.9\n---\na",
        "jobs: 1",
        "jobs: { a: 1 }",
        "on: [workflow_dispatch]",
        &deep,
        &long,
        "a: 1\na: 2",
        "\u{202e}a: b",
    ] {
        assert!(!alone(text).is_empty(), "{text:.40}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_text_is_taken_for_a_release(text in "[a-z:\\[\\]{}&*!|>'\"#%\\-? \n]{0,200}") {
        prop_assert!(!alone(&text).is_empty());
    }

    /// A line put anywhere is either a remark, or noticed.
    #[test]
    fn no_foreign_line_goes_unnoticed(at in 0usize..400, indent in 0usize..12) {
        let release = super::repository();
        let release = release.files.iter().find(|file| file.name == super::PUBLISH).unwrap();
        let mut lines: Vec<String> = release.text.lines().map(str::to_owned).collect();
        let at = at % lines.len();
        lines.insert(at, format!("{}foreign: true", " ".repeat(indent)));
        prop_assert!(!alone(&lines.join("\n")).is_empty());
    }
}
