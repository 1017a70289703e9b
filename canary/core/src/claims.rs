//! Claims: what the product documents promise, in our own words, and where each is proven.

use std::ops::Range;

use crate::{
    diagnose::SourceFile,
    toml_read::{Node, Reader, Table},
};

/// Name of the file that declares the claims.
pub const CLAIMS_FILE: &str = "claims.toml";

/// A promise of a product document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Name, unique.
    pub id: String,
    /// The document that makes it.
    pub source: String,
    /// What it promises, in one sentence.
    pub says: String,
    /// Rows that prove it.
    pub rows: Vec<String>,
    /// SDK tests that prove it, as `tests/file.rs::name` or `src/file.rs::name`.
    pub tests: Vec<String>,
    /// Why nothing outside can prove it.
    pub untestable: Option<String>,
}

/// The documents that make promises.
const SOURCES: &[(&str, &str)] = &[
    ("api-overview", "api-overview"),
    ("openai-compatibility", "openai-compatibility"),
    ("responses-endpoint", "responses-endpoint"),
    ("sdk-overview", "sdk-overview"),
    ("python-sdk-readme", "python-sdk-readme"),
];

/// Reads the claims of a file. `rows` are the names they may refer to.
pub fn read(file: &SourceFile, rows: &[&str]) -> (Vec<Claim>, Vec<crate::diagnose::Problem>) {
    Reader::read(file, |reader, table| {
        let Some(node) = table.required(reader, "claim") else {
            return Vec::new();
        };
        let nodes = node.array(reader).unwrap_or_default();
        let mut claims: Vec<Claim> = Vec::new();
        for node in &nodes {
            let Some(claim) = read_claim(reader, node, rows) else {
                continue;
            };
            if claims.iter().any(|other| other.id == claim.id) {
                reader.problem(node.span(), format!("a second claim named `{}`", claim.id));
            }
            claims.push(claim);
        }
        claims
    })
}

fn read_claim(reader: &mut Reader, node: &Node<'_>, rows: &[&str]) -> Option<Claim> {
    let mut table = node.table(reader)?;
    let id = table.string(reader, "id");
    let source = table
        .required(reader, "source")
        .and_then(|node| node.word(reader, "document", SOURCES));
    let says = table.string(reader, "says");
    let proving = table.strings(reader, "rows");
    let tests = read_tests(reader, &mut table);
    let untestable = table.optional_string(reader, "untestable");
    table.refuse_unknown(reader);
    for (name, span) in &proving {
        if !rows.contains(&name.as_str()) {
            reader.unknown(span.clone(), "row", name, rows);
        }
    }
    check_proven(
        reader,
        node.span(),
        proving.is_empty() && tests.is_empty(),
        untestable.is_some(),
    );
    Some(Claim {
        id: id?,
        source: source?.to_owned(),
        says: says?,
        rows: proving.into_iter().map(|(name, _)| name).collect(),
        tests,
        untestable,
    })
}

fn read_tests(reader: &mut Reader, table: &mut Table<'_>) -> Vec<String> {
    let mut tests = Vec::new();
    for (name, span) in table.strings(reader, "tests") {
        let known_form = name.split_once("::").is_some_and(|(file, _)| {
            std::path::Path::new(file)
                .extension()
                .is_some_and(|extension| extension == "rs")
        });
        if known_form {
            tests.push(name);
        } else {
            reader.problem(span, "a test is written `tests/file.rs::name`");
        }
    }
    tests
}

fn check_proven(reader: &mut Reader, span: Range<usize>, unproven: bool, untestable: bool) {
    if unproven != untestable {
        let message = if unproven {
            "a claim that nothing proves"
        } else {
            "a claim that is proven and said to be untestable"
        };
        reader.problem(span, message).help = Some(
            "list `rows` or `tests` that prove it, or say in `untestable` why none can".to_owned(),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        let file = SourceFile::new(CLAIMS_FILE, text);
        let (_, problems) = read(&file, &["models.list"]);
        problems
            .iter()
            .map(|problem| problem.one_line(std::slice::from_ref(&file)))
            .collect()
    }

    #[test]
    fn a_claim_is_proven_or_excused_and_never_both() {
        let head = "[[claim]]\nid = \"a\"\nsource = \"sdk-overview\"\nsays = \"x\"\n";
        assert!(problems(&format!("{head}rows = [\"models.list\"]\n")).is_empty());
        assert!(problems(&format!("{head}tests = [\"tests/a.rs::b\"]\n")).is_empty());
        assert!(problems(&format!("{head}untestable = \"billing\"\n")).is_empty());
        for (tail, told) in [
            ("", "a claim that nothing proves"),
            (
                "rows = [\"models.list\"]\nuntestable = \"x\"\n",
                "proven and said to be untestable",
            ),
            (
                "rows = [\"models.lst\"]\n",
                "unknown row `models.lst` (did you mean `models.list`?)",
            ),
            ("tests = [\"b\"]\n", "a test is written"),
        ] {
            let found = problems(&format!("{head}{tail}"));
            assert!(
                found.iter().any(|line| line.contains(told)),
                "{tail}: {found:?}"
            );
        }
    }
}
