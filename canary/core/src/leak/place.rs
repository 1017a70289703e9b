//! Where a leak is, said without saying what it is.

use std::{
    fmt::{self, Write as _},
    ops::Range,
};

use serde::Serialize;

/// Where something was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Byte range in the text as it stands. May take in the character before a token.
    pub bytes: Range<usize>,
    /// 1-based line on which the range begins.
    pub line: usize,
    /// JSON pointer to the value, when the text is JSON. A key that is long, odd or a leak itself
    /// is written as `?`.
    pub pointer: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_deref() {
            Some("") => write!(f, "line {}, at the top", self.line),
            Some(pointer) => write!(f, "line {}, at {pointer}", self.line),
            None => write!(f, "line {}, byte {}", self.line, self.bytes.start),
        }
    }
}

/// Longest key that a pointer shows.
const LONGEST_KEY: usize = 64;

/// The pointer to what holds the byte at `offset` of a text that is JSON. `safe` says whether a
/// key may be shown.
pub(super) fn pointer(json: &str, offset: usize, safe: impl Fn(&str) -> bool) -> String {
    let mut stack: Vec<Level<'_>> = Vec::new();
    let bytes = json.as_bytes();
    let mut at = 0;
    while at < offset.min(bytes.len()) {
        match bytes[at] {
            b'{' => stack.push(Level::Object {
                key: None,
                key_next: true,
            }),
            b'[' => stack.push(Level::Array { index: 0 }),
            b'}' | b']' => {
                stack.pop();
            }
            b',' => match stack.last_mut() {
                Some(Level::Array { index }) => *index += 1,
                Some(Level::Object { key, key_next }) => {
                    *key = None;
                    *key_next = true;
                }
                None => {}
            },
            b'"' => {
                let end = string_end(bytes, at);
                if let Some(Level::Object { key, key_next }) = stack.last_mut()
                    && *key_next
                {
                    *key = json.get(at + 1..end);
                    *key_next = false;
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    let mut pointer = String::new();
    for level in &stack {
        match level {
            Level::Array { index } => {
                let _ = write!(pointer, "/{index}");
            }
            Level::Object { key: None, .. } => {}
            Level::Object { key: Some(key), .. } => {
                let plain = key.len() <= LONGEST_KEY
                    && key
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
                pointer.push('/');
                pointer.push_str(if plain && safe(key) { key } else { "?" });
            }
        }
    }
    pointer
}

#[derive(Debug)]
enum Level<'a> {
    Object {
        key: Option<&'a str>,
        key_next: bool,
    },
    Array {
        index: usize,
    },
}

/// The offset of the quote that closes the string opened at `open`.
fn string_end(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}
