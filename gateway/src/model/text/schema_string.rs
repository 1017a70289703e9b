//! Strings that fit a JSON Schema: what the prompt says, a format, a pattern, a length.

use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Map, Value};

use crate::model::text::hints::{Hints, name_words};

/// A string for the property `name`.
pub(crate) fn string(schema: &Map<String, Value>, name: &str, hints: Hints<'_>) -> String {
    let stated = hints.raw(name);
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
        let fits =
            |text: &String| regex::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text));
        return stated
            .filter(fits)
            .or_else(|| hints.quoted().into_iter().find(fits))
            .or_else(|| sample(pattern))
            .unwrap_or_default();
    }
    if let Some(format) = schema.get("format").and_then(Value::as_str)
        && let Some(text) = formatted(format, stated.as_deref(), hints)
    {
        return text;
    }
    let text = stated.unwrap_or_else(|| guess(schema, name, hints));
    fit_length(text, schema)
}

/// What the name and its description suggest, looked up in the prompt.
fn guess(schema: &Map<String, Value>, name: &str, hints: Hints<'_>) -> String {
    let words = name_words(name);
    let description = schema
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_lowercase();
    let about = |topics: &[&str]| {
        topics
            .iter()
            .any(|topic| words.iter().any(|word| word == topic) || description.contains(topic))
    };
    if about(&[
        "city",
        "location",
        "place",
        "country",
        "town",
        "destination",
        "capital",
        "region",
    ]) && let Some(place) = hints.places().into_iter().next()
    {
        return place;
    }
    if let Some(quoted) = hints.quoted().into_iter().next() {
        return quoted;
    }
    if let Some(place) = hints.places().into_iter().next() {
        return place;
    }
    if about(&[
        "query", "question", "text", "message", "prompt", "input", "content", "task", "summary",
        "answer",
    ]) {
        let text: String = hints.text().chars().take(80).collect();
        return text.trim().to_owned();
    }
    if about(&["unit", "units"]) {
        return "celsius".to_owned();
    }
    let subject = hints
        .text()
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| word.len() > 3)
        .max_by_key(|word| word.len());
    subject.unwrap_or("value").to_owned()
}

fn formatted(format: &str, stated: Option<&str>, hints: Hints<'_>) -> Option<String> {
    let or = |default: &str, fits: fn(&str) -> bool| {
        let found = stated
            .map(str::to_owned)
            .filter(|text| fits(text))
            .or_else(|| {
                hints
                    .text()
                    .split_whitespace()
                    .map(|word| word.trim_matches(['.', ',', '"', '\'', '`', '?', '!']))
                    .find(|word| fits(word))
                    .map(str::to_owned)
            });
        Some(found.unwrap_or_else(|| default.to_owned()))
    };
    match format {
        "date" => or("2026-01-15", |text| {
            text.len() == 10
                && text.bytes().enumerate().all(|(at, byte)| {
                    if at == 4 || at == 7 {
                        byte == b'-'
                    } else {
                        byte.is_ascii_digit()
                    }
                })
        }),
        "date-time" => or("2026-01-15T12:00:00Z", |text| {
            text.len() >= 20 && text.as_bytes().get(10) == Some(&b'T') && text.ends_with('Z')
        }),
        "time" => Some("12:00:00Z".to_owned()),
        "duration" => Some("PT1H".to_owned()),
        "email" => or("user@example.com", |text| {
            text.split_once('@')
                .is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
        }),
        "uri" | "url" => or("https://example.com/", |text| {
            text.starts_with("https://") || text.starts_with("http://")
        }),
        "hostname" => Some("example.com".to_owned()),
        "ipv4" => or("192.0.2.1", |text| {
            text.parse::<std::net::Ipv4Addr>().is_ok()
        }),
        "ipv6" => Some("2001:db8::1".to_owned()),
        "uuid" => or("123e4567-e89b-42d3-a456-426614174000", |text| {
            uuid::Uuid::try_parse(text).is_ok()
        }),
        _ => None,
    }
}

fn fit_length(text: String, schema: &Map<String, Value>) -> String {
    let bound = |key: &str| {
        let bound = schema.get(key)?.as_u64()?;
        usize::try_from(bound).ok()
    };
    let mut text = text;
    if let Some(least) = bound("minLength").map(|least| least.min(10_000)) {
        while text.chars().count() < least {
            text.push_str(if text.is_empty() { "value" } else { " value" });
        }
    }
    if let Some(most) = bound("maxLength") {
        text = text.chars().take(most).collect();
    }
    text
}

/// A shortest text that a regular expression matches.
fn sample(pattern: &str) -> Option<String> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut text = String::new();
    extend(&hir, &mut text);
    regex::Regex::new(pattern)
        .ok()?
        .is_match(&text)
        .then_some(text)
}

fn extend(hir: &Hir, text: &mut String) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => text.push(first_of(class)),
        HirKind::Repetition(repetition) => {
            // An open repetition that may be empty is still shown once: most such patterns mean a word.
            let times = repetition
                .min
                .max(u32::from(repetition.max.is_none()))
                .min(1_000);
            for _ in 0..times {
                extend(&repetition.sub, text);
            }
        }
        HirKind::Capture(capture) => extend(&capture.sub, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| extend(part, text)),
        HirKind::Alternation(options) => {
            if let Some(option) = options.first() {
                extend(option, text);
            }
        }
    }
}

/// A readable member of a class: a letter, else a digit, else its first member.
fn first_of(class: &Class) -> char {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class
            .ranges()
            .iter()
            .map(|range| (range.start(), range.end()))
            .collect(),
        Class::Bytes(class) => class
            .ranges()
            .iter()
            .map(|range| (char::from(range.start()), char::from(range.end())))
            .collect(),
    };
    let holds = |wanted: char| {
        ranges
            .iter()
            .any(|(low, high)| (*low..=*high).contains(&wanted))
    };
    ['a', 'A', '1', ' ']
        .into_iter()
        .find(|wanted| holds(*wanted))
        .or_else(|| ranges.first().map(|(low, _)| *low))
        .unwrap_or('a')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_met() {
        for pattern in [
            "^[A-Z]{3}-\\d{4}$",
            "^(red|green)$",
            "^\\w+@\\w+\\.com$",
            "^a?b*c+$",
        ] {
            let text = sample(pattern).unwrap();
            assert!(
                regex::Regex::new(pattern).unwrap().is_match(&text),
                "{pattern}: {text}"
            );
        }
    }
}
