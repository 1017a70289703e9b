//! What a row needs, and how an unmet need is worded.

use std::fmt;

use serde::{Serialize, Serializer};

use super::InputProblem;

/// Before the name of a choice, where a row lists its needs.
pub(super) const CHOICE_PREFIX: &str = "choice:";

/// One thing that a row needs: an input, or one of the ways of a choice.
/// Written (and serialised) as `RUNINFRA_LLM_MODEL` or `choice:tts_speaker`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// An input, by canonical name.
    Input(String),
    /// A choice, by name without prefix.
    Choice(String),
}

impl Need {
    /// Reads the written form. Whether the name is declared is for
    /// [`Declared::need`](super::Declared::need) to say.
    pub fn read(written: &str) -> Self {
        match written.strip_prefix(CHOICE_PREFIX) {
            Some(name) => Self::Choice(name.to_owned()),
            None => Self::Input(written.to_owned()),
        }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(name) => f.write_str(name),
            Self::Choice(name) => write!(f, "{CHOICE_PREFIX}{name}"),
        }
    }
}

impl Serialize for Need {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A need that is not met. Its `Display` is the only wording of a requirement in the project.
#[derive(Debug, Clone, PartialEq)]
pub struct Unmet {
    /// What is needed.
    pub need: Need,
    /// Why it is not met.
    pub reason: UnmetReason,
}

/// Why a need is not met.
#[derive(Debug, Clone, PartialEq)]
pub enum UnmetReason {
    /// Nothing sets the input.
    Missing {
        /// Other variables that would do, in order.
        others: Vec<String>,
    },
    /// The input is set and cannot be used.
    Invalid {
        /// The variable that was set: the canonical name, an alias, or an input fallen back on.
        variable: String,
        /// What is wrong with it.
        problem: InputProblem,
    },
    /// No way of the choice is complete.
    NoWay {
        /// The ways, each a list of inputs that go together.
        ways: Vec<Vec<String>>,
        /// Inputs of the ways that are set and cannot be used.
        invalid: Vec<(String, InputProblem)>,
    },
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            UnmetReason::Missing { others } if others.is_empty() => {
                write!(f, "{} is missing: set it", self.need)
            }
            UnmetReason::Missing { others } => {
                write!(
                    f,
                    "{} is missing: set it, or {}",
                    self.need,
                    others.join(" or ")
                )
            }
            UnmetReason::Invalid { variable, problem } => {
                write!(f, "{} cannot be used: ", self.need)?;
                if matches!(&self.need, Need::Input(name) if name == variable) {
                    write!(f, "{problem}")
                } else {
                    write!(f, "{variable}, which sets it: {problem}")
                }
            }
            UnmetReason::NoWay { ways, invalid } => {
                let ways: Vec<String> = ways.iter().map(|way| way.join(" with ")).collect();
                write!(f, "{} is missing: set {}", self.need, ways.join(", or "))?;
                for (name, problem) in invalid {
                    write!(f, "; {name} cannot be used: {problem}")?;
                }
                Ok(())
            }
        }
    }
}
