//! What holds for every answer of every live row, and what must break it.

use super::{row::known_fault, shapes::Shapes};
use crate::{
    expect::{self, Check},
    toml_read::{Node, Reader, Table},
};

/// A word that is judged over every answer of every live row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invariant {
    /// The word, which is also the name of its check.
    pub word: String,
    /// Faults of the embedded gateway that must break it, whichever row's answers show them.
    pub sabotage: Vec<String>,
}

/// The checks that every live row has beside its own, and the invariants that they come from.
pub(super) type Read = (Vec<Check>, Vec<Invariant>);

/// Reads the file of the invariants. `faults` are the names that sabotage may use, where they are
/// known.
pub(super) fn read(
    reader: &mut Reader,
    table: &mut Table<'_>,
    shapes: &Shapes,
    faults: Option<&[&str]>,
) -> Read {
    let expected = table.required(reader, "expect");
    let sabotage = table.optional("sabotage");
    table.refuse_unknown(reader);
    let Some(expected) = expected else {
        return Read::default();
    };
    let checks = expect::read_invariants(reader, &expected, shapes);
    let mut invariants: Vec<Invariant> = checks
        .iter()
        .map(|check| Invariant {
            word: check.id.clone(),
            sabotage: Vec::new(),
        })
        .collect();
    let broken_by = sabotage.and_then(|node| node.table(reader));
    for (word, span, node) in broken_by.iter().flat_map(Table::entries) {
        let Some(invariant) = invariants.iter_mut().find(|known| known.word == word) else {
            let known: Vec<&str> = checks.iter().map(|check| check.id.as_str()).collect();
            reader.unknown(span, "invariant", word, &known);
            continue;
        };
        invariant.sabotage = read_faults(reader, &node, faults);
    }
    (checks, invariants)
}

fn read_faults(reader: &mut Reader, node: &Node<'_>, faults: Option<&[&str]>) -> Vec<String> {
    let nodes = node.array(reader).unwrap_or_default();
    nodes
        .iter()
        .filter_map(|node| known_fault(reader, node, faults))
        .collect()
}
