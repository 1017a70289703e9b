//! "Reply with exactly X": finding X, however the instruction is worded.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::text::count::{separator, times};
use crate::model::text::pattern::pattern;

/// Repeating stops at this many bytes; every limit of an answer is below.
const MOST_REPEATED: usize = 256 * 1024;

const VERB: &str = r"(?:reply|respond|answer|say|repeat|echo|print|output|write|return|type|emit|spell|send|give me|give|produce|utter|recite|copy|state)";

/// Words of the instruction itself, between the verb and the text that is wanted.
const FILLER: &str = r"(?:back|after|to|me|us|with|only|just|exactly|precisely|simply|verbatim|literally|this|that|these|those|the|a|an|single|one|following|next|same|word|words|token|tokens|string|text|texts|phrase|code|nonce|marker|identifier|id|sentence|message|line|characters?|value|name|number|again|and|nothing|else|more|no|other|please|using|by|saying|as|is|out|loud|, |, and|in|return|plain|unchanged|character for character|word for word|below|here|exact|probe|passphrase|password|keyword|letters?|answer|reply|response|your|should|must|be|consist|of|contain|it|do|not|add|anything|without|any|punctuation|quotes?|quotation|marks?|explanation|formatting|commentary|extra|preamble|comments?|additional|then|stop|response|reply|followed|my|for)";

/// The text that a prompt wants said, if it wants one said word for word.
pub(crate) fn literal(prompt: &str) -> Option<String> {
    let wanted = once(prompt)?;
    match times(prompt) {
        Some(times) if times > 1 => {
            let times = times.min(MOST_REPEATED / wanted.len().max(1)).max(1);
            Some(vec![wanted; times].join(separator(prompt).unwrap_or(" ")))
        }
        _ => Some(wanted),
    }
}

/// The same of a prompt that names no number of times.
pub(crate) fn once(prompt: &str) -> Option<String> {
    static START: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?:^|[.!?\n:;,]\s*|\b(?:please|and|must|should|only|always|just|then|to|you|can|could|ever)\s+|[`\x22“]\s*){VERB}\b"
        ))
    });
    static IDENTITY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:your|the) (?:entire |whole |only |complete |full )?(?:reply|response|answer|output) (?:must|should|has to|needs to|is to)\s*(?:only |just |simply |exactly )?(?:be|consist (?:only |solely )?of|contain|read|say|equal)\b(?: only| just| solely| exactly)?",
        )
    });
    for found in START.find_iter(prompt).chain(IDENTITY.find_iter(prompt)) {
        let rest = &prompt[found.end()..];
        if let Some(text) = after_verb(rest) {
            return Some(text);
        }
    }
    None
}

/// What follows the verb: quoted text, text after a colon, or the words left when the instruction's own are taken away.
fn after_verb(rest: &str) -> Option<String> {
    static LEAD: LazyLock<Regex> =
        LazyLock::new(|| pattern(&format!(r"^(?:[\s,]*\b{FILLER}\b)*\s*")));
    static TIMES_OF: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^(?:[\w-]+ times|twice|once|thrice)\b[\s,:]*"));
    let lead = LEAD.find(rest).map_or("", |found| found.as_str());
    let mut tail = &rest[lead.len()..];
    tail = tail.trim_start_matches([' ', ',']);
    if tail.starts_with(|first: char| first.is_alphanumeric() || "-_".contains(first))
        && let Some(times) = TIMES_OF.find(tail)
    {
        tail = &tail[times.end()..];
    }
    if let Some(quoted) = opening_quote(tail) {
        return Some(quoted);
    }
    if let Some(after) = colon(tail) {
        // "Answer with one word: what is …?" asks a question instead of dictating.
        return finish(after).filter(|text| !asks(text));
    }
    let marked = lead.split_whitespace().any(is_dictation_word);
    if !marked && !starts_like_a_token(tail) {
        return None;
    }
    let sentence = sentence(tail);
    finish(sentence).filter(|text| !describes(text) && !asks(text))
}

/// Words that announce dictated text, as against a subject to write about.
fn is_dictation_word(word: &str) -> bool {
    matches!(
        word.trim_matches(',').to_ascii_lowercase().as_str(),
        "only"
            | "exactly"
            | "precisely"
            | "verbatim"
            | "literally"
            | "word"
            | "token"
            | "string"
            | "text"
            | "phrase"
            | "code"
            | "nonce"
            | "marker"
            | "identifier"
            | "just"
            | "simply"
            | "with"
            | "following"
            | "after"
            | "value"
            | "back"
            | "id"
            | "exact"
            | "letter"
            | "keyword"
            | "passphrase"
            | "password"
            | "saying"
            | "characters"
            | "message"
            | "sentence"
            | "consist"
            | "be"
            | "contain"
    )
}

fn starts_like_a_token(tail: &str) -> bool {
    let word = tail.split_whitespace().next().unwrap_or_default();
    let word = word.trim_end_matches(['.', ',', '!', '?', ';', ':']);
    is_token(word)
        || (word.len() > 1 && word.chars().all(char::is_uppercase))
        || [
            "hello", "hi", "ok", "okay", "yes", "no", "pong", "ping", "ready", "done", "goodbye",
        ]
        .contains(&word.to_ascii_lowercase().as_str())
}

/// Whether a word looks made up to be recognised again, like `nonce-7f3a` or `A1B2C3`.
pub(crate) fn is_token(word: &str) -> bool {
    let long = word.chars().count() >= 5;
    let digit = word.chars().any(|character| character.is_ascii_digit());
    let letter = word.chars().any(char::is_alphabetic);
    let joined = word.contains(['-', '_']) && !word.starts_with('-');
    long && word
        .chars()
        .all(|character| character.is_alphanumeric() || "-_.:/".contains(character))
        && digit
        && (letter || joined)
}

fn opening_quote(tail: &str) -> Option<String> {
    let mut characters = tail.chars();
    let close = match characters.next()? {
        '"' => '"',
        '\'' => '\'',
        '`' => '`',
        '“' => '”',
        '‘' => '’',
        '«' => '»',
        '<' if tail.starts_with("<<") => return between(tail, "<<", ">>"),
        '[' if tail.starts_with("[[") => return between(tail, "[[", "]]"),
        _ => return None,
    };
    if tail.starts_with("```") {
        return between(tail, "```", "```").map(|text| text.trim().to_owned());
    }
    let inner = characters.as_str();
    // An apostrophe inside a word does not close a single quote.
    let end = inner.char_indices().find_map(|(at, character)| {
        let next = inner[at + character.len_utf8()..].chars().next();
        (character == close && !next.is_some_and(char::is_alphanumeric)).then_some(at)
    })?;
    let text = inner[..end].trim_end_matches(',');
    (!text.is_empty()).then(|| text.to_owned())
}

