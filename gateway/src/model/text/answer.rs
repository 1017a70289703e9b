//! What to say: the first reading of the prompt that fits.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::text::count::{count, sum};
use crate::model::text::facts::{choice, fact, looks_like_a_question, wants_one_word};
use crate::model::text::lists::list;
use crate::model::text::literal::{literal, once};
use crate::model::text::numbers::{self, NUMBER};
use crate::model::text::pattern::pattern;
use crate::model::text::prose::{Length, prose};
use crate::model::text::recall::{recall, tool_result};
use crate::model::text::{Role, Task, directives, vision};

/// What the user and the system said, for whoever looks for values in it.
pub(crate) fn spoken(task: &Task) -> String {
    let mut spoken = joined(task, Role::User);
    spoken.push('\n');
    spoken.push_str(&joined(task, Role::System));
    spoken
}

/// A JSON object, as `json_object` asks for.
pub(crate) fn object(task: &Task, index: usize) -> String {
    let spoken = spoken(task);
    crate::model::text::object::object(&spoken)
        .unwrap_or_else(|| serde_json::json!({"answer": answer(task, index)}))
        .to_string()
}

/// The whole text, before limits.
pub(crate) fn answer(task: &Task, index: usize) -> String {
    let orders = joined(task, Role::System);
    let prompt = task
        .turns
        .iter()
        .rev()
        .find(|turn| turn.role == Role::User)
        .map_or("", |turn| turn.text.as_str());
    let plain = is_plain(prompt);
    let text = said(task, &orders, prompt, plain, index);
    let text = directives::apply(&orders, text);
    if plain {
        return text;
    }
    directives::apply(prompt, text)
}

fn said(task: &Task, orders: &str, prompt: &str, plain: bool, index: usize) -> String {
    if let Some(result) = tool_result(&task.turns) {
        return result;
    }
    if !orders.is_empty()
        && overrides(orders)
        && let Some(text) = literal(orders)
    {
        return text;
    }
    if let Some(text) = vision::look(task, prompt) {
        return text;
    }
    if let Some(text) = readings(task, prompt, plain) {
        return text;
    }
    if !orders.is_empty()
        && let Some(text) = literal(orders)
    {
        return text;
    }
    let both = if orders.is_empty() {
        prompt.to_owned()
    } else {
        format!("{prompt}\n{orders}")
    };
    if let Some(text) = choice(&both) {
        return text;
    }
    if wants_one_word(&both) {
        return one_word(prompt);
    }
    prose(prompt, length(&both), &task.sampling, index)
}

/// Whether a prompt has none of the words by which orders about the form, questions about earlier turns and requests to count or to repeat
/// are known: one glance that spares it many.
fn is_plain(prompt: &str) -> bool {
    static SIGNS: LazyLock<Regex> =
        LazyLock::new(|| pattern(&format!("{}|{RECALLS}|{COUNTS}|{TIMES}", directives::SIGNS)));
    !SIGNS.is_match(prompt)
}

const RECALLS: &str = " (?:my|the|your|our|did|do|does|have|had) ";
const COUNTS: &str = r"count|number|integer| (?:to|through|thru|until|and) |\.\.|[0-9]-[0-9]";

const TIMES: &str = r"times|\bonce\b|twice|thrice";

/// The readings that need the user's words only, most specific first.
fn readings(task: &Task, prompt: &str, plain: bool) -> Option<String> {
    static MAY_RECALL: LazyLock<Regex> = LazyLock::new(|| pattern(RECALLS));
    static MAY_COUNT: LazyLock<Regex> = LazyLock::new(|| pattern(COUNTS));
    let recalled = (!plain && MAY_RECALL.is_match(prompt)).then(|| recall(&task.turns, prompt));
    let counted = || {
        let may_count = !plain && MAY_COUNT.is_match(prompt);
        may_count.then(|| count(prompt)).flatten()
    };
    recalled
        .flatten()
        .or_else(counted)
        .or_else(|| if plain { once(prompt) } else { literal(prompt) })
        .or_else(|| sum(prompt))
        .or_else(|| fact(prompt).map(str::to_owned))
        .or_else(|| list(prompt))
        .or_else(|| greeting(prompt))
}

/// Whether the system's orders win over whatever the user says.
fn overrides(orders: &str) -> bool {
    static ALWAYS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:always|no matter|whatever|regardless|every (?:message|question|request|prompt)|any (?:message|question|request|prompt)|ignore)\b",
        )
    });
    ALWAYS.is_match(orders)
}

