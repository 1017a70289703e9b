//! Documents whose tables are made from the declarations: what stands between two markers is
//! generated, everything else is a person's.
//!
//! ```text
//! <!-- generated: inputs -->
//! …
//! <!-- end of generated -->
//! ```

mod tables;

use std::collections::BTreeMap;

use canary_core::diagnose::did_you_mean;

pub use tables::tables;

const OPEN: &str = "<!-- generated: ";
const CLOSE: &str = "<!-- end of generated -->";

/// Why a document could not be brought up to date. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// A marker names a table that there is not.
    #[error("line {line}: no table is named `{name}`{}", advice.as_ref().map(|advice| format!(" ({advice})")).unwrap_or_default())]
    UnknownTable {
        /// Line of the marker.
        line: usize,
        /// What it names.
        name: String,
        /// A near name, or all of them.
        advice: Option<String>,
    },
    /// A generated part does not end.
    #[error("line {line}: the generated part `{name}` does not end; close it with `{CLOSE}`")]
    Open {
        /// Line of its marker.
        line: usize,
        /// The table.
        name: String,
    },
    /// An end without a beginning.
    #[error("line {line}: `{CLOSE}` ends nothing; open a part with `{OPEN}NAME -->`")]
    Stray {
        /// Its line.
        line: usize,
    },
    /// Nothing in the document is generated.
    #[error("nothing in it is generated; mark a part with `{OPEN}NAME -->` and `{CLOSE}`")]
    NoPart,
}

/// A line that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// The line, from 1.
    pub line: usize,
    /// What stands there; [`None`] past the end.
    pub found: Option<String>,
    /// What should stand there; [`None`] past the end.
    pub wanted: Option<String>,
}

/// The document with every generated part made anew.
pub fn update(
    text: &str,
    tables: &BTreeMap<&'static str, String>,
) -> Result<String, DocumentError> {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<(usize, &str)> = None;
    let mut parts = 0;
    for (line, content) in text
        .lines()
        .enumerate()
        .map(|(at, content)| (at + 1, content))
    {
        if let Some(name) = marker(content) {
            if let Some((line, name)) = open {
                let name = name.to_owned();
                return Err(DocumentError::Open { line, name });
            }
            let table = tables
                .get(name)
                .ok_or_else(|| unknown(line, name, tables))?;
            push(&mut out, content);
            push(&mut out, "");
            push(&mut out, table.trim_end());
            push(&mut out, "");
            open = Some((line, name));
            parts += 1;
        } else if content.trim() == CLOSE {
            open.take().ok_or(DocumentError::Stray { line })?;
            push(&mut out, content);
        } else if open.is_none() {
            push(&mut out, content);
        }
    }
    match open {
        Some((line, name)) => Err(DocumentError::Open {
            line,
            name: name.to_owned(),
        }),
        None if parts == 0 => Err(DocumentError::NoPart),
        None => Ok(out),
    }
}

/// The first line in which a document differs from what it should be.
pub fn first_difference(found: &str, wanted: &str) -> Option<Stale> {
    let (mut found, mut wanted) = (found.lines(), wanted.lines());
    let mut line = 0;
    loop {
        line += 1;
        let (is, should) = (found.next(), wanted.next());
        if is.is_none() && should.is_none() {
            return None;
        }
        if is != should {
            return Some(Stale {
                line,
                found: is.map(str::to_owned),
                wanted: should.map(str::to_owned),
            });
        }
    }
}

fn marker(line: &str) -> Option<&str> {
    line.trim()
        .strip_prefix(OPEN)?
        .strip_suffix("-->")
        .map(str::trim)
}

fn unknown(line: usize, name: &str, tables: &BTreeMap<&'static str, String>) -> DocumentError {
    let known: Vec<&str> = tables.keys().copied().collect();
    DocumentError::UnknownTable {
        line,
        name: name.to_owned(),
        advice: did_you_mean(name, &known),
    }
}

fn push(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_table() -> BTreeMap<&'static str, String> {
        BTreeMap::from([("inputs", "| a |\n|---|\n| 1 |\n".to_owned())])
    }

    #[test]
    fn a_generated_part_is_replaced_and_the_rest_is_left_alone() {
        let before =
            "# Title\n<!-- generated: inputs -->\nold\nolder\n<!-- end of generated -->\nmine\n";
        let after = update(before, &one_table()).unwrap();
        assert_eq!(
            after,
            "# Title\n<!-- generated: inputs -->\n\n| a |\n|---|\n| 1 |\n\n<!-- end of generated -->\nmine\n"
        );
        assert_eq!(update(&after, &one_table()), Ok(after));
    }

    #[test]
    fn wrong_markers_are_told_with_their_line() {
        let table = [
            (
                "mine\n",
                "nothing in it is generated; mark a part with `<!-- generated: NAME -->` and `<!-- end of generated -->`",
            ),
            (
                "\n<!-- generated: input -->\n<!-- end of generated -->\n",
                "line 2: no table is named `input` (did you mean `inputs`?)",
            ),
            (
                "<!-- generated: inputs -->\nold\n",
                "line 1: the generated part `inputs` does not end; close it with `<!-- end of generated -->`",
            ),
            (
                "<!-- generated: inputs -->\n<!-- generated: inputs -->\n<!-- end of generated -->\n",
                "line 1: the generated part `inputs` does not end; close it with `<!-- end of generated -->`",
            ),
            (
                "mine\n<!-- end of generated -->\n",
                "line 2: `<!-- end of generated -->` ends nothing; open a part with `<!-- generated: NAME -->`",
            ),
        ];
        for (text, wanted) in table {
            let error = update(text, &one_table()).unwrap_err();
            assert_eq!(error.to_string(), wanted, "{text:?}");
        }
    }

    #[test]
    fn the_first_line_that_differs_is_found() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        let stale = |found: Option<&str>, wanted: Option<&str>| {
            Some(Stale {
                line: 2,
                found: found.map(str::to_owned),
                wanted: wanted.map(str::to_owned),
            })
        };
        assert_eq!(
            first_difference("a\nb\n", "a\nc\n"),
            stale(Some("b"), Some("c"))
        );
        assert_eq!(first_difference("a\n", "a\nc\n"), stale(None, Some("c")));
        assert_eq!(first_difference("a\nb\n", "a\n"), stale(Some("b"), None));
    }
}
