//! The lexicon: topics, each with groups of words that mean nearly the same.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// One meaning of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sense {
    /// The field it belongs to, such as `animals`.
    pub(super) topic: &'static str,
    /// First word of its group of synonyms.
    pub(super) group: &'static str,
}

const SOURCE: &str = include_str!("lexicon.txt");

/// Words too common to carry meaning.
const STOP_WORDS: &str = "a about after again all also am an and any are as at be because been before being both but by \
    can could did do does doing done each for from further had has have having he her here him his how i if in into is \
    it its just like may me might more most much must my no nor not now of off on once one only or other our out over \
    own per s same she should so some such t than that the their them then there these they this those through to too \
    under until up upon us very via was we were what when where which while who whom whose why will with would you your";

static STOP: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| STOP_WORDS.split_whitespace().collect());

static SENSES: LazyLock<HashMap<&'static str, Vec<Sense>>> = LazyLock::new(|| parse(SOURCE));

/// Lines in brackets name a topic; every other line is a group of synonyms.
fn parse(source: &'static str) -> HashMap<&'static str, Vec<Sense>> {
    let mut senses: HashMap<&'static str, Vec<Sense>> = HashMap::new();
    let mut topic = "";
    for line in source
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            topic = name;
            continue;
        }
        let mut words = line.split_whitespace();
        let Some(group) = words.next() else { continue };
        for word in std::iter::once(group).chain(words) {
            senses.entry(word).or_default().push(Sense { topic, group });
        }
    }
    senses
}

/// Whether `word` (in lower case) says nothing by itself.
pub(super) fn is_stop_word(word: &str) -> bool {
    STOP.contains(word)
}

/// The base form of `word` (in lower case), and its meanings as far as they are known.
pub(super) fn look_up(word: &str) -> (String, &'static [Sense]) {
    let bases = without(word, INFLECTIONS).chain(without(word, DERIVATIONS));
    for form in std::iter::once(word.to_owned()).chain(bases) {
        if let Some(senses) = SENSES.get(form.as_str()) {
            return (form, senses);
        }
    }
    (
        without(word, INFLECTIONS)
            .next()
            .unwrap_or_else(|| word.to_owned()),
        &[],
    )
}

/// Inflections, with what stands in their place in the base form.
const INFLECTIONS: &[Ending] = &[
    ("ies", &["y"]),
    ("ied", &["y"]),
    ("ing", &["", "e"]),
    ("ed", &["", "e"]),
    ("es", &["", "e"]),
    ("s", &[""]),
];

/// Endings that make another word of nearly the same meaning. Taken off only when the lexicon knows the rest.
const DERIVATIONS: &[Ending] = &[
    ("iest", &["y"]),
    ("ier", &["y"]),
    ("ily", &["y"]),
    ("est", &["", "e"]),
    ("er", &["", "e"]),
    ("ly", &["", "e"]),
];

type Ending = (&'static str, &'static [&'static str]);

/// What `word` may be without one of `endings`, the likeliest first. At least three letters stay.
fn without(word: &str, endings: &'static [Ending]) -> impl Iterator<Item = String> {
    let stems = endings.iter().filter_map(move |(ending, others)| {
        let stem = word.strip_suffix(ending)?;
        let whole_word = *ending == "s" && stem.ends_with(['s', 'u', 'i']);
        (stem.chars().count() >= 3 && !whole_word).then_some((stem, others))
    });
    stems.flat_map(|(stem, others)| {
        let undoubled = undouble(stem).map(str::to_owned);
        others
            .iter()
            .map(move |other| format!("{stem}{other}"))
            .chain(undoubled)
    })
}

/// `runn` → `run`.
fn undouble(stem: &str) -> Option<&str> {
    let mut backwards = stem.char_indices().rev();
    let ((at, last), (_, before)) = (backwards.next()?, backwards.next()?);
    (last == before && !matches!(last, 'a' | 'e' | 'i' | 'o' | 'u')).then(|| &stem[..at])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{SENSES, SOURCE, is_stop_word, look_up};

    #[test]
    fn inflected_words_are_found() {
        let table = [
            ("cats", "cat"),
            ("running", "run"),
            ("puppies", "puppy"),
            ("cooked", "cook"),
            ("baking", "bake"),
            ("happier", "happy"),
            ("quickly", "quick"),
            ("buses", "bus"),
        ];
        for (word, base) in table {
            let (form, senses) = look_up(word);
            assert_eq!(form, base);
            assert!(!senses.is_empty(), "{word}");
        }
        assert_eq!(look_up("zorbling"), ("zorbl".to_owned(), &[][..]));
    }

    #[test]
    fn the_lexicon_is_sound() {
        let mut groups = HashSet::new();
        for line in SOURCE
            .lines()
            .filter(|line| !line.starts_with(['[', '#']) && !line.trim().is_empty())
        {
            let words: Vec<&str> = line.split_whitespace().collect();
            assert!(groups.insert(words[0]), "two groups are named {}", words[0]);
            assert_eq!(
                words.iter().collect::<HashSet<_>>().len(),
                words.len(),
                "a word twice in {line:?}"
            );
            for word in words {
                assert!(
                    word.bytes()
                        .all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
                    "{word}"
                );
                assert!(!is_stop_word(word), "{word} is a stop word");
            }
        }
        assert!(SENSES.len() > 900, "{} words", SENSES.len());
        assert!(
            SENSES
                .values()
                .flatten()
                .all(|sense| !sense.topic.is_empty())
        );
    }
}
