//! The tokenizer: a token is a short run of letters, of digits, or one other character, with the white space before it.

const LONGEST_WORD: usize = 8;
const LONGEST_NUMBER: usize = 3;
const LONGEST_SPACE: usize = 16;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Letter,
    Digit,
    /// Punctuation, and characters of scripts that do not put spaces between words.
    Single,
}

fn class(character: char) -> Class {
    if character.is_whitespace() {
        Class::Space
    } else if character.is_ascii_digit() {
        Class::Digit
    } else if character.is_alphabetic() && (character as u32) < 0x2E80 {
        Class::Letter
    } else {
        Class::Single
    }
}

/// Splits text into tokens. Joined together they are the text again.
pub(crate) fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = first_end(rest)?;
        let (token, tail) = rest.split_at(end);
        rest = tail;
        Some(token)
    })
}

/// How many tokens the text has.
pub(crate) fn count(text: &str) -> usize {
    split(text).count()
}

fn first_end(text: &str) -> Option<usize> {
    let mut characters = text.char_indices().peekable();
    characters.peek()?;
    let mut spaces = 0;
    while spaces < LONGEST_SPACE
        && characters
            .next_if(|(_, character)| class(*character) == Class::Space)
            .is_some()
    {
        spaces += 1;
    }
    let Some((at, first)) = characters.next() else {
        return Some(text.len());
    };
    if class(first) == Class::Space {
        return Some(at);
    }
    let kind = class(first);
    let longest = match kind {
        Class::Letter => LONGEST_WORD,
        Class::Digit => LONGEST_NUMBER,
        Class::Space | Class::Single => 1,
    };
    let mut end = at + first.len_utf8();
    for _ in 1..longest {
        match characters.next_if(|(_, character)| class(*character) == kind) {
            Some((at, character)) => end = at + character.len_utf8(),
            None => break,
        }
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tokens_are_words_numbers_and_signs() {
        let table: [(&str, &[&str]); 6] = [
            ("", &[]),
            ("  ", &["  "]),
            ("Count to 1234.", &["Count", " to", " 123", "4", "."]),
            ("a-b", &["a", "-", "b"]),
            ("extraordinary", &["extraord", "inary"]),
            ("日本 é", &["日", "本", " é"]),
        ];
        for (text, expected) in table {
            assert_eq!(split(text).collect::<Vec<_>>(), expected, "{text:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn tokens_join_to_the_text(text in "\\PC{0,80}|[ \\na1é日.]{0,60}") {
            prop_assert_eq!(split(&text).collect::<String>(), text);
        }
    }
}
