//! What must hold between the entries of a declaration.

use std::{collections::BTreeMap, mem::discriminant, ops::Range};

use super::{
    PREFIX,
    read::{Placed, RawChoice, RawInput},
};
use crate::{
    diagnose::did_you_mean,
    input::{FileState, Kind},
    toml_read::Reader,
};

/// Notes every broken rule.
pub(super) fn all(reader: &mut Reader, inputs: &[RawInput], choices: &[RawChoice]) {
    variables(reader, inputs);
    for input in inputs {
        values(reader, input);
        fallbacks(reader, input, inputs);
        about(reader, &input.about);
    }
    cycles(reader, inputs);
    named_choices(reader, inputs, choices);
}

/// Names, aliases and base64 variables share one space: no variable may mean two things.
fn variables(reader: &mut Reader, inputs: &[RawInput]) {
    let mut taken: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    // Canonical names go first, so that it is the alias that is reported, wherever it stands.
    for input in inputs {
        let name = input.name.0.as_str();
        if !is_variable(name) || !name.starts_with(PREFIX) {
            reader
                .problem(
                    input.name.1.clone(),
                    format!("`{name}` is not a canonical variable"),
                )
                .help = Some(format!(
                "write {PREFIX} and then capitals, digits and underscores"
            ));
        }
        if taken.insert(name, ("name", name)).is_some() {
            reader.problem(
                input.name.1.clone(),
                format!("the input `{name}` is declared twice"),
            );
        }
    }
    for input in inputs {
        let aliases = input.aliases.iter().map(|alias| ("alias", alias));
        let base64 = input
            .from_base64
            .iter()
            .map(|name| ("base64 variable", name));
        for (role, (variable, span)) in aliases.chain(base64) {
            if !is_variable(variable) {
                reader
                    .problem(span.clone(), format!("`{variable}` is not a variable"))
                    .help = Some("write capitals, digits and underscores".to_owned());
            }
            let owner = input.name.0.as_str();
            match taken.get(variable.as_str()) {
                Some((other, whose)) => {
                    reader.problem(
                        span.clone(),
                        format!("`{variable}` is already the {other} of `{whose}`"),
                    );
                }
                None => {
                    taken.insert(variable, (role, owner));
                }
            }
        }
        if let Some((_, span)) = &input.from_base64
            && input.kind.as_ref().is_some_and(|kind| *kind != Kind::File)
        {
            reader.problem(span.clone(), "only a `file` can come from base64");
        }
    }
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name
            .bytes()
            .all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
}

/// Defaults are of their kind, and nothing secret has one.
fn values(reader: &mut Reader, input: &RawInput) {
    if let (Some(Kind::Key), Some((false, span))) = (&input.kind, &input.secret) {
        reader.problem(span.clone(), "a `key` is always secret");
    }
    for (what, value) in [("default", &input.default), ("template", &input.template)] {
        let Some((text, span)) = value else { continue };
        if input.is_secret() {
            reader
                .problem(span.clone(), format!("a secret input has no {what}"))
                .help = Some("secrets come from the environment only".to_owned());
        }
        // Whether a file is there is for the machine that runs, not for the declaration.
        let parsed = input
            .kind
            .as_ref()
            .map(|kind| kind.parse(text, input.is_secret(), &|_| FileState::Readable));
        if let Some(Err(problem)) = parsed {
            reader.problem(
                span.clone(),
                format!("this {what} is not of its kind: {problem}"),
            );
        }
    }
    if let Some((text, span)) = &input.template
        && !text.bytes().all(is_plain)
    {
        reader
            .problem(
                span.clone(),
                "this template would need quotes in an env file",
            )
            .help = Some("use letters, digits and _ . / : , + -".to_owned());
    }
    bounds(reader, input);
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_./:,+-".contains(&byte)
}

fn bounds(reader: &mut Reader, input: &RawInput) {
    let empty = match &input.kind {
        Some(Kind::Number { above, max }) => above >= max,
        Some(Kind::Integer { min, max }) => min > max,
        _ => false,
    };
    if empty {
        reader.problem(
            input.name.1.clone(),
            format!("no value is within the bounds of `{}`", input.name.0),
        );
    }
}

