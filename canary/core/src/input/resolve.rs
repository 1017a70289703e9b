//! From variables to typed inputs.

use std::{collections::BTreeMap, path::Path};

use serde::Serialize;

use super::{
    Choice, Declared, FileSource, FileState, Input, InputProblem, Need, Secret, Unmet, UnmetReason,
    Value, decode_base64,
};

/// Variables by name, as a process or an env file has them.
type Variables = BTreeMap<String, String>;

/// Every declared input, resolved.
#[derive(Debug, Clone)]
pub struct Inputs {
    resolved: BTreeMap<String, Resolved>,
    declared: Vec<Input>,
    choices: Vec<Choice>,
    sensitive: Vec<Secret>,
}

/// One input, resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// Whether there is a value, and which.
    pub state: State,
    /// Where the value, valid or not, came from; absent when there is none.
    pub provenance: Option<Provenance>,
    /// The variable that was read, when it was not the canonical one: an alias, or the one that
    /// holds base64.
    pub alias: Option<String>,
}

/// Whether an input has a value.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// It has one that can be used.
    Set(Value),
    /// It has none.
    Missing,
    /// It has one that cannot be used.
    Invalid(InputProblem),
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provenance {
    /// A variable of the process.
    Shell,
    /// The env file.
    EnvFile,
    /// Another input, by canonical name.
    Fallback(String),
    /// The declaration.
    Default,
}

/// All that a report may say about an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reported {
    /// A value is in force, from wherever, or one was given that cannot be used.
    SetRedacted,
    /// There is no value.
    Missing,
}

impl Inputs {
    /// Resolves every declared input. `files` says what is at a path.
    pub fn resolve(
        declared: &Declared,
        shell: &Variables,
        env_file: Option<&Variables>,
        files: &dyn Fn(&Path) -> FileState,
    ) -> Self {
        let sources = Sources {
            shell,
            env_file,
            files,
        };
        let mut resolved = BTreeMap::new();
        for input in declared.inputs() {
            resolve_one(declared, input, &sources, &mut resolved);
        }
        let sensitive = sensitive(declared.inputs(), &sources, &resolved);
        Self {
            resolved,
            declared: declared.inputs().to_vec(),
            choices: declared.choices().to_vec(),
            sensitive,
        }
    }

    /// An input by canonical name. `None` when no such input is declared.
    pub fn get(&self, name: &str) -> Option<&Resolved> {
        self.resolved.get(name)
    }

    /// The value of an input, when it has one that can be used.
    pub fn value(&self, name: &str) -> Option<&Value> {
        match &self.get(name)?.state {
            State::Set(value) => Some(value),
            State::Missing | State::Invalid(_) => None,
        }
    }

    /// The way of a choice that is in force: the first one of which every input has a value.
    pub fn chosen(&self, choice: &str) -> Option<&[String]> {
        let choice = self.choices.iter().find(|known| known.name == choice)?;
        choice
            .any_of
            .iter()
            .find(|way| way.iter().all(|name| self.value(name).is_some()))
            .map(Vec::as_slice)
    }

    /// The needs that are not met, in the order asked. A name that is not declared counts as
    /// missing; [`Declared::need`] keeps such names out of a matrix.
    pub fn unmet(&self, needs: &[Need]) -> Vec<Unmet> {
        needs
            .iter()
            .filter_map(|need| {
                self.reason(need).map(|reason| Unmet {
                    need: need.clone(),
                    reason,
                })
            })
            .collect()
    }

    /// The names of the needs that are not met, as a matrix writes them.
    pub fn missing(&self, needs: &[Need]) -> Vec<String> {
        self.unmet(needs)
            .iter()
            .map(|unmet| unmet.need.to_string())
            .collect()
    }

    /// Every declared input that is set and cannot be used, whether or not a row needs it.
    pub fn invalid(&self) -> Vec<Unmet> {
        let needs: Vec<Need> = self
            .declared
            .iter()
            .map(|input| Need::Input(input.name.clone()))
            .collect();
        let mut unmet = self.unmet(&needs);
        unmet.retain(|unmet| matches!(unmet.reason, UnmetReason::Invalid { .. }));
        unmet
    }

    /// What a report says of each input.
    pub fn report(&self) -> BTreeMap<String, Reported> {
        self.resolved
            .iter()
            .map(|(name, resolved)| {
                let reported = match resolved.state {
                    State::Missing => Reported::Missing,
                    State::Set(_) | State::Invalid(_) => Reported::SetRedacted,
                };
                (name.clone(), reported)
            })
            .collect()
    }

    /// Canonical name → the variable that was read in its stead. Names only.
    pub fn aliases(&self) -> BTreeMap<String, String> {
        self.resolved
            .iter()
            .filter_map(|(name, resolved)| Some((name.clone(), resolved.alias.clone()?)))
            .collect()
    }

    /// Every value that no output may hold: all variables of secret inputs that are set in either
    /// source, used or not, base64 ones included; a base URL other than production; an absolute
    /// path of a file input.
    pub fn sensitive_values(&self) -> &[Secret] {
        &self.sensitive
    }

    fn reason(&self, need: &Need) -> Option<UnmetReason> {
        match need {
            Need::Input(name) => self.input_reason(name),
            Need::Choice(name) => self.choice_reason(name),
        }
    }

