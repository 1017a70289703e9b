//! Tests of the inputs, over the real declaration and over broken ones.

mod declare;
mod env_file;
mod kinds;
mod resolve;
mod template;

use std::{collections::BTreeMap, path::Path};

use super::{Declared, FileState, Inputs, declare::read};
use crate::diagnose::SourceFile;

/// The declaration of the repository.
fn declared() -> Declared {
    let text = include_str!("../../../../matrix/inputs.toml");
    let file = SourceFile::new("matrix/inputs.toml", text);
    read(&file).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn variables(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn readable(_: &Path) -> FileState {
    FileState::Readable
}

fn resolve(shell: &[(&str, &str)], env_file: &[(&str, &str)]) -> Inputs {
    Inputs::resolve(
        &declared(),
        &variables(shell),
        Some(&variables(env_file)),
        &readable,
    )
}
