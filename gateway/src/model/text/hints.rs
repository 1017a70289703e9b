//! Values that a prompt gives to names: "city set to Paris", `"count": 3`, "with the nonce a1b2".

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Number, Value};

use crate::model::text::literal::is_token;
use crate::model::text::numbers;
use crate::model::text::pattern::pattern;

/// Everything that was said, to be searched for values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hints<'a> {
    text: &'a str,
}

/// Words between a name and its value.
const LINK: &str = r"(?:is|are|be|should|must|equals?|equal|set|to|of|as|with|the|a|value|string|number|integer|boolean|text|having|whose|containing|exactly|holding|given|by|called|named|being)";

impl<'a> Hints<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text }
    }

    /// The words after a name, as they stand, if the prompt gives the name a value.
    pub(crate) fn raw(&self, name: &str) -> Option<String> {
        let words: Vec<String> = name_words(name)
            .iter()
            .map(|word| regex::escape(word))
            .collect();
        if words.is_empty() {
            return None;
        }
        let assignment = pattern(&format!(
            r"(?:^|[^\w]){}[\x22'`”]?\s*(?:(?P<mark>[:=]|->|→)\s*|(?P<link>(?:\b{LINK}\b\s*)+)[:=]?\s*|(?P<bare>\s))(?:\x22(?P<double>[^\x22]*)\x22|'(?P<single>[^']*)'|`(?P<tick>[^`]*)`|“(?P<curly>[^”]*)”|(?P<word>[^\s,;)}}\]]+))",
            words.join(r"[\s_-]*")
        ));
        assignment.captures_iter(self.text).find_map(|found| {
            for group in ["double", "single", "tick", "curly"] {
                if let Some(quoted) = found.name(group) {
                    return Some(quoted.as_str().to_owned());
                }
            }
            let word = found.name("word")?.as_str();
            let word = word.trim_end_matches(['.', '!', '?', ':']);
            if word.is_empty() || word.starts_with(['{', '[', '"']) {
                return None;
            }
            let stated = found.name("mark").is_some()
                || found
                    .name("link")
                    .is_some_and(|link| is_statement(link.as_str()));
            // "the city Paris" names a value, "the city where" does not.
            let looks_like_a_value = is_token(word)
                || word.parse::<f64>().is_ok()
                || word.starts_with(char::is_uppercase);
            let usable = !is_connective(word) && (stated || looks_like_a_value);
            usable.then(|| word.to_owned())
        })
    }

    /// [`Self::raw`] read as JSON: a number, a truth value, or a string.
    pub(crate) fn value(&self, name: &str) -> Option<Value> {
        self.raw(name).map(|raw| typed(&raw))
    }

    /// Numbers in the prompt, in order.
    pub(crate) fn numbers(&self) -> Vec<f64> {
        static NUMBERS: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"(?:^|[\s(=:,])(-?\d+(?:\.\d+)?)\b"));
        let digits: Vec<f64> = NUMBERS
            .captures_iter(self.text)
            .filter_map(|found| found[1].parse().ok())
            .collect();
        if digits.is_empty() {
            #[expect(clippy::cast_precision_loss, reason = "number words stop at a hundred")]
            return numbers::first(self.text)
                .map(|number| number as f64)
                .into_iter()
                .collect();
        }
        digits
    }

    /// Places: capitalised words after "in", "for", "at", "from", "to", "of".
    pub(crate) fn places(&self) -> Vec<String> {
        static PLACES: LazyLock<Regex> = LazyLock::new(|| {
            #[expect(clippy::expect_used, reason = "a constant pattern, compiled by this module's tests")]
            Regex::new(r"\b(?:[Ii]n|[Ff]or|[Aa]t|[Ff]rom|[Tt]o|[Oo]f|[Ii]s)\s+((?:[A-Z]\p{L}+)(?:[ -][A-Z]\p{L}+)*)((?:\s*,?\s*(?:and|or|,)\s*(?:in |for |of )?(?:[A-Z]\p{L}+)(?:[ -][A-Z]\p{L}+)*)*)")
                .expect("patterns in this crate are valid")
        });
        let mut places = Vec::new();
        for found in PLACES.captures_iter(self.text) {
            places.push(found[1].to_owned());
            let rest = &found[2];
            for more in rest
                .split([',', ' '])
                .filter(|part| part.starts_with(char::is_uppercase))
            {
                places.push(more.to_owned());
            }
        }
        places.dedup();
        places
    }

    /// Quoted texts, then words made to be recognised.
    pub(crate) fn quoted(&self) -> Vec<String> {
        static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
            pattern(r"\x22([^\x22\n]+)\x22|`([^`\n]+)`|“([^”\n]+)”|(?:^|\s)'([^'\n]+)'")
        });
        let mut quoted: Vec<String> = QUOTED
            .captures_iter(self.text)
            .filter_map(|found| {
                found
                    .iter()
                    .skip(1)
                    .flatten()
                    .next()
                    .map(|text| text.as_str().to_owned())
            })
            .collect();
        quoted.extend(
            self.text
                .split(|character: char| character.is_whitespace() || ",;()".contains(character))
                .map(|word| word.trim_matches(['.', '!', '?', ':', '"', '\'', '`']))
                .filter(|word| is_token(word))
                .map(str::to_owned),
        );
        quoted
    }

    /// The first of these words that the prompt holds.
    pub(crate) fn mentioned<'v>(&self, values: impl Iterator<Item = &'v str>) -> Option<&'v str> {
        let text = self.text.to_lowercase();
        values
            .filter_map(|value| {
                let needle = value.to_lowercase().replace('_', " ");
                text.find(&value.to_lowercase())
                    .or_else(|| text.find(&needle))
                    .map(|at| (at, value))
            })
            .min_by_key(|(at, _)| *at)
            .map(|(_, value)| value)
    }

    pub(crate) fn text(&self) -> &'a str {
        self.text
    }
}

