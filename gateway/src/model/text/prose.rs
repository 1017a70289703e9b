//! Sentences about the prompt's subject, a word at a time.
//!
//! Every word is chosen from a few candidates by a score: a base that depends on the prompt and the place, less the penalties for
//! words used before, plus noise that grows with temperature and comes from the seed.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use crate::model::text::Sampling;
use crate::model::text::literal::is_token;

/// How much to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    /// A sentence.
    Short,
    /// A paragraph.
    Medium,
    /// As much as a story.
    Long,
    /// This many sentences.
    Sentences(usize),
    /// About this many words.
    Words(usize),
}

const ADJECTIVES: [&str; 12] = [
    "quiet", "bright", "careful", "old", "narrow", "patient", "distant", "steady", "small",
    "curious", "golden", "open",
];
const NOUNS: [&str; 16] = [
    "river", "lantern", "harbour", "garden", "window", "letter", "bridge", "morning", "keeper",
    "road", "signal", "shadow", "market", "compass", "valley", "clock",
];
const VERBS: [&str; 12] = [
    "follows",
    "crosses",
    "remembers",
    "guards",
    "carries",
    "answers",
    "watches",
    "changes",
    "reaches",
    "holds",
    "measures",
    "turns toward",
];
const PLACES: [&str; 10] = [
    "beyond the hill",
    "near the water",
    "under the stairs",
    "along the wall",
    "at the edge of town",
    "before sunrise",
    "after the rain",
    "in the long grass",
    "behind the mill",
    "without a sound",
];
const LINKS: [&str; 8] = [
    "Meanwhile",
    "Later",
    "Even so",
    "In time",
    "Because of that",
    "As a rule",
    "At last",
    "Now and then",
];
const DETERMINERS: [&str; 4] = ["the", "a", "every", "another"];

/// Words that say nothing about the subject.
const STOP: [&str; 62] = [
    "the",
    "a",
    "an",
    "and",
    "or",
    "of",
    "to",
    "in",
    "on",
    "for",
    "with",
    "about",
    "write",
    "tell",
    "me",
    "please",
    "what",
    "is",
    "are",
    "was",
    "how",
    "why",
    "who",
    "when",
    "where",
    "which",
    "you",
    "your",
    "my",
    "i",
    "it",
    "this",
    "that",
    "long",
    "short",
    "story",
    "paragraph",
    "essay",
    "poem",
    "sentence",
    "sentences",
    "words",
    "give",
    "explain",
    "describe",
    "one",
    "two",
    "three",
    "can",
    "do",
    "does",
    "at",
    "least",
    "be",
    "by",
    "as",
    "from",
    "not",
    "very",
    "detailed",
    "each",
    "some",
];

/// Writes about `prompt`.
pub(crate) fn prose(prompt: &str, length: Length, sampling: &Sampling, index: usize) -> String {
    let mut writer = Writer::new(prompt, sampling, index);
    let subjects = subjects(prompt);
    let (sentences, words) = match length {
        Length::Short => (1, usize::MAX),
        Length::Medium => (5, usize::MAX),
        Length::Long => (40, usize::MAX),
        Length::Sentences(count) => (count.clamp(1, 400), usize::MAX),
        Length::Words(count) => (400, count.clamp(1, 4_000)),
    };
    let mut text = String::new();
    for number in 0..sentences {
        let sentence = writer.sentence(number, &subjects);
        if number > 0 {
            text.push_str(if number % 6 == 0 && words == usize::MAX {
                "\n\n"
            } else {
                " "
            });
        }
        text.push_str(&sentence);
        if words != usize::MAX && text.split_whitespace().count() >= words {
            let kept: Vec<&str> = text.split_whitespace().take(words).collect();
            let mut kept = kept.join(" ");
            if !kept.ends_with('.') {
                kept.push('.');
            }
            return kept;
        }
    }
    text
}