fn about(reader: &mut Reader, (text, span): &Placed) {
    if text.contains(char::is_control) {
        reader.problem(span.clone(), "`about` is one line");
    }
}

fn fallbacks(reader: &mut Reader, input: &RawInput, inputs: &[RawInput]) {
    for (name, span) in &input.fallback {
        let Some(other) = named(reader, inputs, name, span) else {
            continue;
        };
        let kinds = input.kind.as_ref().zip(other.kind.as_ref());
        if kinds.is_some_and(|(a, b)| discriminant(a) != discriminant(b)) {
            reader.problem(span.clone(), format!("`{name}` is of another kind"));
        }
        if other.is_secret() && !input.is_secret() {
            reader.problem(
                span.clone(),
                format!("`{name}` is secret, and this input is not"),
            );
        }
    }
}

/// The input that is named, or a problem that says which one may be meant.
fn named<'a>(
    reader: &mut Reader,
    inputs: &'a [RawInput],
    name: &str,
    span: &Range<usize>,
) -> Option<&'a RawInput> {
    if let Some(found) = inputs.iter().find(|input| input.name.0 == name) {
        return Some(found);
    }
    let owner = inputs.iter().find(|input| {
        let mut others = input.aliases.iter().chain(&input.from_base64);
        others.any(|(other, _)| other == name)
    });
    let known: Vec<&str> = inputs.iter().map(|input| input.name.0.as_str()).collect();
    let canonical = owner.map(|owner| owner.name.0.as_str());
    let help = canonical
        .map(|canonical| format!("this variable sets `{canonical}`; use that name"))
        .or_else(|| did_you_mean(name, &known));
    reader
        .problem(span.clone(), format!("unknown input `{name}`"))
        .help = help;
    None
}

/// Reports each cycle once, whole, at the fallback that closes it.
fn cycles(reader: &mut Reader, inputs: &[RawInput]) {
    let index: BTreeMap<&str, &RawInput> = inputs
        .iter()
        .map(|input| (input.name.0.as_str(), input))
        .collect();
    let mut walk = Walk {
        index: &index,
        path: Vec::new(),
        done: Vec::new(),
    };
    for input in inputs {
        walk.from(reader, input);
    }
}

struct Walk<'a> {
    index: &'a BTreeMap<&'a str, &'a RawInput>,
    path: Vec<&'a str>,
    done: Vec<&'a str>,
}

impl<'a> Walk<'a> {
    fn from(&mut self, reader: &mut Reader, input: &'a RawInput) {
        let name = input.name.0.as_str();
        if self.done.contains(&name) {
            return;
        }
        self.path.push(name);
        for (next, span) in &input.fallback {
            if let Some(start) = self.path.iter().position(|seen| seen == next) {
                let mut cycle = self.path[start..].to_vec();
                cycle.push(next);
                reader
                    .problem(
                        span.clone(),
                        format!("fallbacks go in a circle: {}", cycle.join(" → ")),
                    )
                    .help = Some("take one of these fallbacks away".to_owned());
            } else if let Some(input) = self.index.get(next.as_str()).copied() {
                self.from(reader, input);
            }
        }
        self.path.pop();
        self.done.push(name);
    }
}

fn named_choices(reader: &mut Reader, inputs: &[RawInput], choices: &[RawChoice]) {
    let mut seen: Vec<&str> = Vec::new();
    for choice in choices {
        let (name, span) = &choice.name;
        if !name
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
        {
            reader
                .problem(span.clone(), format!("`{name}` is not a name for a choice"))
                .help = Some("write small letters, digits and underscores".to_owned());
        }
        if seen.contains(&name.as_str()) {
            reader.problem(
                span.clone(),
                format!("the choice `{name}` is declared twice"),
            );
        }
        seen.push(name);
        if choice.any_of.len() < 2 {
            reader
                .problem(
                    span.clone(),
                    format!("the choice `{name}` has fewer than two ways"),
                )
                .help = Some("a row can need the inputs themselves".to_owned());
        }
        for (name, span) in choice.any_of.iter().flatten() {
            named(reader, inputs, name, span);
        }
        about(reader, &choice.about);
    }
}