fn between(text: &str, open: &str, close: &str) -> Option<String> {
    let inner = text.strip_prefix(open)?;
    let end = inner.find(close)?;
    Some(inner[..end].to_owned())
}

/// The text after the colon that ends the instruction, if one does.
fn colon(tail: &str) -> Option<&str> {
    static COLON: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"^(?:[\s,.()]*\b(?:{FILLER}|exactly|nothing|[a-z]+ly)\b[\s,.()]*|\([^)]*\)\s*)*:\s*"
        ))
    });
    if let Some(after) = tail.strip_prefix(':') {
        return Some(after.trim_start());
    }
    let found = COLON.find(tail)?;
    Some(&tail[found.end()..])
}

/// Up to where the sentence ends. A full stop inside a token or a number does not end it.
fn sentence(text: &str) -> &str {
    let mut end = text.len();
    for (at, character) in text.char_indices() {
        let next = text[at + character.len_utf8()..].chars().next();
        let ends = match character {
            '\n' => true,
            '.' | '!' | '?' => next.is_none_or(char::is_whitespace),
            _ => false,
        };
        if ends {
            end = if character == '!' { at + 1 } else { at };
            break;
        }
    }
    &text[..end]
}

/// Takes off what belongs to the instruction: ", and nothing else", quotes, a closing full stop.
fn finish(text: &str) -> Option<String> {
    static TRAILER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"[\s,;.(—–-]*(?:\b(?:and|with|but|then|only|exactly|please|without|do not|don't|no|in return|as|to me|back|again|verbatim|for me|never|that's)\b)?[\s,]*(?:\b(?:nothing|no other|without|do not|don't|no|only|nothing more|exactly|verbatim|stop|please|{VERB})\b)[^\n\x22`]*$"
        ))
    });
    static TIMES_TAIL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"[\s,]*\b(?:(?:exactly |about |at least )?(?:{} times|twice|once|thrice)\b.*|(?:separated|delimited) by .*|(?:on|in) (?:one|separate|a single|its own) lines?.*)$",
            crate::model::text::numbers::NUMBER
        ))
    });
    let line = text.trim();
    let line = line
        .lines()
        .next()
        .filter(|_| {
            // Several lines after a colon are wanted as they are, unless the rest is a new instruction.
            line.lines()
                .nth(1)
                .is_some_and(|second| second.trim().is_empty())
        })
        .unwrap_or(line)
        .trim();
    if let Some(quoted) = opening_quote(line) {
        return Some(quoted);
    }
    if !line.contains(char::is_whitespace) {
        let token = line.trim_end_matches(['.', ',', ';']);
        return (!token.is_empty()).then(|| token.to_owned());
    }
    let mut kept = line;
    if let Some(found) = TIMES_TAIL.find(kept)
        && found.start() > 0
    {
        kept = &kept[..found.start()];
    }
    if let Some(found) = TRAILER.find(kept)
        && found.start() > 0
        && kept[found.start()..].starts_with([',', ';', '.', ' ', '(', '—', '–'])
        && kept[..found.start()].split_whitespace().count() <= 40
    {
        kept = &kept[..found.start()];
    }
    let kept = kept.trim();
    let single = !kept.contains(char::is_whitespace);
    let kept = if single || !line.ends_with(kept) {
        kept.trim_end_matches(['.', ',', ';'])
    } else {
        kept
    };
    (!kept.is_empty()).then(|| kept.to_owned())
}

