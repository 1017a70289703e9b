//! A call of a row: an operation with its parameters, and how it is driven.

use std::ops::Range;

use serde_json::{Map, Value};

use super::operation::{Operation, operations};
use crate::{
    evidence::WHOLE_ROW,
    template::{self, Slot},
    toml_read::{Node, Reader, Table},
};

/// Keys of a call that are not parameters of its operation.
pub(super) const RESERVED: &[&str] = &[
    "operation",
    "as",
    "client",
    "options",
    "consume",
    "parallel",
];

/// One call of a row.
#[derive(Debug, Clone)]
pub struct Call {
    /// Its name in the row; `call` when the row gives none.
    pub name: String,
    /// What is called.
    pub operation: &'static Operation,
    /// The parameters as written, slots and all.
    pub request: Map<String, Value>,
    /// Per-request options as written.
    pub options: Map<String, Value>,
    /// How the client is built.
    pub client: ClientPlan,
    /// How the answer is read.
    pub consume: Consume,
    /// Whether it runs at the same time as the call before it.
    pub parallel: bool,
}

/// How a call's client is built. What is not said stays the SDK's default.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ClientPlan {
    /// Template of the API key; without it the workspace key (live) or the row's secret (local).
    pub key: Option<Value>,
    /// Template of a pipeline id.
    pub pipeline: Option<Value>,
    /// Template of a base URL; only in `.local` rows.
    pub base_url: Option<Value>,
    /// Whole-call timeout in seconds.
    pub timeout_seconds: Option<f64>,
    /// Idle timeout of streams in seconds.
    pub idle_timeout_seconds: Option<f64>,
    /// Retries after the first attempt.
    pub max_retries: Option<u64>,
    /// First delay between attempts, in seconds.
    pub retry_base_seconds: Option<f64>,
}

/// How an answer is read.
#[derive(Debug, Clone, PartialEq)]
pub enum Consume {
    /// To its end, at once.
    All,
    /// A stream is dropped after so many events.
    CancelAfter(u64),
    /// A stream is read with a pause (milliseconds, may be a slot) after each event.
    Slowly(Value),
}

impl Call {
    /// Every slot of the call.
    pub fn slots(&self) -> Vec<Slot> {
        let client = [
            &self.client.key,
            &self.client.pipeline,
            &self.client.base_url,
        ];
        let slow = if let Consume::Slowly(value) = &self.consume {
            Some(value)
        } else {
            None
        };
        self.request
            .values()
            .chain(self.options.values())
            .chain(client.into_iter().flatten())
            .chain(slow)
            .flat_map(|value| template::slots(value).unwrap_or_default())
            .collect()
    }
}

/// The calls of a row.
#[derive(Default)]
pub(super) struct Calls {
    /// Those that could be read.
    pub(super) read: Vec<Call>,
    /// The names of all that are written, so that a mistake in one is not also a mistake in what
    /// refers to it.
    pub(super) names: Vec<String>,
}

/// Reads `call`: one table, or an array of them.
pub(super) fn read_all(reader: &mut Reader, node: &Node<'_>) -> Calls {
    let nodes = if node.is_array() {
        node.array(reader).unwrap_or_default()
    } else {
        vec![node.clone()]
    };
    if nodes.is_empty() {
        reader.problem(node.span(), "a row without a call proves nothing");
    }
    let mut calls = Calls::default();
    for node in &nodes {
        let Some(mut table) = node.table(reader) else {
            continue;
        };
        let name = table
            .optional("as")
            .and_then(|node| read_name(reader, &node))
            .unwrap_or_else(|| "call".to_owned());
        if calls.names.contains(&name) {
            reader
                .problem(
                    node.span(),
                    format!("a second call named `{name}` in this row"),
                )
                .help = Some("give each a name of its own with `as`".to_owned());
        }
        calls.names.push(name.clone());
        calls.read.extend(read_one(reader, table, name));
    }
    calls
}

/// The name of a call. It stands in reports, and `${name.part}` is what the call brought back.
fn read_name(reader: &mut Reader, node: &Node<'_>) -> Option<String> {
    let name = node.string(reader)?;
    if !is_name(name) {
        reader
            .problem(node.span(), format!("`{name}` cannot be a call's name"))
            .help = Some(format!(
            "use up to {LONGEST_NAME} small letters, digits and `_`, a letter first, and no word that means something else: `{WHOLE_ROW}`, or what `${{…}}` knows"
        ));
    }
    Some(name.to_owned())
}

/// The longest name of a call.
const LONGEST_NAME: usize = 40;

fn is_name(name: &str) -> bool {
    let known = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '_');
    let refers = || {
        let part = "part".to_owned();
        let call = name.to_owned();
        let written = Value::String(format!("${{{name}.{part}}}"));
        template::slots(&written) == Ok(vec![Slot::Artifact { call, part }])
    };
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(known)
        && name.len() <= LONGEST_NAME
        && name != WHOLE_ROW
        && refers()
}

