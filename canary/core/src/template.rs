//! `${…}` in a row: what is filled in when the row runs.
//!
//! | written | becomes |
//! |---|---|
//! | `${RUNINFRA_LLM_MODEL}` | the value of that input |
//! | `${RUNINFRA_API_KEY.ending}` | the same with another last letter; also `.cased`, `.cut`, `.scrambled` |
//! | `${RUNINFRA_TTS_VOICE?}` | the same; the key it stands at is left out when the input is missing |
//! | `${nonce}`, `${nonce.2}` … | a random word of this run and row |
//! | `${words}`, `${words.2}` … | random words that can be spoken |
//! | `${passage}` | a text of 376 words about a town by the sea, as somebody might paste it into a prompt |
//! | `${filler}` | a text of 131,072 short words, more than any model reads at once |
//! | `${secret}` | the API key that a `.local` row's client carries |
//! | `${spoken.audio}` | what an earlier call of the row brought back |
//! | `$${` | `${`, as it stands |
//!
//! A string that is nothing but one `${…}` takes the type of what is filled in.

use serde_json::{Map, Value};

/// One thing to fill in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// An input; optional ones make their key vanish when missing.
    Input {
        /// Canonical name.
        name: String,
        /// Whether the row can do without.
        optional: bool,
    },
    /// What nearly is an input, and is not.
    Near {
        /// Canonical name.
        name: String,
        /// How it differs.
        miss: Miss,
    },
    /// A random word, told apart by a number from 1.
    Nonce(u32),
    /// Random words that can be spoken, told apart by a number from 1.
    Words(u32),
    /// A text of 376 words.
    Passage,
    /// A text longer than any model reads at once.
    Filler,
    /// The API key of a `.local` row's client.
    Secret,
    /// What an earlier call brought back.
    Artifact {
        /// The call's name in the row.
        call: String,
        /// Which part of its answer.
        part: String,
    },
}

/// How a text can nearly be another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Miss {
    /// Its letters are of the other case.
    Cased,
    /// Its last character is missing.
    Cut,
    /// Its last character is another one.
    Ending,
    /// It is as long and begins alike, and the characters of its second half are others.
    Scrambled,
}

impl Miss {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "cased" => Self::Cased,
            "cut" => Self::Cut,
            "ending" => Self::Ending,
            "scrambled" => Self::Scrambled,
            _ => return None,
        })
    }

    /// A text that nearly is this one, and never is.
    pub fn of(self, text: &str) -> String {
        let length = text.chars().count();
        let near: String = match self {
            Self::Cased => text.chars().map(other_case).collect(),
            Self::Cut => text.chars().take(length.saturating_sub(1)).collect(),
            Self::Ending => others_from(text, length.saturating_sub(1)),
            Self::Scrambled => others_from(text, length / 2),
        };
        // A text without letters has no case, and one of a single letter cannot be cut.
        if near == text || near.is_empty() {
            format!("{text}x")
        } else {
            near
        }
    }
}

fn other_case(letter: char) -> char {
    if letter.is_ascii_lowercase() {
        letter.to_ascii_uppercase()
    } else {
        letter.to_ascii_lowercase()
    }
}

/// The text, with each character from this one on replaced by another of its kind.
fn others_from(text: &str, start: usize) -> String {
    let next = |letter: char| match letter {
        'z' => 'a',
        'Z' => 'A',
        '9' => '0',
        'a'..='y' | 'A'..='Y' | '0'..='8' => char::from_u32(u32::from(letter) + 1).unwrap_or('x'),
        _ => 'x',
    };
    let replace = |(at, letter)| if at < start { letter } else { next(letter) };
    text.chars().enumerate().map(replace).collect()
}

/// Says what stands in a slot; [`None`] for an optional input that is missing.
pub trait Scope {
    /// The value of a slot, or why there is none.
    fn value(&self, slot: &Slot) -> Result<Option<Value>, Unfilled>;
}

/// A slot that could not be filled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfilled {
    /// An input that the row needs is missing.
    #[error("the input {0} is missing")]
    Input(String),
    /// An earlier call brought nothing back to use.
    #[error("the call `{call}` brought back no {part}")]
    Artifact {
        /// The call's name in the row.
        call: String,
        /// The part that was asked for.
        part: String,
    },
}

/// A piece of a string: text, or a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    Slot(Slot),
}

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadTemplate {
    /// A `${` without its `}`.
    #[error("`${{` without a closing `}}`")]
    Open,
    /// A name that means nothing.
    #[error(
        "`${{{0}}}` means nothing: write an input's name, nonce, words, passage, filler, secret or call.part"
    )]
    Name(String),
}

