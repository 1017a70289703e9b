//! Texts to weighted features.

use std::collections::BTreeMap;

use super::lexicon::{self, Sense};

const WORD: f32 = 0.55;
const GROUP: f32 = 1.3;
const TOPIC: f32 = 0.75;
const LETTERS: f32 = 0.8;
const STOP_WORD: f32 = 0.04;
const NUMBER: f32 = 0.35;
const PAIR: f32 = 0.06;

/// Weight that the exact text has, beside features of weight one: enough to tell any two texts apart.
const IDENTITY: f32 = 0.02;

/// The features of `text` with their weights, in a fixed order. Never empty.
///
/// A repeated feature grows with the square root of its count, so that long texts are not ruled by one word.
pub(super) fn of(text: &str) -> Vec<(String, f32)> {
    let mut counts: BTreeMap<String, f32> = BTreeMap::new();
    let mut previous: Option<String> = None;
    let lower = text.to_lowercase();
    for word in words(&lower) {
        for (name, weight) in of_word(word) {
            *counts.entry(name).or_default() += weight * weight;
        }
        if lexicon::is_stop_word(word) {
            continue;
        }
        if let Some(before) = previous.replace(word.to_owned()) {
            *counts.entry(format!("pair:{before} {word}")).or_default() += PAIR * PAIR;
        }
    }
    let mut features: Vec<(String, f32)> = counts
        .into_iter()
        .map(|(name, squares)| (name, squares.sqrt()))
        .collect();
    features.push((format!("text:{text}"), IDENTITY));
    features
}

/// Runs of letters and digits; scripts written without spaces are taken letter by letter.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let runs = text
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|run| run.trim_matches('\''));
    runs.filter(|run| !run.is_empty()).flat_map(|run| {
        if run.chars().any(is_ideograph) {
            run.split_inclusive(|_: char| true).collect::<Vec<_>>()
        } else {
            vec![run.strip_suffix("'s").unwrap_or(run)]
        }
    })
}

fn is_ideograph(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

fn of_word(word: &str) -> Vec<(String, f32)> {
    if lexicon::is_stop_word(word) {
        return vec![(format!("word:{word}"), STOP_WORD)];
    }
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        return vec![
            (format!("word:{word}"), NUMBER),
            ("topic:numbers".to_owned(), NUMBER / 2.0),
        ];
    }
    let (stem, senses) = lexicon::look_up(word);
    let mut features = vec![(format!("word:{stem}"), WORD)];
    if senses.is_empty() {
        features.extend(letter_groups(&stem));
    }
    let share = 1.0 / (senses.len().max(1) as f32).sqrt();
    for Sense { topic, group } in senses {
        features.push((format!("group:{group}"), GROUP * share));
        features.push((format!("topic:{topic}"), TOPIC * share));
    }
    features
}

/// Groups of three letters, edges marked, so that unknown words with a common part are related.
fn letter_groups(word: &str) -> Vec<(String, f32)> {
    let letters: Vec<char> = std::iter::once('^')
        .chain(word.chars())
        .chain(std::iter::once('$'))
        .collect();
    let groups = letters
        .windows(3)
        .map(|three| format!("letters:{}", three.iter().collect::<String>()));
    let weight = LETTERS / ((letters.len().max(3) - 2) as f32).sqrt();
    groups.map(|name| (name, weight)).collect()
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn synonyms_share_their_group_and_topic() {
        let names = |text| {
            of(text)
                .into_iter()
                .map(|(name, _)| name)
                .collect::<Vec<_>>()
        };
        let (cat, kitten) = (names("cat"), names("Kittens"));
        let common = cat
            .iter()
            .filter(|name| kitten.contains(name))
            .collect::<Vec<_>>();
        assert_eq!(common.len(), 2, "{cat:?} and {kitten:?}");
    }

    #[test]
    fn repetition_counts_less_than_linearly() {
        let weight = |text| {
            of(text)
                .into_iter()
                .find(|(name, _)| name == "word:cat")
                .unwrap()
                .1
        };
        let ratio = weight("cat cat cat cat") / weight("cat");
        assert!((ratio - 2.0).abs() < 1e-6, "{ratio}");
    }
}