fn joined(task: &Task, role: Role) -> String {
    let texts: Vec<&str> = task
        .turns
        .iter()
        .filter(|turn| turn.role == role)
        .map(|turn| turn.text.as_str())
        .collect();
    texts.join("\n")
}

fn greeting(prompt: &str) -> Option<String> {
    static HELLO: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^\s*(?:hello|hi|hey|good (?:morning|evening|afternoon))(?:\s+(?:there|world|again))?\s*[.!?]*\s*$",
        )
    });
    HELLO
        .is_match(prompt)
        .then(|| "Hello! How can I help you today?".to_owned())
}

/// A single word that depends on the prompt.
fn one_word(prompt: &str) -> String {
    let sampling = crate::model::text::Sampling {
        temperature: 0.0,
        ..crate::model::text::Sampling::default()
    };
    let text = prose(prompt, Length::Short, &sampling, 0);
    let word = text
        .split_whitespace()
        .rev()
        .map(|word| word.trim_matches(|character: char| !character.is_alphanumeric()))
        .find(|word| word.len() > 3)
        .unwrap_or("Yes");
    let mut characters = word.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}

fn length(prompt: &str) -> Length {
    static SENTENCES: LazyLock<Regex> =
        LazyLock::new(|| pattern(&format!(r"\b({NUMBER})[- ](?:\w+ )?sentences?\b")));
    static A_SENTENCE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:a|one|single)(?: \w+)? sentence\b|\bone[- ]sentence\b|\bbriefly\b|\bshort(?:ly)?\b|\bbrief\b|\bhaiku\b|\bconcise",
        )
    });
    static WORDS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(\d{1,4})[- ]words?\b"));
    static LONG: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:long|longer|story|essay|detailed|detail|in depth|as many|at length|article|novel|paragraphs|thorough|extensive|chapter|report|never stop|keep going|continuous)",
        )
    });
    if let Some(found) = WORDS.captures(prompt)
        && let Ok(words) = found[1].parse()
    {
        return Length::Words(words);
    }
    if LONG.is_match(prompt) {
        return Length::Long;
    }
    if A_SENTENCE.is_match(prompt) {
        return Length::Short;
    }
    if let Some(count) = SENTENCES
        .captures(prompt)
        .and_then(|found| numbers::read(&found[1]))
        .and_then(|count| usize::try_from(count).ok())
    {
        return Length::Sentences(count);
    }
    if looks_like_a_question(prompt) && prompt.len() < 24 {
        return Length::Sentences(3);
    }
    Length::Medium
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::text::{Format, Sampling, ToolChoice, Turn};

    fn task(prompt: &str) -> Task {
        let user = |text: &str| Turn {
            role: Role::User,
            text: text.to_owned(),
            pictures: Vec::new(),
        };
        Task {
            turns: vec![user("My code word is falcon-42."), user(prompt)],
            sampling: Sampling::default(),
            tools: Vec::new(),
            tool_choice: ToolChoice::None,
            parallel_tool_calls: true,
            format: Format::Text,
        }
    }

    #[test]
    fn a_plain_prompt_is_one_without_signs() {
        assert!(is_plain("Reply with exactly: nonce-17"));
        for prompt in [
            "Count to 9",
            "Say ha twice",
            "SAY IT ONCE",
            "What is my name?",
            "Say x in capitals",
            "1-3",
        ] {
            assert!(!is_plain(prompt), "{prompt}");
        }
    }

    proptest! {
        /// The glance only spares work: a prompt that it takes for plain is read as if there were none.
        #[test]
        fn the_glance_changes_no_answer(
            words in prop::collection::vec(
                prop::sample::select(vec![
                    "Reply", "with", "exactly:", "say", "hello", "nonce-7f3a", "what", "is", "my", "code", "word", "count", "from",
                    "1", "to", "five", "times", "once", "twice", "end", "uppercase", "the", "sky", "\"quoted\"", "and", "nothing",
                    "else.", "?", "1-3", "\n", "grün", "include", "begin", "list", "three", "2+2",
                ]),
                0..9,
            )
        ) {
            let prompt = words.join(" ");
            let task = task(&prompt);
            let slow = directives::apply(&prompt, said(&task, "", &prompt, false, 0));
            prop_assert_eq!(answer(&task, 0), slow);
        }
    }
}
