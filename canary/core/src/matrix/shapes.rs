//! The shapes of answers: JSON Schemas in `shapes/`, one a file.

use std::{collections::BTreeMap, fmt, sync::Arc};

use serde_json::Value;

use super::json_problem;
use crate::diagnose::{Problem, SourceFile};

/// The shapes that were loaded, by file name without `.json`.
#[derive(Debug, Clone, Default)]
pub struct Shapes(BTreeMap<String, Shape>);

impl Shapes {
    /// Reads `shapes/*.json`; whatever is no JSON Schema becomes a problem.
    pub fn load(files: &[SourceFile], problems: &mut Vec<Problem>) -> Self {
        let mut shapes = BTreeMap::new();
        for file in files {
            let Some(name) = file
                .name
                .strip_prefix("shapes/")
                .and_then(|name| name.strip_suffix(".json"))
            else {
                continue;
            };
            let shape = serde_json::from_str(&file.text)
                .map_err(|error| json_problem(file, &error))
                .and_then(|schema: Value| {
                    Shape::compile(&schema).map_err(|error| {
                        Problem::new(&file.name, 0..1, format!("not a JSON Schema: {error}"))
                    })
                });
            let shape = shape.or_else(|problem| {
                problems.push(problem);
                // It is there all the same, so whoever names it is not also wrong.
                Shape::compile(&Value::Bool(true))
            });
            shapes.extend(shape.ok().map(|shape| (name.to_owned(), shape)));
        }
        Self(shapes)
    }

    /// The shape of that name.
    pub fn get(&self, name: &str) -> Option<Shape> {
        self.0.get(name).cloned()
    }

    /// Every name, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// A compiled JSON Schema (draft 2020-12, no references outside itself).
#[derive(Clone)]
pub struct Shape(Arc<jsonschema::Validator>);

/// The schema is not one.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct NotASchema(String);

impl Shape {
    /// Compiles a schema.
    pub fn compile(schema: &Value) -> Result<Self, NotASchema> {
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(schema)
            .map_err(|error| NotASchema(error.to_string()))?;
        Ok(Self(Arc::new(validator)))
    }

    /// The keyword of the schema that a value breaks first, as a path in the schema; [`None`] when
    /// the value fits. Never anything from the value.
    pub fn first_violation(&self, value: &Value) -> Option<String> {
        let error = self.0.iter_errors(value).next()?;
        Some(
            error
                .schema_path()
                .to_string()
                .trim_start_matches('/')
                .to_owned(),
        )
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shape(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_violation_names_the_schema_and_not_the_value() {
        let shape = Shape::compile(&json!({
            "type": "object",
            "required": ["id"],
            "properties": {"object": {"const": "list"}},
        }))
        .unwrap();
        assert_eq!(
            shape.first_violation(&json!({"id": 1, "object": "list"})),
            None
        );
        let broken = shape
            .first_violation(&json!({"id": 1, "object": "a secret"}))
            .unwrap();
        assert_eq!(broken, "properties/object/const");
        assert!(Shape::compile(&json!({"type": "no such type"})).is_err());
    }
}
