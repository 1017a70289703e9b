//! A matrix that is small enough to read.

use std::fs;

use canary_core::{diagnose::SourceFile, matrix::operations};

use super::repository::root;

/// The repository's inputs, and two rows that prove every operation.
pub fn small() -> Vec<SourceFile> {
    let inputs = root().join("matrix/inputs.toml");
    let mut surfaces: Vec<&str> = operations().iter().filter_map(|op| op.surface).collect();
    surfaces.sort_unstable();
    surfaces.dedup();
    let row = |name: &str, tier: &str, surfaces: &[&str]| {
        format!(
            "[[row]]\nname = \"{name}\"\nproves = \"A promise.\"\ntier = \"{tier}\"\n\
             venue = \"live\"\nsurfaces = {surfaces:?}\nneeds = [\"RUNINFRA_API_KEY\"]\n\
             call = {{ operation = \"models.list\" }}\nexpect = [\"answered\", \"request_id\"]\n\
             sabotage = [\"models.missing\"]\n\n"
        )
    };
    let rows = [
        row("models.list", "ga", &surfaces),
        row("preview.row", "preview", &["models.list"]),
    ];
    vec![
        SourceFile::new("inputs.toml", fs::read_to_string(inputs).unwrap()),
        SourceFile::new("rows.toml", rows.concat()),
    ]
}
