//! What to look for when a value must not be seen: the value in every encoding.
//!
//! Escapes, percent-codes, entities and white space are undone by the views; here are the forms
//! that no view undoes. Values by length, in bytes after trimming:
//!
//! | length | rule |
//! |---|---|
//! | 8 and more | found anywhere |
//! | 4 to 7 | found where it stands alone: a whole string, tag or line; base64 and hex as a whole run |
//! | 1 to 3 | not looked for: it cannot be told from ordinary text |
//! | more than 256 | three pieces of 64 bytes stand for it: first, middle, last |

use aho_corasick::{AhoCorasick, BuildError};
use base64::{Engine, engine::general_purpose};

use super::{Encoding, view::View};
use crate::input::Secret;

const ANYWHERE: usize = 8;
const ALONE: usize = 4;
const LONG: usize = 256;
const PIECE: usize = 64;

/// Every form of every value, ready to be looked for.
#[derive(Debug, Clone)]
pub(super) struct Needles {
    /// Forms in which case matters.
    exact: Forms,
    /// Hex, in which it does not.
    hex: Forms,
}

#[derive(Debug, Clone)]
struct Forms {
    search: AhoCorasick,
    forms: Vec<Form>,
}

#[derive(Debug, Clone, Copy)]
struct Form {
    encoding: Encoding,
    rule: Rule,
}

/// Where a form counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    Anywhere,
    /// Between quotes, tags or line ends.
    WholeString,
    /// Where no letter or digit, nor another character of base64, goes on.
    WholeRun,
}

/// A form that was found in a view.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) encoding: Encoding,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Needles {
    pub(super) fn new(values: &[Secret]) -> Result<Self, BuildError> {
        let mut forms = Collected::default();
        for value in values {
            forms.add(value.expose().trim());
        }
        Ok(Self {
            exact: Forms::new(&forms.exact, false)?,
            hex: Forms::new(&forms.hex, true)?,
        })
    }

    /// Everything found in a view, in no order. `wrapped` says that white space was left out, so
    /// that nothing in the view stands alone.
    pub(super) fn find<'a>(
        &'a self,
        view: &'a View<'_>,
        wrapped: bool,
    ) -> impl Iterator<Item = Found> + use<'a> {
        [&self.exact, &self.hex]
            .into_iter()
            .filter(|forms| !forms.forms.is_empty())
            .flat_map(move |forms| forms.find(&view.bytes, wrapped))
    }
}

impl Forms {
    fn new(collected: &[(Vec<u8>, Form)], ignore_case: bool) -> Result<Self, BuildError> {
        Ok(Self {
            search: AhoCorasick::builder()
                .ascii_case_insensitive(ignore_case)
                .build(collected.iter().map(|(bytes, _)| bytes))?,
            forms: collected.iter().map(|(_, form)| *form).collect(),
        })
    }

    /// Overlapping, since a form that is refused where it stands must not hide another.
    fn find<'a>(&'a self, text: &'a [u8], wrapped: bool) -> impl Iterator<Item = Found> + use<'a> {
        self.search
            .find_overlapping_iter(text)
            .filter_map(move |hit| {
                let form = self.forms.get(hit.pattern().as_usize())?;
                let counts = match form.rule {
                    Rule::Anywhere => true,
                    Rule::WholeString => {
                        !wrapped && between(text, hit.start(), hit.end(), ends_string)
                    }
                    Rule::WholeRun => !wrapped && between(text, hit.start(), hit.end(), ends_run),
                };
                counts.then(|| Found {
                    encoding: form.encoding,
                    start: hit.start(),
                    end: hit.end(),
                })
            })
    }
}

fn between(text: &[u8], start: usize, end: usize, ends: fn(u8) -> bool) -> bool {
    let before = start.checked_sub(1).and_then(|at| text.get(at));
    let after = text.get(end);
    before.is_none_or(|byte| ends(*byte)) && after.is_none_or(|byte| ends(*byte))
}

fn ends_string(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b'\n' | b'\r')
}

fn ends_run(byte: u8) -> bool {
    !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_'))
}

#[derive(Default)]
struct Collected {
    exact: Vec<(Vec<u8>, Form)>,
    hex: Vec<(Vec<u8>, Form)>,
}

