//! Counting, repeating, and simple sums.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::text::numbers::{self, NUMBER};
use crate::model::text::pattern::pattern;

/// More numbers than this are never counted out; the answer's own limit is lower.
const MOST: usize = 5_000;

/// The numbers a prompt asks to be counted, in the layout it asks for.
pub(crate) fn count(prompt: &str) -> Option<String> {
    static RANGE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"\b(?:count|counting|list|write|print|output|say|enumerate|give|number|numbers|integers|recite|show)\b[^.?!\n]*?\b(?:from|between|numbers|integers)?\s*({NUMBER})\s*(?:to|through|thru|until|up to|down to|and|-|–|\.\.+)\s*({NUMBER})\b"
        ))
    });
    static UP_TO: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"\b(?:count|counting)\b[^.?!\n]*?\b(?:to|until|till)\s+({NUMBER})\b|\bfirst\s+({NUMBER})\s+(?:positive\s+|natural\s+|whole\s+)*(?:numbers|integers)\b"
        ))
    });
    static DOWN_FROM: LazyLock<Regex> =
        LazyLock::new(|| pattern(&format!(r"\bcount(?:ing)?\s*down\s+from\s+({NUMBER})\b")));
    let (first, last) = if let Some(range) = RANGE.captures(prompt) {
        (numbers::read(&range[1])?, numbers::read(&range[2])?)
    } else if let Some(from) = DOWN_FROM.captures(prompt) {
        (numbers::read(&from[1])?, 1)
    } else {
        let found = UP_TO.captures(prompt)?;
        let last = found.get(1).or_else(|| found.get(2))?;
        (1, numbers::read(last.as_str())?)
    };
    let step = step(prompt);
    let written = |number: i64| {
        if spelled_out(prompt) {
            numbers::in_words(number)
        } else {
            number.to_string()
        }
    };
    let numbers: Vec<String> = if first <= last {
        (first..=last)
            .step_by(step)
            .take(MOST)
            .map(written)
            .collect()
    } else {
        (last..=first)
            .rev()
            .step_by(step)
            .take(MOST)
            .map(written)
            .collect()
    };
    Some(numbers.join(separator(prompt).unwrap_or(", ")))
}

fn step(prompt: &str) -> usize {
    static STEP: LazyLock<Regex> =
        LazyLock::new(|| pattern(&format!(r"\b(?:by|in steps of)\s+({NUMBER})s?\b")));
    STEP.captures(prompt)
        .and_then(|found| numbers::read(&found[1]))
        .and_then(|step| usize::try_from(step).ok())
        .filter(|step| *step > 0)
        .unwrap_or(1)
}

fn spelled_out(prompt: &str) -> bool {
    static WORDS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\b(?:in|as|using) words\b|\bspelled out\b|\benglish words\b"));
    WORDS.is_match(prompt)
}

/// What the prompt wants between items.
pub(crate) fn separator(prompt: &str) -> Option<&'static str> {
    static LINES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:one|each|a number|number) (?:number |item |word )?(?:per|a|on (?:its|their|a) (?:own|separate|new)) ?(?:line)?\b.{0,12}\bline\b|\bper line\b|\bnew ?lines?\b|\bline breaks?\b|\bown line\b|\bseparate lines\b",
        )
    });
    static SPACES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:separated|delimited|divided|joined) (?:only )?(?:by|with) (?:a |one |single |a single )*(?:space|blank)s?\b|\bspace[- ]separated\b|\bspaces? between\b|\bno commas\b",
        )
    });
    static COMMAS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\bcommas?(?: and (?:a )?spaces?)?\b|\bcomma[- ]separated\b"));
    if LINES.is_match(prompt) {
        Some("\n")
    } else if SPACES.is_match(prompt) {
        Some(" ")
    } else if COMMAS.is_match(prompt) {
        Some(
            if prompt.contains("no spaces") || prompt.contains("without spaces") {
                ","
            } else {
                ", "
            },
        )
    } else {
        None
    }
}

