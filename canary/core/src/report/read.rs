//! Reports from bytes that anybody may have written.
//!
//! A report is refused at the first thing that is wrong with its form; what it says is judged
//! elsewhere. Nothing of a refused text is repeated in the error except names that are safe to
//! print.

use std::{collections::HashSet, fmt};

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::v1::{Report, SCHEMA_VERSION};

/// The longest report that is read, in bytes. A report of 300 rows has about 500 kB.
pub const SIZE_LIMIT: usize = 64 * 1024 * 1024;

/// How deep objects and arrays may be nested. A report needs 9.
pub const DEPTH_LIMIT: usize = 24;

/// How many values there may be, whatever they are. A report of 300 rows has about 80,000. A value that
/// takes two bytes to write takes many to hold, and what looks at it may do so more than once.
pub const VALUE_LIMIT: usize = 1_000_000;

/// The largest whole number that every reader of JSON reads alike (RFC 8259, section 6): beyond it,
/// one that keeps numbers as doubles would see another report than we do.
pub const NUMBER_LIMIT: u64 = (1 << 53) - 1;

/// Why some bytes are not a report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Longer than [`SIZE_LIMIT`]. The bytes were not looked at.
    #[error("it is longer than {SIZE_LIMIT} bytes and was not parsed")]
    TooLong,
    /// A byte that is not UTF-8.
    #[error("byte {offset} is not UTF-8")]
    NotUtf8 {
        /// Offset of the first wrong byte.
        offset: usize,
    },
    /// A byte-order mark at the start.
    #[error("it begins with a byte-order mark")]
    ByteOrderMark,
    /// Not one JSON value with nothing after it. `NaN` and `Infinity` end here too.
    #[error("line {line}, column {column} is not JSON: {problem}")]
    NotJson {
        /// 1-based line.
        line: usize,
        /// 1-based column.
        column: usize,
        /// What the parser missed.
        problem: String,
    },
    /// JSON of a form that no report has.
    #[error("{path} (line {line}): {problem}")]
    Form {
        /// Where, as a path of keys and indices.
        path: String,
        /// 1-based line.
        line: usize,
        /// What is wrong there.
        problem: FormProblem,
    },
    /// Unknown field, missing field, wrong type, unknown word.
    #[error("{path} (line {line}): {problem}")]
    Shape {
        /// Where, as a path of keys and indices.
        path: String,
        /// 1-based line.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// A version that this reader does not know.
    #[error("schemaVersion is {found}, and this reader knows {SCHEMA_VERSION} only")]
    Version {
        /// The version in the file.
        found: u32,
    },
}

/// What no report may have, whatever its fields are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormProblem {
    /// Two fields of one object with one name.
    #[error("a key stands here twice")]
    DuplicateKey,
    /// A control character, or a character outside ASCII that could pass for another.
    #[error("a character outside printable ASCII; reports have none")]
    Character,
    /// Deeper than [`DEPTH_LIMIT`].
    #[error("nested deeper than {DEPTH_LIMIT} levels")]
    TooDeep,
    /// More than [`VALUE_LIMIT`].
    #[error("more than {VALUE_LIMIT} values")]
    TooMany,
    /// A number with a fraction or an exponent, or beyond [`NUMBER_LIMIT`].
    #[error(
        "not a whole number between -{NUMBER_LIMIT} and {NUMBER_LIMIT}; reports have no others"
    )]
    Number,
}

/// Reads a report.
pub fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    if bytes.len() > SIZE_LIMIT {
        return Err(ReadError::TooLong);
    }
    let text = std::str::from_utf8(bytes).map_err(|error| ReadError::NotUtf8 {
        offset: error.valid_up_to(),
    })?;
    if text.starts_with('\u{feff}') {
        return Err(ReadError::ByteOrderMark);
    }
    check_form(text)?;
    let mut json = serde_json::Deserializer::from_str(text);
    let report: Report = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = shown(&error.path().to_string());
        let (line, problem) = describe(error.inner());
        ReadError::Shape {
            path,
            line,
            problem,
        }
    })?;
    if report.schema_version != SCHEMA_VERSION {
        return Err(ReadError::Version {
            found: report.schema_version,
        });
    }
    Ok(report)
}

