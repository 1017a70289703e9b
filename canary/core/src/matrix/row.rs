//! A row: a promise, the calls that try it, and what must come of them.

mod whole;

use std::{collections::BTreeMap, ops::Range};

use serde_json::{Map, Value};

use super::{
    call::{self, Call, ClientPlan},
    operation::operations,
    script::{self, Reply},
    shapes::Shapes,
};
use crate::{
    expect::{self, Check},
    input::{Declared, Need},
    toml_read::{Node, Reader, Table},
};

/// Whether a row gates promotion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// It does.
    Ga,
    /// It runs and is reported, and gates nothing yet.
    Preview,
}

impl Tier {
    /// As written in a row.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ga => "ga",
            Self::Preview => "preview",
        }
    }
}

/// What a row's calls are made against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Venue {
    /// The gateway.
    Live,
    /// A scripted server on loopback, or nothing at all.
    Local,
}

impl Venue {
    /// As written in a row.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Local => "local",
        }
    }
}

/// A row, checked.
#[derive(Debug, Clone)]
pub struct Row {
    /// Public name.
    pub name: String,
    /// The promise, in one sentence.
    pub proves: String,
    /// Whether it gates promotion.
    pub tier: Tier,
    /// What its calls are made against.
    pub venue: Venue,
    /// SDK operations that it proves.
    pub surfaces: Vec<String>,
    /// Inputs without which it cannot run.
    pub needs: Vec<Need>,
    /// Its calls, in order.
    pub calls: Vec<Call>,
    /// What its scripted server answers; empty for live rows.
    pub script: Vec<Reply>,
    /// What must hold.
    pub checks: Vec<Check>,
    /// What must make it fail.
    pub sabotage: Vec<Sabotage>,
    /// File and place of its name.
    pub place: (String, Range<usize>),
}

/// Something that must make a row fail.
#[derive(Debug, Clone, PartialEq)]
pub enum Sabotage {
    /// A fault of the embedded gateway, by name.
    Fault(String),
    /// Another behaviour of the scripted server, or another request.
    Counter(Box<Counter>),
}

impl Sabotage {
    /// The fault's or the counter-script's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Fault(name) => name,
            Self::Counter(counter) => &counter.name,
        }
    }
}

/// What a `.local` row is tried against: the same row, changed in one way that it must notice.
#[derive(Debug, Clone, PartialEq)]
pub struct Counter {
    /// Name within the row.
    pub name: String,
    /// Replaces the row's script.
    pub script: Option<Vec<Reply>>,
    /// Parameters that are put in the place of the first call's.
    pub request: Map<String, Value>,
    /// Options that are put in the place of the first call's.
    pub options: Map<String, Value>,
    /// Replaces the way the first call's client is built.
    pub client: Option<ClientPlan>,
}

/// What rows may refer to.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    /// [`None`] when the declaration is broken: then no name is known to be wrong.
    pub(super) inputs: Option<&'a Declared>,
    pub(super) shapes: &'a Shapes,
    pub(super) samples: &'a BTreeMap<String, Value>,
    pub(super) faults: Option<&'a [&'a str]>,
}

/// The rows of one file.
#[derive(Default)]
pub(super) struct Rows {
    /// Those that could be read.
    pub(super) rows: Vec<Row>,
    /// The names of all that are written, so that a mistake in one is not also a mistake in what
    /// refers to it.
    pub(super) names: Vec<String>,
}

/// Reads the rows of one file.
pub(super) fn read_file(reader: &mut Reader, table: &mut Table<'_>, context: &Context<'_>) -> Rows {
    let mut all = Rows::default();
    let Some(node) = table.optional("row") else {
        reader.problem(table.span(), "a row file without [[row]]");
        return all;
    };
    for node in node.array(reader).unwrap_or_default() {
        let Some(mut table) = node.table(reader) else {
            continue;
        };
        let name = table.required(reader, "name");
        let name = name.and_then(|node| Some((read_name(reader, &node)?, node.span())));
        all.names.extend(name.iter().map(|(name, _)| name.clone()));
        all.rows.extend(read_row(reader, table, name, context));
    }
    all
}

const TIERS: &[(&str, Tier)] = &[("ga", Tier::Ga), ("preview", Tier::Preview)];
const VENUES: &[(&str, Venue)] = &[("live", Venue::Live), ("local", Venue::Local)];

fn read_row(
    reader: &mut Reader,
    mut table: Table<'_>,
    name: Option<(String, Range<usize>)>,
    context: &Context<'_>,
) -> Option<Row> {
    let proves = table.string(reader, "proves");
    let tier = table
        .required(reader, "tier")
        .and_then(|node| node.word(reader, "tier", TIERS));
    let venue = table
        .required(reader, "venue")
        .and_then(|node| node.word(reader, "venue", VENUES));
    let surfaces = read_surfaces(reader, &mut table);
    let needs = read_needs(reader, &mut table, context.inputs);
    let calls = table
        .required(reader, "call")
        .map(|node| call::read_all(reader, &node))
        .unwrap_or_default();
    let script = table
        .optional("script")
        .map(|node| script::read(reader, &node, context.samples))
        .unwrap_or_default();
    let checks = read_expect(reader, &mut table, &calls.names, context);
    let sabotage = read_sabotage(reader, &mut table, venue, context);
    table.refuse_unknown(reader);
    let (name, span) = name?;
    let row = Row {
        name,
        proves: proves?,
        tier: tier?,
        venue: venue?,
        surfaces,
        needs,
        calls: calls.read,
        script,
        checks,
        sabotage,
        place: (reader.file().to_owned(), span),
    };
    whole::check(reader, &row, context.inputs);
    Some(row)
}

