//! The matrix: every row, read from TOML, checked as a whole, with every problem of every file
//! told at once.

mod call;
mod invariants;
mod operation;
mod row;
mod script;
pub mod shapes;

use std::{collections::BTreeMap, ops::Range};

pub use call::{Call, ClientPlan, Consume};
pub use invariants::Invariant;
pub use operation::{Operation, operations};
pub use row::{Counter, Row, Sabotage, Tier, Venue};
pub use script::{Frame, Reply, ReplyBody, Then};

use crate::{
    claims::{self, CLAIMS_FILE, Claim},
    diagnose::{Problem, Problems, SourceFile, did_you_mean},
    digest::Digest,
    input::{self, Declared},
    toml_read::Reader,
};
use shapes::Shapes;

/// Name of the file that declares the inputs.
pub const INPUTS_FILE: &str = "inputs.toml";

/// Name of the file that declares what holds for every answer of every live row.
pub const INVARIANTS_FILE: &str = "invariants.toml";

/// The rows and declarations in force, checked.
#[derive(Debug)]
pub struct Matrix {
    files: Vec<SourceFile>,
    inputs: Declared,
    rows: Vec<Row>,
    invariants: Vec<Invariant>,
    claims: Vec<Claim>,
}

/// Where a row's names stand, for problems that need the whole matrix to be seen.
#[derive(Debug, Clone)]
pub struct Placed<T> {
    /// What stands there.
    pub value: T,
    /// File and byte range.
    pub place: (String, Range<usize>),
}

impl Matrix {
    /// Reads and checks all files. Names are relative to the matrix folder, with `/` between parts.
    /// `faults` are the names that a live row's sabotage may use; without them (in the verifier)
    /// they are not checked.
    pub fn load(files: Vec<SourceFile>, faults: Option<&[&str]>) -> Result<Self, Problems> {
        let mut files = files;
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let mut problems = Vec::new();

        let inputs = read_inputs(&files, &mut problems);
        let shapes = Shapes::load(&files, &mut problems);
        let samples = read_samples(&files, &mut problems);
        let context = row::Context {
            inputs: inputs.as_ref(),
            shapes: &shapes,
            samples: &samples,
            faults,
        };

        let (mut rows, mut names) = (Vec::new(), Vec::new());
        for file in files.iter().filter(|file| is_row_file(&file.name)) {
            let (read, found) = Reader::read(file, |reader, table| {
                row::read_file(reader, table, &context)
            });
            problems.extend(found);
            rows.extend(read.rows);
            names.extend(read.names);
        }
        refuse_repeated_names(&rows, &mut problems);
        let claims = read_claims(&files, &names, &mut problems);
        let (checks, invariants) = read_invariants(&files, &shapes, faults, &mut problems);
        for row in rows.iter_mut().filter(|row| row.venue == Venue::Live) {
            row.checks.extend(checks.iter().cloned());
        }
        if rows.is_empty() && problems.is_empty() {
            problems.push(
                Problem::new("matrix", 0..0, "no row was found")
                    .help("a row file is any other *.toml"),
            );
        }
        match inputs {
            Some(inputs) if problems.is_empty() => Ok(Self {
                files,
                inputs,
                rows,
                invariants,
                claims,
            }),
            _ => Err(Problems::new(files, problems)),
        }
    }

    /// The rows, file by file in the order of their names, each file's in the order written.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row of that name.
    pub fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }

    /// The declared inputs.
    pub fn inputs(&self) -> &Declared {
        &self.inputs
    }

    /// What is judged over every answer of every live row, in the order written.
    pub fn invariants(&self) -> &[Invariant] {
        &self.invariants
    }

    /// What the product documents promise, and where it is proven.
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// The texts that were read, sorted by name.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// Digest of every file's name and text.
    pub fn digest(&self) -> Digest {
        Digest::of_parts(self.files.iter().flat_map(|file| [&file.name, &file.text]))
    }

    /// SDK operation → names of the rows that prove it, for every operation there is.
    pub fn surface_rows(&self) -> BTreeMap<&'static str, Vec<&str>> {
        let mut map: BTreeMap<&'static str, Vec<&str>> = operations()
            .iter()
            .filter_map(|operation| operation.surface)
            .map(|surface| (surface, Vec::new()))
            .collect();
        for row in &self.rows {
            for surface in &row.surfaces {
                if let Some(rows) = map.get_mut(surface.as_str()) {
                    rows.push(&row.name);
                }
            }
        }
        for rows in map.values_mut() {
            rows.sort_unstable();
        }
        map
    }
}

