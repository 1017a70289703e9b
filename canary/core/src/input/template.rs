//! Env files to fill in. Made from the declaration alone: no value of any variable comes in here,
//! so none can come out.

use std::fmt::Write as _;

use thiserror::Error;

use super::{Choice, Declared, Input, Need};

/// A name that no input and no choice has.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{name}` is not an input or a choice of this matrix; was the report made with another?")]
pub struct UnknownName {
    /// The name, cut to something that can be shown.
    pub name: String,
}

/// The static template: every input under its canonical name, with its safe default or blank.
/// Variables that only CI sets are commented.
pub fn full(declared: &Declared) -> String {
    let mut out = String::from(
        "# Inputs of the canaries. A blank value counts as missing; a variable set in the shell\n\
         # wins over this file. Keep this file private: it will hold keys.\n",
    );
    for input in declared.inputs() {
        out.push('\n');
        entry(&mut out, input, &assignment(input));
    }
    out
}

/// Only the inputs behind some unmet needs, for a file to append or to fill in. Of a choice, the
/// first way is written, and the others as comments.
///
/// Names are those of a readiness report, which is foreign text: one that is not declared is
/// refused.
pub fn missing(declared: &Declared, names: &[String]) -> Result<String, UnknownName> {
    let mut out = String::from("# Inputs that preflight found missing.\n");
    let mut written: Vec<&str> = Vec::new();
    for name in names {
        let unknown = || UnknownName {
            name: name.escape_debug().take(80).collect(),
        };
        match declared.need(name).ok_or_else(unknown)? {
            Need::Input(name) => {
                let input = declared.input(&name).ok_or_else(unknown)?;
                if !written.contains(&input.name.as_str()) {
                    written.push(&input.name);
                    out.push('\n');
                    entry(&mut out, input, &assignment(input));
                }
            }
            Need::Choice(name) => {
                let choice = declared.choice(&name).ok_or_else(unknown)?;
                ways(&mut out, declared, choice, &mut written);
            }
        }
    }
    Ok(out)
}

fn ways<'a>(out: &mut String, declared: &'a Declared, choice: &Choice, written: &mut Vec<&'a str>) {
    let inputs = choice.any_of.iter().enumerate().flat_map(|(way, names)| {
        names
            .iter()
            .filter_map(move |name| Some((way, declared.input(name)?)))
    });
    let new: Vec<_> = inputs
        .filter(|(_, input)| !written.contains(&input.name.as_str()))
        .collect();
    if new.is_empty() {
        return;
    }
    push_line(out, &format!("\n# {}", choice.about));
    for (way, input) in new {
        written.push(&input.name);
        let line = assignment(input);
        entry(
            out,
            input,
            &if way == 0 { line } else { format!("# {line}") },
        );
    }
}

fn entry(out: &mut String, input: &Input, line: &str) {
    push_line(out, &format!("# {}", input.about));
    if let Some(hint) = input.hint() {
        push_line(out, &format!("# {hint}"));
    }
    push_line(out, line);
    if let Some(name) = &input.from_base64 {
        push_line(out, "# In CI, the file itself as base64, kept as a secret:");
        push_line(out, &format!("# {name}="));
    }
}

fn push_line(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

fn assignment(input: &Input) -> String {
    let mut line = format!("{}=", input.name);
    if let Some(value) = &input.template {
        // Declared templates are plain words; `declare` refuses one that would need quotes.
        let _ = write!(line, "{value}");
    }
    line
}
