//! The tokenizer: a token is a short run of letters, of digits, or one other character, with the white space before it.

const LONGEST_WORD: usize = 8;
const LONGEST_NUMBER: usize = 3;
const LONGEST_SPACE: usize = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// The classes of the ASCII characters.
const ASCII: [Class; 128] = {
    let mut classes = [Class::Single; 128];
    let mut code = 0_u8;
    while code < 128 {
        classes[code as usize] = match code {
            b'\t'..=b'\r' | b' ' => Class::Space,
            b'0'..=b'9' => Class::Digit,
            b'A'..=b'Z' | b'a'..=b'z' => Class::Letter,
            _ => Class::Single,
        };
        code += 1;
    }
    classes
};

/// The class and the length, in bytes, of the character at a place; `None` at the end.
#[inline]
fn at(text: &str, place: usize) -> Option<(Class, usize)> {
    let first = *text.as_bytes().get(place)?;
    if first.is_ascii() {
        return Some((ASCII[usize::from(first)], 1));
    }
    let character = text[place..].chars().next()?;
    Some((class(character), character.len_utf8()))
}

fn first_end(text: &str) -> Option<usize> {
    let mut end = 0;
    let mut spaces = 0;
    let (kind, length) = loop {
        match at(text, end) {
            Some((Class::Space, length)) if spaces < LONGEST_SPACE => {
                spaces += 1;
                end += length;
            }
            // More white space is a token of its own.
            Some((Class::Space, _)) => return Some(end),
            Some(first) => break first,
            None => return (end > 0).then_some(end),
        }
    };
    end += length;
    let longest = match kind {
        Class::Letter => LONGEST_WORD,
        Class::Digit => LONGEST_NUMBER,
        Class::Space | Class::Single => 1,
    };
    for _ in 1..longest {
        match at(text, end) {
            Some((class, length)) if class == kind => end += length,
            _ => break,
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
        fn the_short_way_for_ascii_finds_the_same_class(character in 0_u8..128) {
            let character = char::from(character);
            prop_assert_eq!(at(&character.to_string(), 0), Some((class(character), 1)));
        }

        #[test]
        fn tokens_join_to_the_text(text in "\\PC{0,80}|[ \\na1é日.]{0,60}") {
            prop_assert_eq!(split(&text).collect::<String>(), text);
        }
    }
}
