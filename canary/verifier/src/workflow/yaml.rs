//! YAML as a tree that remembers its lines. What would let a reader see something else than the
//! runner does is refused: anchors, aliases, merge keys, tags, duplicate keys, more documents.

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::{log::Log, rule};

/// A value and the line it begins on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) line: usize,
    pub(super) value: Value,
}

/// What a node holds. Scalars stay texts: which of them are numbers is for the reader to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Scalar { text: String, plain: bool },
    List(Vec<Node>),
    Map(Vec<(At, Node)>),
}

/// A text and the line it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct At {
    pub(super) line: usize,
    pub(super) text: String,
}

/// The longest workflow that is read, in bytes.
const LONGEST: usize = 512 * 1024;
/// The deepest nesting that is read; a workflow needs eight levels.
const DEEPEST: usize = 32;

/// Reads one document. Where it cannot be read the log says why, and there is no tree.
pub(super) fn read(text: &str, log: &mut Log<'_>) -> Option<Node> {
    if text.len() > LONGEST {
        log.add(&rule::READABLE, 1, "a very long file", "at most 512 KiB");
        return None;
    }
    // The runner reads no such characters as a person sees them: text may be turned round with them.
    if let Some(line) = text.lines().position(|line| line.contains(is_invisible)) {
        let found = "an invisible character";
        log.add(&rule::READABLE, line + 1, found, "characters that show");
        return None;
    }
    let mut builder = Builder {
        log,
        open: Vec::new(),
        root: None,
        documents: 0,
        broken: false,
    };
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => builder.event(event, span.start.line()),
            Err(error) => {
                let line = error.marker().line();
                log.add(&rule::READABLE, line, error.info(), "YAML");
                return None;
            }
        }
    }
    if builder.broken {
        return None;
    }
    let root = builder.root.take();
    if root.is_none() {
        log.add(&rule::READABLE, 1, "nothing", "a workflow");
    }
    root
}

fn is_invisible(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A list or a map that is still being read.
enum Open {
    List(usize, Vec<Node>),
    Map(usize, Vec<(At, Node)>, Option<At>),
}

struct Builder<'l, 'f> {
    log: &'l mut Log<'f>,
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
    broken: bool,
}

impl Builder<'_, '_> {
    fn refuse(&mut self, line: usize, found: &str, expected: &str) {
        self.broken = true;
        self.log.add(&rule::READABLE, line, found, expected);
    }

    fn event(&mut self, event: Event<'_>, line: usize) {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.refuse(line, "another document", "one document");
                }
            }
            Event::Alias(_) => {
                self.refuse(line, "an alias", "the text itself, spelled out");
                self.put(scalar(line, String::new(), true));
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.plain_only(line, anchor, tag.is_some());
                let plain = style == ScalarStyle::Plain;
                if plain && text == "<<" {
                    self.refuse(line, "a merge key", "the keys, spelled out");
                }
                self.put(scalar(line, text.into_owned(), plain));
            }
            Event::SequenceStart(anchor, tag) => {
                self.plain_only(line, anchor, tag.is_some());
                self.begin(line, Open::List(line, Vec::new()));
            }
            Event::MappingStart(anchor, tag) => {
                self.plain_only(line, anchor, tag.is_some());
                self.begin(line, Open::Map(line, Vec::new(), None));
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            _ => {}
        }
    }

    fn plain_only(&mut self, line: usize, anchor: usize, tagged: bool) {
        if anchor != 0 {
            self.refuse(line, "an anchor", "no anchors");
        }
        if tagged {
            self.refuse(line, "a tag", "no tags");
        }
    }

    fn begin(&mut self, line: usize, open: Open) {
        if self.open.len() == DEEPEST {
            self.refuse(line, "very deep nesting", "at most 32 levels");
        }
        self.open.push(open);
    }

    fn end(&mut self) {
        let node = match self.open.pop() {
            Some(Open::List(line, list)) => Node {
                line,
                value: Value::List(list),
            },
            Some(Open::Map(line, map, _)) => Node {
                line,
                value: Value::Map(map),
            },
            None => return,
        };
        self.put(node);
    }

    /// Puts a node where the reader is: at the root, in a list, as a key, or as its value.
    fn put(&mut self, node: Node) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List(_, list)) => list.push(node),
            Some(Open::Map(_, map, key)) => {
                if let Some(key) = key.take() {
                    map.push((key, node));
                    return;
                }
                let line = node.line;
                let Value::Scalar { text, .. } = node.value else {
                    self.refuse(line, "a key that is no word", "a word");
                    return;
                };
                let twice = map.iter().any(|(known, _)| known.text == text);
                *key = Some(At {
                    line,
                    text: text.clone(),
                });
                if twice {
                    self.refuse(line, &format!("`{text}` again"), "each key once");
                }
            }
        }
    }
}

fn scalar(line: usize, text: String, plain: bool) -> Node {
    Node {
        line,
        value: Value::Scalar { text, plain },
    }
}
