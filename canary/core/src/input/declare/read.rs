//! TOML → raw entries with their places.

use std::ops::Range;

use super::{Choice, Declared, Input, check};
use crate::{
    diagnose::{Problem, SourceFile},
    input::Kind,
    toml_read::{Node, Reader, Table},
};

/// Words that declare a kind. Bounds and words are read from keys beside it.
const KINDS: &[(&str, KindWord)] = &[
    ("key", KindWord::Key),
    ("text", KindWord::Text),
    ("number", KindWord::Number),
    ("integer", KindWord::Integer),
    ("url", KindWord::Url),
    ("size", KindWord::Size),
    ("word", KindWord::Word),
    ("file", KindWord::File),
    ("mime", KindWord::Mime),
    ("paths", KindWord::Paths),
];

#[derive(Debug, Clone, Copy)]
enum KindWord {
    Key,
    Text,
    Number,
    Integer,
    Url,
    Size,
    Word,
    File,
    Mime,
    Paths,
}

/// A text with its place.
pub(super) type Placed = (String, Range<usize>);

/// An input as written, with the places that a check may point at.
#[derive(Debug)]
pub(super) struct RawInput {
    pub(super) name: Placed,
    pub(super) kind: Option<Kind>,
    pub(super) secret: Option<(bool, Range<usize>)>,
    pub(super) default: Option<Placed>,
    pub(super) template: Option<Placed>,
    pub(super) aliases: Vec<Placed>,
    pub(super) fallback: Vec<Placed>,
    pub(super) from_base64: Option<Placed>,
    pub(super) about: Placed,
}

impl RawInput {
    /// Whether the value is secret: keys always are.
    pub(super) fn is_secret(&self) -> bool {
        matches!(self.kind, Some(Kind::Key)) || self.secret.as_ref().is_some_and(|flag| flag.0)
    }

    fn checked(self) -> Option<Input> {
        let secret = self.is_secret();
        let texts = |list: Vec<Placed>| list.into_iter().map(|(text, _)| text).collect();
        Some(Input {
            name: self.name.0,
            kind: self.kind?,
            secret,
            default: self.default.map(|(text, _)| text),
            template: self.template.map(|(text, _)| text),
            aliases: texts(self.aliases),
            fallback: texts(self.fallback),
            from_base64: self.from_base64.map(|(text, _)| text),
            about: self.about.0,
        })
    }
}

/// A choice as written.
#[derive(Debug)]
pub(super) struct RawChoice {
    pub(super) name: Placed,
    pub(super) any_of: Vec<Vec<Placed>>,
    pub(super) about: Placed,
}

impl RawChoice {
    fn checked(self) -> Choice {
        let texts = |list: Vec<Placed>| list.into_iter().map(|(text, _)| text).collect();
        Choice {
            name: self.name.0,
            any_of: self.any_of.into_iter().map(texts).collect(),
            about: self.about.0,
        }
    }
}

/// Reads and checks a declaration. All problems are collected; each has its place, and a
/// suggestion where there is one.
pub fn read(file: &SourceFile) -> Result<Declared, Vec<Problem>> {
    let (entries, problems) = Reader::read(file, |reader, table| {
        let inputs = each(reader, table, "input", input);
        let choices = each(reader, table, "choice", choice);
        check::all(reader, &inputs, &choices);
        (inputs, choices)
    });
    if !problems.is_empty() {
        return Err(problems);
    }
    let (inputs, choices) = entries;
    Ok(Declared {
        inputs: inputs.into_iter().filter_map(RawInput::checked).collect(),
        choices: choices.into_iter().map(RawChoice::checked).collect(),
    })
}

fn each<T>(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    read: impl Fn(&mut Reader, &mut Table<'_>) -> Option<T>,
) -> Vec<T> {
    let Some(nodes) = table.optional(key).and_then(|node| node.array(reader)) else {
        return Vec::new();
    };
    nodes
        .iter()
        .filter_map(|node| {
            let mut entry = node.table(reader)?;
            let value = read(reader, &mut entry);
            entry.refuse_unknown(reader);
            value
        })
        .collect()
}

fn placed(reader: &mut Reader, node: &Node<'_>) -> Option<Placed> {
    node.string(reader)
        .map(|text| (text.to_owned(), node.span()))
}

fn required(reader: &mut Reader, table: &mut Table<'_>, key: &'static str) -> Option<Placed> {
    let node = table.required(reader, key)?;
    placed(reader, &node)
}

fn optional(reader: &mut Reader, table: &mut Table<'_>, key: &'static str) -> Option<Placed> {
    let node = table.optional(key)?;
    placed(reader, &node)
}

fn input(reader: &mut Reader, table: &mut Table<'_>) -> Option<RawInput> {
    // Everything is read before anything is given up, so that one mistake does not hide another.
    let name = required(reader, table, "name");
    let about = required(reader, table, "about");
    let kind = kind(reader, table);
    let secret = table
        .optional("secret")
        .and_then(|node| Some((node.boolean(reader)?, node.span())));
    let default = optional(reader, table, "default");
    let template = optional(reader, table, "template");
    let aliases = table.strings(reader, "aliases");
    let fallback = table.strings(reader, "fallback");
    let from_base64 = optional(reader, table, "from_base64");
    let start = table.span();
    Some(RawInput {
        name: name?,
        kind,
        secret,
        default,
        template,
        aliases,
        fallback,
        from_base64,
        about: about.unwrap_or((String::new(), start)),
    })
}

fn choice(reader: &mut Reader, table: &mut Table<'_>) -> Option<RawChoice> {
    let name = required(reader, table, "name");
    let about = required(reader, table, "about");
    let ways = table.required(reader, "any_of");
    let start = table.span();
    let any_of = ways
        .and_then(|node| node.array(reader))
        .unwrap_or_default()
        .iter()
        .map(|node| {
            let way = node.strings(reader);
            if way.is_empty() {
                reader.problem(node.span(), "a way of a choice names at least one input");
            }
            way
        })
        .collect();
    Some(RawChoice {
        name: name?,
        any_of,
        about: about.unwrap_or((String::new(), start)),
    })
}

/// The kind with its bounds. Keys that belong to another kind stay unasked, and so are unknown.
fn kind(reader: &mut Reader, table: &mut Table<'_>) -> Option<Kind> {
    let word = table
        .required(reader, "kind")
        .and_then(|node| node.word(reader, "kind", KINDS));
    let Some(word) = word else {
        for key in ["above", "min", "max", "words"] {
            table.optional(key);
        }
        return None;
    };
    Some(match word {
        KindWord::Key => Kind::Key,
        KindWord::Text => Kind::Text,
        KindWord::Url => Kind::Url,
        KindWord::Size => Kind::Size,
        KindWord::File => Kind::File,
        KindWord::Mime => Kind::Mime,
        KindWord::Paths => Kind::Paths,
        KindWord::Number => {
            let above = table.required(reader, "above");
            let max = table.required(reader, "max");
            Kind::Number {
                above: above?.number(reader)?,
                max: max?.number(reader)?,
            }
        }
        KindWord::Integer => {
            let min = table.required(reader, "min");
            let max = table.required(reader, "max");
            Kind::Integer {
                min: min?.count(reader)?,
                max: max?.count(reader)?,
            }
        }
        KindWord::Word => {
            let node = table.required(reader, "words")?;
            let words = node.strings(reader);
            if words.is_empty() {
                reader.problem(node.span(), "a `word` needs at least one word to be");
            }
            Kind::Word {
                words: words.into_iter().map(|(word, _)| word).collect(),
            }
        }
    })
}
