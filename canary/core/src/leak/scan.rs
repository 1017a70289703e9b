//! The scanner itself: views in, leaks out.

use std::{
    collections::{BTreeSet, HashSet},
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
    ops::Range,
    sync::LazyLock,
};

use serde::{Serialize, de::IgnoredAny};
use thiserror::Error;

use super::{
    Encoding, Pattern, Place,
    format::{Formats, REDACTED},
    is_sensitive_name,
    needle::Needles,
    place,
    view::{Decoder, READABLE, View},
};
use crate::input::Secret;

/// How many decoders are put one after another.
const DEPTH: usize = 2;
/// How many leaks are listed. One is enough to refuse a text; more help to find the cause.
const MOST: usize = 64;

/// How many bytes are read again to tell where leaks are: each is looked for in the text as it stands,
/// from what was decoded. A long text with many leaks is refused for the first of them.
const AGAIN: usize = 1 << 28;

/// Something that must not be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Leak {
    /// What it is.
    pub pattern: Pattern,
    /// Where it is.
    pub at: Place,
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.pattern, self.at)
    }
}

/// The scanner could not be built, so nothing may be written.
#[derive(Debug, Error)]
pub enum ScannerError {
    /// The values to look for do not fit an automaton.
    #[error("could not prepare the search for sensitive values; are there thousands of them?")]
    Values(#[source] aho_corasick::BuildError),
    /// The fixed patterns do not compile, which is a fault of this program.
    #[error("could not compile the patterns of known secrets")]
    Patterns(#[source] regex::Error),
}

/// Looks for leaks in finished texts. Built once for a run, from all values that are sensitive.
#[derive(Clone)]
pub struct Scanner {
    needles: Needles,
    formats: &'static Formats,
    names: BTreeSet<String>,
}

impl fmt::Debug for Scanner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scanner(***)")
    }
}

/// What was found, before its place is worked out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    start: usize,
    end: usize,
    pattern: Pattern,
}

impl Scanner {
    /// A scanner for all known formats and these values.
    pub fn new(sensitive_values: &[Secret]) -> Result<Self, ScannerError> {
        static COMPILED: LazyLock<Result<Formats, regex::Error>> = LazyLock::new(Formats::compile);
        let formats = COMPILED
            .as_ref()
            .map_err(|error| ScannerError::Patterns(error.clone()))?;
        Ok(Self {
            needles: Needles::new(sensitive_values).map_err(ScannerError::Values)?,
            formats,
            names: BTreeSet::new(),
        })
    }

    /// Adds variables whose env-file lines are leaks, beside those that [`is_sensitive_name`]
    /// knows.
    #[must_use]
    pub fn with_names<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.names.extend(names.into_iter().map(str::to_owned));
        self
    }

    /// Every leak in a text, in the order of places; at most 64 of them, and fewer in a very long text.
    pub fn scan(&self, text: &str) -> Vec<Leak> {
        self.scan_within(text, AGAIN)
    }

    /// The same, with so many bytes to read again to tell where leaks are, and as many to name the keys
    /// that lead there.
    pub(super) fn scan_within(&self, text: &str, again: usize) -> Vec<Leak> {
        let json = is_json(text);
        let mut read = 0_usize;
        let leak = |hit: Hit| {
            let named = json && read < again;
            read = read.saturating_add(hit.start);
            Leak {
                pattern: hit.pattern,
                at: Place {
                    line: memchr::memchr_iter(b'\n', &text.as_bytes()[..hit.start]).count() + 1,
                    pointer: named.then(|| {
                        let safe = |key: &str| self.hits(key, false, again).is_empty();
                        place::pointer(text, hit.start + 1, safe)
                    }),
                    bytes: Range {
                        start: hit.start,
                        end: hit.end,
                    },
                },
            }
        };
        self.hits(text, json, again).into_iter().map(leak).collect()
    }

    fn hits(&self, text: &str, json: bool, again: usize) -> Vec<Hit> {
        let mut search = Search {
            scanner: self,
            seen: HashSet::new(),
            hits: Vec::new(),
            again,
        };
        let raw = View::raw(text);
        if json {
            search.json(&raw);
        } else {
            search.visit(&raw, 0);
        }
        search.hits.sort();
        search.hits
    }

    fn is_secret_line(&self, name: &[u8], value: &[u8]) -> bool {
        let Ok(name) = std::str::from_utf8(name) else {
            return false;
        };
        let placeholder = REDACTED.iter().any(|word| value.starts_with(word));
        !placeholder && (self.names.contains(name) || is_sensitive_name(name))
    }
}

