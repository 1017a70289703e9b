//! What was said earlier in the conversation: "my code word is X", and later "what is my code word?".

use std::sync::LazyLock;

use regex::Regex;

use crate::model::text::literal::is_token;
use crate::model::text::pattern::pattern;
use crate::model::text::{Role, Turn};

/// The answer to a question about an earlier turn, or about the facts given in the same message.
pub(crate) fn recall(turns: &[Turn], prompt: &str) -> Option<String> {
    static ASKED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:what(?:'s| is| was| were| are)?|which|who is|who's|tell me|repeat|recall|say|give me|state|do you remember|remind me(?: of| what)?|reply with|respond with|answer with)\b(?: only| just| exactly)?\s+(?:was |is )?(?:my|the|your|our)\s+([\w' -]{2,60}?)(?:\s+(?:i|that|you|is|was|from|earlier|again|above|mentioned|again|we|given|in|please|and|only|with|told)\b.*)?\s*[?.!,\n]|\b(?:what|which)\s+([\w -]{2,40}?)\s+(?:did|do|does|have|had)\s+(?:i|you|we)\b",
        )
    });
    let probe = format!("{prompt}.");
    for found in ASKED.captures_iter(&probe) {
        let subject = found.get(1).or_else(|| found.get(2))?.as_str();
        if let Some(value) = stated(turns, subject) {
            return Some(value);
        }
    }
    None
}

/// The latest value that any turn gave to a subject: "SUBJECT is VALUE", "SUBJECT: VALUE".
fn stated(turns: &[Turn], subject: &str) -> Option<String> {
    let noun = subject.trim().trim_end_matches('?');
    let words: Vec<String> = noun.split_whitespace().map(regex::escape).collect();
    if words.is_empty() {
        return None;
    }
    let statement = pattern(&format!(
        r"\b{}\b(?:\s+(?:for (?:today|this session)|today|here|now))?\s*(?:is|was|:|=|are|equals|will be|called|named)\s*(?:called |named |exactly |now )?[\x22'`“]?([\w][\w .:/-]*)",
        words.join(r"\s+")
    ));
    turns.iter().rev().find_map(|turn| {
        let found = statement.captures_iter(&turn.text).last()?;
        let value = found[1].trim();
        let first = value.split_whitespace().next()?;
        let value = if is_token(first.trim_end_matches('.')) {
            first
        } else {
            value.split(['.', ',', '\n']).next()?
        };
        let value = value.trim().trim_end_matches('.');
        (!value.is_empty()).then(|| value.to_owned())
    })
}

/// What a function answered, in a sentence.
pub(crate) fn tool_result(turns: &[Turn]) -> Option<String> {
    let last = turns.last().filter(|turn| turn.role == Role::Tool)?;
    let results: Vec<&str> = turns
        .iter()
        .rev()
        .take_while(|turn| turn.role == Role::Tool)
        .map(|turn| turn.text.trim())
        .collect();
    let joined: Vec<&str> = results.into_iter().rev().collect();
    if last.text.trim().is_empty() {
        return Some("The tool returned nothing.".to_owned());
    }
    Some(format!("Here is the result: {}", joined.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(text: &str) -> Turn {
        Turn {
            role: Role::User,
            text: text.to_owned(),
            pictures: Vec::new(),
        }
    }

    #[test]
    fn earlier_facts_are_recalled() {
        let table = [
            (
                "My code word is falcon-42. Remember it.",
                "What is my code word?",
                Some("falcon-42"),
            ),
            ("The nonce is a1b2c3.", "Tell me the nonce", Some("a1b2c3")),
            (
                "My name is Ada Lovelace.",
                "What's my name? Answer with the name only.",
                Some("Ada Lovelace"),
            ),
            (
                "Remember: the secret word is zebra",
                "What was the secret word I told you?",
                Some("zebra"),
            ),
            ("Hello there.", "What is my name?", None),
        ];
        for (fact, question, expected) in table {
            let turns = [user(fact), user(question)];
            assert_eq!(recall(&turns, question).as_deref(), expected, "{question}");
        }
    }
}
