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
    fn a_field_that_may_be_missing_may_be_null() {
        let shape = |name: &str| {
            let name = format!("shapes/{name}.json");
            let file = matrix().into_iter().find(|file| file.name == name);
            let schema = serde_json::from_str(&file.unwrap().text).unwrap();
            crate::matrix::shapes::Shape::compile(&schema).unwrap()
        };
        let chunk = |role| {
            serde_json::json!({
                "id": "c", "object": "chat.completion.chunk", "created": 1_763_714_000, "model": "m",
                "choices": [{"index": 0, "finish_reason": null, "delta": {
                    "role": role, "content": "x", "function_call": null, "refusal": null, "tool_calls": null,
                }}],
            })
        };
        let of_chunks = shape("chat.completion.chunk");
        for (role, fits) in [
            (Some("assistant"), true),
            (None, true),
            (Some("user"), false),
        ] {
            assert_eq!(
                of_chunks.first_violation(&chunk(role)).is_none(),
                fits,
                "{role:?}"
            );
        }
        let answer = |status| {
            let call = serde_json::json!({
                "id": "f", "type": "function_call", "call_id": "c", "name": "add", "arguments": "{}", "status": status,
            });
            serde_json::json!({
                "id": "r", "object": "response", "created_at": 1_763_714_000.5, "status": "completed", "model": "m",
                "output": [call], "usage": {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2},
            })
        };
        let of_answers = shape("response");
        for (status, fits) in [
            (Some("completed"), true),
            (None, true),
            (Some("done"), false),
        ] {
            assert_eq!(
                of_answers.first_violation(&answer(status)).is_none(),
                fits,
                "{status:?}"
            );
        }
    }

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

    /// A word that no row speaks is one more to read, and proves nothing.
    #[test]
    fn every_word_of_the_vocabulary_is_spoken() {
        let rows: String = matrix()
            .into_iter()
            .filter(|file| !file.name.starts_with("shapes/"))
            .map(|file| file.text)
            .collect();
        let spoken: std::collections::BTreeSet<&str> = rows
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .collect();
        let silent: Vec<&str> = crate::expect::vocabulary()
            .map(|word| word.word)
            .filter(|word| !spoken.contains(word))
            .collect();
        assert!(silent.is_empty(), "{silent:?}");
    }
}