fn read_name(reader: &mut Reader, node: &Node<'_>) -> Option<String> {
    let name = node.string(reader)?;
    let fits = name.len() <= 120
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._".contains(&b))
        && name.split('.').all(|part| !part.is_empty());
    if !fits {
        reader.problem(
            node.span(),
            "a row's name is lower-case words with `_`, joined by `.`, at most 120 characters",
        );
        return None;
    }
    Some(name.to_owned())
}

fn read_surfaces(reader: &mut Reader, table: &mut Table<'_>) -> Vec<String> {
    let known: Vec<&str> = operations()
        .iter()
        .filter_map(|operation| operation.surface)
        .collect();
    let written = table.strings(reader, "surfaces");
    for (name, span) in &written {
        if !known.contains(&name.as_str()) {
            reader.unknown(span.clone(), "surface", name, &known);
        }
    }
    written.into_iter().map(|(name, _)| name).collect()
}

fn read_needs(reader: &mut Reader, table: &mut Table<'_>, inputs: Option<&Declared>) -> Vec<Need> {
    let mut needs = Vec::new();
    let written = table.strings(reader, "needs");
    let Some(inputs) = inputs else { return needs };
    for (written, span) in written {
        if let Some(need) = inputs.need(&written) {
            needs.push(need);
        } else {
            let known = inputs.need_words();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            reader.unknown(span, "input", &written, &known);
        }
    }
    needs
}

fn read_expect(
    reader: &mut Reader,
    table: &mut Table<'_>,
    calls: &[String],
    context: &Context<'_>,
) -> Vec<Check> {
    let Some(node) = table.required(reader, "expect") else {
        return Vec::new();
    };
    let before = reader.count();
    let checks = expect::read(
        reader,
        &node,
        expect::Context {
            calls,
            shapes: context.shapes,
        },
    );
    if checks.is_empty() && reader.count() == before {
        reader.problem(node.span(), "a row that expects nothing proves nothing");
    }
    checks
}

fn read_sabotage(
    reader: &mut Reader,
    table: &mut Table<'_>,
    venue: Option<Venue>,
    context: &Context<'_>,
) -> Vec<Sabotage> {
    let Some(node) = table.required(reader, "sabotage") else {
        return Vec::new();
    };
    let nodes = node.array(reader).unwrap_or_default();
    if nodes.is_empty() {
        reader.problem(
            node.span(),
            "a row that nothing can make fail proves nothing",
        );
    }
    let mut all = Vec::new();
    for node in &nodes {
        let read = match venue {
            Some(Venue::Live) => read_fault(reader, node, context.faults),
            Some(Venue::Local) => read_counter(reader, node, context.samples),
            None => None,
        };
        all.extend(read);
    }
    all
}

fn read_fault(reader: &mut Reader, node: &Node<'_>, faults: Option<&[&str]>) -> Option<Sabotage> {
    known_fault(reader, node, faults).map(Sabotage::Fault)
}

/// The name of a fault that there is, as far as the names are known.
pub(super) fn known_fault(
    reader: &mut Reader,
    node: &Node<'_>,
    faults: Option<&[&str]>,
) -> Option<String> {
    let name = node.string(reader)?;
    if let Some(known) = faults.filter(|known| !known.contains(&name)) {
        reader.unknown(node.span(), "fault", name, known);
        return None;
    }
    Some(name.to_owned())
}

fn read_counter(
    reader: &mut Reader,
    node: &Node<'_>,
    samples: &BTreeMap<String, Value>,
) -> Option<Sabotage> {
    let mut table = node.table(reader)?;
    let name = table.string(reader, "name");
    let script = table
        .optional("script")
        .map(|node| script::read(reader, &node, samples));
    let map = |reader: &mut Reader, node: Option<Node<'_>>| match node
        .and_then(|node| call::templated(reader, &node))
    {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
    };
    let (request, options) = (table.optional("call"), table.optional("options"));
    let (request, options) = (map(reader, request), map(reader, options));
    let client = table
        .optional("client")
        .map(|node| call::read_client(reader, &node));
    table.refuse_unknown(reader);
    if script.is_none() && request.is_empty() && options.is_empty() && client.is_none() {
        reader.problem(
            node.span(),
            "a counter-script changes the `script`, the `call`, its `options` or its `client`",
        );
    }
    Some(Sabotage::Counter(Box::new(Counter {
        name: name?,
        script,
        request,
        options,
        client,
    })))
}