    fn input_reason(&self, name: &str) -> Option<UnmetReason> {
        match self.get(name).map(|resolved| &resolved.state) {
            Some(State::Set(_)) => None,
            Some(State::Invalid(problem)) => Some(UnmetReason::Invalid {
                variable: self.variable(name),
                problem: problem.clone(),
            }),
            Some(State::Missing) | None => Some(UnmetReason::Missing {
                others: self
                    .declared
                    .iter()
                    .find(|input| input.name == name)
                    .map(|input| {
                        let others = input.variables().skip(1).chain(input.fallback.iter());
                        others.cloned().collect()
                    })
                    .unwrap_or_default(),
            }),
        }
    }

    fn choice_reason(&self, name: &str) -> Option<UnmetReason> {
        if self.chosen(name).is_some() {
            return None;
        }
        let ways = self
            .choices
            .iter()
            .find(|choice| choice.name == name)
            .map(|choice| choice.any_of.clone())
            .unwrap_or_default();
        let invalid = ways
            .iter()
            .flatten()
            .filter_map(|name| match &self.get(name)?.state {
                State::Invalid(problem) => Some((self.variable(name), problem.clone())),
                State::Set(_) | State::Missing => None,
            })
            .collect();
        Some(UnmetReason::NoWay { ways, invalid })
    }

    /// The variable that sets an input, followed through fallbacks.
    fn variable(&self, name: &str) -> String {
        match self.get(name) {
            Some(Resolved {
                provenance: Some(Provenance::Fallback(other)),
                ..
            }) => self.variable(other),
            Some(Resolved {
                alias: Some(alias), ..
            }) => alias.clone(),
            _ => name.to_owned(),
        }
    }
}

/// What the world has to say.
struct Sources<'a> {
    shell: &'a Variables,
    env_file: Option<&'a Variables>,
    files: &'a dyn Fn(&Path) -> FileState,
}

impl<'a> Sources<'a> {
    fn in_order(&self) -> impl Iterator<Item = (Provenance, &'a Variables)> + use<'a> {
        let env_file = self
            .env_file
            .map(|variables| (Provenance::EnvFile, variables));
        std::iter::once((Provenance::Shell, self.shell)).chain(env_file)
    }
}

fn given<'a>(variables: &'a Variables, name: &str) -> Option<&'a str> {
    variables
        .get(name)
        .map(String::as_str)
        .filter(|value| !value.trim().is_empty())
}

/// Resolves an input after those it falls back on; the declaration has no cycles.
fn resolve_one(
    declared: &Declared,
    input: &Input,
    sources: &Sources<'_>,
    done: &mut BTreeMap<String, Resolved>,
) {
    if done.contains_key(&input.name) {
        return;
    }
    for name in &input.fallback {
        if let Some(other) = declared.input(name) {
            resolve_one(declared, other, sources, done);
        }
    }
    let resolved = own(input, sources)
        .or_else(|| fallen_back(input, done))
        .or_else(|| default(input, sources))
        .unwrap_or(Resolved {
            state: State::Missing,
            provenance: None,
            alias: None,
        });
    done.insert(input.name.clone(), resolved);
}

/// What the variables of the input's own group say. The whole group is asked in one source before
/// the next source is.
fn own(input: &Input, sources: &Sources<'_>) -> Option<Resolved> {
    sources.in_order().find_map(|(provenance, variables)| {
        let (variable, text) = input
            .variables()
            .find_map(|name| Some((name, given(variables, name)?)))?;
        let parsed = if input.from_base64.as_ref() == Some(variable) {
            let secret = Secret::new(text.trim());
            decode_base64(&secret).map(|_| Value::File(FileSource::Base64(secret)))
        } else {
            input.kind.parse(text, input.secret, sources.files)
        };
        Some(Resolved {
            state: parsed.map_or_else(State::Invalid, State::Set),
            provenance: Some(provenance),
            alias: (*variable != input.name).then(|| variable.clone()),
        })
    })
}

/// What the first input that has anything, valid or not, says. A default of that input counts.
fn fallen_back(input: &Input, done: &BTreeMap<String, Resolved>) -> Option<Resolved> {
    input.fallback.iter().find_map(|name| {
        let other = done.get(name)?;
        (other.state != State::Missing).then(|| Resolved {
            state: other.state.clone(),
            provenance: Some(Provenance::Fallback(name.clone())),
            alias: None,
        })
    })
}

fn default(input: &Input, sources: &Sources<'_>) -> Option<Resolved> {
    let parsed = input
        .kind
        .parse(input.default.as_ref()?, input.secret, sources.files);
    Some(Resolved {
        state: parsed.map_or_else(State::Invalid, State::Set),
        provenance: Some(Provenance::Default),
        alias: None,
    })
}

fn sensitive(
    inputs: &[Input],
    sources: &Sources<'_>,
    resolved: &BTreeMap<String, Resolved>,
) -> Vec<Secret> {
    let mut values = Vec::new();
    let mut add = |text: &str| {
        let value = Secret::new(text.trim());
        if !values.contains(&value) {
            values.push(value);
        }
    };
    for input in inputs {
        for (_, variables) in sources.in_order() {
            for name in input.variables() {
                let hidden = input.secret || input.from_base64.as_ref() == Some(name);
                if let Some(text) = given(variables, name).filter(|_| hidden) {
                    add(text);
                }
            }
        }
        match resolved.get(&input.name).map(|resolved| &resolved.state) {
            Some(State::Set(Value::Url(url))) if !url.is_production() => add(url.as_str()),
            Some(State::Set(Value::File(FileSource::Path(path)))) if path.is_absolute() => {
                add(&path.to_string_lossy());
            }
            _ => {}
        }
    }
    values
}