fn slot(name: &str) -> Result<Slot, BadTemplate> {
    let bad = || BadTemplate::Name(name.to_owned());
    let (head, tail) = name
        .split_once('.')
        .map_or((name, None), |(head, tail)| (head, Some(tail)));
    let number = || match tail {
        None => Ok(1),
        Some(text) => text
            .parse()
            .ok()
            .filter(|n| (1..=9).contains(n))
            .ok_or_else(bad),
    };
    let is_input = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_uppercase())
            && text
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    match head {
        "nonce" => Ok(Slot::Nonce(number()?)),
        "words" => Ok(Slot::Words(number()?)),
        "passage" => tail.is_none().then_some(Slot::Passage).ok_or_else(bad),
        "filler" => tail.is_none().then_some(Slot::Filler).ok_or_else(bad),
        "secret" => tail.is_none().then_some(Slot::Secret).ok_or_else(bad),
        _ => match tail {
            Some(part) if is_input(head) => {
                let miss = Miss::named(part).ok_or_else(bad)?;
                let name = head.to_owned();
                Ok(Slot::Near { name, miss })
            }
            Some(part) if !head.is_empty() && !part.is_empty() => Ok(Slot::Artifact {
                call: head.to_owned(),
                part: part.to_owned(),
            }),
            None => {
                let (bare, optional) = name
                    .strip_suffix('?')
                    .map_or((name, false), |bare| (bare, true));
                if is_input(bare) {
                    Ok(Slot::Input {
                        name: bare.to_owned(),
                        optional,
                    })
                } else {
                    Err(bad())
                }
            }
            Some(_) => Err(bad()),
        },
    }
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, BadTemplate> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        if at > 0 && rest.as_bytes()[at - 1] == b'$' {
            out.push(Piece::Text(&rest[..at - 1]));
            out.push(Piece::Text("${"));
            rest = &rest[at + 2..];
            continue;
        }
        out.push(Piece::Text(&rest[..at]));
        let end = rest[at..].find('}').ok_or(BadTemplate::Open)? + at;
        out.push(Piece::Slot(slot(&rest[at + 2..end])?));
        rest = &rest[end + 1..];
    }
    out.push(Piece::Text(rest));
    out.retain(|piece| *piece != Piece::Text(""));
    Ok(out)
}

/// Every slot of a value, at any depth.
pub fn slots(value: &Value) -> Result<Vec<Slot>, BadTemplate> {
    let mut out = Vec::new();
    collect(value, &mut out)?;
    Ok(out)
}

fn collect(value: &Value, out: &mut Vec<Slot>) -> Result<(), BadTemplate> {
    match value {
        Value::String(text) => {
            for piece in pieces(text)? {
                if let Piece::Slot(slot) = piece {
                    out.push(slot);
                }
            }
        }
        Value::Array(items) => items.iter().try_for_each(|item| collect(item, out))?,
        Value::Object(entries) => entries.values().try_for_each(|item| collect(item, out))?,
        _ => {}
    }
    Ok(())
}

/// Fills a value. [`None`] when the whole value is an optional input that is missing.
pub fn fill(value: &Value, scope: &dyn Scope) -> Result<Option<Value>, Unfilled> {
    match value {
        Value::String(text) => fill_string(text, scope),
        Value::Array(items) => {
            let filled: Result<Vec<_>, _> = items.iter().map(|item| fill(item, scope)).collect();
            Ok(Some(Value::Array(filled?.into_iter().flatten().collect())))
        }
        Value::Object(entries) => {
            let mut filled = Map::new();
            for (key, item) in entries {
                if let Some(item) = fill(item, scope)? {
                    filled.insert(key.clone(), item);
                }
            }
            Ok(Some(Value::Object(filled)))
        }
        other => Ok(Some(other.clone())),
    }
}

fn fill_string(text: &str, scope: &dyn Scope) -> Result<Option<Value>, Unfilled> {
    // A matrix is checked before it is filled, so a bad template stays what it is: plain text.
    let Ok(pieces) = pieces(text) else {
        return Ok(Some(Value::String(text.to_owned())));
    };
    if let [Piece::Slot(slot)] = pieces.as_slice() {
        return scope.value(slot);
    }
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Slot(slot) => match scope.value(&slot)? {
                Some(Value::String(text)) => out.push_str(&text),
                Some(other) => out.push_str(&other.to_string()),
                None => return Ok(None),
            },
        }
    }
    Ok(Some(Value::String(out)))
}

