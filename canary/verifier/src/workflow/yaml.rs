//! YAML as a tree that remembers its lines. An alias is read as what it stands for. What would let a
//! reader see something else than the runner does is refused: merge keys, tags, duplicate keys, more
//! documents.

use std::collections::BTreeMap;

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

impl Node {
    /// How many values it is, itself among them.
    fn size(&self) -> usize {
        let within: usize = match &self.value {
            Value::Scalar { .. } => 0,
            Value::List(list) => list.iter().map(Node::size).sum(),
            Value::Map(map) => map.iter().map(|(_, node)| node.size()).sum(),
        };
        within + 1
    }
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
/// The most values that are read, those that aliases stand for counted each time; a workflow has a
/// thousand.
const MOST: usize = 50_000;

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
        anchors: BTreeMap::new(),
        documents: 0,
        values: 0,
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
        || c == char::REPLACEMENT_CHARACTER
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A list or a map that is still being read.
enum Open {
    List(Start, Vec<Node>),
    Map(Start, Vec<(At, Node)>, Option<At>),
}

/// Where a value begins, and the number of its anchor: 0 where it has none.
#[derive(Debug, Clone, Copy)]
struct Start {
    line: usize,
    anchor: usize,
}

struct Builder<'l, 'f> {
    log: &'l mut Log<'f>,
    open: Vec<Open>,
    root: Option<Node>,
    /// The values that have an anchor, as far as they are read whole.
    anchors: BTreeMap<usize, Node>,
    documents: usize,
    values: usize,
    broken: bool,
}

impl Builder<'_, '_> {
    fn refuse(&mut self, line: usize, found: &str, expected: &str) {
        self.broken = true;
        self.log.add(&rule::READABLE, line, found, expected);
    }

    /// Whether there is room for so many values more. A list of aliases of lists of aliases is short, and
    /// stands for more than there is memory.
    fn has_room(&mut self, more: usize, line: usize) -> bool {
        let was_full = self.values > MOST;
        self.values = self.values.saturating_add(more);
        let is_full = self.values > MOST;
        if is_full && !was_full {
            self.refuse(line, "very many values", "at most 50,000");
        }
        !is_full
    }

    fn event(&mut self, event: Event<'_>, line: usize) {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.refuse(line, "another document", "one document");
                }
            }
            Event::Alias(anchor) => self.alias(anchor, line),
            Event::Scalar(text, style, anchor, tag) => {
                self.untagged(line, tag.is_some());
                let plain = style == ScalarStyle::Plain;
                if plain && text == "<<" {
                    self.refuse(line, "a merge key", "the keys, spelled out");
                }
                let node = scalar(line, text.into_owned(), plain);
                self.known_as(anchor, &node);
                if self.has_room(1, line) {
                    self.put(node);
                }
            }
            Event::SequenceStart(anchor, tag) => {
                self.untagged(line, tag.is_some());
                self.begin(Open::List(Start { line, anchor }, Vec::new()), line);
            }
            Event::MappingStart(anchor, tag) => {
                self.untagged(line, tag.is_some());
                self.begin(Open::Map(Start { line, anchor }, Vec::new(), None), line);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            _ => {}
        }
    }

    fn alias(&mut self, anchor: usize, line: usize) {
        let Some(size) = self.anchors.get(&anchor).map(Node::size) else {
            return self.refuse(line, "an alias of what it stands in", "the text itself");
        };
        if self.has_room(size, line)
            && let Some(node) = self.anchors.get(&anchor).cloned()
        {
            self.put(node);
        }
    }

    fn untagged(&mut self, line: usize, tagged: bool) {
        if tagged {
            self.refuse(line, "a tag", "no tags");
        }
    }

    fn known_as(&mut self, anchor: usize, node: &Node) {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
    }

    fn begin(&mut self, open: Open, line: usize) {
        if self.open.len() == DEEPEST {
            self.refuse(line, "very deep nesting", "at most 32 levels");
        }
        self.open.push(open);
    }

    fn end(&mut self) {
        let (start, value) = match self.open.pop() {
            Some(Open::List(start, list)) => (start, Value::List(list)),
            Some(Open::Map(start, map, _)) => (start, Value::Map(map)),
            None => return,
        };
        let node = Node {
            line: start.line,
            value,
        };
        self.known_as(start.anchor, &node);
        if self.has_room(1, node.line) {
            self.put(node);
        }
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
