//! Reading TOML by hand where serde would stop at the first mistake: every wrong key, type and
//! word is collected with its place, and reading goes on.

use std::{borrow::Cow, ops::Range};

use serde_json::{Map, Number, Value};
use toml::{
    Spanned,
    de::{DeInteger, DeTable, DeValue},
};

use crate::diagnose::{Problem, SourceFile, did_you_mean};

/// Collects the problems of one file.
#[derive(Debug)]
pub struct Reader {
    file: String,
    problems: Vec<Problem>,
}

impl Reader {
    /// Parses a file and hands its top table to `read`. A syntax error is a problem like any
    /// other, and what could still be parsed is still read.
    pub fn read<T>(
        source: &SourceFile,
        read: impl FnOnce(&mut Self, &mut Table<'_>) -> T,
    ) -> (T, Vec<Problem>) {
        let (root, errors) = DeTable::parse_recoverable(&source.text);
        let mut reader = Self {
            file: source.name.clone(),
            problems: Vec::new(),
        };
        for error in &errors {
            reader.problem(
                error.span().unwrap_or(0..0),
                format!("not TOML: {}", error.message()),
            );
        }
        let span = root.span();
        let mut table = Table::new(root.get_ref(), span);
        let value = read(&mut reader, &mut table);
        // After a syntax error the rest of the table is a guess: its unknown keys are no news.
        if errors.is_empty() {
            table.refuse_unknown(&mut reader);
        }
        (value, reader.problems)
    }

    /// How many problems were found so far.
    pub fn count(&self) -> usize {
        self.problems.len()
    }

    /// Name of the file being read.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Notes a problem and returns it for advice to be added.
    pub fn problem(&mut self, span: Range<usize>, message: impl Into<String>) -> &mut Problem {
        self.problems
            .push(Problem::new(self.file.clone(), span, message));
        let last = self.problems.len() - 1;
        &mut self.problems[last]
    }

    /// Notes an unknown word and suggests the known one that is nearest.
    pub fn unknown(&mut self, span: Range<usize>, what: &str, typed: &str, known: &[&str]) {
        let help = did_you_mean(typed, known);
        self.problem(span, format!("unknown {what} `{typed}`")).help = help;
    }
}

/// A table being read. Keys that are asked for count as known; [`Table::refuse_unknown`] reports
/// the others.
#[derive(Debug)]
pub struct Table<'a> {
    inner: &'a DeTable<'a>,
    span: Range<usize>,
    asked: Vec<&'static str>,
}

impl<'a> Table<'a> {
    fn new(inner: &'a DeTable<'a>, span: Range<usize>) -> Self {
        Self {
            inner,
            span,
            asked: Vec::new(),
        }
    }

    /// Where the table stands.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The value of a key that may be absent.
    pub fn optional(&mut self, key: &'static str) -> Option<Node<'a>> {
        self.asked.push(key);
        self.inner
            .iter()
            .find(|(name, _)| name.get_ref() == key)
            .map(|(_, value)| Node::new(value))
    }

    /// The value of a key that must be there; its absence is a problem.
    pub fn required(&mut self, reader: &mut Reader, key: &'static str) -> Option<Node<'a>> {
        let found = self.optional(key);
        if found.is_none() {
            reader.problem(self.span(), format!("the key `{key}` is missing here"));
        }
        found
    }

    /// A required string.
    pub fn string(&mut self, reader: &mut Reader, key: &'static str) -> Option<String> {
        self.required(reader, key)?
            .string(reader)
            .map(str::to_owned)
    }

    /// An optional string.
    pub fn optional_string(&mut self, reader: &mut Reader, key: &'static str) -> Option<String> {
        self.optional(key)?.string(reader).map(str::to_owned)
    }

    /// An optional array of strings, empty when absent.
    pub fn strings(
        &mut self,
        reader: &mut Reader,
        key: &'static str,
    ) -> Vec<(String, Range<usize>)> {
        let Some(node) = self.optional(key) else {
            return Vec::new();
        };
        node.strings(reader)
    }

    /// Every entry: the key, where the key stands, the value. Marks nothing as asked for.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, Range<usize>, Node<'a>)> + use<'a> {
        self.inner
            .iter()
            .map(|(key, value)| (key.get_ref().as_ref(), key.span(), Node::new(value)))
    }

    /// Reports every key that nobody asked for.
    pub fn refuse_unknown(&self, reader: &mut Reader) {
        for (key, span, _) in self.entries() {
            if !self.asked.contains(&key) {
                reader.unknown(span, "key", key, &self.asked);
            }
        }
    }
}

/// A value with its place.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    value: &'a DeValue<'a>,
    span: Range<usize>,
}

