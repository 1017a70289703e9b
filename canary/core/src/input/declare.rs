//! The declaration of inputs: `matrix/inputs.toml`, read and checked.

mod check;
mod read;

pub use read::read;

use std::fmt;

use super::{Kind, Need};
use crate::diagnose::suggest;

/// Every canonical variable starts with this.
const PREFIX: &str = "RUNINFRA_";

/// One declared input.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// The canonical variable.
    pub name: String,
    /// What its text must be.
    pub kind: Kind,
    /// Whether the leak scan must look for its value.
    pub secret: bool,
    /// The value when nothing else gives one.
    pub default: Option<String>,
    /// The value to write into a template.
    pub template: Option<String>,
    /// Other variables that mean the same, in the order to ask them.
    pub aliases: Vec<String>,
    /// Inputs to take the value of, in the order to ask them.
    pub fallback: Vec<String>,
    /// A variable that holds the base64 of the file, for CI.
    pub from_base64: Option<String>,
    /// What it is for, in one line.
    pub about: String,
}

impl Input {
    /// Every variable that sets this input, in the order in which one source is asked: the
    /// canonical one, the aliases, the base64 one.
    pub fn variables(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.name)
            .chain(&self.aliases)
            .chain(&self.from_base64)
    }

    /// What may be written, where the kind alone does not say it.
    pub fn hint(&self) -> Option<String> {
        match &self.kind {
            Kind::Number { above, max } => Some(format!("Above {above}, at most {max}.")),
            Kind::Integer { min, max } => Some(format!("A whole number from {min} to {max}.")),
            Kind::Word { words } if words.len() > 1 => {
                Some(format!("One of {}.", words.join(", ")))
            }
            _ => None,
        }
    }
}

/// Several ways to give one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What a row calls it, after `choice:`.
    pub name: String,
    /// The ways, the preferred one first; each a list of inputs that go together.
    pub any_of: Vec<Vec<String>>,
    /// What is chosen, in one line.
    pub about: String,
}

/// A variable that looks like an input and is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// The variable.
    pub name: String,
    /// The declared variable that is nearest, when one is near.
    pub meant: Option<String>,
}

impl fmt::Display for Stray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is set and is not an input", self.name)?;
        match &self.meant {
            Some(meant) => write!(f, "; did you mean {meant}?"),
            None => Ok(()),
        }
    }
}

/// A checked declaration: names are unique, aliases collide with nothing, fallbacks and choices
/// name inputs, fallbacks have no cycle, defaults are of their kind. Only [`read`] makes one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Declared {
    inputs: Vec<Input>,
    choices: Vec<Choice>,
}

impl Declared {
    /// The inputs, in declared order.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The choices, in declared order.
    pub fn choices(&self) -> &[Choice] {
        &self.choices
    }

    /// An input by canonical name.
    pub fn input(&self, name: &str) -> Option<&Input> {
        self.inputs.iter().find(|input| input.name == name)
    }

    /// A choice by name, without prefix.
    pub fn choice(&self, name: &str) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.name == name)
    }

    /// A need as a row writes it, when what it names is declared.
    pub fn need(&self, written: &str) -> Option<Need> {
        let need = Need::read(written);
        let known = match &need {
            Need::Input(name) => self.input(name).is_some(),
            Need::Choice(name) => self.choice(name).is_some(),
        };
        known.then_some(need)
    }

    /// Everything that a row may need, as it writes it: for suggestions and schemas.
    pub fn need_words(&self) -> Vec<String> {
        let inputs = self
            .inputs
            .iter()
            .map(|input| Need::Input(input.name.clone()));
        let choices = self
            .choices
            .iter()
            .map(|choice| Need::Choice(choice.name.clone()));
        inputs.chain(choices).map(|need| need.to_string()).collect()
    }

    /// The variables that look like inputs and are none: a typing error in a name would otherwise
    /// only show as a missing input. In the order given.
    pub fn strays<'a>(&self, variables: impl IntoIterator<Item = &'a str>) -> Vec<Stray> {
        let known: Vec<&str> = self
            .inputs
            .iter()
            .flat_map(|input| input.variables().map(String::as_str))
            .collect();
        variables
            .into_iter()
            .filter(|name| name.starts_with(PREFIX) && !known.contains(name))
            .map(|name| Stray {
                name: name.to_owned(),
                meant: suggest(name, known.iter().copied()).map(str::to_owned),
            })
            .collect()
    }

    /// Every variable whose value is secret: those of secret inputs, and all base64 ones.
    pub fn secret_variables(&self) -> impl Iterator<Item = &str> {
        self.inputs.iter().flat_map(|input| {
            let own = input.variables().filter(|_| input.secret);
            let base64 = input.from_base64.iter().filter(|_| !input.secret);
            own.chain(base64).map(String::as_str)
        })
    }
}
