//! The judge: a rule from the matrix, a measurement from the run, and nothing else.
//!
//! It is small on purpose. The verifier runs it again over the recorded measurements, and ignores
//! what the report claims.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::{Measured, Scalar};

/// What the matrix demands of one measurement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// The value found is one of these. An empty list holds for nothing.
    OneOf(Vec<Scalar>),
    /// The value found lies between these, both included, and is of their kind.
    Between(Scalar, Scalar),
    /// What came back is what was asked for.
    Echoed,
    /// The condition was tried at least this often, and held each time.
    Always {
        /// How often it must at least have been tried; never 0.
        at_least: u64,
    },
    /// Both are there and equal.
    Same,
    /// Both are there and differ.
    Differ,
}

/// How one check came out.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The rule held.
    Held,
    /// The rule was broken, or there was nothing to try it on.
    Broken,
}

/// Decides one check. A measurement of the wrong form, or of nothing, breaks every rule: what was
/// not seen to hold does not hold.
pub fn judge(rule: &Rule, measured: &Measured) -> Outcome {
    let held = match (rule, measured) {
        (Rule::OneOf(wanted), Measured::Found { found: Some(found) }) => wanted.contains(found),
        (Rule::Between(low, high), Measured::Found { found: Some(found) }) => {
            std::mem::discriminant(found) == std::mem::discriminant(low)
                && std::mem::discriminant(found) == std::mem::discriminant(high)
                && (low..=high).contains(&found)
        }
        (
            Rule::Echoed,
            Measured::Echo {
                wanted,
                found: Some(found),
            },
        ) => wanted == found,
        (
            Rule::Always { at_least },
            Measured::Each {
                evaluated,
                violations,
                ..
            },
        ) => *evaluated > 0 && evaluated >= at_least && *violations == 0,
        (
            Rule::Same,
            Measured::Pair {
                left: Some(left),
                right: Some(right),
            },
        ) => left == right,
        (
            Rule::Differ,
            Measured::Pair {
                left: Some(left),
                right: Some(right),
            },
        ) => left != right,
        _ => false,
    };
    if held { Outcome::Held } else { Outcome::Broken }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneOf(wanted) => {
                let words: Vec<String> = wanted.iter().map(ToString::to_string).collect();
                f.write_str(&words.join(" or "))
            }
            Self::Between(low, high) if low == high => write!(f, "{low}"),
            Self::Between(low, high) => write!(f, "between {low} and {high}"),
            Self::Echoed => f.write_str("what was asked for"),
            Self::Always { at_least } => write!(f, "to hold each time, at least {at_least} times"),
            Self::Same => f.write_str("two equal values"),
            Self::Differ => f.write_str("two different values"),
        }
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Found { found: Some(found) } => write!(f, "{found}"),
            Self::Found { found: None } | Self::Echo { found: None, .. } => f.write_str("nothing"),
            Self::Echo {
                wanted,
                found: Some(found),
            } if wanted == found => f.write_str("the same"),
            Self::Echo { .. } => f.write_str("something else"),
            Self::Each { evaluated: 0, .. } => f.write_str("nothing to try it on"),
            Self::Each {
                evaluated,
                violations,
                at,
            } => {
                write!(f, "{violations} of {evaluated} broken")?;
                at.as_ref()
                    .map_or(Ok(()), |at| write!(f, ", first at {}", at.as_str()))
            }
            Self::Pair {
                left: Some(left),
                right: Some(right),
            } if left == right => f.write_str("two equal values"),
            Self::Pair {
                left: Some(_),
                right: Some(_),
            } => f.write_str("two different values"),
            Self::Pair { .. } => f.write_str("a value missing"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{digest::Digest, evidence::Word};

    fn found(scalar: Scalar) -> Measured {
        Measured::Found {
            found: Some(scalar),
        }
    }

    #[test]
    fn a_value_of_another_kind_than_a_bound_lies_in_no_range() {
        let (count, status, millis) = (Scalar::Count(3), Scalar::Status(3), Scalar::Millis(3));
        let kinds = [count, status, millis];
        for low in kinds {
            for high in kinds {
                for value in kinds {
                    let one_kind = low == value && value == high;
                    let outcome = judge(&Rule::Between(low, high), &found(value));
                    let wanted = if one_kind {
                        Outcome::Held
                    } else {
                        Outcome::Broken
                    };
                    assert_eq!(outcome, wanted, "{value:?} in {low:?} to {high:?}");
                }
            }
        }
    }

    #[test]
    fn what_was_wanted_and_what_was_found_is_said_in_words() {
        let (a, b) = (Digest::of("a"), Digest::of("b"));
        let count = Scalar::Count;
        let rules = [
            (
                Rule::OneOf(vec![Scalar::Status(400), Scalar::Status(422)]),
                "400 or 422",
            ),
            (Rule::Between(count(1), count(4)), "between 1 and 4"),
            (Rule::Between(count(4), count(4)), "4"),
            (Rule::Echoed, "what was asked for"),
            (
                Rule::Always { at_least: 3 },
                "to hold each time, at least 3 times",
            ),
            (Rule::Same, "two equal values"),
            (Rule::Differ, "two different values"),
        ];
        for (rule, words) in rules {
            assert_eq!(rule.to_string(), words);
        }
        let each = |evaluated, violations, at: Option<&str>| Measured::Each {
            evaluated,
            violations,
            at: at.and_then(crate::evidence::Place::new),
        };
        let echo = |found| Measured::Echo { wanted: a, found };
        let pair = |left, right| Measured::Pair { left, right };
        let measured = [
            (found(Scalar::Truth(true)), "yes"),
            (Measured::Found { found: None }, "nothing"),
            (echo(None), "nothing"),
            (echo(Some(a)), "the same"),
            (echo(Some(b)), "something else"),
            (each(0, 0, None), "nothing to try it on"),
            (each(3, 0, None), "0 of 3 broken"),
            (each(3, 1, Some("/id")), "1 of 3 broken, first at /id"),
            (pair(Some(a), Some(a)), "two equal values"),
            (pair(Some(a), Some(b)), "two different values"),
            (pair(Some(a), None), "a value missing"),
            (pair(None, Some(b)), "a value missing"),
            (pair(None, None), "a value missing"),
        ];
        for (measured, words) in measured {
            assert_eq!(measured.to_string(), words, "{measured:?}");
        }
    }

    #[test]
    fn each_rule_holds_and_breaks() {
        let (a, b) = (Digest::of("a"), Digest::of("b"));
        let statuses = Rule::OneOf(vec![Scalar::Status(400), Scalar::Status(422)]);
        let few = Rule::Between(Scalar::Count(1), Scalar::Count(4));
        let thrice = Rule::Always { at_least: 3 };
        let each = |evaluated, violations| Measured::Each {
            evaluated,
            violations,
            at: None,
        };
        let pair = |left, right| Measured::Pair { left, right };
        let table = [
            (&statuses, found(Scalar::Status(422)), true),
            (&statuses, found(Scalar::Status(200)), false),
            (&statuses, found(Scalar::Count(400)), false),
            (&statuses, Measured::Found { found: None }, false),
            (&Rule::OneOf(vec![]), found(Scalar::Truth(true)), false),
            (&few, found(Scalar::Count(1)), true),
            (&few, found(Scalar::Count(4)), true),
            (&few, found(Scalar::Count(5)), false),
            (&few, found(Scalar::Count(0)), false),
            (&few, found(Scalar::Millis(2)), false),
            (
                &Rule::Echoed,
                Measured::Echo {
                    wanted: a,
                    found: Some(a),
                },
                true,
            ),
            (
                &Rule::Echoed,
                Measured::Echo {
                    wanted: a,
                    found: Some(b),
                },
                false,
            ),
            (
                &Rule::Echoed,
                Measured::Echo {
                    wanted: a,
                    found: None,
                },
                false,
            ),
            (&thrice, each(3, 0), true),
            (&thrice, each(2, 0), false),
            (&thrice, each(4, 1), false),
            (&Rule::Always { at_least: 0 }, each(0, 0), false),
            (&Rule::Same, pair(Some(a), Some(a)), true),
            (&Rule::Same, pair(Some(a), Some(b)), false),
            (&Rule::Same, pair(None, None), false),
            (&Rule::Differ, pair(Some(a), Some(b)), true),
            (&Rule::Differ, pair(Some(a), Some(a)), false),
            (&Rule::Differ, pair(Some(a), None), false),
            (&Rule::Same, found(Scalar::Word(Word::of("stop"))), false),
        ];
        for (rule, measured, holds) in table {
            let expected = if holds {
                Outcome::Held
            } else {
                Outcome::Broken
            };
            assert_eq!(judge(rule, &measured), expected, "{rule:?} on {measured:?}");
        }
    }
}