impl Collected {
    fn add(&mut self, value: &str) {
        match value.len() {
            0..ALONE => {}
            ALONE..ANYWHERE => self.short(value),
            _ => {
                for piece in pieces(value) {
                    self.long(piece);
                }
            }
        }
    }

    fn short(&mut self, value: &str) {
        self.exact(value, Encoding::Raw, Rule::WholeString);
        for text in [
            general_purpose::STANDARD_NO_PAD.encode(value),
            general_purpose::URL_SAFE_NO_PAD.encode(value),
        ] {
            self.exact(text, Encoding::Base64, Rule::WholeRun);
        }
        self.hex(value, Rule::WholeRun);
    }

    fn long(&mut self, value: &str) {
        self.exact(value, Encoding::Raw, Rule::Anywhere);
        let packed: String = value.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        if packed.len() >= ANYWHERE {
            self.exact(packed, Encoding::Wrapped, Rule::Anywhere);
        }
        // Forms are encoded with `+` for a space, which no view undoes.
        self.exact(value.replace(' ', "+"), Encoding::Percent, Rule::Anywhere);
        let escaped = serde_json::to_string(value).unwrap_or_default();
        for text in [value, escaped.trim_matches('"')] {
            for core in base64_cores(text.as_bytes()) {
                self.exact(core, Encoding::Base64, Rule::Anywhere);
            }
        }
        self.hex(value, Rule::Anywhere);
        self.listed(value.as_bytes());
    }

    /// One byte after another, as bytes are shown by programs that do not know them to be a text. The
    /// blanks between them are taken out by a view.
    fn listed(&mut self, bytes: &[u8]) {
        let list = |write: fn(&u8) -> String, between: &str| {
            let all: Vec<String> = bytes.iter().map(write).collect();
            all.join(between)
        };
        self.exact(list(u8::to_string, ","), Encoding::List, Rule::Anywhere);
        for text in [
            list(|byte| format!("{byte:02x}"), ":"),
            list(|byte| format!("0x{byte:02x}"), ","),
        ] {
            let (encoding, rule) = (Encoding::List, Rule::Anywhere);
            self.hex.push((text.into_bytes(), Form { encoding, rule }));
        }
    }

    fn exact(&mut self, bytes: impl Into<Vec<u8>>, encoding: Encoding, rule: Rule) {
        let bytes = bytes.into();
        if !self.exact.iter().any(|(known, _)| *known == bytes) {
            self.exact.push((bytes, Form { encoding, rule }));
        }
    }

    fn hex(&mut self, value: &str, rule: Rule) {
        let bytes = hex::encode(value).into_bytes();
        if !self.hex.iter().any(|(known, _)| *known == bytes) {
            let encoding = Encoding::Hex;
            self.hex.push((bytes, Form { encoding, rule }));
        }
    }
}

/// The value, or what stands for it when it is long.
fn pieces(value: &str) -> Vec<&str> {
    if value.len() <= LONG {
        return vec![value];
    }
    let cut = |from: usize| {
        let from = (0..=from)
            .rev()
            .find(|at| value.is_char_boundary(*at))
            .unwrap_or_default();
        let rest = &value[from..];
        let to = (0..=PIECE.min(rest.len()))
            .rev()
            .find(|at| rest.is_char_boundary(*at))
            .unwrap_or_default();
        &rest[..to]
    };
    vec![cut(0), cut(value.len() / 2), cut(value.len() - PIECE)]
}

/// Base64 of the bytes at each of the three alignments, in both alphabets, without the characters
/// at either end that depend on what stands beside them.
fn base64_cores(bytes: &[u8]) -> Vec<String> {
    let mut cores = Vec::new();
    for skipped in 0..3 {
        let mut shifted = vec![0; skipped];
        shifted.extend_from_slice(bytes);
        let first = (skipped * 8).div_ceil(6);
        let last = shifted.len() * 8 / 6;
        for text in [
            general_purpose::STANDARD_NO_PAD.encode(&shifted),
            general_purpose::URL_SAFE_NO_PAD.encode(&shifted),
        ] {
            cores.extend(text.get(first..last).map(str::to_owned));
        }
    }
    cores
}
