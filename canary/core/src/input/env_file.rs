//! Env files, in dotenv syntax.

use std::{
    cell::Cell,
    collections::BTreeMap,
    io::{self, Read},
    rc::Rc,
};

use thiserror::Error;

/// Largest env file, in bytes. It holds a base64 recording with room to spare.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// What is wrong with an env file, and on which line. Never shows the line: it may hold a secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {problem}")]
pub struct EnvFileProblem {
    /// 1-based line on which the entry starts.
    pub line: usize,
    /// What is wrong there.
    pub problem: LineProblem,
}

/// What can be wrong with a line of an env file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LineProblem {
    /// Not an entry.
    #[error(
        "not an entry of the form NAME=value; quote a value that has spaces, close every quote, and write a backslash as two outside single quotes"
    )]
    Syntax,
    /// Not UTF-8.
    #[error("not UTF-8; save the file as UTF-8")]
    NotUtf8,
    /// One name, two values.
    #[error("`{name}` is set to another value on line {first}; keep one of the two")]
    Conflict {
        /// The variable.
        name: String,
        /// Line of the first value.
        first: usize,
    },
    /// A file that is too large to be an env file.
    #[error("the file is larger than {MAX_BYTES} bytes; this is not an env file")]
    TooLarge,
    /// A file with so many odd characters that none is left to stand for `$` while parsing.
    #[error("the file uses every private-use character; this is not an env file")]
    NoMarker,
}

/// Parses an env file in dotenv syntax: `NAME=value`, `export`, comments, single and double
/// quotes, values over several lines. A byte order mark is ignored.
///
/// Two rules of our own. `$` is only a character: nothing is substituted, neither from the file
/// nor from the environment of the process. And a name set twice to two values that differ is
/// refused, since tools disagree which one counts; a blank value never counts, so a patch of
/// missing inputs can be appended to a template.
pub fn parse_env_file(bytes: &[u8]) -> Result<BTreeMap<String, String>, EnvFileProblem> {
    let at = |line, problem| EnvFileProblem { line, problem };
    if bytes.len() > MAX_BYTES {
        return Err(at(1, LineProblem::TooLarge));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| at(line_of(&bytes[..error.valid_up_to()]), LineProblem::NotUtf8))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let dollars = Dollars::for_text(text).ok_or_else(|| at(1, LineProblem::NoMarker))?;
    let delivered = Rc::new(Cell::new(0));
    let entries = dotenvy::from_read_iter(Lines::new(dollars.hide(text), Rc::clone(&delivered)));

    let mut values = BTreeMap::new();
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    let mut read = 0;
    for entry in entries {
        let line = start_of_entry(text, read);
        read = delivered.get();
        let (name, value) = entry.map_err(|_| at(line, LineProblem::Syntax))?;
        let value = dollars.show(&value);
        let blank = value.trim().is_empty();
        match lines.get(&name) {
            Some(_) if blank => {}
            Some(first) if values.get(&name) != Some(&value) => {
                let first = *first;
                return Err(at(line, LineProblem::Conflict { name, first }));
            }
            _ => {
                if !blank {
                    lines.insert(name.clone(), line);
                }
                values.insert(name, value);
            }
        }
    }
    Ok(values)
}

fn line_of(before: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', before).count() + 1
}

/// 1-based line of the first entry after `read` lines: the parser passes over blank lines and
/// comments without a word.
fn start_of_entry(text: &str, read: usize) -> usize {
    let idle = |line: &&str| line.trim().is_empty() || line.trim_start().starts_with('#');
    read + text.lines().skip(read).take_while(idle).count() + 1
}

/// Characters that stand for `$` while dotenvy parses: it would look the name up in the
/// environment of the process, and has no switch for that.
///
/// `\$` depends on the quotes it stands in, so its backslash stays under the parser's rules: it is
/// written as `escape \\ dollar`, of which double quotes keep one backslash and single quotes two.
struct Dollars {
    plain: char,
    escape: char,
    dollar: char,
}

impl Dollars {
    fn for_text(text: &str) -> Option<Self> {
        let mut free = ('\u{e000}'..='\u{f8ff}').filter(|marker| !text.contains(*marker));
        Some(Self {
            plain: free.next()?,
            escape: free.next()?,
            dollar: free.next()?,
        })
    }

    fn hide(&self, text: &str) -> String {
        let mut hidden = String::with_capacity(text.len() + 1);
        let mut backslashes = 0;
        for c in text.chars() {
            if c != '$' {
                hidden.push(c);
            } else if backslashes % 2 == 0 {
                hidden.push(self.plain);
            } else {
                hidden.pop();
                hidden.extend([self.escape, '\\', '\\', self.dollar]);
            }
            backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        }
        // dotenvy takes trailing space without a newline for an open entry.
        hidden.push('\n');
        hidden
    }

    fn show(&self, value: &str) -> String {
        value
            .replace(&format!("{}\\\\{}", self.escape, self.dollar), "\\$")
            .replace(&format!("{}\\{}", self.escape, self.dollar), "$")
            .replace(self.plain, "$")
    }
}

/// Hands out one line per read, so that the count of lines is that of the entry being parsed.
struct Lines {
    text: Vec<u8>,
    at: usize,
    delivered: Rc<Cell<usize>>,
}

impl Lines {
    fn new(text: String, delivered: Rc<Cell<usize>>) -> Self {
        Self {
            text: text.into_bytes(),
            at: 0,
            delivered,
        }
    }
}

impl Read for Lines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = &self.text[self.at..];
        let line = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let length = line.min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.at += length;
        if length == line && length > 0 {
            self.delivered.set(self.delivered.get() + 1);
        }
        Ok(length)
    }
}