/// How often something is to be said; `None` when the prompt names no number of times.
pub(crate) fn times(prompt: &str) -> Option<usize> {
    static TIMES: LazyLock<Regex> =
        LazyLock::new(|| pattern(&format!(r"\b({NUMBER})\s+times\b|\b(once|twice|thrice)\b")));
    let found = TIMES.captures(prompt)?;
    if let Some(word) = found.get(2) {
        return match word.as_str().to_ascii_lowercase().as_str() {
            "once" => Some(1),
            "twice" => Some(2),
            _ => Some(3),
        };
    }
    let number = numbers::read(&found[1])?;
    usize::try_from(number)
        .ok()
        .map(|times| times.clamp(1, MOST))
}

/// The value of `what is 17 + 4`, in digits.
pub(crate) fn sum(prompt: &str) -> Option<String> {
    static SUM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"({NUMBER})\s*(\+|-|−|\*|×|x|/|÷|plus|minus|times|multiplied by|divided by)\s*({NUMBER})\b"
        ))
    });
    static SUM_OF: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"\b(sum|product|difference) (?:of|between) ({NUMBER}) and ({NUMBER})\b|\badd ({NUMBER}) (?:and|to) ({NUMBER})\b"
        ))
    });
    static ASKS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\bwhat(?:'s| is| are| does)?\b|\bcompute\b|\bcalculate\b|\bsolve\b|\bevaluate\b|\badd\b|\bsum\b|\bproduct\b|\bdifference\b|\bhow much\b|=\s*\??\s*$|^[\s\d+*/x×÷-]+\??$|\banswer\b|\breply\b",
        )
    });
    if !ASKS.is_match(prompt) {
        return None;
    }
    if let Some(found) = SUM_OF.captures(prompt) {
        let get = |index: usize| {
            found
                .get(index)
                .and_then(|part| numbers::read(part.as_str()))
        };
        return match found.get(1).map(|word| word.as_str().to_ascii_lowercase()) {
            None => Some(get(4)?.checked_add(get(5)?)?.to_string()),
            Some(word) if word == "sum" => Some(get(2)?.checked_add(get(3)?)?.to_string()),
            Some(word) if word == "product" => Some(get(2)?.checked_mul(get(3)?)?.to_string()),
            Some(_) => Some(get(2)?.checked_sub(get(3)?)?.to_string()),
        };
    }
    let found = SUM.captures(prompt)?;
    let (left, right) = (numbers::read(&found[1])?, numbers::read(&found[3])?);
    let value = match found[2].to_ascii_lowercase().as_str() {
        "+" | "plus" => left.checked_add(right)?,
        "-" | "−" | "minus" => left.checked_sub(right)?,
        "/" | "÷" | "divided by" => left.checked_div(right)?,
        _ => left.checked_mul(right)?,
    };
    Some(value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_in_any_wording() {
        let table = [
            ("Count from 1 to 5.", "1, 2, 3, 4, 5"),
            ("Count to five", "1, 2, 3, 4, 5"),
            (
                "Please count from one to four, separated by spaces.",
                "1 2 3 4",
            ),
            (
                "List the numbers from 3 through 6, one per line",
                "3\n4\n5\n6",
            ),
            ("Count from 1 up to 3 separated by commas", "1, 2, 3"),
            ("Count down from 3 to 1.", "3, 2, 1"),
            ("Count down from 4.", "4, 3, 2, 1"),
            ("Write all integers between 7 and 9", "7, 8, 9"),
            ("Count from 0 to 10 by twos", "0, 2, 4, 6, 8, 10"),
            ("Count from 0 to 10 by 5", "0, 5, 10"),
            ("Count from 1 to 3 in words", "one, two, three"),
            ("Print the first 4 natural numbers", "1, 2, 3, 4"),
        ];
        for (prompt, expected) in table {
            assert_eq!(count(prompt).as_deref(), Some(expected), "{prompt}");
        }
        assert_eq!(count("Tell me about 3 cats."), None);
    }

    #[test]
    fn sums_and_times() {
        for (prompt, expected) in [
            ("What is 2+2?", "4"),
            ("What's 17 times 3?", "51"),
            ("Compute the sum of 20 and 22.", "42"),
            ("what is ten minus three", "7"),
        ] {
            assert_eq!(sum(prompt).as_deref(), Some(expected), "{prompt}");
        }
        assert_eq!(sum("We met 2020-10."), None);
        assert_eq!(times("repeat it ten times"), Some(10));
        assert_eq!(times("say it twice"), Some(2));
        assert_eq!(times("say it"), None);
    }
}
