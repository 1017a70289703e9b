//! The language of a text, as far as its script tells.

/// A language, by its ISO 639-1 code and its English name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// Two letters, such as `en`.
    pub code: &'static str,
    /// In lower case, such as `english`.
    pub name: &'static str,
}

impl Language {
    /// English, which also stands for every text whose script does not tell.
    pub const ENGLISH: Self = Self {
        code: "en",
        name: "english",
    };

    /// Judges by the letters outside the Latin script: the language whose script has most of them, when there are more
    /// of them than Latin ones. Kana decide for Japanese over Chinese.
    pub fn of(text: &str) -> Self {
        let latin = text.chars().filter(char::is_ascii_alphabetic).count();
        let counts = SCRIPTS.map(|(language, ranges)| {
            let letters = text
                .chars()
                .filter(|letter| ranges.iter().any(|range| range.contains(letter)));
            (letters.count(), language)
        });
        if counts[0].0 > 0 && counts[0].0 + counts[1].0 > latin {
            return counts[0].1;
        }
        let most = counts.into_iter().max_by_key(|(count, _)| *count);
        most.filter(|(count, _)| *count > latin)
            .map_or(Self::ENGLISH, |(_, language)| language)
    }
}

type Script = (Language, &'static [std::ops::RangeInclusive<char>]);

/// Japanese (kana) and Chinese (Han) come first: [`Language::of`] tells them apart by position.
const SCRIPTS: [Script; 9] = [
    (
        Language {
            code: "ja",
            name: "japanese",
        },
        &['\u{3040}'..='\u{30FF}'],
    ),
    (
        Language {
            code: "zh",
            name: "chinese",
        },
        &['\u{3400}'..='\u{4DBF}', '\u{4E00}'..='\u{9FFF}'],
    ),
    (
        Language {
            code: "ko",
            name: "korean",
        },
        &['\u{1100}'..='\u{11FF}', '\u{AC00}'..='\u{D7A3}'],
    ),
    (
        Language {
            code: "ru",
            name: "russian",
        },
        &['\u{0400}'..='\u{04FF}'],
    ),
    (
        Language {
            code: "el",
            name: "greek",
        },
        &['\u{0370}'..='\u{03FF}'],
    ),
    (
        Language {
            code: "he",
            name: "hebrew",
        },
        &['\u{0590}'..='\u{05FF}'],
    ),
    (
        Language {
            code: "ar",
            name: "arabic",
        },
        &['\u{0600}'..='\u{06FF}'],
    ),
    (
        Language {
            code: "hi",
            name: "hindi",
        },
        &['\u{0900}'..='\u{097F}'],
    ),
    (
        Language {
            code: "th",
            name: "thai",
        },
        &['\u{0E00}'..='\u{0E7F}'],
    ),
];

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_script_tells_the_language() {
        let table = [
            ("", "en"),
            ("A quiet harbour, 1912.", "en"),
            ("Übermäßig naïve café", "en"),
            ("Привет, мир", "ru"),
            ("東京は夜です", "ja"),
            ("今天天气很好", "zh"),
            ("안녕하세요", "ko"),
            ("Καλημέρα", "el"),
            ("नमस्ते दुनिया", "hi"),
            ("a long English sentence about 東京", "en"),
        ];
        for (text, code) in table {
            assert_eq!(Language::of(text).code, code, "{text:?}");
        }
    }
}
