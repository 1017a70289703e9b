//! Lists people ask for: days, months, the alphabet, or some of a kind.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::text::count::separator;
use crate::model::text::numbers;
use crate::model::text::pattern::pattern;

const KINDS: &[(&str, &[&str])] = &[
    (
        r"colou?rs?",
        &[
            "red", "blue", "green", "yellow", "purple", "orange", "brown", "pink", "white",
            "black", "grey", "cyan",
        ],
    ),
    (
        r"fruits?",
        &[
            "apple", "banana", "cherry", "mango", "orange", "pear", "grape", "peach", "plum",
            "kiwi", "lemon", "fig",
        ],
    ),
    (
        r"vegetables?",
        &[
            "carrot", "potato", "onion", "spinach", "pepper", "celery", "cabbage", "leek", "pea",
            "bean",
        ],
    ),
    (
        r"animals?|pets?",
        &[
            "dog", "cat", "horse", "rabbit", "fox", "owl", "bear", "deer", "otter", "whale",
            "lion", "tiger",
        ],
    ),
    (
        r"planets?",
        &[
            "Mercury", "Venus", "Earth", "Mars", "Jupiter", "Saturn", "Uranus", "Neptune",
        ],
    ),
    (
        r"countr(?:y|ies)",
        &[
            "France", "Japan", "Brazil", "Kenya", "Canada", "India", "Norway", "Peru", "Egypt",
            "Spain",
        ],
    ),
    (
        r"cit(?:y|ies)|capitals?",
        &[
            "Paris", "Tokyo", "London", "Berlin", "Rome", "Madrid", "Oslo", "Lima", "Cairo",
            "Delhi",
        ],
    ),
    (
        r"days? of the week|weekdays?",
        &[
            "Monday",
            "Tuesday",
            "Wednesday",
            "Thursday",
            "Friday",
            "Saturday",
            "Sunday",
        ],
    ),
    (
        r"months?(?: of the year)?",
        &[
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
    ),
    (
        r"(?:english )?alphabet|letters?",
        &[
            "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q",
            "R", "S", "T", "U", "V", "W", "X", "Y", "Z",
        ],
    ),
    (
        r"(?:programming )?languages?",
        &[
            "Rust", "Python", "Go", "Java", "Kotlin", "Swift", "Ruby", "Haskell", "Scala", "Julia",
        ],
    ),
    (
        r"words?|things?|items?|objects?|nouns?",
        &[
            "river", "stone", "lantern", "garden", "window", "bridge", "candle", "forest",
            "mirror", "harbour", "meadow", "compass",
        ],
    ),
];

/// The list a prompt asks for.
pub(crate) fn list(prompt: &str) -> Option<String> {
    static KNOWN: LazyLock<Vec<(Regex, &'static [&'static str])>> = LazyLock::new(|| {
        KINDS
            .iter()
            .map(|(kind, items)| {
                let asks = format!(
                    r"\b(?:list|name|give|recite|write|tell|enumerate|say|print|output|what are|suggest)\b(?: me| us| out)?(?: of)?(?: the| all| all the)?(?: names of)?(?: the)?(?: (?:first|any|some))?(?: (?:{}))?(?: (?:random|different|common|popular|basic|primary|english|distinct|unrelated|short|simple|single|of the))* (?:{kind})\b",
                    numbers::NUMBER
                );
                (pattern(&asks), *items)
            })
            .collect()
    });
    static ABOUT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\b(?:about|story|poem|essay|paragraph|json)\b"));
    if ABOUT.is_match(prompt) {
        return None;
    }
    let (asked, items) = KNOWN
        .iter()
        .find_map(|(asks, items)| Some((asks.find(prompt)?.as_str(), *items)))?;
    let whole = items.len() == 7
        || items.len() == 12 && items[0] == "January"
        || items.len() == 26
        || items[0] == "Mercury";
    let wanted = numbers::first(asked)
        .and_then(|number| usize::try_from(number).ok())
        .unwrap_or(if whole { items.len() } else { 5 });
    let chosen: Vec<&str> = items
        .iter()
        .copied()
        .cycle()
        .take(wanted.min(500))
        .collect();
    Some(chosen.join(separator(prompt).unwrap_or(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_have_the_asked_length() {
        let table = [
            ("List five fruits.", "apple, banana, cherry, mango, orange"),
            ("Name three colors, separated by spaces", "red blue green"),
            ("Name 2 animals, one per line", "dog\ncat"),
            (
                "Recite the days of the week",
                "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday",
            ),
        ];
        for (prompt, expected) in table {
            assert_eq!(list(prompt).as_deref(), Some(expected), "{prompt}");
        }
        assert_eq!(list("Write a story about two animals"), None);
    }
}
