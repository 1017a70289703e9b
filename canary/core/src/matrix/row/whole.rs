//! What can only be seen when a row is whole: its parts fit together, and it needs what it uses.

use std::ops::Range;

use super::{Row, Venue};
use crate::{
    input::{Declared, Need},
    template::Slot,
    toml_read::Reader,
};

/// Reports what does not fit in a row that was read.
pub(super) fn check(reader: &mut Reader, row: &Row, inputs: Option<&Declared>) {
    let (_, span) = row.place.clone();
    let local = row.venue == Venue::Local;
    if !local && row.name.split('.').any(|part| part == "local") {
        reader.problem(span.clone(), "a live row is not named `local`");
    }
    if !local && !row.script.is_empty() {
        reader.problem(span.clone(), "a live row has no scripted server");
    }
    for call in row
        .calls
        .iter()
        .filter(|call| call.operation.local_only && !local)
    {
        reader.problem(
            span.clone(),
            format!(
                "`{}` can only be called in a local row",
                call.operation.name
            ),
        );
    }
    let only_raw = row
        .calls
        .iter()
        .all(|call| call.operation.surface.is_none());
    if row.surfaces.is_empty() && !only_raw {
        reader
            .problem(span.clone(), "the row names no surface")
            .help = Some("list in `surfaces` the SDK operations that it proves".to_owned());
    }
    check_slots(reader, row, inputs, &span);
}

fn check_slots(reader: &mut Reader, row: &Row, inputs: Option<&Declared>, span: &Range<usize>) {
    for (at, call) in row.calls.iter().enumerate() {
        for slot in call.slots() {
            match slot {
                Slot::Input { name, optional } => {
                    if let Some(inputs) = inputs {
                        check_input(reader, row, inputs, &name, optional, span);
                    }
                }
                Slot::Near { name, .. } => {
                    if let Some(inputs) = inputs {
                        check_input(reader, row, inputs, &name, false, span);
                    }
                }
                Slot::Secret if row.venue == Venue::Live => {
                    reader.problem(
                        span.clone(),
                        "`${secret}` is the key of a local row's client",
                    );
                }
                Slot::Artifact { call: source, .. }
                    if !row.calls[..at].iter().any(|call| call.name == source) =>
                {
                    reader.problem(
                        span.clone(),
                        format!("`{}` uses `{source}`, which is no earlier call", call.name),
                    );
                }
                _ => {}
            }
        }
    }
}

fn check_input(
    reader: &mut Reader,
    row: &Row,
    inputs: &Declared,
    name: &str,
    optional: bool,
    span: &Range<usize>,
) {
    let Some(input) = inputs.input(name) else {
        let known: Vec<&str> = inputs
            .inputs()
            .iter()
            .map(|input| input.name.as_str())
            .collect();
        reader.unknown(span.clone(), "input", name, &known);
        return;
    };
    let needed = row
        .needs
        .iter()
        .any(|need| matches!(need, Need::Input(needed) if needed == name));
    if !needed && !optional && input.default.is_none() {
        reader
            .problem(
                span.clone(),
                format!("the row uses `{name}` but does not need it"),
            )
            .help =
            Some("add it to `needs`, or write `${NAME?}` if the row can do without".to_owned());
    }
}