/// Whether the text is one JSON value. Nested deeper than the parser goes, it is not: it is then
/// read as plain text, which finds no less.
fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[', '"'])
        && serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// One search through a text and its views.
struct Search<'s> {
    scanner: &'s Scanner,
    /// Digests of the views visited, since different orders of decoders often agree.
    seen: HashSet<(usize, u64)>,
    hits: Vec<Hit>,
    /// Bytes that may yet be read again to tell where a leak is.
    again: usize,
}

impl Search<'_> {
    fn is_full(&self) -> bool {
        self.hits.len() >= MOST || self.again == 0
    }

    /// In JSON as it stands, a letter, a colon and an escaped line break look like a drive; and
    /// there is nothing that the unescaped view has not. Only values are looked for in it.
    fn json(&mut self, raw: &View<'_>) {
        self.values(raw);
        self.visit(&raw.decode(Decoder::Escapes), 0);
    }

    fn visit(&mut self, view: &View<'_>, depth: usize) {
        if self.is_full() || !self.is_new(view) {
            return;
        }
        self.values(view);
        self.formats(view);
        for decoder in READABLE {
            if depth < DEPTH && view.has(decoder) {
                self.visit(&view.decode(decoder), depth + 1);
            }
        }
        // Last, so that a find is named by what was done to it, and not by a way to it.
        self.wrapped(view);
    }

    /// Without white space; and decoded after that, since a wrap may stand in the middle of a code.
    fn wrapped(&mut self, view: &View<'_>) {
        let wrapped = view.decode(Decoder::Unwrap);
        self.values(&wrapped);
        for decoder in READABLE {
            if wrapped.has(decoder) {
                self.values(&wrapped.decode(decoder));
            }
        }
    }

    fn is_new(&mut self, view: &View<'_>) -> bool {
        let mut hasher = DefaultHasher::new();
        view.bytes.hash(&mut hasher);
        self.seen.insert((view.bytes.len(), hasher.finish()))
    }

    fn values(&mut self, view: &View<'_>) {
        let wrapped = view.decoders().any(|decoder| decoder == Decoder::Unwrap);
        let scanner = self.scanner;
        for found in scanner.needles.find(view, wrapped) {
            if self.is_full() {
                return;
            }
            let encoding = encoding(found.encoding, view);
            self.add(
                view,
                found.start..found.end,
                Pattern::SensitiveValue(encoding),
            );
        }
    }

    fn formats(&mut self, view: &View<'_>) {
        let formats = self.scanner.formats;
        if !formats.any.is_match(&view.bytes) {
            return;
        }
        for index in formats.any.matches(&view.bytes) {
            match formats.each.get(index) {
                Some((pattern, regex)) => {
                    for found in regex.find_iter(&view.bytes).take(MOST) {
                        self.add(view, found.range(), *pattern);
                    }
                }
                None => self.env_lines(view),
            }
        }
    }

    fn env_lines(&mut self, view: &View<'_>) {
        let scanner = self.scanner;
        let lines = scanner
            .formats
            .env_line
            .captures_iter(&view.bytes)
            .filter_map(|line| {
                let (name, value) = (line.get(1)?, line.get(2)?);
                scanner
                    .is_secret_line(name.as_bytes(), value.as_bytes())
                    .then(|| name.start()..value.end())
            });
        for range in lines.take(MOST) {
            self.add(view, range, Pattern::EnvFile);
        }
    }

    /// Notes a find, unless one of its kind was found at the same place in an earlier view.
    fn add(&mut self, view: &View<'_>, range: Range<usize>, pattern: Pattern) {
        if self.is_full() {
            return;
        }
        let decoded = view.decoders().count() * view.bytes.len();
        self.again = self.again.saturating_sub(decoded);
        let start = view.locate(range.start);
        let end = view.locate(range.end.saturating_sub(1)) + 1;
        let value = |pattern| matches!(pattern, Pattern::SensitiveValue(_));
        let known = self.hits.iter().any(|hit| {
            let same = hit.pattern == pattern || value(hit.pattern) && value(pattern);
            same && hit.start < end && start < hit.end
        });
        if !known {
            self.hits.push(Hit {
                start,
                end,
                pattern,
            });
        }
    }
}

/// How a form that was found in a view was written in the text.
fn encoding(form: Encoding, view: &View<'_>) -> Encoding {
    if form != Encoding::Raw {
        return form;
    }
    match view.decoders().next() {
        None => Encoding::Raw,
        Some(Decoder::Escapes | Decoder::Entities) => Encoding::Escaped,
        Some(Decoder::Percent) => Encoding::Percent,
        Some(Decoder::Unwrap) => Encoding::Wrapped,
    }
}
