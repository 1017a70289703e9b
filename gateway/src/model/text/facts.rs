//! A little knowledge of the world: enough for questions with one right answer.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::text::pattern::pattern;

/// Question patterns and their answers.
const FACTS: &[(&str, &str)] = &[
    (r"capital (?:city )?of france", "Paris"),
    (
        r"capital (?:city )?of (?:the united kingdom|england|britain|great britain|the uk)",
        "London",
    ),
    (r"capital (?:city )?of germany", "Berlin"),
    (r"capital (?:city )?of italy", "Rome"),
    (r"capital (?:city )?of spain", "Madrid"),
    (r"capital (?:city )?of portugal", "Lisbon"),
    (r"capital (?:city )?of japan", "Tokyo"),
    (r"capital (?:city )?of china", "Beijing"),
    (r"capital (?:city )?of india", "Delhi"),
    (r"capital (?:city )?of canada", "Ottawa"),
    (r"capital (?:city )?of australia", "Canberra"),
    (
        r"capital (?:city )?of (?:the united states|the us|the usa|america)",
        "Washington",
    ),
    (r"colou?r.*\b(?:sky|ocean|sea)\b|\bsky\b.*colou?r", "Blue"),
    (r"colou?r.*\b(?:grass|leaf|leaves|emerald)\b", "Green"),
    (r"colou?r.*\b(?:banana|lemon|sun)\b", "Yellow"),
    (r"colou?r.*\b(?:blood|tomato|ruby|strawberry)\b", "Red"),
    (r"colou?r.*\b(?:snow|milk)\b", "White"),
    (r"colou?r.*\b(?:coal|night)\b", "Black"),
    (r"opposite of hot", "Cold"),
    (r"opposite of (?:up|above)", "Down"),
    (r"opposite of (?:big|large)", "Small"),
    (r"opposite of (?:yes)", "No"),
    (r"opposite of (?:left)", "Right"),
    (r"opposite of (?:day)", "Night"),
    (r"largest planet", "Jupiter"),
    (r"planet.*(?:we live|live on)|third planet", "Earth"),
    (r"(?:closest|nearest) (?:planet )?to the sun", "Mercury"),
    (r"how many days.*\bweek\b", "Seven"),
    (r"how many months.*\byear\b", "Twelve"),
    (r"how many legs.*\b(?:dog|cat|horse)\b", "Four"),
    (r"how many legs.*\bspider\b", "Eight"),
    (
        r"chemical (?:symbol|formula).*\bwater\b|\bwater\b.*chemical",
        "H2O",
    ),
    (r"who wrote (?:hamlet|romeo|macbeth)", "Shakespeare"),
    (r"language.*spoken in (?:france|paris)", "French"),
    (r"largest ocean", "Pacific"),
    (
        r"(?:animal|pet).*\bbark|which animal barks|what barks",
        "Dog",
    ),
    (r"\bmeow", "Cat"),
    (
        r"\bboil.*(?:celsius|degrees|temperature)|boiling point of water",
        "100",
    ),
    (
        r"first (?:letter|character) of the (?:english )?alphabet",
        "A",
    ),
    (r"last letter of the (?:english )?alphabet", "Z"),
];

/// The answer to a question this model knows.
pub(crate) fn fact(prompt: &str) -> Option<&'static str> {
    static KNOWN: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
        FACTS
            .iter()
            .map(|(question, answer)| (pattern(question), *answer))
            .collect()
    });
    if !looks_like_a_question(prompt) {
        return None;
    }
    KNOWN
        .iter()
        .find_map(|(question, answer)| question.is_match(prompt).then_some(*answer))
}

/// One of the alternatives a prompt offers: yes or no, true or false, or the first of its list.
pub(crate) fn choice(prompt: &str) -> Option<String> {
    static YES_NO: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\b(?:yes or no|yes/no|yes or a no)\b"));
    static TRUE_FALSE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\btrue (?:or|/) ?false\b"));
    static NEGATED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\b(?:not|never|flat earth|earth flat|fly without)\b"));
    static PICK: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:pick|choose|select|one of|either|classify|options?|labels?|answer with)\b[^.:\n]*?[:\s]\s*[\x22'`]?([\w-]+)[\x22'`]?(?:, [\x22'`]?[\w-]+[\x22'`]?)*,? or [\x22'`]?[\w-]+",
        )
    });
    if YES_NO.is_match(prompt) {
        return Some(
            if NEGATED.is_match(prompt) {
                "No"
            } else {
                "Yes"
            }
            .to_owned(),
        );
    }
    if TRUE_FALSE.is_match(prompt) {
        return Some(
            if NEGATED.is_match(prompt) {
                "False"
            } else {
                "True"
            }
            .to_owned(),
        );
    }
    PICK.captures(prompt).map(|found| found[1].to_owned())
}

/// Whether one word is all that is wanted.
pub(crate) fn wants_one_word(prompt: &str) -> bool {
    static ONE_WORD: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:(?:one|a single|single|exactly one|just one|only one|1)[- ]word|(?:just|only) (?:the |a )?(?:word|name|number|colou?r|city|answer))\b",
        )
    });
    ONE_WORD.is_match(prompt)
}

pub(crate) fn looks_like_a_question(prompt: &str) -> bool {
    static ASKS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\?|\b(?:what|which|who|where|when|name|tell me|give me|answer|identify|how many)\b",
        )
    });
    ASKS.is_match(prompt)
}
