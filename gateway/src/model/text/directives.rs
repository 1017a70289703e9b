//! Standing orders about the form of an answer: how it starts and ends, its case, what it must contain.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::text::pattern::pattern;

const QUOTED: &str = r"(?:(?:with |by |in )?(?:saying |writing |including |the )*(?:exact |literal )?(?:word|token|phrase|text|string|line|marker|code|sentence|nonce)?s?\s*:?\s*)(?:[\x22'`“]([^\x22'`”\n]+)[\x22'`”]|([\w][\w-]*))";

/// One of these is in every order: a glance that spares most texts the patterns below.
pub(crate) const SIGNS: &str = "start|begin|prefix|open|end|finish|conclude|close|suffix|sign|inclu|contain|mention|use|insert|incorporate|case|caps|capital";

/// Applies every order found in `orders` to `text`.
pub(crate) fn apply(orders: &str, text: String) -> String {
    static SIGN: LazyLock<Regex> = LazyLock::new(|| pattern(SIGNS));
    static STARTS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"\b(?:start|begin|prefix|open)\b(?: (?:each|every|your|the|all|any|answers?|repl(?:y|ies)|responses?|messages?|it|them|sentences?))*\s+{QUOTED}"
        ))
    });
    static ENDS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"\b(?:end|finish|conclude|close|suffix|sign off)\b(?: (?:each|every|your|the|all|any|answers?|repl(?:y|ies)|responses?|messages?|it|them))*\s+(?:with|by)\s+{QUOTED}"
        ))
    });
    static CONTAINS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"\b(?:include|contain|mention|use|insert|incorporate)s?\b(?: (?:exactly|always|somewhere|also|in|your|every|each|answer|reply|response))*\s+{QUOTED}"
        ))
    });
    if orders.is_empty() || !SIGN.is_match(orders) {
        return text;
    }
    let mut text = text;
    if let Some(word) = named(&CONTAINS, orders).filter(|word| is_wanted(word, orders))
        && !text.contains(&word)
    {
        text = format!("{word} {text}");
    }
    if let Some(word) = named(&STARTS, orders)
        && !text.starts_with(&word)
    {
        text = format!("{word} {text}");
    }
    if let Some(word) = named(&ENDS, orders)
        && !text.ends_with(&word)
    {
        text = format!("{text} {word}");
    }
    case(orders, text)
}

fn named(order: &Regex, orders: &str) -> Option<String> {
    let found = order.captures(orders)?;
    let word = found.get(1).or_else(|| found.get(2))?;
    Some(word.as_str().trim().to_owned())
}

/// A bare word counts only when it looks dictated: "use metric units" dictates nothing.
fn is_wanted(word: &str, orders: &str) -> bool {
    let quoted = ['"', '\'', '`', '“'].iter().any(|quote| {
        orders
            .find(word)
            .is_some_and(|at| orders[..at].ends_with(*quote))
    });
    let announced = [
        "word ", "token ", "nonce ", "string ", "code ", "marker ", "phrase ",
    ]
    .iter()
    .any(|noun| orders.contains(&format!("{noun}{word}")));
    quoted || announced || crate::model::text::literal::is_token(word)
}

fn case(orders: &str, text: String) -> String {
    static UPPER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:in|use|using|only|all|with|be|write)\b (?:\w+ )?(?:upper[- ]?case|capital letters|all caps|capitals|caps)\b|\ball caps\b",
        )
    });
    static LOWER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\b(?:in|use|using|only|all|with|be|write)\b (?:\w+ )?(?:lower[- ]?case)\b")
    });
    if UPPER.is_match(orders) {
        text.to_uppercase()
    } else if LOWER.is_match(orders) {
        text.to_lowercase()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_shape_the_answer() {
        let table = [
            ("Always end your reply with \"over\".", "fine", "fine over"),
            (
                "Begin every answer with the word CANARY.",
                "fine",
                "CANARY fine",
            ),
            ("Answer in uppercase.", "fine", "FINE"),
            ("Reply in lower case only", "Fine", "fine"),
            (
                "Always include the token zx-99-k in your answer.",
                "fine",
                "zx-99-k fine",
            ),
            (
                "You are a helpful assistant. Use metric units.",
                "fine",
                "fine",
            ),
        ];
        for (orders, text, expected) in table {
            assert_eq!(apply(orders, text.to_owned()), expected, "{orders}");
        }
    }
}
