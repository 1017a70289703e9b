//! The matrix as it was when this was compiled, for binaries that run away from the repository.

use crate::diagnose::SourceFile;

/// Name and text of every TOML and JSON file of the repository's matrix, sorted by name.
const MATRIX: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/matrix.rs"));

/// The compiled-in matrix files, as [`Matrix::load`](crate::matrix::Matrix::load) takes them.
pub fn matrix() -> Vec<SourceFile> {
    MATRIX
        .iter()
        .map(|(name, text)| SourceFile::new(*name, *text))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_matrix_is_compiled_in_whole_and_in_order() {
        assert!(MATRIX.is_sorted_by(|a, b| a.0 < b.0));
        assert!(MATRIX.iter().any(|(name, _)| *name == "inputs.toml"));
        assert!(MATRIX.iter().all(|(name, _)| !name.contains('\\')));
        let files = matrix();
        let inputs = files.iter().find(|file| file.name == "inputs.toml");
        assert_eq!(
            inputs.map(|file| file.text.as_str()),
            Some(include_str!("../../../matrix/inputs.toml")),
        );
    }
}