/// A raw value as JSON.
pub(crate) fn typed(raw: &str) -> Value {
    match raw.to_ascii_lowercase().as_str() {
        "true" => return Value::Bool(true),
        "false" => return Value::Bool(false),
        "null" => return Value::Null,
        _ => {}
    }
    raw.parse::<Number>()
        .map_or_else(|_| Value::String(raw.to_owned()), Value::Number)
}

/// `maxResults` and `max_results` as their words.
pub(crate) fn name_words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous_lower = false;
    for character in name.chars() {
        let breaks = !character.is_alphanumeric() || (character.is_uppercase() && previous_lower);
        if breaks {
            words.push(String::new());
        }
        if character.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
        previous_lower = character.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

fn is_statement(link: &str) -> bool {
    [
        "is",
        "are",
        "be",
        "equal",
        "equals",
        "set",
        "to",
        "value",
        "exactly",
        "named",
        "called",
        "as",
        "being",
        "containing",
        "holding",
    ]
    .iter()
    .any(|word| {
        link.split_whitespace()
            .any(|other| other.eq_ignore_ascii_case(word))
    })
}

fn is_connective(word: &str) -> bool {
    matches!(
        word.to_ascii_lowercase().as_str(),
        "and"
            | "or"
            | "with"
            | "for"
            | "in"
            | "to"
            | "of"
            | "the"
            | "a"
            | "an"
            | "that"
            | "which"
            | "where"
            | "you"
            | "it"
            | "this"
            | "your"
            | "my"
            | "me"
            | "please"
            | "using"
            | "function"
            | "tool"
            | "object"
            | "key"
            | "keys"
            | "field"
            | "fields"
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_found_by_name() {
        let table = [
            (
                "Return JSON with key nonce set to a1b2c3.",
                "nonce",
                Some(json!("a1b2c3")),
            ),
            (
                "an object with \"ok\": true and more",
                "ok",
                Some(json!(true)),
            ),
            ("where count is 3", "count", Some(json!(3))),
            ("use max_results = 7", "maxResults", Some(json!(7))),
            ("with the city 'New York'", "city", Some(json!("New York"))),
            (
                "the field \"name\" equal to \"Ada\"",
                "name",
                Some(json!("Ada")),
            ),
            (
                "call it with location Paris",
                "location",
                Some(json!("Paris")),
            ),
            ("what is the name of the city", "name", None),
            ("a name and an age", "name", None),
        ];
        for (prompt, name, expected) in table {
            assert_eq!(Hints::new(prompt).value(name), expected, "{prompt}");
        }
        assert_eq!(
            Hints::new("Weather in Paris and Tokyo?").places(),
            ["Paris", "Tokyo"]
        );
    }
}