/// Fills a value and insists on a string.
pub fn fill_text(value: &Value, scope: &dyn Scope) -> Result<Option<String>, Unfilled> {
    Ok(fill(value, scope)?.map(|value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    struct Fixed;

    impl Scope for Fixed {
        fn value(&self, slot: &Slot) -> Result<Option<Value>, Unfilled> {
            match slot {
                Slot::Nonce(number) => Ok(Some(json!(format!("n{number}")))),
                Slot::Input { name, .. } if name == "SIZE" => Ok(Some(json!(256))),
                Slot::Input { optional: true, .. } => Ok(None),
                Slot::Input { name, .. } => Err(Unfilled::Input(name.clone())),
                other => Ok(Some(json!(format!("{other:?}")))),
            }
        }
    }

    #[test]
    fn slots_are_filled_where_they_stand() {
        let table = [
            (
                json!("say ${nonce} and ${nonce.2}"),
                Some(json!("say n1 and n2")),
            ),
            (json!("${SIZE}"), Some(json!(256))),
            (json!("${SIZE}px"), Some(json!("256px"))),
            (json!("costs $${5}"), Some(json!("costs ${5}"))),
            (json!("${VOICE?}"), None),
            (json!({"voice": "${VOICE?}", "n": 1}), Some(json!({"n": 1}))),
            (json!(["${nonce}", "${VOICE?}", 2]), Some(json!(["n1", 2]))),
            (json!("no slot }"), Some(json!("no slot }"))),
        ];
        for (template, filled) in table {
            assert_eq!(fill(&template, &Fixed), Ok(filled), "{template}");
        }
    }

    #[test]
    fn a_near_miss_is_never_the_thing_itself() {
        use Miss::{Cased, Cut, Ending, Scrambled};
        let table = [
            (Cased, "sk-ri-aB9", "SK-RI-Ab9"),
            (Cut, "sk-ri-aB9", "sk-ri-aB"),
            (Ending, "sk-ri-aB9", "sk-ri-aB0"),
            (Ending, "model-z", "model-a"),
            (Ending, "model-", "modelx"),
            (Ending, "model-Z", "model-A"),
            (Scrambled, "sk-ri-aB", "sk-rjxbC"),
            (Cased, "7-42", "7-42x"),
            (Cut, "m", "mx"),
            (Ending, "x", "y"),
            (Ending, "", "x"),
            (Ending, "é", "x"),
        ];
        for (miss, text, near) in table {
            assert_eq!(miss.of(text), near, "{miss:?} of {text}");
            assert_ne!(miss.of(text), text);
        }
    }

    #[test]
    fn every_kind_of_slot_has_a_name() {
        let near = |miss| Slot::Near {
            name: "KEY".to_owned(),
            miss,
        };
        for (written, slot) in [
            ("${nonce.3}", Slot::Nonce(3)),
            ("${words}", Slot::Words(1)),
            ("${words.2}", Slot::Words(2)),
            ("${passage}", Slot::Passage),
            ("${filler}", Slot::Filler),
            ("${secret}", Slot::Secret),
            ("${KEY.cased}", near(Miss::Cased)),
            ("${KEY.cut}", near(Miss::Cut)),
            ("${KEY.ending}", near(Miss::Ending)),
            ("${KEY.scrambled}", near(Miss::Scrambled)),
        ] {
            assert_eq!(slots(&json!(written)), Ok(vec![slot]), "{written}");
        }
    }

    #[test]
    fn a_missing_input_is_named() {
        assert_eq!(
            fill(&json!("${VOICE}"), &Fixed),
            Err(Unfilled::Input("VOICE".to_owned()))
        );
    }

    #[test]
    fn a_bad_template_is_told_from_a_good_one() {
        assert_eq!(slots(&json!("${nonce")), Err(BadTemplate::Open));
        for name in [
            "",
            "KEY.near",
            "nonse",
            "nonce.0",
            "nonce.x",
            "secret.x",
            "passage.2",
            "filler.2",
            "lower",
            "A B",
            "call.",
        ] {
            let bad = slots(&json!(format!("${{{name}}}")));
            assert_eq!(bad, Err(BadTemplate::Name(name.to_owned())), "{name:?}");
        }
        assert_eq!(
            slots(&json!(["${A_B?}", {"x": "${spoken.audio}"}])),
            Ok(vec![
                Slot::Input {
                    name: "A_B".to_owned(),
                    optional: true
                },
                Slot::Artifact {
                    call: "spoken".to_owned(),
                    part: "audio".to_owned()
                },
            ])
        );
    }
}