/// What the prompt is about: tokens made to be recognised first, then its longest words.
fn subjects(prompt: &str) -> Vec<String> {
    let words: Vec<&str> = prompt
        .split(|character: char| {
            character.is_whitespace() || ",;!?\"'`()[]{}<>".contains(character)
        })
        .map(|word| word.trim_matches(['.', ':']))
        .filter(|word| !word.is_empty())
        .collect();
    let mut subjects: Vec<String> = Vec::new();
    let mut add = |word: &str| {
        let word = word.to_owned();
        if subjects.len() < 8 && !subjects.contains(&word) {
            subjects.push(word);
        }
    };
    for word in words.iter().filter(|word| is_token(word)) {
        add(word);
    }
    let mut plain: Vec<&&str> = words
        .iter()
        .filter(|word| {
            word.chars().count() > 2
                && word.chars().count() < 24
                && !STOP.contains(&word.to_lowercase().as_str())
        })
        .collect();
    plain.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    for word in plain {
        add(word);
    }
    subjects
}

struct Writer<'a> {
    sampling: &'a Sampling,
    prompt: u64,
    noise: u64,
    place: u64,
    used: HashMap<String, u32>,
}

impl<'a> Writer<'a> {
    fn new(prompt: &str, sampling: &'a Sampling, index: usize) -> Self {
        let digest = Sha256::digest(prompt.as_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        Self {
            sampling,
            prompt: u64::from_le_bytes(first),
            noise: mix(sampling.seed.cast_unsigned() ^ ((index as u64) << 48)),
            place: 0,
            used: HashMap::new(),
        }
    }

    fn sentence(&mut self, number: usize, subjects: &[String]) -> String {
        let subject = if subjects.is_empty() || number % 3 == 2 {
            self.pick(&NOUNS)
        } else {
            subjects[number % subjects.len()].clone()
        };
        let adjective = self.pick(&ADJECTIVES);
        let verb = self.pick(&VERBS);
        let determiner = self.pick(&DETERMINERS);
        let object = self.pick(&NOUNS);
        let place = self.pick(&PLACES);
        match number % 4 {
            0 => {
                format!("The story of {subject} {verb} {determiner} {adjective} {object} {place}.")
            }
            1 => format!(
                "{}, {subject} {verb} {determiner} {object}, {adjective} and calm, {place}.",
                self.pick(&LINKS)
            ),
            2 => format!("A {adjective} {subject} {verb} {determiner} {object} {place}."),
            _ => format!(
                "{} the {adjective} {subject} {verb} {determiner} {object} {place}.",
                self.pick(&LINKS)
            ),
        }
    }

    fn pick(&mut self, candidates: &[&str]) -> String {
        self.place += 1;
        let mut best = (f64::NEG_INFINITY, candidates[0]);
        for (rank, candidate) in candidates.iter().enumerate() {
            let key = mix(self.prompt ^ mix(self.place << 8 | rank as u64));
            let used = f64::from(self.used.get(*candidate).copied().unwrap_or(0));
            let mut score = 3.0 * unit(key) - used * self.sampling.frequency_penalty;
            if used > 0.0 {
                score -= self.sampling.presence_penalty;
            }
            // Gumbel noise: sampling from the softmax of the scores. A small nucleus leaves no room for it.
            let draw = unit(mix(key ^ self.noise)).clamp(1e-9, 1.0 - 1e-9);
            let spread = self.sampling.temperature * self.sampling.top_p;
            score += spread * -(-draw.ln()).ln();
            if score > best.0 {
                best = (score, candidate);
            }
        }
        *self.used.entry(best.1.to_owned()).or_insert(0) += 1;
        best.1.to_owned()
    }
}

/// A well-known integer hash (`SplitMix64`'s finaliser).
fn mix(value: u64) -> u64 {
    let mut value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

#[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
fn unit(value: u64) -> f64 {
    (value >> 11) as f64 / (1_u64 << 53) as f64
}