/// Files that declare rows: every TOML file at the top that has no meaning of its own.
fn is_row_file(name: &str) -> bool {
    let is_toml = std::path::Path::new(name)
        .extension()
        .is_some_and(|extension| extension == "toml");
    is_toml && !name.contains('/') && ![INPUTS_FILE, INVARIANTS_FILE, CLAIMS_FILE].contains(&name)
}

fn read_inputs(files: &[SourceFile], problems: &mut Vec<Problem>) -> Option<Declared> {
    let Some(file) = files.iter().find(|file| file.name == INPUTS_FILE) else {
        problems.push(Problem::new(
            INPUTS_FILE,
            0..0,
            format!("the file {INPUTS_FILE} is missing"),
        ));
        return None;
    };
    input::declare::read(file)
        .map_err(|found| problems.extend(found))
        .ok()
}

fn read_claims(files: &[SourceFile], names: &[String], problems: &mut Vec<Problem>) -> Vec<Claim> {
    let Some(file) = files.iter().find(|file| file.name == CLAIMS_FILE) else {
        return Vec::new();
    };
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (claims, found) = claims::read(file, &names);
    problems.extend(found);
    claims
}

/// The checks that every live row has beside its own. A matrix may do without.
fn read_invariants(
    files: &[SourceFile],
    shapes: &Shapes,
    faults: Option<&[&str]>,
    problems: &mut Vec<Problem>,
) -> invariants::Read {
    let Some(file) = files.iter().find(|file| file.name == INVARIANTS_FILE) else {
        return invariants::Read::default();
    };
    let (read, found) = Reader::read(file, |reader, table| {
        invariants::read(reader, table, shapes, faults)
    });
    problems.extend(found);
    read
}

/// JSON answers that scripts can name.
fn read_samples(
    files: &[SourceFile],
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, serde_json::Value> {
    let mut samples = BTreeMap::new();
    for file in files {
        let Some(name) = file
            .name
            .strip_prefix("samples/")
            .and_then(|name| name.strip_suffix(".json"))
        else {
            continue;
        };
        match serde_json::from_str(&file.text) {
            Ok(value) => {
                samples.insert(name.to_owned(), value);
            }
            Err(error) => {
                problems.push(json_problem(file, &error));
                // It is there, so whoever names it is not also wrong.
                samples.insert(name.to_owned(), serde_json::Value::Null);
            }
        }
    }
    samples
}

/// A JSON syntax error as a problem with its place.
pub(crate) fn json_problem(file: &SourceFile, error: &serde_json::Error) -> Problem {
    let line_start: usize = file
        .text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    let at = (line_start + error.column().saturating_sub(1)).min(file.text.len());
    Problem::new(&file.name, at..at, format!("not JSON: {error}"))
}

fn refuse_repeated_names(rows: &[Row], problems: &mut Vec<Problem>) {
    for (at, row) in rows.iter().enumerate() {
        if let Some(first) = rows[..at].iter().find(|first| first.name == row.name) {
            let (file, span) = row.place.clone();
            problems.push(
                Problem::new(file, span, format!("a second row named `{}`", row.name))
                    .help(format!("the first is in {}", first.place.0)),
            );
        }
    }
}

/// Advice for a name that should be one of many.
pub(crate) fn advice(typed: &str, known: &[&str]) -> Option<String> {
    did_you_mean(typed, known)
}

#[cfg(test)]
mod tests;