impl<'a> Node<'a> {
    fn new(value: &'a Spanned<DeValue<'a>>) -> Self {
        Self {
            value: value.get_ref(),
            span: value.span(),
        }
    }

    /// Where the value stands.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    fn wrong<T>(&self, reader: &mut Reader, wanted: &str) -> Option<T> {
        reader.problem(
            self.span(),
            format!("expected {wanted}, found {}", self.value.type_str()),
        );
        None
    }

    /// Whether the value is `true`.
    pub fn is_true(&self) -> bool {
        self.value.as_bool() == Some(true)
    }

    /// Whether the value is a table.
    pub fn is_table(&self) -> bool {
        self.value.is_table()
    }

    /// Whether the value is a string.
    pub fn is_string(&self) -> bool {
        self.value.is_str()
    }

    /// Whether the value is an array.
    pub fn is_array(&self) -> bool {
        self.value.is_array()
    }

    /// A non-blank string.
    pub fn string(&self, reader: &mut Reader) -> Option<&'a str> {
        match self.value.as_str() {
            Some(text) if !text.trim().is_empty() => Some(text),
            Some(_) => {
                reader.problem(self.span(), "expected a string that is not blank");
                None
            }
            None => self.wrong(reader, "a string"),
        }
    }

    /// `true` or `false`.
    pub fn boolean(&self, reader: &mut Reader) -> Option<bool> {
        self.value
            .as_bool()
            .or_else(|| self.wrong(reader, "true or false"))
    }

    /// A whole number from 0 up.
    pub fn count(&self, reader: &mut Reader) -> Option<u64> {
        let parsed = self
            .value
            .as_integer()
            .and_then(|integer| u64::from_str_radix(integer.as_str(), integer.radix()).ok());
        parsed.or_else(|| self.wrong(reader, "a whole number from 0 up"))
    }

    /// A finite number, whole or not.
    pub fn number(&self, reader: &mut Reader) -> Option<f64> {
        let parsed = match self.value {
            DeValue::Integer(integer) => {
                whole(integer).and_then(|whole| Number::from(whole).as_f64())
            }
            DeValue::Float(float) => float.as_str().parse().ok(),
            _ => None,
        };
        parsed
            .filter(|number: &f64| number.is_finite())
            .or_else(|| self.wrong(reader, "a finite number"))
    }

    /// The elements of an array.
    pub fn array(&self, reader: &mut Reader) -> Option<Vec<Node<'a>>> {
        match self.value.as_array() {
            Some(array) => Some(array.iter().map(Node::new).collect()),
            None => self.wrong(reader, "an array"),
        }
    }

    /// The strings of an array, each with its place.
    pub fn strings(&self, reader: &mut Reader) -> Vec<(String, Range<usize>)> {
        let Some(nodes) = self.array(reader) else {
            return Vec::new();
        };
        nodes
            .into_iter()
            .filter_map(|node| {
                node.string(reader)
                    .map(|text| (text.to_owned(), node.span()))
            })
            .collect()
    }

    /// A table.
    pub fn table(&self, reader: &mut Reader) -> Option<Table<'a>> {
        match self.value.as_table() {
            Some(table) => Some(Table::new(table, self.span())),
            None => self.wrong(reader, "a table"),
        }
    }

    /// A word of a closed list.
    pub fn word<T: Copy>(
        &self,
        reader: &mut Reader,
        what: &str,
        known: &[(&'static str, T)],
    ) -> Option<T> {
        let typed = self.string(reader)?;
        if let Some((_, value)) = known.iter().find(|(word, _)| *word == typed) {
            return Some(*value);
        }
        let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        reader.unknown(self.span(), what, typed, &words);
        None
    }

    /// The value as JSON, for what is sent or compared as it stands. Dates have no JSON form and
    /// are a problem.
    pub fn json(&self, reader: &mut Reader) -> Option<Value> {
        Some(match self.value {
            DeValue::String(text) => Value::String(Cow::clone(text).into_owned()),
            DeValue::Boolean(flag) => Value::Bool(*flag),
            DeValue::Integer(integer) => match whole(integer) {
                Some(number) => Value::Number(number.into()),
                None => return self.wrong(reader, "an integer of 64 bits"),
            },
            DeValue::Float(_) => Value::Number(Number::from_f64(self.number(reader)?)?),
            DeValue::Array(_) => {
                let nodes = self.array(reader)?;
                Value::Array(
                    nodes
                        .iter()
                        .map(|node| node.json(reader))
                        .collect::<Option<_>>()?,
                )
            }
            DeValue::Table(_) => {
                let table = self.table(reader)?;
                let entries = table
                    .entries()
                    .map(|(key, _, node)| Some((key.to_owned(), node.json(reader)?)));
                Value::Object(entries.collect::<Option<Map<_, _>>>()?)
            }
            DeValue::Datetime(_) => return self.wrong(reader, "a value that JSON has"),
        })
    }
}

/// An integer in whatever base it is written.
fn whole(integer: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<u64>, Vec<String>) {
        let source = SourceFile::new("t.toml", text);
        let (value, problems) = Reader::read(&source, |reader, table| {
            table.string(reader, "name");
            table.optional("size").and_then(|node| node.count(reader))
        });
        (
            value,
            problems
                .iter()
                .map(|problem| problem.one_line(std::slice::from_ref(&source)))
                .collect(),
        )
    }

    #[test]
    fn all_problems_are_found_in_one_reading() {
        let (value, problems) = read("nmae = \"x\"\nsize = \"9\"\nother = 1\n");
        assert_eq!(value, None);
        assert_eq!(
            problems,
            [
                "t.toml:1:1: the key `name` is missing here",
                "t.toml:2:8: expected a whole number from 0 up, found string",
                "t.toml:1:1: unknown key `nmae` (did you mean `name`?)",
                "t.toml:3:1: unknown key `other` (known: name, size)",
            ]
        );
    }

    #[test]
    fn a_syntax_error_has_a_place() {
        let (_, problems) = read("name = \"x\"\nsize = = 3\n");
        assert!(
            problems[0].starts_with("t.toml:2:8: not TOML"),
            "{problems:?}"
        );
    }

    #[test]
    fn numbers_may_be_written_in_hex() {
        assert_eq!(read("name = \"x\"\nsize = 0x10\n").0, Some(16));
        for written in ["0x10", "0o20", "0b1_0000", "1_6", "+16", "16.0", "1.6e1"] {
            let source = SourceFile::new("t.toml", format!("v = {written}\n"));
            let (value, problems) =
                Reader::read(&source, |reader, table| table.optional("v")?.number(reader));
            assert!(problems.is_empty(), "{written}");
            assert_eq!(value, Some(16.0), "{written}");
        }
    }

    #[test]
    fn toml_becomes_the_json_it_looks_like() {
        let source = SourceFile::new("t.toml", "v = { a = [1, 2.5, true], b = \"x\" }\n");
        let (value, problems) =
            Reader::read(&source, |reader, table| table.optional("v")?.json(reader));
        assert!(problems.is_empty());
        assert_eq!(
            value,
            Some(serde_json::json!({"a": [1, 2.5, true], "b": "x"}))
        );
    }
}
