//! The tables, each made from the one place that declares what it lists.

use std::collections::BTreeMap;

use canary_core::{
    exit::Exit,
    expect::vocabulary,
    input::{Input, Kind},
    matrix::{Matrix, Tier, operations},
};
use runinfra_gateway::Fault;

/// Every table there is, by the name that a marker uses.
pub fn tables(matrix: &Matrix, faults: &[Fault]) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("choices", choices(matrix)),
        ("exit-codes", exit_codes()),
        ("expectations", expectations()),
        ("faults", fault_table(matrix, faults)),
        ("inputs", inputs(matrix)),
        ("operations", operation_table()),
        ("rows", rows(matrix)),
        ("shapes", files_below(matrix, "shapes/")),
        ("samples", files_below(matrix, "samples/")),
    ])
}

/// A table in Markdown.
fn markdown<const N: usize>(
    head: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut out = line(&head.map(str::to_owned));
    out.extend(["|", &"---|".repeat(N), "\n"]);
    for row in rows {
        // A bar would end the cell, and a line break the table.
        out.push_str(&line(
            &row.map(|cell| cell.replace('|', "\\|").replace('\n', " ")),
        ));
    }
    out
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn codes<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| code(item.as_ref())).collect();
    items.join(", ")
}

fn inputs(matrix: &Matrix) -> String {
    let rows = matrix.inputs().inputs().iter().map(|input| {
        [
            code(&input.name),
            kind(input),
            input.default.as_deref().map(code).unwrap_or_default(),
            other_sources(input),
            input.about.clone(),
        ]
    });
    markdown(
        ["variable", "must be", "default", "also taken from", "for"],
        rows,
    )
}

fn kind(input: &Input) -> String {
    let must = match &input.kind {
        Kind::Key => "key".to_owned(),
        Kind::Text => "text".to_owned(),
        Kind::Number { above, max } => format!("number above {above}, at most {max}"),
        Kind::Integer { min, max } => format!("whole number from {min} to {max}"),
        Kind::Url => "base URL".to_owned(),
        Kind::Size => "WIDTHxHEIGHT in pixels".to_owned(),
        Kind::Word { words } => codes(words).replace(", ", " or "),
        Kind::File => "file that can be read and is not empty".to_owned(),
        Kind::Mime => "media type".to_owned(),
        Kind::Paths => "comma-separated dotted paths".to_owned(),
    };
    if input.secret {
        format!("{must}, secret")
    } else {
        must
    }
}

fn other_sources(input: &Input) -> String {
    let aliases = input.aliases.iter().map(|name| code(name));
    let base64 = input
        .from_base64
        .iter()
        .map(|name| format!("{} (base64, in CI)", code(name)));
    let fallback = input
        .fallback
        .iter()
        .map(|name| format!("then {}", code(name)));
    let sources: Vec<String> = aliases.chain(base64).chain(fallback).collect();
    sources.join(", ")
}

fn choices(matrix: &Matrix) -> String {
    let rows = matrix.inputs().choices().iter().map(|choice| {
        let ways: Vec<String> = choice
            .any_of
            .iter()
            .map(|way| codes(way).replace(", ", " with "))
            .collect();
        [
            code(&format!("choice:{}", choice.name)),
            ways.join(", or "),
            choice.about.clone(),
        ]
    });
    markdown(["need", "met by", "for"], rows)
}

fn rows(matrix: &Matrix) -> String {
    let rows = matrix.rows().iter().map(|row| {
        let needs: Vec<String> = row.needs.iter().map(ToString::to_string).collect();
        [
            code(&row.name),
            row.tier.as_str().to_owned(),
            row.venue.as_str().to_owned(),
            row.proves.clone(),
            codes(&needs),
        ]
    });
    let gating = matrix.rows().iter().filter(|row| row.tier == Tier::Ga);
    format!(
        "{} rows, of which {} gate promotion.\n\n{}",
        matrix.rows().len(),
        gating.count(),
        markdown(["row", "tier", "venue", "proves", "needs"], rows)
    )
}

fn operation_table() -> String {
    let rows = operations().iter().map(|operation| {
        let venue = if operation.local_only {
            "local"
        } else {
            "both"
        };
        [
            code(operation.name),
            codes(operation.required),
            codes(operation.optional),
            venue.to_owned(),
            operation.about.to_owned(),
        ]
    });
    markdown(["operation", "needs", "takes", "venue", "does"], rows)
}

fn expectations() -> String {
    let rows = vocabulary().map(|word| {
        [
            code(word.word),
            if word.argument.is_empty() {
                "none".to_owned()
            } else {
                word.argument.to_owned()
            },
            word.about.to_owned(),
        ]
    });
    markdown(["word", "argument", "holds when"], rows)
}

fn fault_table(matrix: &Matrix, faults: &[Fault]) -> String {
    let rows = faults.iter().map(|fault| {
        let noticed = matrix
            .rows()
            .iter()
            .filter(|row| {
                row.sabotage
                    .iter()
                    .any(|sabotage| sabotage.name() == fault.name)
            })
            .map(|row| row.name.as_str());
        let invariants = matrix.invariants().iter();
        let invariants = invariants
            .filter(|one| one.sabotage.iter().any(|name| name == fault.name))
            .map(|one| one.word.as_str());
        [
            code(fault.name),
            fault.breaks.to_owned(),
            codes(noticed.chain(invariants)),
        ]
    });
    markdown(
        ["fault", "breaks", "rows and invariants that must notice"],
        rows,
    )
}

fn files_below(matrix: &Matrix, folder: &str) -> String {
    let names = matrix.files().iter().filter_map(|file| {
        let name = file.name.strip_prefix(folder)?.strip_suffix(".json")?;
        Some(format!("- {}\n", code(name)))
    });
    names.collect()
}

fn exit_codes() -> String {
    let rows = Exit::ALL.map(|exit| [exit.code().to_string(), exit.meaning().to_owned()]);
    markdown(["code", "means"], rows)
}

#[cfg(test)]
mod tests {
    use canary_core::builtin;
    use runinfra_gateway::fault;

    use super::*;

    #[test]
    fn a_cell_cannot_break_out_of_its_table() {
        let table = markdown(["a", "b"], [["x|y".to_owned(), "p\nq".to_owned()]]);
        assert_eq!(table, "| a | b |\n|---|---|\n| x\\|y | p q |\n");
    }

    #[test]
    fn the_tables_list_everything_that_is_declared() {
        let matrix = Matrix::load(builtin::matrix(), None).unwrap();
        let tables = tables(&matrix, fault::catalogue());
        let lists = |table: &str, name: &str| tables[table].contains(&format!("`{name}`"));
        for input in matrix.inputs().inputs() {
            for variable in input.variables() {
                assert!(lists("inputs", variable), "{variable}");
            }
        }
        assert!(matrix.rows().iter().all(|row| lists("rows", &row.name)));
        assert!(operations().iter().all(|one| lists("operations", one.name)));
        assert!(vocabulary().all(|word| lists("expectations", word.word)));
        assert!(
            fault::catalogue()
                .iter()
                .all(|one| lists("faults", one.name))
        );
        assert!(lists("samples", "chat.completion"));
        assert!(tables["exit-codes"].contains("| 130 | interrupted |"));
    }
}