/// One walk over the text that keeps nothing but the keys of the open objects.
fn check_form(text: &str) -> Result<(), ReadError> {
    let mut walk = Walk::default();
    let mut json = serde_json::Deserializer::from_str(text);
    // Our own depth limit comes first; the parser's stays as the second net.
    let walked = Form {
        walk: &mut walk,
        depth: 0,
    }
    .deserialize(&mut json)
    .and_then(|()| json.end());
    let Err(error) = walked else { return Ok(()) };
    Err(match walk.problem {
        Some(problem) => ReadError::Form {
            path: walk.path(),
            line: error.line(),
            problem,
        },
        None => ReadError::NotJson {
            line: error.line(),
            column: error.column(),
            problem: describe(&error).1,
        },
    })
}

/// Where the walk stands, and what stopped it.
#[derive(Default)]
struct Walk {
    steps: Vec<Step>,
    values: usize,
    problem: Option<FormProblem>,
}

enum Step {
    Key(String),
    Index(usize),
}

impl Walk {
    fn stop<E: de::Error>(&mut self, problem: FormProblem) -> E {
        self.problem = Some(problem);
        E::custom(problem)
    }

    fn check<E: de::Error>(&mut self, text: &str) -> Result<(), E> {
        if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            Ok(())
        } else {
            Err(self.stop(FormProblem::Character))
        }
    }

    fn number<E: de::Error>(&mut self, size: u64) -> Result<(), E> {
        if size <= NUMBER_LIMIT {
            Ok(())
        } else {
            Err(self.stop(FormProblem::Number))
        }
    }

    fn path(&self) -> String {
        let step = |step: &Step| match step {
            Step::Key(key) => format!(".{}", shown(key)),
            Step::Index(index) => format!("[{index}]"),
        };
        let steps: Vec<String> = self.steps.iter().map(step).collect();
        format!("${}", steps.concat())
    }
}

struct Form<'a> {
    walk: &'a mut Walk,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Form<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.walk.values += 1;
        if self.walk.values > VALUE_LIMIT {
            return Err(self.walk.stop(FormProblem::TooMany));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Form<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<(), E> {
        self.walk.number(number)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<(), E> {
        self.walk.number(number.unsigned_abs())
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<(), E> {
        Err(self.walk.stop(FormProblem::Number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        self.walk.check(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Self { walk, depth } = self.deeper()?;
        for index in 0.. {
            walk.steps.push(Step::Index(index));
            let seed = Form {
                walk: &mut *walk,
                depth,
            };
            let more = seq.next_element_seed(seed)?.is_some();
            walk.steps.pop();
            if !more {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { walk, depth } = self.deeper()?;
        let mut seen = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            walk.steps.push(Step::Key(key.clone()));
            walk.check(&key)?;
            if !seen.insert(key) {
                return Err(walk.stop(FormProblem::DuplicateKey));
            }
            map.next_value_seed(Form {
                walk: &mut *walk,
                depth,
            })?;
            walk.steps.pop();
        }
        Ok(())
    }
}

impl Form<'_> {
    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        if self.depth == DEPTH_LIMIT {
            return Err(self.walk.stop(FormProblem::TooDeep));
        }
        Ok(Self {
            walk: self.walk,
            depth: self.depth + 1,
        })
    }
}

/// A parser's complaint without its place, which is told apart, and without what it quotes of the
/// text beyond what a terminal can bear.
fn describe(error: &serde_json::Error) -> (usize, String) {
    let whole = error.to_string();
    let said = whole
        .rsplit_once(" at line ")
        .map_or(whole.as_str(), |(said, _)| said);
    (error.line(), shown(said))
}

/// A text out of a report.
fn shown(text: &str) -> String {
    crate::printable(text, 200)
}
