//! Whatever is taken for a matrix has rows and a digest of its own; whatever is refused is refused with a place. The input is a
//! row file and, after a line `%%`, the inputs.

use canary_core::{diagnose::SourceFile, matrix::Matrix};

/// Loads `input` as a matrix.
pub(crate) fn check(input: &[u8]) {
    loads(input);
}

/// Whether `input` is a matrix.
pub(crate) fn loads(input: &[u8]) -> bool {
    let Ok(input) = std::str::from_utf8(input) else {
        return false;
    };
    let (rows, inputs) = input.split_once("\n%%\n").unwrap_or((input, ""));
    let files = || {
        vec![
            SourceFile::new("rows.toml", rows),
            SourceFile::new("inputs.toml", inputs),
        ]
    };
    match Matrix::load(files(), None) {
        Ok(matrix) => {
            assert!(!matrix.rows().is_empty());
            let mut other = files();
            other[0].text.push('\n');
            let other = Matrix::load(other, None).unwrap();
            assert_ne!(other.digest(), matrix.digest());
            true
        }
        Err(problems) => {
            assert!(!problems.list.is_empty());
            assert!(!problems.render(false).contains('\u{1b}'));
            false
        }
    }
}
