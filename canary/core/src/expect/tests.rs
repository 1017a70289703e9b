mod documents;
mod keys;
mod pairs;
mod secrets;
mod servers;
mod streams;
mod wires;

use super::*;
use crate::diagnose::SourceFile;

fn problems(expect: &str, calls: &[&str]) -> Vec<String> {
    let source = SourceFile::new("r.toml", format!("expect = {expect}\n"));
    let calls: Vec<String> = calls.iter().map(|&call| call.to_owned()).collect();
    let shapes = Shapes::default();
    let (_, problems) = Reader::read(&source, |reader, table| {
        let node = table.optional("expect").unwrap();
        read(
            reader,
            &node,
            Context {
                calls: &calls,
                shapes: &shapes,
            },
        )
    });
    problems
        .iter()
        .map(|problem| problem.one_line(std::slice::from_ref(&source)))
        .collect()
}

#[test]
fn every_word_is_there_once_and_says_what_it_means() {
    let words: Vec<&str> = vocabulary().map(|entry| entry.word).collect();
    for entry in vocabulary() {
        assert_eq!(
            words.iter().filter(|word| **word == entry.word).count(),
            1,
            "{}",
            entry.word
        );
        assert!(
            entry.about.ends_with('.'),
            "{}: {}",
            entry.word,
            entry.about
        );
    }
}

#[test]
fn a_wrong_expectation_is_told_with_its_place_and_advice() {
    let table: &[(&str, &[&str], &str)] = &[
        (
            "[\"usage_add_up\"]",
            &["call"],
            "r.toml:1:11: unknown expectation `usage_add_up` (did you mean `usage_adds_up`?)",
        ),
        (
            "[\"status\"]",
            &["call"],
            "r.toml:1:11: `status` has the wrong form (it takes a status or an array of statuses)",
        ),
        (
            "[{ usage_adds_up = 3 }]",
            &["call"],
            "r.toml:1:13: `usage_adds_up` has the wrong form (it takes no argument)",
        ),
        (
            "[{ status = 200 }]",
            &["a", "b"],
            "r.toml:1:13: this row has several calls, and the expectation names none (add `of = \"…\"` with one of a, b, or \"*\" for each)",
        ),
        (
            "[{ status = 200, of = \"c\" }]",
            &["a", "b"],
            "r.toml:1:32: unknown call `c` (known: a, b)",
        ),
        (
            "[{ status = 200, usage_adds_up = true }]",
            &["a"],
            "r.toml:1:27: `usage_adds_up` is a second word in one expectation (write one table per word)",
        ),
        ("[{}]", &["a"], "r.toml:1:11: an expectation without a word"),
        (
            "[3]",
            &["a"],
            "r.toml:1:11: expected a table, found integer",
        ),
    ];
    for (expect, calls, wanted) in table {
        assert_eq!(problems(expect, calls), [*wanted], "{expect}");
    }
}
