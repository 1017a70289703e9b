//! What is left of a limit changes while a row asks.

use super::*;

#[test]
fn what_is_left_must_change() {
    let table: [(&[&str], bool, bool); 7] = [
        (&["499", "498", "498"], true, true),
        (&["3", "500", "499"], true, true),
        (&["300", "460", "459"], true, false),
        (&["1", "2", "3"], true, false),
        (&["499", "499", "499"], false, false),
        (&["500"], false, false),
        (&["many", "499"], false, false),
    ];
    for (left, counts, falls) in table {
        let answers = left.iter().map(|left| {
            let headers = [
                ("x-ratelimit-limit", "500"),
                ("x-ratelimit-remaining", *left),
            ];
            answer(200, &headers, "{}")
        });
        let answers: Vec<_> = answers.collect();
        for (word, wanted) in [("rate_limit_counts", counts), ("rate_limit_falls", falls)] {
            let held = holds(word, answers.clone(), Observation::default());
            assert_eq!(held, wanted, "{word} {left:?}");
        }
    }
}

#[test]
fn a_limit_of_which_nothing_is_ever_taken_does_not_count() {
    let counts = |all: &[(&str, &str)]| {
        let answers = all.iter().map(|(limit, remaining)| {
            let headers = [
                ("x-ratelimit-limit", *limit),
                ("x-ratelimit-remaining", *remaining),
            ];
            answer(200, &headers, "{}")
        });
        holds(
            "rate_limit_counts",
            answers.collect(),
            Observation::default(),
        )
    };
    assert!(counts(&[("10", "9"), ("10", "8")]));
    assert!(!counts(&[("10", "10"), ("9", "9")]), "always whole");
    assert!(!counts(&[("10", "9"), ("10", "9")]), "always the same");
}
