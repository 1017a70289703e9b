//! Numbers in digits and in words.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::text::pattern::pattern;

const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = [
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];

/// A number as people write it in an instruction, as a regular expression without groups.
pub(crate) const NUMBER: &str = r"(?:-?\d+|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:a |one )?hundred|a dozen)";

/// Reads `12`, `twelve` or `twenty-one`.
pub(crate) fn read(text: &str) -> Option<i64> {
    let text = text.trim().to_ascii_lowercase();
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    match text.as_str() {
        "hundred" | "a hundred" | "one hundred" => return Some(100),
        "a dozen" | "dozen" => return Some(12),
        _ => {}
    }
    let position = |words: &[&str], word: &str| {
        words
            .iter()
            .position(|known| !known.is_empty() && *known == word)
            .and_then(|index| i64::try_from(index).ok())
    };
    if let Some(unit) = position(&UNITS, &text) {
        return Some(unit);
    }
    let (tens, unit) = text.split_once(['-', ' ']).unwrap_or((&text, "zero"));
    Some(position(&TENS, tens)? * 10 + position(&UNITS[..10], unit)?)
}

/// Writes a number in words up to 99, in digits beyond.
pub(crate) fn in_words(number: i64) -> String {
    let Ok(index) = usize::try_from(number) else {
        return number.to_string();
    };
    match index {
        0..20 => UNITS[index].to_owned(),
        20..100 if index % 10 == 0 => TENS[index / 10].to_owned(),
        20..100 => format!("{}-{}", TENS[index / 10], UNITS[index % 10]),
        _ => number.to_string(),
    }
}

/// The first number in a text.
pub(crate) fn first(text: &str) -> Option<i64> {
    static ANY: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"\b{NUMBER}\b")));
    read(ANY.find(text)?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_written() {
        for (text, number) in [
            ("7", 7),
            ("seven", 7),
            ("twenty-one", 21),
            ("ninety", 90),
            ("a dozen", 12),
        ] {
            assert_eq!(read(text), Some(number), "{text}");
        }
        for number in 0..100 {
            assert_eq!(read(&in_words(number)), Some(number));
        }
        assert_eq!(first("list five fruits"), Some(5));
        assert_eq!(first("none"), None);
    }
}
