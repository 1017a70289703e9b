//! `canary matrix`: for row authors.

use std::path::{Path, PathBuf};

use canary_core::{
    exit::Exit,
    matrix::{Matrix, Row, Sabotage},
};
use runinfra_gateway::fault;
use serde_json::{Value, json};

use super::{
    CommandError, Shell,
    args::{Format, Matrix as MatrixArgs, MatrixCommand},
    preflight::load_matrix,
};
use crate::{
    docs::{self, Stale},
    load,
    place::write_again,
};

pub(super) fn matrix(args: MatrixArgs, shell: &Shell) -> Result<Exit, CommandError> {
    match args.command {
        MatrixCommand::Check { matrix } => {
            let matrix = load_matrix(&matrix)?;
            let (rows, files) = (matrix.rows().len(), matrix.files().len());
            shell.console.say(&format!(
                "{rows} rows in {files} files, digest {}",
                matrix.digest()
            ));
        }
        MatrixCommand::List { matrix, format } => {
            let matrix = load_matrix(&matrix)?;
            match format {
                Format::Text => shell.console.say(&list(&matrix)),
                Format::Json => print_json(
                    shell,
                    &Value::Array(matrix.rows().iter().map(explain_json).collect()),
                ),
            }
        }
        MatrixCommand::Explain {
            row,
            matrix,
            format,
        } => {
            let matrix = load_matrix(&matrix)?;
            let found = matrix.row(&row).ok_or_else(|| unknown_row(&matrix, &row))?;
            match format {
                Format::Text => shell.console.say(&explain(found)),
                Format::Json => print_json(shell, &explain_json(found)),
            }
        }
        MatrixCommand::Docs {
            matrix,
            write,
            check,
        } => return documents(&load_matrix(&matrix)?, &write, &check, shell),
        MatrixCommand::Schema { format: _ } => print_json(shell, &crate::row_schema::schema()),
    }
    Ok(Exit::Yes)
}

/// Writes and checks documents. Nothing is written unless every document can be.
fn documents(
    matrix: &Matrix,
    write: &[PathBuf],
    check: &[PathBuf],
    shell: &Shell,
) -> Result<Exit, CommandError> {
    let tables = docs::tables(matrix, fault::catalogue());
    let current = |path: &PathBuf| {
        let text = load::text("the document", path)?;
        let wanted = docs::update(&text, &tables)
            .map_err(|error| CommandError::Usage(format!("{}: {error}", path.display())))?;
        Ok::<_, CommandError>((path.clone(), text, wanted))
    };
    let written: Vec<_> = write.iter().map(current).collect::<Result<_, _>>()?;
    let checked: Vec<_> = check.iter().map(current).collect::<Result<_, _>>()?;
    for (path, text, wanted) in &written {
        if text != wanted {
            write_again(path, wanted.as_bytes()).map_err(|source| CommandError::Write {
                path: path.clone(),
                source,
            })?;
        }
    }
    let mut exit = Exit::Yes;
    for (path, text, wanted) in &checked {
        if let Some(stale) = docs::first_difference(text, wanted) {
            shell.console.say(&stale_document(path, &stale));
            exit = Exit::No;
        }
    }
    Ok(exit)
}

fn stale_document(path: &Path, stale: &Stale) -> String {
    let path = path.display();
    let line = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
    format!(
        "{path}:{}: a generated part is not current\n  found:  {}\n  wanted: {}\n  \
         run `canary matrix docs --write {path}`",
        stale.line,
        line(&stale.found),
        line(&stale.wanted)
    )
}

fn print_json(shell: &Shell, value: &Value) {
    shell.console.say(&format!("{value:#}"));
}

fn unknown_row(matrix: &Matrix, name: &str) -> CommandError {
    let known: Vec<&str> = matrix.rows().iter().map(|row| row.name.as_str()).collect();
    let advice = canary_core::diagnose::did_you_mean(name, &known);
    let advice = advice
        .map(|advice| format!(" ({advice})"))
        .unwrap_or_default();
    CommandError::Usage(format!(
        "no row is named `{name}`{advice}; `canary matrix list` names them all"
    ))
}

fn list(matrix: &Matrix) -> String {
    let mut table = comfy_table::Table::new();
    table
        .load_style(comfy_table::presets::NOTHING)
        .set_header(["row", "tier", "venue", "proves"]);
    for row in matrix.rows() {
        table.add_row([
            row.name.as_str(),
            row.tier.as_str(),
            row.venue.as_str(),
            row.proves.as_str(),
        ]);
    }
    table.to_string()
}

fn lines(title: &str, items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items
        .into_iter()
        .map(|item| format!("  {item}\n"))
        .collect();
    if items.is_empty() {
        String::new()
    } else {
        format!("{title}\n{}", items.concat())
    }
}

fn explain(row: &Row) -> String {
    let calls = row.calls.iter().map(|call| {
        let parameters: Vec<&str> = call.request.keys().map(String::as_str).collect();
        format!(
            "{} = {} ({})",
            call.name,
            call.operation.name,
            parameters.join(", ")
        )
    });
    let checks = row
        .checks
        .iter()
        .map(|check| format!("{} of {}: {}", check.id, check.of, check.rule));
    [
        format!(
            "{}\n  {}\n  {} row of tier {}, in {}\n",
            row.name,
            row.proves,
            row.venue.as_str(),
            row.tier.as_str(),
            row.place.0
        ),
        lines("needs", row.needs.iter().map(ToString::to_string)),
        lines("proves the SDK operations", row.surfaces.iter().cloned()),
        lines("calls", calls),
        lines("demands", checks),
        lines(
            "must fail under",
            row.sabotage
                .iter()
                .map(|sabotage| sabotage.name().to_owned()),
        ),
    ]
    .concat()
}

fn explain_json(row: &Row) -> Value {
    json!({
        "name": row.name,
        "proves": row.proves,
        "tier": row.tier.as_str(),
        "venue": row.venue.as_str(),
        "file": row.place.0,
        "needs": row.needs.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "surfaces": row.surfaces,
        "calls": row.calls.iter().map(|call| json!({
            "name": call.name,
            "operation": call.operation.name,
            "request": call.request,
            "options": call.options,
        })).collect::<Vec<_>>(),
        "checks": row.checks.iter().map(|check| json!({
            "check": check.id,
            "of": check.of,
            "rule": check.rule.to_string(),
        })).collect::<Vec<_>>(),
        "sabotage": row.sabotage.iter().map(Sabotage::name).collect::<Vec<_>>(),
    })
}
