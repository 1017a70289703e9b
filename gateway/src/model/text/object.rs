//! `json_object`: a JSON object with what the prompt asks for.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value, json};

use crate::model::text::hints::Hints;
use crate::model::text::pattern::pattern;

/// The object, or `None` when the prompt names no keys: the caller then wraps its plain answer.
pub(crate) fn object(prompt: &str) -> Option<Value> {
    if let Some(given) = given(prompt) {
        return Some(given);
    }
    let names = names(prompt);
    if names.is_empty() {
        return None;
    }
    let hints = Hints::new(prompt);
    let mut object = Map::new();
    for name in names {
        let value = hints.value(&name).unwrap_or_else(|| invent(&name, hints));
        object.insert(name, value);
    }
    Some(Value::Object(object))
}

/// A JSON object written out in the prompt.
fn given(prompt: &str) -> Option<Value> {
    let start = prompt.find('{')?;
    let end = prompt.rfind('}')?;
    let value: Value = serde_json::from_str(prompt.get(start..=end)?).ok()?;
    value.is_object().then_some(value)
}

/// Names after "key", "keys", "field", "property", …: quoted anywhere in that sentence, or bare in a list.
fn names(prompt: &str) -> Vec<String> {
    static LIST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:keys?|fields?|propert(?:y|ies)|attributes?|members?|entries)\b(?:\s+(?:named|called|of|are|is|the|following|exactly|only|as))*\s*:?\s*((?:[\x22'`“]?[\w-]+[\x22'`”]?(?:\s*\([^)]*\))?(?:\s*,\s*and\s+|\s*,\s*|\s+and\s+|\s*&\s*)?)+)",
        )
    });
    static QUOTED_NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\x22'`“]([\w-]+)[\x22'`”]"));
    static QUOTED_KEY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"[\x22'`“]([A-Za-z_][\w-]*)[\x22'`”]\s*(?::|=|\bset\b|\bequal|\bis\b|\bwith (?:the )?value\b|\bkey\b|\bfield\b|\bproperty\b)",
        )
    });
    static SEPARATOR: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\s*,\s*and\s+|\s*,\s*|\s+and\s+|\s*&\s*"));
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        let name = name
            .trim_matches(['"', '\'', '`', '“', '”', ' '])
            .to_owned();
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    };
    for found in LIST.captures_iter(prompt) {
        let list = &found[1];
        if QUOTED_NAME.is_match(list) {
            for name in QUOTED_NAME.captures_iter(list) {
                add(&name[1]);
            }
            continue;
        }
        for (number, item) in SEPARATOR.split(list).enumerate() {
            let Some(word) = item.split_whitespace().next() else {
                continue;
            };
            // In "keys a, b set to 2", only the first word of each item is a name.
            if number == 0 || !is_filler(word) {
                add(word);
            }
            if item.split_whitespace().count() > 2 {
                break;
            }
        }
    }
    for found in QUOTED_KEY.captures_iter(prompt) {
        add(&found[1]);
    }
    names.retain(|name| !is_filler(name));
    names
}

fn is_filler(word: &str) -> bool {
    matches!(
        word.to_ascii_lowercase().as_str(),
        "the"
            | "a"
            | "an"
            | "with"
            | "set"
            | "value"
            | "values"
            | "that"
            | "whose"
            | "and"
            | "no"
            | "nothing"
            | "other"
            | "only"
            | "to"
            | "is"
            | "should"
            | "must"
            | "in"
            | "for"
            | "containing"
            | "please"
            | "return"
            | "json"
            | "object"
            | "its"
            | "having"
    )
}

fn invent(name: &str, hints: Hints<'_>) -> Value {
    match name.to_ascii_lowercase().as_str() {
        "ok" | "success" | "valid" | "enabled" | "active" | "done" | "ready" => json!(true),
        "count" | "number" | "total" | "age" | "id" | "year" | "population" | "quantity"
        | "score" | "price" => {
            json!(hints.numbers().first().copied().map_or(1, whole))
        }
        "items" | "list" | "tags" | "values" | "colors" | "colours" | "names" => {
            json!(["first", "second"])
        }
        "city" | "capital" | "country" | "location" | "place" => {
            json!(
                hints
                    .places()
                    .into_iter()
                    .next()
                    .unwrap_or_else(|| "Paris".to_owned())
            )
        }
        _ => json!(
            hints
                .quoted()
                .into_iter()
                .find(|quoted| quoted != name && crate::model::text::literal::is_token(quoted))
                .unwrap_or_else(|| format!("a {name}"))
        ),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "only a sample value, and saturating"
)]
fn whole(number: f64) -> i64 {
    number as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_hold_what_was_asked() {
        let table = [
            (
                "Return a JSON object with the key nonce set to \"a1b2c3\".",
                json!({"nonce": "a1b2c3"}),
            ),
            (
                "Reply in JSON: {\"probe\": \"x-1\", \"n\": 2}",
                json!({"probe": "x-1", "n": 2}),
            ),
            (
                "Give me JSON with keys \"ok\" and \"count\" where count is 4",
                json!({"ok": true, "count": 4}),
            ),
            (
                "Return JSON with a field named token whose value is zz-91-q",
                json!({"token": "zz-91-q"}),
            ),
            (
                "Respond with a json object that has \"status\" set to \"green\"",
                json!({"status": "green"}),
            ),
            (
                "Return a JSON object with keys name and age. The name is Ada and the age is 36.",
                json!({"name": "Ada", "age": 36}),
            ),
        ];
        for (prompt, expected) in table {
            assert_eq!(object(prompt), Some(expected), "{prompt}");
        }
        assert_eq!(object("Say something in JSON"), None);
    }
}