/// Whether the rest describes what to write instead of dictating it.
fn describes(text: &str) -> bool {
    static ABOUT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:about|on|why|how|what|whether|if|story|poem|essay|paragraph|haiku|summary|list|json|long|short|brief|detailed|sentences?|questions?|uppercase|lowercase|english|french|german|spanish|valid|your|yes or no|true or false|whatever|paragraphs?|lines?)\b|\b(?:sentences?|paragraphs?|story|poem|essay|words?|haiku|list|json|object|question|summary|lines)\b(?:\s+(?:about|on|of|with|describing|that|explaining|from|to|describes)\b|$)",
        )
    });
    ABOUT.is_match(text)
}

fn asks(text: &str) -> bool {
    static QUESTION: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:what|which|who|whom|whose|where|when|why|how|is|are|was|were|do|does|did|can|could|will|would|should|has|have|name|tell)\b.*\?\s*$",
        )
    });
    text.trim_end().ends_with('?') && QUESTION.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dictated_text_is_found_in_any_wording() {
        let table = [
            ("Reply with exactly: nonce-7f3a", "nonce-7f3a"),
            (
                "Reply with exactly this token and nothing else: nonce-7f3a",
                "nonce-7f3a",
            ),
            ("Repeat this token: canary_91ab22", "canary_91ab22"),
            (
                "Repeat the following token exactly, with no other text: K4T9Z1",
                "K4T9Z1",
            ),
            ("Please repeat exactly this string: abc-123.", "abc-123"),
            ("Say \"hello world\" and nothing else.", "hello world"),
            ("Say hello", "hello"),
            ("Say OK.", "OK"),
            ("Reply with only the word pong.", "pong"),
            ("Respond only with `x9y8z7`.", "x9y8z7"),
            ("Echo back the nonce 5f0c-22", "5f0c-22"),
            (
                "Output only the following text: one two three END four",
                "one two three END four",
            ),
            ("Answer with exactly one word: banana", "banana"),
            ("Your entire reply must be: zulu-77", "zulu-77"),
            ("Reply with the single word READY and stop.", "READY"),
            (
                "Return exactly the string “q-1-w-2” without quotes",
                "q-1-w-2",
            ),
            ("Print abc123def and nothing else", "abc123def"),
            ("Reply only with the word pong, nothing else.", "pong"),
            ("Write exactly this: alpha beta gamma", "alpha beta gamma"),
            (
                "You are a parrot. Repeat after me: the quick brown fox",
                "the quick brown fox",
            ),
            ("Reply with the word yes three times", "yes yes yes"),
            (
                "Repeat the word ha 4 times, separated by commas.",
                "ha, ha, ha, ha",
            ),
            ("Reply with exactly this text: 12345", "12345"),
            ("Say exactly: It's fine.", "It's fine."),
            (
                "Respond with the exact text 'probe 12 END tail'.",
                "probe 12 END tail",
            ),
            ("Copy this word: échantillon-42", "échantillon-42"),
        ];
        for (prompt, expected) in table {
            assert_eq!(literal(prompt).as_deref(), Some(expected), "{prompt}");
        }
    }

    #[test]
    fn requests_to_write_about_something_are_not_dictation() {
        for prompt in [
            "Write a long story about a lighthouse.",
            "Write a paragraph about rivers.",
            "Answer with one word: what colour is the sky?",
            "Respond with a JSON object.",
            "Write a poem.",
            "Tell me something.",
            "What is the capital of France?",
            "Answer in one sentence: why is the sky blue?",
            "Reply in English about cats",
        ] {
            assert_eq!(literal(prompt), None, "{prompt}");
        }
    }
}