fn read_one(reader: &mut Reader, mut table: Table<'_>, name: String) -> Option<Call> {
    let operation = read_operation(reader, &mut table)?;
    let client = table
        .optional("client")
        .map(|node| read_client(reader, &node))
        .unwrap_or_default();
    let consume = table
        .optional("consume")
        .and_then(|node| read_consume(reader, &node))
        .unwrap_or(Consume::All);
    let parallel = table
        .optional("parallel")
        .and_then(|node| node.boolean(reader))
        .unwrap_or(false);
    let options = table
        .optional("options")
        .map(|node| read_options(reader, &node))
        .unwrap_or_default();
    let request = read_parameters(reader, &table, operation);
    let written = |name: &str| table.entries().any(|(key, _, _)| key == name);
    for missing in operation.required.iter().filter(|name| !written(name)) {
        reader.problem(
            table.span(),
            format!("`{}` needs the parameter `{missing}`", operation.name),
        );
    }
    Some(Call {
        name,
        operation,
        request,
        options,
        client,
        consume,
        parallel,
    })
}

fn read_operation(reader: &mut Reader, table: &mut Table<'_>) -> Option<&'static Operation> {
    let node = table.required(reader, "operation")?;
    let name = node.string(reader)?;
    let found = Operation::find(name);
    if found.is_none() {
        let known: Vec<&str> = operations()
            .iter()
            .map(|operation| operation.name)
            .collect();
        reader.unknown(node.span(), "operation", name, &known);
    }
    found
}

fn read_parameters(
    reader: &mut Reader,
    table: &Table<'_>,
    operation: &Operation,
) -> Map<String, Value> {
    let known: Vec<&str> = operation.parameters().collect();
    let mut request = Map::new();
    for (key, span, node) in table
        .entries()
        .filter(|(key, _, _)| !RESERVED.contains(key))
    {
        if !known.contains(&key) {
            let everything: Vec<&str> = known.iter().chain(RESERVED).copied().collect();
            reader
                .problem(
                    span,
                    format!("`{}` has no parameter `{key}`", operation.name),
                )
                .help = super::advice(key, &everything);
            continue;
        }
        if let Some(value) = templated(reader, &node) {
            request.insert(key.to_owned(), value);
        }
    }
    request
}

/// A JSON value whose slots mean something.
pub(super) fn templated(reader: &mut Reader, node: &Node<'_>) -> Option<Value> {
    let value = node.json(reader)?;
    let Err(error) = template::slots(&value) else {
        return Some(value);
    };
    let span = bad_slot(reader, node).unwrap_or_else(|| node.span());
    reader.problem(span, error.to_string());
    None
}

/// Where the first string stands that is no template.
fn bad_slot(reader: &mut Reader, node: &Node<'_>) -> Option<Range<usize>> {
    let inner: Vec<Node<'_>> = if node.is_array() {
        node.array(reader)?
    } else if node.is_table() {
        let entries = node.table(reader)?;
        entries.entries().map(|(_, _, node)| node).collect()
    } else {
        let bad = template::slots(&node.json(reader)?).is_err();
        return bad.then(|| node.span());
    };
    inner.iter().find_map(|node| bad_slot(reader, node))
}

fn read_options(reader: &mut Reader, node: &Node<'_>) -> Map<String, Value> {
    const KEYS: [&str; 7] = [
        "client_request_id",
        "idempotency_key",
        "timeout_seconds",
        "idle_timeout_seconds",
        "max_retries",
        "retry_base_seconds",
        "headers",
    ];
    let mut options = Map::new();
    let Some(mut table) = node.table(reader) else {
        return options;
    };
    for key in KEYS {
        if let Some(value) = table
            .optional(key)
            .and_then(|node| templated(reader, &node))
        {
            options.insert(key.to_owned(), value);
        }
    }
    table.refuse_unknown(reader);
    options
}

pub(super) fn read_client(reader: &mut Reader, node: &Node<'_>) -> ClientPlan {
    let Some(mut table) = node.table(reader) else {
        return ClientPlan::default();
    };
    let mut text = |reader: &mut Reader, key| {
        table
            .optional(key)
            .and_then(|node| templated(reader, &node))
    };
    let (key, pipeline, base_url) = (
        text(reader, "key"),
        text(reader, "pipeline"),
        text(reader, "base_url"),
    );
    let mut number =
        |reader: &mut Reader, key| table.optional(key).and_then(|node| node.number(reader));
    let timeout_seconds = number(reader, "timeout_seconds");
    let idle_timeout_seconds = number(reader, "idle_timeout_seconds");
    let retry_base_seconds = number(reader, "retry_base_seconds");
    let max_retries = table
        .optional("max_retries")
        .and_then(|node| node.count(reader));
    table.refuse_unknown(reader);
    ClientPlan {
        key,
        pipeline,
        base_url,
        timeout_seconds,
        idle_timeout_seconds,
        max_retries,
        retry_base_seconds,
    }
}

fn read_consume(reader: &mut Reader, node: &Node<'_>) -> Option<Consume> {
    if node.is_string() {
        return node
            .word(reader, "way to read", &[("all", ())])
            .map(|()| Consume::All);
    }
    let mut table = node.table(reader)?;
    let cancel = table.optional("cancel_after");
    let slow = table.optional("slow_ms");
    table.refuse_unknown(reader);
    match (cancel, slow) {
        (Some(node), None) => node.count(reader).map(Consume::CancelAfter),
        (None, Some(node)) => templated(reader, &node).map(Consume::Slowly),
        _ => {
            reader.problem(
                node.span(),
                "write \"all\", { cancel_after = N } or { slow_ms = N }",
            );
            None
        }
    }
}
